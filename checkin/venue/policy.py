"""Which names an authority may speak for, and when a certificate must be made anew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from checkin.event.model import Event
from checkin.venue.model import Address, Certificate, Machine, Names, Network, Scope

AUTHORITY_LASTS = timedelta(days=3 * 365)
# Apple refuses a certificate of more than 398 days; the week before today is for tablets whose clocks are behind.
LEAF_LASTS = timedelta(days=389)
BACKDATED = timedelta(days=7)
RENEW_BEFORE = timedelta(days=30)
HERE = Names(("localhost",), (ip_address("127.0.0.1"),))
_LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_WIDEST = 16  # a wider network than a hall's is a mistake of configuration, not a reason to trust it whole


def is_name(text: str) -> bool:
    """Whether this can stand in a certificate as the name of a machine."""
    return len(text) <= 253 and _NAME.fullmatch(text) is not None  # noqa: PLR2004 - RFC 1035


def names_of(event: Event) -> Names:
    """The host of the event's public address, unless it is the machine's own loopback."""
    host = urlsplit(event.public_url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return Names((host,)) if is_name(host) and host != "localhost" else Names()
    return Names() if address.is_loopback else Names((), (address,))


def title_of(event: Event, now: datetime) -> str:
    """How an authority is listed on a tablet: two of them must not look alike."""
    return f"Check-in {event.slug[:32]} {now:%Y-%m-%d %H:%M}"


def scope_of(machine: Machine, more: Names, networks: Iterable[Network] = ()) -> Scope:
    """What an authority made on `machine` may speak for.

    A tablet that trusts it must not thereby trust a false bank: so it is bound to the machine's names and to the
    networks it stands in. Whole networks, since a laptop gets another address from the hall's router overnight and
    every tablet would have to be walked through the installation again; private ones alone, since addresses of the
    internet belong to others: of those it gets the single address. Loopback, for the browser on the laptop itself.
    """
    own = [
        one.network if one.ip.is_private and one.network.prefixlen >= _WIDEST else around(one.ip)
        for one in machine.interfaces
    ]
    asked = [around(address) for address in more.addresses]
    return Scope(
        tuple(dict.fromkeys((*machine.names, *more.dns, *HERE.dns))),
        tuple(dict.fromkeys((*own, *asked, *networks, *_LOOPBACK))),
    )


def around(address: Address) -> Network:
    """The network that an address is likely to move in: the /24 (IPv6: /64) of a private one, else itself alone."""
    if not address.is_private:
        return ip_network(address)
    return ip_network(f"{address}/{24 if address.version == 4 else 64}", strict=False)  # noqa: PLR2004


def within(scope: Scope, names: Names) -> Names:
    """Those of `names` that an authority of this scope may speak for (RFC 5280, 4.2.1.10)."""
    return Names(
        tuple(name for name in names.dns if any(name == own or name.endswith(f".{own}") for own in scope.dns)),
        tuple(address for address in names.addresses if any(address in network for network in scope.networks)),
    )


def beyond(scope: Scope, names: Names) -> Names:
    """Those of `names` that it may not speak for."""
    inside = within(scope, names)
    return Names(
        tuple(name for name in names.dns if name not in inside.dns),
        tuple(address for address in names.addresses if address not in inside.addresses),
    )


def is_due(server: Certificate, wanted: Names, now: datetime) -> bool:
    """Whether to make the certificate anew: a wanted name is missing, or it soon ends."""
    lacks = set(wanted.dns) - set(server.names.dns) or set(wanted.addresses) - set(server.names.addresses)
    return bool(lacks) or ends_soon(server, now)


def ends_soon(certificate: Certificate, now: datetime) -> bool:
    """Whether fewer than 30 days are left."""
    return certificate.ends_at - now < RENEW_BEFORE
