"""The words of the watch list: whose arrival is waited for, and who of them has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checkin.visitors.model import Details


class Kind(StrEnum):
    """What a line of the watch list names."""

    GROUP = "group"
    CATEGORY = "category"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One line of the list: a delegation as visitors have it in `group`, a category's slug, or a visitor's number."""

    id: int
    kind: Kind
    which: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The first entry of a day, in whatever zone."""

    at: datetime
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody on the list who may come on the day or has; `arrival` None: awaited. `watches`: by which lines."""

    id: int
    details: Details
    watches: frozenset[int]
    arrival: Arrival | None
