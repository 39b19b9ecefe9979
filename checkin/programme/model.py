"""The words of what changes while the expo runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from checkin.event.model import Event

LONGEST_MESSAGE: Final = 60
"""Characters of a hold's message in one language: a phone at a gate has room for both."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class HoldKind(StrEnum):
    GATE = "gate"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A gate or a category that is held, and since when."""

    kind: HoldKind
    slug: str
    message: str
    since: datetime

    @property
    def number(self) -> int:
        """Its moment of birth in microseconds: so a page can tell it from a later hold of the same thing."""
        return (self.since - _EPOCH) // timedelta(microseconds=1)


class Kind(StrEnum):
    """What of the event file can be changed while the expo runs."""

    GATE = "gate"
    DAY = "day"


class What(StrEnum):
    """What was done to it."""

    ADD = "add"
    CHANGE = "change"
    CLOSE = "close"
    OPEN = "open"
    HOURS = "hours"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What is laid over a gate or a day's hours. `slug`: a day's is its date; `number`: 1 for the first change of it.

    `instead`: what holds instead of what the file says, by setting; empty: as the file says. `file`: what the file said
    of the thing when the change was made; empty where it knew no such thing.
    """

    kind: Kind
    slug: str
    number: int
    instead: Mapping[str, Any]
    file: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Overlay):
    """One change, with who made it and when."""

    what: What
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Where the file no longer says what it said when a thing was changed. `setting` empty: the whole thing.

    `holds`: the change still does; else it rests, since it does not fit the file any more.
    """

    kind: Kind
    slug: str
    setting: str
    here: Any
    file: Any
    holds: bool


class Refusal(StrEnum):
    """Why a change was not made."""

    STALE = "stale"  # somebody else changed it since it was looked at
    NAME_TAKEN = "name_taken"
    LAST_WAY_IN = "last_way_in"
    IN_USE = "in_use"
    DAY_IS_OVER = "day_is_over"
    HAS_OPENED = "has_opened"
    CLOSES_FIRST = "closes_first"
    HAS_PASSED = "has_passed"
    NOTHING_NEW = "nothing_new"


def message_of(english: str, urdu: str = "") -> str:
    """What a gate shows: one line of English; where Urdu is given, a line of that below it."""
    return f"{english}\n{urdu}" if urdu else english


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The event as it runs now: the file, and what organisers changed over it.

    `holds`: (kind, slug) → the message that the gate shows. `conflicts`: where the file and the changes disagree.
    """

    event: Event
    holds: dict[tuple[HoldKind, str], str] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()

    def hold_of(self, gate: str, category: str) -> str | None:
        """Why this gate or this category is held, if it is; the gate's reason first."""
        return self.holds.get((HoldKind.GATE, gate), self.holds.get((HoldKind.CATEGORY, category)))
