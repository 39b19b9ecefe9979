"""Certificates for the hall: make, take, renew, and what a start needs. Moments are of the machine's own clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from checkin.venue import authority, policy
from checkin.venue.folder import Folder
from checkin.venue.model import Certificate, Machine, Names, Network, Scope, Standing, TlsError

INIT = "flask --app wsgi venue tls init"
_KEEP = "Tablets trust the one that is there. To replace it all the same, add --again"


def init(
    folder: Folder,
    machine: Machine,
    more: Names,
    *,
    title: str,
    now: datetime,
    networks: Iterable[Network] = (),
    again: bool = False,
) -> Standing:
    """Make an authority for this machine's networks, and its first certificate. Raises TlsError over an older one."""
    if not again:
        _refuse_to_replace(folder, now)
    pair = authority.make_authority(title, policy.scope_of(machine, more, networks), now)
    folder.write_authority(pair)
    names = policy.HERE.with_more(machine.lan).with_more(more)
    made = authority.issue(pair, policy.within(authority.told(pair.certificate).scope, names), now)
    folder.write_server([made.certificate], made.key)
    return folder.standing()


def take(folder: Folder, certificate: Path, key: Path, *, now: datetime, again: bool = False) -> Standing:
    """Serve with a certificate from elsewhere. Raises TlsError unless it is sound; nothing is changed then."""
    if not again:
        _refuse_to_replace(folder, now)
    try:
        chain = x509.load_pem_x509_certificates(certificate.read_bytes())
    except (ValueError, OSError) as error:
        raise TlsError(f"{certificate} cannot be read as certificates in PEM form ({error}).") from None
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (ValueError, OSError) as error:
        raise TlsError(f"{key} cannot be read as a private key in PEM form ({error}).") from None
    except TypeError:
        raise TlsError(f"{key} is locked. Take the lock off: openssl pkey -in {key} -out unlocked.key") from None
    server = authority.told(chain[0])
    if not authority.is_of(chain[0], private):
        raise TlsError(f"{key} is not the key of the first certificate in {certificate} ({server.subject}).")
    if server.ends_at <= now:
        raise TlsError(f"{certificate} is over since {server.ends_at:%d %B %Y}. Get a new one from whoever gave it.")
    if server.begins_at > now:
        raise TlsError(f"{certificate} begins on {server.begins_at:%d %B %Y}. Is this machine's clock right?")
    if not server.names.texts():
        raise TlsError(f"{certificate} names no machine (no subject alternative name): no browser accepts it.")
    folder.forget_authority()
    folder.write_server(chain, private)
    return folder.standing()


def renew(folder: Folder, machine: Machine, more: Names, *, now: datetime) -> tuple[Standing, Names]:
    """A new certificate from our authority, with the old names and this machine's; and those that it may not speak for.

    Old addresses stay in it: a router gives them back, and a certificate that follows each change is made too often.
    Raises TlsError without an authority that can still sign.
    """
    standing = folder.standing()
    if standing.is_given:
        raise TlsError(f"This certificate was given to us. Take its successor: {INIT} --again --certificate F --key F")
    pair = folder.authority_pair()
    if pair is None:
        raise TlsError(
            f"{folder.authority_key} is missing: nothing can be signed. Put it back, or begin anew: {INIT} --again"
            if standing.authority
            else f"There is no authority yet. Make one: {INIT}"
        )
    own = authority.told(pair.certificate)
    if own.ends_at <= now:
        raise TlsError(f"The authority is over since {own.ends_at:%d %B %Y}. Make a new one: {INIT} --again. {FOLLOWS}")
    before = standing.server.names if standing.server else Names()
    wanted = policy.HERE.with_more(machine.lan).with_more(more).with_more(before)
    made = authority.issue(pair, policy.within(own.scope, wanted), now)
    folder.write_server([made.certificate], made.key)
    return folder.standing(), policy.beyond(own.scope, wanted)


FOLLOWS = "Every tablet must then install the new one from the CA page, and drop the old one."


def ready(folder: Folder, machine: Machine, more: Names, *, title: str, now: datetime) -> tuple[Certificate, list[str]]:
    """The certificate to start with, made or renewed where needed; and what to tell. Raises TlsError if none can be."""
    standing = folder.standing()
    if standing.is_given and standing.server is not None:
        return _still_good(standing.server, now), _of_given(standing.server, now)
    told: list[str] = []
    if standing.authority is None:
        standing = init(folder, machine, more, title=title, now=now)
        told.append(f"A certificate authority for this hall is new: {folder.path}. Keep that folder private.")
    own = standing.authority
    if own is None:
        raise TlsError(f"The authority in {folder.path} is gone again. Is the disk full?")
    wanted = policy.HERE.with_more(machine.lan).with_more(more)
    server = standing.server
    if server is None or policy.is_due(server, policy.within(own.scope, wanted), now):
        server = _renewed(folder, server, machine, more, now, told)
    if policy.ends_soon(own, now):
        told.append(f"The hall's authority ends on {own.ends_at:%d %B %Y}. Make a new one: {INIT} --again. {FOLLOWS}")
    if (left_out := policy.beyond(own.scope, wanted)).texts():
        told.append(strayed(left_out, own.scope, machine))
    return _still_good(server, now), told


def strayed(left_out: Names, scope: Scope, machine: Machine) -> str:
    """What to do about names and addresses that the tablets' authority may not speak for."""
    may = ", ".join((*scope.dns, *(str(network) for network in scope.networks if not network.is_loopback)))
    local = next((name for name in machine.names if name.endswith(".local") and name in scope.dns), None)
    ways = [
        left_out.addresses and "let the router give this machine an address in there",
        left_out.addresses and local and f"open the gate as {local} on tablets that find it by name",
        f"make a new authority: {INIT} --again. {FOLLOWS}",
    ]
    said = ", or ".join(way for way in ways if way)
    return (
        f"{', '.join(left_out.texts())}: the hall's authority, which the tablets trust, may speak only for {may}. "
        f"{said[0].upper()}{said[1:]}"
    )


def _renewed(
    folder: Folder, old: Certificate | None, machine: Machine, more: Names, now: datetime, told: list[str]
) -> Certificate:
    """A fresh certificate; or the old one as long as it holds, and why."""
    try:
        standing, _ = renew(folder, machine, more, now=now)
    except TlsError as error:
        if old is None:
            raise
        told.append(f"The certificate could not be renewed. {error}")
        return old
    if standing.server is None:
        raise TlsError(f"The certificate in {folder.path} is gone again. Is the disk full?")
    if old is not None:
        told.append("The certificate was renewed, for new addresses or before its end. Tablets trust it as before.")
    return standing.server


def _still_good(server: Certificate, now: datetime) -> Certificate:
    if server.ends_at <= now:
        raise TlsError(f"The certificate is over since {server.ends_at:%d %B %Y}. Take a new one: {INIT} --again …")
    return server


def _of_given(server: Certificate, now: datetime) -> list[str]:
    if not policy.ends_soon(server, now):
        return []
    return [f"The given certificate ends on {server.ends_at:%d %B %Y}. Take its successor in time."]


def _refuse_to_replace(folder: Folder, now: datetime) -> None:
    standing = folder.standing()
    if standing.authority is not None:
        raise TlsError(f"There is an authority, good until {standing.authority.ends_at:%d %B %Y}. {_KEEP}. {FOLLOWS}")
    if standing.server is not None and standing.server.ends_at > now:
        raise TlsError(f"A certificate was given, good until {standing.server.ends_at:%d %B %Y}. {_KEEP}.")
