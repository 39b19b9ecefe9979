"""A job's row decides: what the queue loses or says twice changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app

from checkin import clock
from checkin.database import Database
from checkin.jobs import service
from checkin.jobs.model import STALE, Job, JobState
from checkin.jobs.queue import enqueue
from checkin.jobs.registry import Registry
from checkin.jobs.worker import Worker
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.web import Site

S = JobState


def make_job(database: Database, kind: str = "count", state: JobState = S.WAITING) -> Job:
    now = clock.now()
    with database.transaction() as session:
        job = service.make(session, kind=kind, total=3, now=now, by="tests")
        match state:
            case S.RUNNING:
                service.begin(session, job.id, now)
            case S.PAUSED:
                service.pause(session, job.id, now=now)
            case S.DONE:
                service.finish(session, job.id, now)
            case S.FAILED:
                service.fail(session, job.id, now=now, note="why")
            case S.CANCELLED:
                service.cancel(session, job.id, now)
        return service.get_job(session, job.id)


def read(database: Database, job: Job) -> Job:
    with database.snapshot() as session:
        return service.get_job(session, job.id)


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def worker(app: Flask, registry: Registry) -> Iterator[Worker]:
    made = Worker(app, site_of(app), registry)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        ("begin", {S.WAITING, S.RUNNING}),
        ("pause", {S.WAITING, S.RUNNING}),
        ("resume", {S.PAUSED, S.FAILED}),
        ("cancel", {S.WAITING, S.RUNNING, S.PAUSED, S.FAILED}),
        ("finish", {S.WAITING, S.RUNNING, S.PAUSED}),
        ("fail", {S.WAITING, S.RUNNING}),
    ],
)
def test_a_job_goes_only_from_the_states_that_make_sense(database: Database, act: str, allowed: set[JobState]) -> None:
    now = clock.now()
    ways = {
        "begin": lambda session, job: service.begin(session, job.id, now),
        "pause": lambda session, job: service.pause(session, job.id, now=now),
        "resume": lambda session, job: service.resume(session, job.id, now),
        "cancel": lambda session, job: service.cancel(session, job.id, now),
        "finish": lambda session, job: service.finish(session, job.id, now),
        "fail": lambda session, job: service.fail(session, job.id, now=now, note="why"),
    }
    went = set()
    for state in JobState:
        job = make_job(database, state=state)
        with database.transaction() as session:
            if ways[act](session, job):
                went.add(state)
            else:
                assert state is service.get_job(session, job.id).state
    assert allowed == went


def test_what_is_done_is_counted_also_after_a_pause_and_an_end_has_its_moment(database: Database) -> None:
    job = make_job(database, state=S.PAUSED)
    with database.transaction() as session:
        service.advance(session, job.id, done=2, failed=1, now=clock.now())
        service.cancel(session, job.id, clock.now())
    after = read(database, job)
    assert (2, 1) == (after.done, after.failed)
    assert after.ended_at is not None
    assert job.ended_at is None


def test_the_sweep_queues_what_nobody_was_heard_of_once_and_only_kinds_it_knows(
    database: Database, worker: Worker, registry: Registry, settings: Settings
) -> None:
    done: list[int] = []
    registry.tasks["count"] = lambda _site, job_id: bool(done.append(job_id))
    lost, other, paused = make_job(database), make_job(database, "unknown"), make_job(database, state=S.PAUSED)
    clock.shift(settings.clock_shift + STALE * 2)
    fresh = make_job(database)
    worker.sweep()
    assert read(database, lost).heartbeat_at > lost.heartbeat_at
    for job in (other, paused, fresh):
        assert job.heartbeat_at == read(database, job).heartbeat_at
    with database.transaction() as session:
        assert not service.take_up(session, lost, clock.now())  # another worker's sweep, a moment later


def test_a_task_that_raises_fails_its_job_and_neither_log_nor_note_repeats_what_it_said(
    database: Database, worker: Worker, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_site: Site, _job_id: int) -> bool:
        raise ValueError("Ayesha Siddiqui, 0300 1234567")

    registry.tasks["count"] = explode
    job = make_job(database)
    with caplog.at_level(logging.DEBUG):
        assert not worker.work_on("count", job.id)
    after = read(database, job)
    assert S.FAILED is after.state
    assert after.note.startswith("ValueError, tests/checkin/jobs/test_jobs.py:")
    assert "ValueError" in caplog.text
    assert "Ayesha" not in caplog.text + after.note


def test_a_task_has_the_applications_context_and_says_whether_there_is_more(
    app: Flask, database: Database, worker: Worker, registry: Registry
) -> None:
    seen = []
    registry.tasks["count"] = lambda _site, job_id: bool(seen.append((current_app.name, job_id))) or job_id == 1
    assert worker.work_on("count", 1)
    assert not worker.work_on("count", 2)
    assert not worker.work_on("nobody's", 3)
    assert [("checkin", 1), ("checkin", 2)] == seen


@pytest.mark.sqlite("its queue is a file")
def test_a_queue_that_cannot_be_written_makes_a_job_late_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    (settings.instance / "jobs.sqlite3").mkdir()  # stands in the way
    enqueue(settings, "count", 1)


def test_jobs_list_tells_number_kind_state_and_what_stopped_it(app: Flask, database: Database) -> None:
    tell = app.test_cli_runner()
    assert "There is no job yet.\n" == tell.invoke(args=["jobs", "list"]).output
    make_job(database, state=S.FAILED)
    assert "    1  count            failed     0/3  why\n" == tell.invoke(args=["jobs", "list"]).output
