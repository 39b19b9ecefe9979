"""What whoever watches the system sees of its parts: the writer, the jobs, the tablets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask

from checkin import clock
from checkin.admission.views import WRITER
from checkin.admission.writer import Writer
from checkin.attendance.policy import waiting
from checkin.devices.queries import all_devices
from checkin.jobs.service import numbers
from checkin.programme.service import current_event
from checkin.sight import metrics
from checkin.sight.metrics import Figure
from checkin.sight.views import sight_of
from checkin.web import Site


def init_app(app: Flask) -> None:
    """Have the writer of `app` tell its batches, and its state to whoever asks whether this process is ready."""
    writer: Writer = app.extensions[WRITER]

    def site() -> Site:
        found: Site = app.extensions["checkin"]
        return found

    def tell(scans: int, seconds: float) -> None:
        metrics.observe_batch(scans, seconds)
        metrics.set_waiting(max(0, writer.waiting - scans))  # without the ones that were just stored

    writer.on_batch = tell
    sight = sight_of(app)
    sight.checks["writer"] = writer.problem
    sight.looks.extend([lambda: of_jobs(site()), lambda: of_tablets(site())])


def of_jobs(site: Site) -> Iterator[Figure]:
    """How many jobs are in which state, and how long the oldest waits that nobody has in hand."""
    with site.database.snapshot() as session:
        counted, oldest = numbers(session)
    age = clock.now() - oldest if oldest else timedelta()
    yield Figure("checkin_jobs", "Jobs.", {state.value: float(count) for state, count in counted.items()})
    yield Figure("checkin_jobs_oldest_waiting_seconds", "Since it was queued.", {"": max(0.0, age.total_seconds())})


def of_tablets(site: Site) -> Iterator[Figure]:
    """How many tablets are silent while the event runs, how many owe scans, and how many scans they owe."""
    now = clock.now()
    with site.database.snapshot() as session:
        event = current_event(session, site.event).event
        paired = [device for device in all_devices(session) if not device.is_retired]
    today = [day for day in (event.day_of(now),) if day in event.day_by_date]
    missed = waiting(event, paired, (), today, now)
    silent = sum(one.is_silent for one in missed)
    owing = [device.outbox for device in paired if device.outbox]
    states = {"paired": len(paired), "silent": silent, "owing": len(owing)}
    yield Figure("checkin_tablets", "Tablets that are paired, of them silent today, of them owing scans.", states)
    yield Figure("checkin_tablets_owed_scans", "Scans that tablets have and the server has not.", {"": sum(owing)})
