"""`instance/tls/`: our authority, and the certificate to serve with. Keys are PKCS#8, for their owner's eyes alone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from checkin.venue.authority import Pair, is_of, is_signed_by, key_pem, told
from checkin.venue.model import Standing, TlsError


@dataclass(frozen=True, slots=True)
class Folder:
    """The four files."""

    path: Path

    @property
    def authority(self) -> Path:
        return self.path / "ca.crt"

    @property
    def authority_key(self) -> Path:
        return self.path / "ca.key"

    @property
    def server(self) -> Path:
        return self.path / "server.crt"

    @property
    def server_key(self) -> Path:
        return self.path / "server.key"

    def standing(self) -> Standing:
        """What stands here. A certificate whose key is missing, or that our authority did not sign, does not count.

        Raises TlsError for a given one without its key.
        """
        own, server = _certificate(self.authority), _certificate(self.server)
        key = _key(self.server_key)
        if server is not None and (key is None or not is_of(server, key)):
            if own is None:  # it was given to us, so nothing here can make it anew
                raise TlsError(f"{self.server_key} is not the key of {self.server}. Put the right one back.")
            server = None
        if server is not None and own is not None and not is_signed_by(server, own):
            server = None
        return Standing(told(server) if server else None, told(own) if own else None)

    def authority_pair(self) -> Pair | None:
        """Our authority with its key; None where either is missing. Raises TlsError if they do not belong together."""
        certificate, key = _certificate(self.authority), _key(self.authority_key)
        if certificate is None or key is None:
            return None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not is_of(certificate, key):
            raise TlsError(f"{self.authority_key} is not the key of {self.authority}. Put the right one back.")
        return Pair(certificate, key)

    def authority_der(self) -> bytes | None:
        """What a tablet installs."""
        own = _certificate(self.authority)
        return None if own is None else own.public_bytes(Encoding.DER)

    def write_authority(self, pair: Pair) -> None:
        """Keep a new authority. The old one's certificate goes first: what it signed must not look like ours."""
        self.server.unlink(missing_ok=True)
        _write(self.authority_key, key_pem(pair.key))
        _write(self.authority, pair.certificate.public_bytes(Encoding.PEM))

    def write_server(self, chain: Sequence[x509.Certificate], key: PrivateKeyTypes) -> None:
        """Keep a certificate to serve with; a stop between the two files is mended by the next start."""
        _write(self.server_key, key_pem(key))
        _write(self.server, b"".join(one.public_bytes(Encoding.PEM) for one in chain))

    def forget_authority(self) -> None:
        """A given certificate takes its place."""
        self.authority.unlink(missing_ok=True)
        self.authority_key.unlink(missing_ok=True)


def _certificate(path: Path) -> x509.Certificate | None:
    if not path.exists():
        return None
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (ValueError, OSError) as error:
        raise TlsError(f"{path} cannot be read as a certificate ({error}). Put it back, or make it anew.") from None


def _key(path: Path) -> PrivateKeyTypes | None:
    if not path.exists():
        return None
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise TlsError(f"{path} cannot be read as a private key ({error}). Put it back, or make it anew.") from None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and never for other eyes, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
