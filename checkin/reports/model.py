"""The words of reports: figures as they are told and signed, and the versions that an organiser froze."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Form(StrEnum):
    """What a report can be written as: the ending of its file."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    TXT = "txt"


class Section(StrEnum):
    """One table of a report."""

    DAY = "day"
    HOUR = "hour"
    GATE = "gate"
    ZONE = "zone"
    CATEGORY = "category"
    CLUSTER = "cluster"
    COUNTRY = "country"
    SECTOR = "sector"
    CITY = "city"
    GENDER = "gender"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in both languages; Urdu may be empty."""

    en: str
    ur: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `people`: of an hour first admissions, of a day visitors. `entries` is None where not told.

    An empty name: nobody said, or of nobody known; what that is called is a matter of the language.
    """

    key: str
    name: Name
    people: int
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A tablet that may still hold scans when the figures were counted."""

    device: str
    since: datetime
    outbox: int
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A retired tablet whose late scans wait for an organiser: they are not counted."""

    device: str
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a report says, and nothing of the program that draws it: what a signature freezes.

    `day` None: all show days. `last_scan_at`: the latest scan that is counted, None before the first one.
    `discrepancies`: of all days. `totals` by name, as `policy.TOTALS` orders them; None where it cannot be told.
    `apart`: the categories whose people are no visitors.
    `registered`: how many were registered so far; later registrations change no report.
    """

    event: Name
    venue: Name
    time_zone: str
    day: date | None
    days: tuple[date, ...]
    as_of: datetime
    last_scan_at: datetime | None
    is_behind: bool
    waiting: tuple[Wait, ...]
    kept: tuple[Kept, ...]
    discrepancies: int
    totals: Mapping[str, int | None]
    registered: Mapping[str, int]
    apart: tuple[str, ...]
    tables: Mapping[Section, tuple[Row, ...]]

    @property
    def provisional(self) -> bool:
        """Whether these figures may still change: by what a tablet holds, or by what is stored and not counted."""
        return bool(self.waiting) or self.is_behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A report that an organiser froze. `number` is of all versions, `revision` of those of one day, from 1.

    `reason`: why it was closed all the same, when something stood against it. `is_true`: whether the signature holds.
    """

    number: int
    revision: int
    report: Report
    signed_at: datetime
    signed_by: str
    signer: str
    reason: str
    signature: str
    is_true: bool

    @property
    def mark(self) -> str:
        """The first letters of the signature, for people to compare."""
        return " ".join(self.signature[at : at + 4] for at in range(0, 16, 4))


class Obstacle(StrEnum):
    """Why a day should not be closed yet. An organiser may close it all the same, and says why."""

    RUNNING = "running"
    WAITING = "waiting"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another one now: `section` is empty of a total."""

    section: Section | None
    key: str
    before: int
    after: int
