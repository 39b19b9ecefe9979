"""The queue: Huey on a SQLite file beside the database. It carries job numbers, nothing of any person."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from huey import SqliteHuey
from huey.consumer import Consumer

from checkin.settings import Settings

_log = logging.getLogger(__name__)
Do = Callable[[str, int], object]


class Queue:
    """An opened queue; `do(kind, job_id)` is what a message asks for."""

    def __init__(self, settings: Settings, do: Do) -> None:
        def work_on(kind: str, job_id: int) -> None:  # the name of the message, the same for all who open the queue
            do(kind, job_id)

        self._huey = SqliteHuey("checkin", filename=str(settings.jobs_file), results=False, fsync=True)
        self._message = self._huey.task()(work_on)

    def put(self, kind: str, job_id: int) -> None:
        """Add a message, behind the others. Raises sqlite3.Error."""
        self._message(kind, job_id)

    def every_minute(self, name: str, function: Callable[[], None]) -> None:
        """Let each consumer call `function` when it starts, and every minute; what came too late is left out."""
        self._huey.periodic_task(lambda _: True, name=name, expires=60)(function)

    def consumer(self) -> Consumer:
        """Who takes messages from the queue: one at a time, since drawing is work for one core."""
        return Consumer(self._huey, workers=1, max_delay=1, graceful_signal="TERM", shutdown_timeout=10)

    def close(self) -> None:
        """Give back the file."""
        self._huey.storage.close()


@contextmanager
def opened(settings: Settings, do: Do) -> Iterator[Queue]:
    """The queue of this installation for as long as the block lasts."""
    queue = Queue(settings, do)
    try:
        yield queue
    finally:
        queue.close()


def enqueue(settings: Settings, kind: str, job_id: int, *, copies: int = 1) -> None:
    """Ask the workers to look at a job, after the transaction that made or resumed it was committed.

    `copies` lets so many workers share it. What cannot be queued (a full disk) is only late: the sweep finds it.
    """
    try:
        with opened(settings, _nobody_works_here) as queue:
            for _ in range(copies):
                queue.put(kind, job_id)
    except sqlite3.Error as error:
        _log.warning("job %d was not queued, the next sweep finds it: %s", job_id, error)


def _nobody_works_here(_kind: str, _job_id: int) -> None:
    raise RuntimeError("this end of the queue only adds to it")
