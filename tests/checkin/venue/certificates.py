"""Certificates for tests: a machine in a hall, an authority of somebody else, and a handshake without a network."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Interface, ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from checkin.venue import authority
from checkin.venue.authority import Pair
from checkin.venue.model import Machine, Names, Scope

# Verifiers go by the real clock; certificates of the tests are made a little before it.
NOW = datetime.now(UTC).replace(microsecond=0)
TITLE = "Check-in of the tests"


def make_machine(*addresses: str, names: tuple[str, ...] = ("laptop", "laptop.local")) -> Machine:
    return Machine(names, tuple(map(IPv4Interface, addresses or ("192.168.4.10/24",))))


def make_given(
    folder: Path, *, names: Names | None = None, now: datetime = NOW, password: bytes | None = None
) -> tuple[Path, Path]:
    """A certificate as a certificate authority of the internet would give it: file and key."""
    names = Names(("gate.example.org",)) if names is None else names
    pair = authority.issue(authority.make_authority("Somebody", Scope(("example.org",)), now), names, now)
    files = folder / "given.crt", folder / "given.key"
    files[0].write_bytes(pem(pair))
    locked = BestAvailableEncryption(password) if password else None
    files[1].write_bytes(
        pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked) if locked else authority.key_pem(pair.key)
    )
    return files


def make_pair(scope: Scope, *hosts: str, now: datetime = NOW) -> tuple[Pair, Pair]:
    """An authority of this scope, and what it signed for `hosts`, allowed or not."""
    own = authority.make_authority(TITLE, scope, now)
    return own, sign(own, *hosts, now=now)


def sign(own: Pair, *hosts: str, now: datetime = NOW) -> Pair:
    addresses = tuple(ip_address(host) for host in hosts if host[0].isdigit())
    return authority.issue(own, Names(tuple(host for host in hosts if not host[0].isdigit()), addresses), now)


def pem(pair: Pair) -> bytes:
    return pair.certificate.public_bytes(Encoding.PEM)


def spki_of(certificate: Path) -> bytes:
    """The public key of a certificate's file, as Chromium's list of exceptions hashes it."""
    from cryptography.hazmat.primitives.serialization import PublicFormat

    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def shake_hands(certificate: Path, key: Path, anchor: Path, host: str) -> None:
    """A TLS handshake in memory, as a browser verifies it for `host`. Raises ssl.SSLCertVerificationError."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=anchor)
    there, here = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = serving.wrap_bio(here, there, server_side=True)
    client = trusting.wrap_bio(there, here, server_hostname=host)
    for _ in range(10):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
        if client.version():
            break
    assert client.getpeercert() is not None


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)
