"""The rules of webhooks: which addresses may be told anything, and when a message is tried again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from checkin.webhooks.model import AddressProblem, DeliveryState, Outcome, Problem

ADDRESS_LONGEST: Final = 500
MOST_WEBHOOKS: Final = 20
LASTS: Final = timedelta(hours=8)
"""From when a message was noted until it is given up: a receiver may be mended within a working day."""
WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120))
"""After each try that failed; the last one is for all that follow."""
ADDRESS_WAIT: Final = timedelta(minutes=1)
"""For the other messages to a receiver that just refused one: it may be that one's fault."""
STALE_AFTER: Final = timedelta(minutes=2)  # longer than any try
HTTPS_PORT: Final = 443

# IANA's special-purpose registries (RFC 6890 and what was added since): whatever is not plainly the public internet.
# Written out, since Python's own list of private networks differs from one release to the next.
_NOT_PUBLIC_4 = tuple(
    ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
_PUBLIC_6 = ip_network("2000::/3")  # all that is given out; so no mapped, local, translated or multicast address
_NOT_PUBLIC_6 = tuple(ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_PLAIN = re.compile(r"[\x21-\x7e]+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: what the receiver is called, and what is asked of it."""

    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of a message after a try."""

    state: DeliveryState
    next_try_at: datetime | None = None


def read_address(address: str) -> Target | AddressProblem:
    """The target of an address that a person typed; only https, and no host that is plainly private."""
    if not _PLAIN.fullmatch(address) or len(address) > ADDRESS_LONGEST or "\\" in address:
        return AddressProblem.NOT_AN_ADDRESS
    try:
        parts = urlsplit(address)
        port = HTTPS_PORT if parts.port is None else parts.port
    except ValueError:
        return AddressProblem.NOT_AN_ADDRESS
    if parts.scheme != "https":
        return AddressProblem.NOT_HTTPS
    if "@" in parts.netloc:
        return AddressProblem.HAS_PASSWORD
    host = (parts.hostname or "").rstrip(".")
    if not port or "#" in address or not _HOST.fullmatch(host) or ".." in host:
        return AddressProblem.NOT_AN_ADDRESS
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or _is_private_number(host):
        return AddressProblem.PRIVATE
    path = parts.path or "/"
    return Target(host, port, f"{path}?{parts.query}" if parts.query else path)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether this is an address of the public internet, where a receiver may be: no machine of ours or our network."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    is_given_out = address in _PUBLIC_6 and address.scope_id is None
    return is_given_out and not any(address in network for network in _NOT_PUBLIC_6)


def standing_after(outcome: Outcome, *, tries: int, made_at: datetime, now: datetime) -> Standing:
    """Where a message stands after its try number `tries`."""
    if outcome.problem is None:
        return Standing(DeliveryState.DELIVERED)
    next_try_at = now + _wait(tries)
    if next_try_at >= made_at + LASTS:
        return Standing(DeliveryState.GIVEN_UP)
    return Standing(DeliveryState.WAITING, next_try_at)


def rest(outcome: Outcome, tries: int) -> timedelta:
    """How long other messages to this address wait after a try that failed.

    As long as that one itself where nobody answered: a dead receiver costs one try at a time, whatever waits for it.
    """
    return _wait(tries) if outcome.status is None else ADDRESS_WAIT


def problem_of(status: int) -> Problem | None:
    """What is wrong with an answer; nothing with 2xx. A redirect is not followed: it could lead anywhere."""
    match status // 100:
        case 2:
            return None
        case 3:
            return Problem.REDIRECT
        case _:
            return Problem.REFUSED


def _wait(tries: int) -> timedelta:
    return WAITS[min(tries, len(WAITS)) - 1]


def _is_private_number(host: str) -> bool:
    try:
        return not is_public(ip_address(host))
    except ValueError:
        return False
