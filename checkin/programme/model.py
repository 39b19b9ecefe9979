"""The words of what changes while the expo runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

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


def message_of(english: str, urdu: str = "") -> str:
    """What a gate shows: one line of English; where Urdu is given, a line of that below it."""
    return f"{english}\n{urdu}" if urdu else english


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The event as it runs now: the file, and what organisers changed over it.

    `holds`: (kind, slug) → the message that the gate shows.
    """

    event: Event
    holds: dict[tuple[HoldKind, str], str] = field(default_factory=dict)

    def hold_of(self, gate: str, category: str) -> str | None:
        """Why this gate or this category is held, if it is; the gate's reason first."""
        return self.holds.get((HoldKind.GATE, gate), self.holds.get((HoldKind.CATEGORY, category)))
