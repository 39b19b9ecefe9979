"""One count for everyone who looks: made at most once a second for a wish, handed to all who ask meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checkin.attendance.model import Attendance
from checkin.event.model import Event

Wish = tuple[date | None, str]
"""A day or all of them, and a category or none."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures of a day, and as JSON. `tag`: an ETag, the same for the same figures in whatever process."""

    event: Event
    counted: Attendance
    body: bytes
    tag: str
    made_at: datetime


class Snapshots:
    """The newest of each wish, in one process. Days and categories are the event's, so there are few."""

    def __init__(self) -> None:
        self._kept: dict[Wish, Snapshot] = {}
        self._making: dict[Wish, threading.Lock] = {}

    def find(self, wish: Wish, now: datetime, lasts: timedelta, make: Callable[[], Snapshot]) -> Snapshot:
        """The snapshot of `wish` that is younger than `lasts`; else `make` makes one, for all who wait for it.

        Whatever `make` raises is raised, and nothing is kept.
        """
        kept = self._kept.get(wish)
        # A clock that was put back makes nothing fresh.
        if kept is not None and timedelta() <= now - kept.made_at < lasts:
            return kept
        with self._making.setdefault(wish, threading.Lock()):
            newest = self._kept.get(wish)
            if newest is None or newest is kept:
                newest = self._kept[wish] = make()
            return newest
