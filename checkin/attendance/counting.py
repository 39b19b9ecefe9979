"""Who counts: a thread in each process that serves. One of them at a time finds something to do."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import DBAPIError

from checkin import clock
from checkin.attendance import tallies
from checkin.attendance.tallies import Counted
from checkin.database import Database
from checkin.event.model import Event
from checkin.oddities import twins
from checkin.programme.service import current_event

SHORT: Final = 1.0  # seconds between two looks while scans come
LONG: Final = 5.0  # while none do: figures stay exact, since readers add what waits
AFTER_TROUBLE: Final = 10.0
COMPARED_EVERY: Final = 15.0  # who was registered meanwhile, with everyone before
_LIVE_SCANS_FIRST: Final = 0.005  # between two transactions, or who waits for the lock would never get it
_TOLD_EVERY: Final = 1000  # transactions
_log = logging.getLogger(__name__)


def catch_up(database: Database, event: Event, stop: threading.Event, most: int = tallies.MOST) -> Iterator[Counted]:
    """Count until nothing waits, a short transaction after the other; tells each. Ends early when `stop` is set.

    Ends too when it turns out that another process is counting.
    """
    while not stop.is_set():
        with database.transaction() as session:
            counted = tallies.count_some(session, event, clock.now(), most)
        yield counted
        if not counted.is_more:
            return
        stop.wait(_LIVE_SCANS_FIRST)


def count_all(database: Database, event: Event) -> Iterator[Counted]:
    """Count until nothing waits, in turns with whoever counts too; tells each transaction."""
    never, is_more = threading.Event(), True
    while is_more:
        with database.snapshot() as session:
            if not tallies.is_due(session, event):
                return
        for counted in catch_up(database, event, never, tallies.MOST_ANEW):
            yield counted
            is_more = not counted.is_ours
        never.wait(_LIVE_SCANS_FIRST)


class Counting:
    """The thread of one process: begun with its first request, so after any fork; ended with the process."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._stopping = threading.Event()

    def ensure(self, database: Database, event: Event) -> None:
        """See to it that the thread runs. After a fork the parent's does not."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._stopping = threading.Event()
                self._thread = threading.Thread(
                    target=_count, args=(database, event, self._stopping), name="attendance", daemon=True
                )
                self._thread.start()
                atexit.register(self.stop)

    def stop(self) -> None:
        """End after the transaction under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(LONG)


def _count(database: Database, event: Event, stop: threading.Event) -> None:
    pause = compared_at = 0.0
    while not stop.wait(pause):
        try:
            if time.monotonic() - compared_at >= COMPARED_EVERY:
                _compare_who_waits(database, event, stop)
                compared_at = time.monotonic()
            pause = SHORT if _count_what_waits(database, event, stop) else min(LONG, 2 * pause + SHORT)
        except DBAPIError as error:
            _log.warning("attendance cannot be counted now, and will be: %s", type(error.orig).__name__)
            pause = AFTER_TROUBLE
        except Exception:  # noqa: BLE001 - whatever it is, the next look may go well, and serving goes on
            _log.exception("attendance cannot be counted")
            pause = AFTER_TROUBLE


def _count_what_waits(database: Database, event: Event, stop: threading.Event) -> bool:
    """Whether there was anything to count, for us or for another process."""
    with database.snapshot() as session:
        current = current_event(session, event).event
        if not tallies.is_due(session, current):
            return False
    done = 0
    for number, counted in enumerate(catch_up(database, current, stop), 1):
        done += counted.subjects
        if number % _TOLD_EVERY == 0:
            _log.info("attendance: %d counted, more wait", done)
    return True


def _compare_who_waits(database: Database, event: Event, stop: threading.Event) -> None:
    """Find who may be registered twice, a short transaction after the other."""
    with database.snapshot() as session:
        is_more = twins.is_due(session)
    while is_more and not stop.is_set():
        with database.transaction() as session:
            is_more = twins.compare_some(session, event)
        stop.wait(_LIVE_SCANS_FIRST)
