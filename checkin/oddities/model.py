"""The words of oddities: what an organiser should look at, and what they said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is odd, in the order in which it is shown: what holds people up or copies badges comes first."""

    TWO_GATES = "two_gates"
    OLD_BADGE = "old_badge"
    TOO_SOON = "too_soon"
    SILENT = "silent"
    QUIET_GATE = "quiet_gate"
    CLOCK = "clock"
    SHOWN = "shown"
    NO_MAIN_GATE = "no_main_gate"
    QUARANTINE = "quarantine"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One thing to look at. `key` names it among its kind, and stays the same for as long as it is the same thing.

    `at`: when it happened, or since when it lasts; `day`: the event's date of that. `visitor_id`, `device_id`, `gate`:
    whom it is about, None and empty of nobody. `other`: the scan it clashes with, the visitor who is alike (with the
    likeness: `17 phone`), the zone that was entered, or how many scans there are; empty where there is none of these.
    """

    kind: Kind
    key: str
    at: datetime
    day: date
    visitor_id: int | None = None
    device_id: int | None = None
    gate: str = ""
    other: str = ""

    @property
    def place(self) -> tuple[datetime, str]:
        """Where the next page begins."""
        return self.at, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An oddity that somebody has looked at, with what they noted; the note may hold names."""

    oddity: Oddity
    note: str
    at: datetime
    by: str
