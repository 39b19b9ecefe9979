"""The opened queue. Its messages are kinds and numbers of jobs, nothing of any person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from huey.consumer import Consumer

from checkin.jobs.storages import close_storage, open_storage
from checkin.settings import Settings

Do = Callable[[str, int], object]


class Queue:
    """An opened queue; `do(kind, job_id)` is what a message asks for. Raises one of DOWN, as `put` does."""

    def __init__(self, settings: Settings, do: Do) -> None:
        def work_on(kind: str, job_id: int) -> None:  # the name of the message, the same for all who open the queue
            do(kind, job_id)

        self._huey = open_storage(settings)
        self._message = self._huey.task()(work_on)

    def put(self, kind: str, job_id: int) -> None:
        """Add a message, behind the others."""
        self._message(kind, job_id)

    def every_minute(self, name: str, function: Callable[[], None]) -> None:
        """Let each consumer call `function` when it starts, and every minute; what came too late is left out."""
        self._huey.periodic_task(lambda _: True, name=name, expires=60)(function)

    def consumer(self) -> Consumer:
        """Who takes messages from the queue: one at a time, since drawing is work for one core."""
        return Consumer(self._huey, workers=1, max_delay=1, graceful_signal="TERM", shutdown_timeout=10)

    def close(self) -> None:
        """Give back the file, or the connection."""
        close_storage(self._huey)


@contextmanager
def opened(settings: Settings, do: Do) -> Iterator[Queue]:
    """The queue of this installation for as long as the block lasts."""
    queue = Queue(settings, do)
    try:
        yield queue
    finally:
        queue.close()
