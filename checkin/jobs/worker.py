"""A worker: takes messages from the queue, one after the other, and does a piece of the job that each names."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable

from flask import Flask
from huey.consumer import Consumer
from sqlalchemy.exc import OperationalError
from structlog.contextvars import bound_contextvars

from checkin import clock
from checkin.jobs import service
from checkin.jobs.messages import Queue
from checkin.jobs.registry import Periodic, Registry
from checkin.sight.logs import kind_of, places_of
from checkin.sight.requests import MORE
from checkin.web import Site

_log = logging.getLogger(__name__)


class Worker:
    """Works for one installation with the tasks of `registry`, inside the application's context (for templates)."""

    def __init__(self, app: Flask, site: Site, registry: Registry) -> None:
        self._app = app
        self._site = site
        self._registry = registry
        self._queue = Queue(site.settings, self._take)
        self._sweep = self._guarded("sweep", lambda _: self.sweep())
        self._queue.every_minute("sweep", self._sweep)
        for name, function in registry.every_minute.items():
            self._queue.every_minute(name, self._guarded(name, function))

    def run(self, *, follow: bool = False) -> None:
        """Work until SIGTERM or Ctrl-C, then finish the piece at hand. `follow`: also until standard input ends.

        Must be called in the main thread.
        """
        # Huey tells of every message that it works on: of no use to anyone, at a mail each.
        logging.getLogger("huey").setLevel(logging.WARNING)
        self._sweep()  # what a power cut left need not wait for the next minute
        consumer = self._queue.consumer()
        if follow:
            threading.Thread(target=_wait_for_the_end, args=(consumer,), daemon=True).start()
        consumer.run()
        consumer.stop(graceful=True)

    def close(self) -> None:
        """Give back the queue's file."""
        self._queue.close()

    def work_on(self, kind: str, job_id: int) -> bool:
        """One piece of this job; whether there is more. What the task did not foresee fails the job, and says where.

        A log never holds an error's text: it may be a person's name.
        """
        task = self._registry.tasks.get(kind)
        if task is None:
            return False  # another version of this code queued it, and its sweep finds it
        with bound_contextvars(job=job_id, kind=kind):
            try:
                with self._app.app_context():
                    return task(self._site, job_id)
            except OperationalError as error:
                _log.error("the database refuses, the next sweep tries again: %s", kind_of(error))
            except Exception as error:  # noqa: BLE001 - no task may stop the worker
                name, places = kind_of(error), places_of(error)
                _log.error("the job failed: %s at %s", name, places[-1], extra={MORE: {"places": places}})
                with self._site.database.transaction() as session:
                    service.fail(session, job_id, now=clock.now(), note=f"{name}, {places[-1]}")
        return False

    def sweep(self) -> None:
        """Queue again what nobody has been heard of for a minute: its worker was killed, or it was never queued."""
        now = clock.now()
        with self._site.database.snapshot() as session:
            found = service.stale(session, self._registry.tasks.keys(), now)
        for job in found:
            with self._site.database.transaction() as session:
                taken = service.take_up(session, job, now)
            if taken:
                self._queue.put(job.kind, job.id)

    def _take(self, kind: str, job_id: int) -> None:
        if self.work_on(kind, job_id):
            self._queue.put(kind, job_id)

    def _guarded(self, name: str, function: Periodic) -> Callable[[], None]:
        def call() -> None:
            try:
                with self._app.app_context():
                    function(self._site)
            except Exception as error:  # noqa: BLE001 - it is called again in a minute
                told = kind_of(error), places_of(error)[-1]
                _log.error("%s failed: %s at %s", name, *told, extra={MORE: {"places": places_of(error)}})

        return call


def _wait_for_the_end(consumer: Consumer) -> None:
    """Stop when whoever started this process is gone: the other end of standard input goes with it, even by kill -9."""
    while sys.stdin.buffer.read(1):
        pass
    consumer.stop_flag.set()
