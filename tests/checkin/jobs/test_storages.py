"""The same queue in a SQLite file, on PostgreSQL and on Redis: what is put is done, and what is down is only late."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import make_url, text

from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs.messages import Queue, opened
from checkin.jobs.model import JobState
from checkin.jobs.queue import enqueue
from checkin.launch.serve import site_of
from checkin.migrations.upgrade import differences
from checkin.printruns import tasks
from checkin.settings import Settings, SettingsError
from tests import redis_server
from tests.checkin.printruns.runs import job_of, make_people, make_run
from tests.checkin.printruns.workers import wait_until, worker
from tests.journeys.conftest import free_port
from tests.postgres import fresh_database

pytestmark = pytest.mark.sqlite("the queue has a place of its own, wherever the database is")
PASSWORD = "hunter2"


@contextmanager
def place(kind: str, folder: Path) -> Iterator[str]:
    """An empty place of this kind for a queue."""
    match kind:
        case "sqlite":
            yield f"sqlite:///{(folder / 'queue.sqlite3').as_posix()}"
        case "postgresql":
            with fresh_database(migrated=False) as url:
                yield url
        case "redis":
            with redis_server.running(folder) as url:
                yield url


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def queued(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """The installation with its queue in each kind of place."""
    with place(request.param, tmp_path) as url:
        yield replace(settings, jobs_url=url)


def nothing(_kind: str, _job_id: int) -> None: ...


def work_until(queue: Queue, is_done: Callable[[], bool]) -> None:
    """Let a consumer of this queue work."""
    consumer = queue.consumer()
    consumer.start()
    try:
        wait_until(is_done)
    finally:
        consumer.stop(graceful=True)


def test_messages_are_done_in_order_and_each_once_though_two_work(queued: Settings) -> None:
    done: list[tuple[str, int]] = []
    enqueue(queued, "print", 1)
    enqueue(queued, "mail", 0, copies=2)
    with opened(queued, lambda *what: done.append(what)) as one:
        work_until(one, lambda: len(done) == 3)
        assert [("print", 1), ("mail", 0), ("mail", 0)] == done
        done.clear()
        for number in range(40):
            one.put("print", number)
        with opened(queued, lambda *what: done.append(what)) as other:
            workers = [one.consumer(), other.consumer()]
            for consumer in workers:
                consumer.start()
            wait_until(lambda: len(done) >= 40)
            for consumer in workers:
                consumer.stop(graceful=True)
    assert [("print", number) for number in range(40)] == sorted(done)


def test_a_message_that_was_not_signed_here_runs_nothing(queued: Settings, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (tmp_path / "evil",)

    done: list[int] = []
    with opened(queued, lambda _kind, job_id: done.append(job_id)) as queue:
        storage = queue._huey.storage  # noqa: SLF001 - whoever may write there, does
        queue.put("print", 666)
        genuine = bytes(storage.enqueued_items()[-1])
        storage.flush_queue()
        storage.enqueue(genuine[:-40] + b"0" * 40)
        storage.enqueue(pickle.dumps(Evil()))
        queue.put("print", 7)
        work_until(queue, lambda: done == [7])
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("kind", ["postgresql", "redis"])
def test_two_expos_on_one_server_never_do_each_others_jobs(settings: Settings, tmp_path: Path, kind: str) -> None:
    with place(kind, tmp_path) as url:
        lahore = replace(settings, jobs_url=url)
        karachi = replace(lahore, secret_key="the secret of another expo, longer")
        enqueue(lahore, "print", 1)
        enqueue(karachi, "print", 2)
        done: list[int] = []
        with opened(karachi, lambda _kind, job_id: done.append(job_id)) as queue:
            work_until(queue, lambda: done == [2])
        with opened(lahore, lambda _kind, job_id: done.append(job_id)) as queue:
            work_until(queue, lambda: done == [2, 1])


def test_many_may_open_a_new_queue_at_once_through_a_pooler_too(settings: Settings) -> None:
    with fresh_database(migrated=False) as given:
        url = make_url(given).update_query_dict({"pgbouncer": "true"}).render_as_string(hide_password=False)
        there, ready, failed = replace(settings, jobs_url=url), threading.Barrier(8), []

        def begin() -> None:
            ready.wait()
            try:
                with opened(there, nothing) as queue:
                    queue.put("print", 1)
            except psycopg.Error as error:
                failed.append(error)

        threads = [threading.Thread(target=begin) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [] == failed
        with opened(there, nothing) as queue:
            assert 8 == queue._huey.storage.queue_size()  # noqa: SLF001


def test_the_queues_tables_in_the_database_are_no_difference_to_its_schema(settings: Settings) -> None:
    with fresh_database() as url:
        there = replace(settings, database_url=url)
        enqueue(there, "print", 1)
        database = Database(url)
        assert [] == differences(database)
        with database.snapshot() as session:
            assert 1 == session.execute(text("SELECT count(*) FROM huey_task")).scalar()
        database.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "redis", "rediss"])
def test_a_queue_that_is_down_makes_a_job_late_and_its_password_is_told_to_nobody(
    settings: Settings, caplog: pytest.LogCaptureFixture, scheme: str
) -> None:
    down = replace(settings, jobs_url=f"{scheme}://checkin:{PASSWORD}@127.0.0.1:{free_port()}/0")
    with caplog.at_level(logging.DEBUG):
        enqueue(down, "print", 12)
    assert "job 12 was not queued, the next sweep finds it" in caplog.text
    assert PASSWORD not in caplog.text + repr(down)


def test_a_queue_that_refuses_the_password_does_not_repeat_it(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_server.running(tmp_path) as url, caplog.at_level(logging.DEBUG):
        port = make_url(url).port
        enqueue(replace(settings, jobs_url=f"redis://:{PASSWORD}@127.0.0.1:{port}/0"), "print", 12)
    assert "was not queued" in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.long("messages are done once on each storage, above")
def test_a_worker_outlives_the_end_of_its_connections_to_postgresql(
    app: Flask, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 1)
    with fresh_database(migrated=False) as url:
        there = replace(settings, jobs_url=url)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with worker(there), psycopg.connect(plain, autocommit=True) as other:
            for _ in range(2):
                run = make_run(database, event)
                tasks.queue(replace(site_of(app), settings=there), run)
                wait_until(lambda run=run: job_of(database, run).state is JobState.DONE)
                ended = other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'checkin jobs'"
                    " AND datname = current_database()"
                ).fetchall()
                assert [] != ended


@pytest.mark.long("messages are done once on each storage, above")
@pytest.mark.skipif("sys.platform == 'win32'", reason="there is no Valkey for Windows")
def test_redis_keeps_what_it_took_in_over_a_power_cut_and_the_worker_finds_it(
    app: Flask, database: Database, event: Event, settings: Settings, tmp_path: Path
) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    server = redis_server.Server(tmp_path)
    server.start()
    there = replace(settings, jobs_url=server.url)
    try:
        tasks.queue(replace(site_of(app), settings=there), run)
        server.kill()
        server.start()
        with Redis.from_url(server.url) as client:
            assert any(client.type(key) == b"list" for key in client.scan_iter())
        with worker(there):
            wait_until(lambda: job_of(database, run).state is JobState.DONE)
    finally:
        server.kill()


def test_the_queue_is_where_the_environment_says_else_on_a_postgresql_database_else_in_a_file(tmp_path: Path) -> None:
    environ = {"CHECKIN_INSTANCE": str(tmp_path)}
    assert f"sqlite:///{(tmp_path / 'jobs.sqlite3').as_posix()}" == Settings.load(environ).queue_url
    database = {"CHECKIN_DATABASE_URL": "postgresql+psycopg://db.example.org/lahore"}
    assert "postgresql+psycopg://db.example.org/lahore" == Settings.load(environ | database).queue_url
    for url in ("sqlite:////var/lib/jobs.sqlite3", "redis://127.0.0.1/3", "rediss://127.0.0.1", "postgresql://db/jobs"):
        assert url == Settings.load(environ | database | {"CHECKIN_JOBS_URL": url}).queue_url


@pytest.mark.parametrize("url", ["mysql://checkin:hunter2@db/jobs", "jobs.sqlite3", "sqlite://jobs", "http://redis"])
def test_what_no_queue_can_be_on_is_refused_in_words(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="CHECKIN_JOBS_URL must begin with sqlite:///") as refused:
        Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_JOBS_URL": url})
    assert PASSWORD not in str(refused.value)


def test_the_worker_says_in_words_that_the_queue_is_down(app: Flask, settings: Settings) -> None:
    url = f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0"
    site = site_of(app)
    app.extensions["checkin"] = replace(site, settings=replace(settings, jobs_url=url))
    told = app.test_cli_runner().invoke(args=["jobs", "work"])
    app.extensions["checkin"] = site
    assert (1, "The queue of CHECKIN_JOBS_URL cannot be used now (ConnectionError).\n") == (
        told.exit_code,
        told.output.removeprefix("Working on what is waiting. Stop with Ctrl-C.\n"),
    )
