"""The words of attendance: counts of admissions and entries, as trade fairs are audited (contract, section 6).

*Visitors* are distinct people of categories that count. *Visits* are person-days. *Entries* are their scans that count
and lead into the first zone. Exhibitors, crew and media are no visitors; *everyone* counts them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A tablet that may still hold scans: it owes `outbox` of them, or it is silent.

    `since`: since when it has owed scans, or when it was last heard.
    """

    device_id: int
    device: str
    since: datetime
    outbox: int
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Everyone:
    people: int
    entries: int


@dataclass(frozen=True, slots=True)
class GateCount:
    gate: str
    visitors: int
    entries: int


@dataclass(frozen=True, slots=True)
class ZoneCount:
    zone: str
    visitors: int
    entries: int


@dataclass(frozen=True, slots=True)
class HourCount:
    """One hour of the venue's clock. `first`: visitors' first admissions of a day; `entries`: into the first zone."""

    hour: int
    first: int
    entries: int


@dataclass(frozen=True, slots=True)
class CategoryCount:
    category: str
    people: int
    entries: int


@dataclass(frozen=True, slots=True)
class CountryCount:
    """`country`: ISO 3166 alpha-2, empty where undeclared."""

    country: str
    visitors: int


@dataclass(frozen=True, slots=True)
class SectorCount:
    """Visitors may name several sectors, so these do not add up to all visitors."""

    sector: str
    visitors: int


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    visitors: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Everything counted for one day, or for the whole event when `day` is None. `by_day` tells every show day always.

    `inside`: people of every category (a hall holds everyone) whose last scan that counts in the first zone was no
    exit; None where no gate of that zone has a way out, and for the whole event. An estimate, never for evacuation.
    """

    day: date | None
    as_of: datetime
    waiting: tuple[Waiting, ...]
    visitors: int
    trade: int
    public: int
    visits: int
    entries: int
    inside: int | None
    first_time: int
    everyone: Everyone
    by_gate: tuple[GateCount, ...]
    by_zone: tuple[ZoneCount, ...]
    by_hour: tuple[HourCount, ...]
    by_category: tuple[CategoryCount, ...]
    by_country: tuple[CountryCount, ...]
    by_sector: tuple[SectorCount, ...]
    by_day: tuple[DayCount, ...]

    @property
    def provisional(self) -> bool:
        """Whether a tablet may still change these figures."""
        return bool(self.waiting)
