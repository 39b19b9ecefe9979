"""Making and reading certificates (X.509, RFC 5280). Knows no files and no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from checkin.venue.model import Address, Certificate, Names, Network, Scope
from checkin.venue.policy import AUTHORITY_LASTS, BACKDATED, LEAF_LASTS

_LONGEST = 64  # of a common name: ub-common-name


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_authority(title: str, scope: Scope, now: datetime) -> Pair:
    """An authority that may sign for `scope` and for nothing else, for three years; it signs no other authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:_LONGEST])])
    permitted: list[x509.GeneralName] = [x509.DNSName(one) for one in scope.dns]
    permitted += [x509.IPAddress(network) for network in scope.networks]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        _builder(name, name, key, now, now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(made, key)


def issue(authority: Pair, names: Names, now: datetime) -> Pair:
    """A server's certificate for `names`: at most 397 days, never longer than its authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Check-in gate")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(one) for one in names.dns]
    alternatives += [x509.IPAddress(address) for address in names.addresses]
    signer = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    ends = min(now + LEAF_LASTS, issuer.not_valid_after_utc)
    made = (
        _builder(subject, issuer.subject, key, now, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Pair(made, key)


def told(certificate: x509.Certificate) -> Certificate:
    """What a certificate says, in our words."""
    return Certificate(
        subject=_words(certificate.subject),
        issuer=_words(certificate.issuer),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        names=_names(certificate),
        scope=_scope(certificate),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        thumbprint=certificate.fingerprint(hashes.SHA1()).hex().upper(),  # noqa: S303 - what Windows shows, to compare
    )


def is_of(certificate: x509.Certificate, key: PrivateKeyTypes) -> bool:
    """Whether this private key belongs to this certificate."""
    return _plain(certificate.public_key()) == _plain(key.public_key())


def is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Whether this authority issued this certificate."""
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):  # another issuer, another kind of key, another key
        return False
    return True


def key_pem(key: PrivateKeyTypes) -> bytes:
    """PKCS#8, as the server wants it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(ends)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _words(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


def _names(certificate: x509.Certificate) -> Names:
    try:
        said = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Names()
    addresses: list[Address] = said.get_values_for_type(x509.IPAddress)  # type: ignore[assignment] # networks only in constraints
    return Names(tuple(name.lower() for name in said.get_values_for_type(x509.DNSName)), tuple(addresses))


def _scope(certificate: x509.Certificate) -> Scope:
    try:
        said = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return Scope()
    permitted = said.permitted_subtrees or []
    networks: list[Network] = [one.value for one in permitted if isinstance(one, x509.IPAddress)]  # type: ignore[misc]
    return Scope(tuple(one.value for one in permitted if isinstance(one, x509.DNSName)), tuple(networks))


def _plain(key: CertificatePublicKeyTypes | PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
