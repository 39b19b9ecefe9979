"""One count for everyone who looks: made at most once a second for a day, handed to all who ask meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checkin.attendance.model import Attendance
from checkin.event.model import Event


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures of a day, and as JSON. `tag`: an ETag, the same for the same figures in whatever process."""

    event: Event
    counted: Attendance
    body: bytes
    tag: str
    made_at: datetime


class Snapshots:
    """The newest of each day, in one process. Days are the event's, so there are few."""

    def __init__(self) -> None:
        self._kept: dict[date | None, Snapshot] = {}
        self._making: dict[date | None, threading.Lock] = {}

    def find(self, day: date | None, now: datetime, lasts: timedelta, make: Callable[[], Snapshot]) -> Snapshot:
        """The snapshot of `day` that is younger than `lasts`; else `make` makes one, for all who wait for it.

        Whatever `make` raises is raised, and nothing is kept.
        """
        kept = self._kept.get(day)
        # A clock that was put back makes nothing fresh.
        if kept is not None and timedelta() <= now - kept.made_at < lasts:
            return kept
        with self._making.setdefault(day, threading.Lock()):
            newest = self._kept.get(day)
            if newest is None or newest is kept:
                newest = self._kept[day] = make()
            return newest
