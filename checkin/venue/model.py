"""Certificates in plain words: for which names, until when, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from pathlib import Path

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TlsError(Exception):
    """There is no certificate to serve with; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a certificate speaks for: names of machines, and addresses."""

    dns: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()

    def with_more(self, more: Names) -> Names:
        """These, then those of `more` that are new."""
        return Names(
            tuple(dict.fromkeys((*self.dns, *more.dns))), tuple(dict.fromkeys((*self.addresses, *more.addresses)))
        )

    def has(self, host: str) -> bool:
        """Whether `host`, as it stands in an address bar, is one of these."""
        return host.lower() in self.dns or host in self.texts()

    def texts(self) -> tuple[str, ...]:
        """All of them, as people write them."""
        return (*self.dns, *map(str, self.addresses))


@dataclass(frozen=True, slots=True)
class Scope:
    """What an authority may speak for: these names with all below them, and these networks. Nothing else."""

    dns: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Machine:
    """This machine in its networks; `interfaces` begins with the one that leads out."""

    names: tuple[str, ...]
    interfaces: tuple[IPv4Interface, ...]

    @property
    def lan(self) -> Names:
        """Under which names and addresses others in the hall may find it."""
        return Names(self.names, tuple(interface.ip for interface in self.interfaces))


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate, told. `fingerprint`: SHA-256 over its DER, `thumbprint`: SHA-1, as Windows shows it."""

    subject: str
    issuer: str
    begins_at: datetime
    ends_at: datetime
    names: Names
    scope: Scope
    fingerprint: str
    thumbprint: str

    def days_left(self, now: datetime) -> int:
        """Whole days until it ends; negative once it is over."""
        return (self.ends_at - now).days


@dataclass(frozen=True, slots=True)
class Standing:
    """What the folder holds: the certificate to serve with, and our own authority unless a certificate was given."""

    server: Certificate | None
    authority: Certificate | None

    @property
    def is_given(self) -> bool:
        return self.server is not None and self.authority is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """Where this installation is served: `base` is the address for links, `plain` that of the CA page."""

    folder: Path
    base: str
    plain: str
    port: int
    http_port: int
    names: Names

    def for_host(self, host: str) -> Hall:
        """The same under the name that a device used, if it is one of the certificate's; else as it is."""
        if not self.names.has(host) or host in _HERE:
            return self
        shown = f"[{host}]" if ":" in host else host
        return Hall(
            folder=self.folder,
            base=f"https://{shown}:{self.port}",
            plain=f"http://{shown}:{self.http_port}",
            port=self.port,
            http_port=self.http_port,
            names=self.names,
        )


_HERE = ("localhost", "127.0.0.1", "::1")  # no other device finds this machine there
