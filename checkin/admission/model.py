"""The words of admission: a scan is a fact, a judgement is what was decided about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from checkin.badges.model import Badge
from checkin.event.model import Direction


class Verdict(StrEnum):
    ADMITTED = "admitted"
    RE_ENTRY = "re-entry"
    LEFT = "left"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a scan was refused, in the order of the checks; the last two are about the message, not the badge."""

    FORGED = "forged"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    REPLACED = "replaced"
    HELD = "held"
    NOT_TODAY = "not_today"
    NOT_YET = "not_yet"
    WRONG_GATE = "wrong_gate"
    ALREADY_IN = "already_in"
    MALFORMED = "malformed"
    CONFLICT = "conflict"


class Check(StrEnum):
    """Let in, but look twice."""

    TOO_SOON = "too_soon"


class Note(StrEnum):
    """What the gate should know beside the verdict."""

    AFTER_HOURS = "after_hours"


class Source(StrEnum):
    CAMERA = "camera"
    SCANNER = "scanner"
    TYPED = "typed"
    ROLL = "roll"


class Clock(StrEnum):
    SURE = "sure"
    UNSURE = "unsure"


class Reading(StrEnum):
    """What the text of a badge turned out to be, before anyone looked it up."""

    GENUINE = "genuine"
    SHORT_CODE = "short_code"
    FORGED = "forged"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentScan:
    """One scan as a tablet sent it. `gate` and `direction` are None where the device's own are meant.

    `staff`: the number that whoever held the tablet gave at the start of the shift, if they did.
    """

    token: str
    scanned_at: datetime
    clock: Clock
    source: Source
    gate: str | None
    direction: Direction | None
    staff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a tablet's screen had shown before the server answered."""

    verdict: Verdict
    reason: Reason | None
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One item of a batch: its id, its content as sent, and the scan in it; None where it could not be read.

    `sent` is JSON of what makes two sendings the same scan; `whole()` adds what may differ (clock, shown, staff).
    """

    id: str
    sent: str
    whole: Callable[[], str]
    scan: SentScan | None
    shown: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One reading of one badge: where it stood and when it was made, by the tablet's corrected clock."""

    id: str
    scanned_at: datetime
    gate: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """An accepted scan (or an overridden one) that was not undone."""

    scan_id: str
    at: datetime
    zone: str
    gate: str
    direction: Direction

    @property
    def order(self) -> tuple[datetime, str]:
        """Earliest first, ties by scan id: the same on every machine."""
        return self.at, self.scan_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the scanned badge when the scan arrives. `badge` is the scanned issue, None if unknown.

    `days`: the visitor's own choice of dates, empty for all. `passages`: the visitor's, of the scan's day.
    """

    reading: Reading
    badge: Badge | None = None
    days: tuple[date, ...] = ()
    passages: Sequence[Passage] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was decided. `first` and `previous` are of the same visitor, day and zone; `message` is a hold's."""

    verdict: Verdict
    day: date
    zone: str
    direction: Direction
    reason: Reason | None = None
    check: Check | None = None
    note: Note | None = None
    message: str = ""
    first: Passage | None = None
    previous: Passage | None = None


@dataclass(frozen=True, slots=True)
class StoredScan:
    """A scan as it is stored with its judgement, as far as answers and repeats need it: columns of the table `scan`."""

    id: str
    sent: str
    scanned_at: datetime
    day: date
    zone: str
    gate: str
    direction: str
    visitor_id: int | None
    number: int | None
    issue: int | None
    told_issue: int | None
    verdict: str
    reason: str | None
    check: str | None
    note: str | None
    message: str
    first_at: datetime | None
    first_gate: str | None
    previous_at: datetime | None
    previous_gate: str | None
    previous_direction: str | None
    shown_verdict: str | None
