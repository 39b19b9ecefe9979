"""The words of attendance: counts of admissions and entries, as trade fairs are audited (contract, section 6).

*Visitors* are distinct people of categories that count. *Visits* are person-days. *Entries* are their scans that count
and lead into the first zone. Exhibitors, crew and media are no visitors; *everyone* counts them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """By what people are counted, each of them once a day and key."""

    ALL = "all"
    COUNTRY = "country"
    SECTOR = "sector"
    GENDER = "gender"
    CITY = "city"
    CLUSTER = "cluster"
    GATE = "gate"
    ZONE = "zone"
    HOUR = "hour"
    INSIDE = "inside"
    DEVICE = "device"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is counted of some days, before it is told: by the quick way or by the plain one, always the same.

    `people`, `visitors_by_…` and `scanned` are of the days that were asked for, `daily` of them and of every show day,
    `first_times` of every show day, `discrepancies` of all time. `entries`: by day, zone, gate and category. Hours are
    the venue's. Who is no visitor stands in `people`, `people_by_…`, `daily`, `entries`, `inside` only.
    """

    people: dict[str, int]
    daily: dict[tuple[date, str], int]
    entries: dict[tuple[date, str, str, str], int]
    first_times: dict[date, int]
    visitors_by_gate: dict[str, int]
    visitors_by_zone: dict[str, int]
    visitors_by_country: dict[str, int]
    visitors_by_sector: dict[str, int]
    visitors_by_gender: dict[str, int]
    visitors_by_city: dict[str, int]
    people_by_cluster: dict[str, int]
    first_hours: dict[int, int]
    entry_hours: dict[int, int]
    inside: int
    scanned: frozenset[tuple[int, date]]
    discrepancies: int


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
class GenderCount:
    """`gender`: as declared, `undisclosed` where it was not."""

    gender: str
    visitors: int


@dataclass(frozen=True, slots=True)
class CityCount:
    """`city`: as `policy.city_key` tells it, empty where undeclared."""

    city: str
    visitors: int


@dataclass(frozen=True, slots=True)
class ClusterCount:
    """People of every category who declared a cluster: its exhibitors."""

    cluster: str
    people: int


@dataclass(frozen=True, slots=True)
class Registered:
    """Who is registered, came or not: visitors of the categories that count, and everyone."""

    visitors: int
    trade: int
    public: int
    everyone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Entries of people of every category in the last `minutes`, by the gates' own moments."""

    minutes: int
    entries: int
    by_gate: dict[str, int]


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
    `discrepancies`: of all days. `is_behind`: more was stored than could be counted at once; `as_of` is then the moment
    up to which it was. `pace`: of today alone.
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
    registered: Registered
    by_gate: tuple[GateCount, ...]
    by_zone: tuple[ZoneCount, ...]
    by_hour: tuple[HourCount, ...]
    by_category: tuple[CategoryCount, ...]
    by_country: tuple[CountryCount, ...]
    by_sector: tuple[SectorCount, ...]
    by_gender: tuple[GenderCount, ...]
    by_city: tuple[CityCount, ...]
    by_cluster: tuple[ClusterCount, ...]
    by_day: tuple[DayCount, ...]
    discrepancies: int
    is_behind: bool = False
    pace: Pace | None = None

    @property
    def provisional(self) -> bool:
        """Whether these figures may still change: by what a tablet holds, or by what is stored and not counted."""
        return bool(self.waiting) or self.is_behind
