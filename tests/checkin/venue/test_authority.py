"""Certificates: what they allow, and what every verifier refuses."""

from __future__ import annotations

import ssl
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from checkin.venue import authority
from checkin.venue.model import Names, Scope
from tests.checkin.venue.certificates import NOW, make_pair, pem, shake_hands, sign

HALL = Scope(("laptop.local",), (ip_network("192.168.4.0/24"),))


def test_an_authority_signs_for_its_hall_and_may_make_no_other_authority() -> None:
    own, _ = make_pair(HALL)
    of = own.certificate.extensions.get_extension_for_class
    assert (True, 0) == (of(x509.BasicConstraints).value.ca, of(x509.BasicConstraints).value.path_length)
    assert of(x509.NameConstraints).critical
    assert of(x509.KeyUsage).value.key_cert_sign
    assert HALL == authority.told(own.certificate).scope
    assert isinstance(own.key.curve, ec.SECP256R1)


def test_a_certificate_lasts_no_longer_than_apple_allows() -> None:
    _, leaf = make_pair(HALL, "192.168.4.10")
    told = authority.told(leaf.certificate)
    assert told.ends_at - told.begins_at <= timedelta(days=397)
    assert told.begins_at <= NOW - timedelta(days=2)  # a tablet whose clock is two days behind still opens the gate
    assert told.days_left(NOW) > 365


def test_a_certificate_never_outlives_its_authority() -> None:
    own, _ = make_pair(HALL)
    almost_over = own.certificate.not_valid_after_utc - timedelta(days=5)
    assert (
        own.certificate.not_valid_after_utc
        == sign(own, "192.168.4.10", now=almost_over).certificate.not_valid_after_utc
    )


@pytest.mark.parametrize("host", ["192.168.4.10", "192.168.4.200", "laptop.local"])
def test_who_trusts_the_authority_trusts_the_hall(tmp_path: Path, host: str) -> None:
    own, leaf = make_pair(HALL, "192.168.4.10", "192.168.4.200", "laptop.local")
    shake_hands(*write(tmp_path, own, leaf), host)


@pytest.mark.parametrize("host", ["192.168.5.10", "8.8.8.8", "bank.example.com", "local", "fd00::1"])
def test_who_trusts_the_authority_does_not_trust_it_for_anyone_else(tmp_path: Path, host: str) -> None:
    """Even a stolen authority's key forges no other page: the constraints are in what the tablets installed."""
    own, _ = make_pair(HALL)
    names = Names((), (ip_address(host),)) if ":" in host or host[0].isdigit() else Names((host,))
    leaf = authority.issue(own, names, NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(*write(tmp_path, own, leaf), host)


def test_a_strangers_certificate_is_told_from_ours() -> None:
    own, leaf = make_pair(HALL, "192.168.4.10")
    stranger, theirs = make_pair(HALL, "192.168.4.10")
    assert authority.is_signed_by(leaf.certificate, own.certificate)
    assert not authority.is_signed_by(theirs.certificate, own.certificate)  # same name, another key
    assert not authority.is_of(leaf.certificate, theirs.key)
    assert authority.told(own.certificate).fingerprint != authority.told(stranger.certificate).fingerprint


def write(folder: Path, own: authority.Pair, leaf: authority.Pair) -> tuple[Path, Path, Path]:
    files = folder / "leaf.crt", folder / "leaf.key", folder / "ca.crt"
    for path, content in zip(files, (pem(leaf), authority.key_pem(leaf.key), pem(own)), strict=True):
        path.write_bytes(content)
    return files
