"""This machine's names and addresses. The standard library has no portable way to all of them, so several are tried."""

from __future__ import annotations

import re
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Interface

from checkin.venue.model import Machine
from checkin.venue.policy import is_name

# Bridges of containers and virtual machines: no tablet stands behind them.
_INNER = re.compile(r"docker|br-|veth|virbr|lxc|cni|vmnet")
# Nothing is sent to these: the system only tells which of its addresses it would use to reach them.
_FAR = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254", "224.0.0.251")
_GET_FLAGS, _GET_ADDRESS, _GET_MASK = 0x8913, 0x8915, 0x891B  # Linux: netdevice(7)
_IS_UP, _IS_LOOPBACK = 0x1, 0x8


def this_machine() -> Machine:
    """Its names (`laptop`, `laptop.local`) and its addresses but for loopback; the one of the way out comes first."""
    found: dict[IPv4Address, IPv4Interface] = {}
    for interface in (*_asked_of_linux(), *_asked_by_name()):
        found.setdefault(interface.ip, interface)
    way_out = [address for address in _ways_out() if not address.is_loopback and not address.is_unspecified]
    for address in way_out:
        found.setdefault(address, _guessed(address))
    first = way_out[0] if way_out else None
    usable = (interface for interface in found.values() if not interface.ip.is_loopback)
    ordered = sorted(usable, key=lambda one: (one.ip != first, one.ip.is_link_local))
    return Machine(_names(), tuple(ordered))


def _names() -> tuple[str, ...]:
    host = socket.gethostname().lower()
    short = host.split(".")[0]
    return tuple(name for name in dict.fromkeys((host, f"{short}.local")) if is_name(name) and name != "localhost")


def _ways_out() -> Iterator[IPv4Address]:
    for far in _FAR:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            yield IPv4Address(probe.getsockname()[0])


def _asked_by_name() -> Iterator[IPv4Interface]:
    """Windows and macOS answer with every address of the machine."""
    with suppress(OSError):
        for *_, address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            yield _guessed(IPv4Address(address[0]))


def _guessed(address: IPv4Address) -> IPv4Interface:
    """Where the system does not tell the network's size: 24 bits, as nearly every hall's router gives."""
    return IPv4Interface(f"{address}/24")


def _asked_of_linux() -> Iterator[IPv4Interface]:
    if sys.platform != "linux":
        return
    import fcntl  # noqa: PLC0415 - Windows has none

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            if _INNER.match(name):
                continue
            request = struct.pack("256s", name.encode())
            with suppress(OSError):  # an interface without an address
                flags = struct.unpack_from("H", fcntl.ioctl(asked, _GET_FLAGS, request), 16)[0]
                if flags & _IS_LOOPBACK or not flags & _IS_UP:
                    continue
                address, mask = (
                    IPv4Address(fcntl.ioctl(asked, what, request)[20:24]) for what in (_GET_ADDRESS, _GET_MASK)
                )
                yield IPv4Interface(f"{address}/{mask}")
