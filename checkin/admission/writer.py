"""The writer: one thread of a process that stores what its tablets send, many waiting scans in one transaction.

Whoever hands scans over waits until they are committed. No timer makes anyone wait longer: what comes while one
transaction is written is the next one. Large batches are cut, and each part gives way to live scans.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from checkin.admission.batch import Sending, Taken, cut_up, joined, last_fact, store, tell_counts
from checkin.admission.gatecounts import GateCounts
from checkin.admission.model import Arrival
from checkin.admission.queries import entries_at
from checkin.admission.service import MOST_AT_ONCE
from checkin.badges.keys import KeyRing
from checkin.database import is_serialization_failure
from checkin.programme.epoch import remember
from checkin.web import Site

MOST_LIVE = 128  # scans of one transaction of live ones
FEW = 10  # so many scans at once are still a gate's, not an outbox's
MOST_WAITING = 5_000
TRIES = 5
PATIENCE_S = 20.0
STUCK_S = 15.0
_REFUSALS = (OperationalError, InterfaceError, NoConnectionError)  # the database itself, whatever was to be stored

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """Too much waits already, or for too long: come back in a moment, with everything."""


class CulpritError(Exception):
    """One scan of a batch cannot be stored, for a fault of ours; `index` says which. Others of it may be stored."""

    def __init__(self, index: int) -> None:
        super().__init__(f"scan {index} cannot be stored")
        self.index = index


class Writer:
    """The writer of this process; its thread starts with the first scan, so that servers may fork before."""

    def __init__(self, site: Callable[[], Site]) -> None:
        self._site = site
        self.counts = GateCounts(entries_at)
        self.on_batch: Callable[[int, float], None] = lambda _scans, _seconds: None
        self._start_over()

    def take(self, token_hash: str, arrivals: Sequence[Arrival], now: datetime) -> Taken:
        """Judge and store what a device sent at `now`, at least one scan; returns once it is durable.

        Raises BusyError, UnknownDeviceError, CulpritError, and what the database itself refuses with.
        """
        taken = []
        for start in range(0, len(arrivals), MOST_AT_ONCE):
            sending = Sending(token_hash, arrivals[start : start + MOST_AT_ONCE], now)
            try:
                taken.append(self._wait_for(sending, is_bulk=len(arrivals) > FEW))
            except CulpritError as error:
                raise CulpritError(start + error.index) from None
        return taken[0] if len(taken) == 1 else joined(taken)

    @property
    def waiting(self) -> int:
        """How many scans wait for their transaction, or are in it."""
        return self._waiting

    def problem(self) -> str | None:
        """What keeps scans from being stored, if anything does: for the health check."""
        if self._pid != os.getpid() or self._thread is None:
            return None
        if not self._thread.is_alive():
            return "the writer has stopped"
        since = self._busy_since
        return "the writer is stuck" if since is not None and time.monotonic() - since > STUCK_S else None

    def _start_over(self) -> None:
        self._pid = os.getpid()
        self._change = threading.Condition()
        self._live: deque[Sending] = deque()
        self._bulk: deque[Sending] = deque()
        self._is_bulks_turn = False
        self._waiting = 0
        self._thread: threading.Thread | None = None
        self._busy_since: float | None = None

    def _wait_for(self, sending: Sending, *, is_bulk: bool) -> Taken:
        if self._pid != os.getpid():
            self._start_over()
        with self._change:
            if self._waiting + len(sending.arrivals) > MOST_WAITING:
                raise BusyError
            self._waiting += len(sending.arrivals)
            (self._bulk if is_bulk else self._live).append(sending)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._change.notify()
        if not sending.done.acquire(timeout=PATIENCE_S):
            sending.is_given_up = True  # if it is under way it is stored all the same, and a resend is harmless
            raise BusyError
        if sending.error is not None:
            raise sending.error
        if sending.taken is None:
            raise RuntimeError("the writer told nothing of a batch")
        return sending.taken

    def _work(self) -> None:
        while True:
            with self._change:
                while not self._live and not self._bulk:
                    self._change.wait()
                batch = self._next()
            self._busy_since = time.monotonic()
            try:
                self._store([sending for sending in batch if not sending.is_given_up])
            except Exception as error:  # noqa: BLE001 - the writer outlives it, and whoever waits is told
                for sending in batch:
                    sending.error = sending.error or error
            finally:
                self._busy_since = None
                with self._change:
                    self._waiting -= sum(len(sending.arrivals) for sending in batch)
                for sending in batch:
                    sending.done.release()

    def _next(self) -> list[Sending]:
        """The live scans that came meanwhile; in turn with them a part of a large batch, if one waits."""
        if self._bulk and (self._is_bulks_turn or not self._live):
            self._is_bulks_turn = False
            return [self._bulk.popleft()]
        self._is_bulks_turn = True
        batch, scans = [], 0
        while self._live and scans < MOST_LIVE:
            batch.append(self._live.popleft())
            scans += len(batch[-1].arrivals)
        return batch

    def _store(self, batch: list[Sending]) -> None:
        """All in one transaction; when one of them makes it fail, each for itself, down to the scan."""
        if not batch:
            return
        try:
            self._commit(batch)
        except _REFUSALS as error:
            for sending in batch:  # it would refuse each
                sending.error = error
        except Exception as error:  # noqa: BLE001 - whose fault it is, the next step tells
            if len(batch) > 1:
                for sending in batch:
                    self._store([sending])
            elif len(batch[0].arrivals) > 1:
                self._store_one_by_one(batch[0])
            else:  # an error's text may hold a name
                _log.error("scan %s cannot be stored: %s", batch[0].arrivals[0].id, type(error).__name__)
                batch[0].error = CulpritError(0)

    def _store_one_by_one(self, sending: Sending) -> None:
        parts = cut_up(sending)
        sending.error = None
        for index, part in enumerate(parts):
            self._store([part])
            if sending.error is None and part.error is not None:
                sending.error = CulpritError(index) if isinstance(part.error, CulpritError) else part.error
        sending.taken = joined([part.taken for part in parts if part.taken]) if sending.error is None else None

    def _commit(self, batch: list[Sending]) -> None:
        began, site = time.monotonic(), self._site()
        keys = KeyRing(site.settings.token_master)
        for tried in range(1, TRIES + 1):
            try:
                with site.database.writing() as connection:
                    counted = store(connection, site.event, keys, batch, self.counts)
                break
            except DBAPIError as error:
                # Another process was quicker with the same badge or scan, or the connection was a dead one.
                is_race = is_serialization_failure(error) or isinstance(error, IntegrityError)
                if tried == TRIES or not (is_race or error.connection_invalidated):
                    raise
        fact = last_fact(batch)
        if fact is not None:
            remember(site.settings.instance, fact)
        tell_counts(site.event, batch, self.counts, counted)
        self.on_batch(sum(len(sending.arrivals) for sending in batch), time.monotonic() - began)
