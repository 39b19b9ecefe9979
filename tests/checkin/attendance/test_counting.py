"""The thread that counts while a process serves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from checkin.admission.tables import RecountRow
from checkin.attendance import audit, counting
from checkin.attendance.counting import Counting
from checkin.attendance.tables import TallyShareRow, TallyStateRow
from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.attendance.crowd import scans
from tests.journeys.hall import make_hall

PATIENCE = 60  # a busy machine is slow; nothing here asserts speed


@pytest.fixture
def thread() -> Iterator[Counting]:
    thread = Counting()
    yield thread
    thread.stop()


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def waiting(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(RecountRow)) or 0


def test_it_counts_what_came_before_and_what_comes(database: Database, event: Event, thread: Counting) -> None:
    scans(database, event, 1)
    thread.ensure(database, event)
    until(lambda: waiting(database) == 0)
    scans(database, event, 2)
    until(lambda: waiting(database) == 0)
    with database.snapshot() as session:
        assert [] == list(audit.check_shares(session, event))


def test_there_is_one_thread_however_often_it_is_asked_for_and_it_stops(
    database: Database, event: Event, thread: Counting
) -> None:
    def alive() -> int:
        return sum(one.name == "attendance" for one in threading.enumerate())

    for _ in range(3):
        thread.ensure(database, event)
    assert 1 == alive()
    thread.stop()
    assert 0 == alive()
    thread.ensure(database, event)  # as in the child after a fork: the parent's thread is not there
    assert 1 == alive()


def test_trouble_is_logged_without_what_was_asked_and_it_goes_on(
    database: Database,
    event: Event,
    thread: Counting,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The table is away for a while, as a database is while it restarts."""
    monkeypatch.setattr(counting, "AFTER_TROUBLE", 0.05)
    monkeypatch.setattr(counting, "SHORT", 0.05)
    scans(database, event, 1, number=40)
    with database.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE tally_share RENAME TO elsewhere")
    with caplog.at_level(logging.WARNING):
        thread.ensure(database, event)
        until(lambda: "attendance cannot be counted now" in caplog.text)
    assert "SELECT" not in caplog.text
    with database.transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE elsewhere RENAME TO tally_share")
    until(lambda: waiting(database) == 0)


def test_a_mistake_of_ours_does_not_end_it(
    database: Database,
    event: Event,
    thread: Counting,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(counting, "AFTER_TROUBLE", 0.05)
    scans(database, event, 1, number=40)
    with database.transaction() as session:  # texts that nobody wrote
        visitor = session.scalar(select(RecountRow.visitor_id).where(RecountRow.visitor_id.is_not(None)).limit(1))
        session.add(TallyShareRow(subject=str(visitor), facts="no JSON"))
    with caplog.at_level(logging.WARNING):
        thread.ensure(database, event)
        until(lambda: "attendance cannot be counted" in caplog.text)
    with database.transaction() as session:
        session.execute(delete(TallyShareRow))
        session.execute(delete(TallyStateRow))
    until(lambda: waiting(database) == 0)


def test_a_process_counts_from_its_first_request_and_a_test_does_not(app: Flask, database: Database) -> None:
    _, thread = app.extensions["attendance"]
    assert isinstance(thread, Counting)
    app.test_client().get("/healthz")
    assert not [one for one in threading.enumerate() if one.name == "attendance"]
    app.testing = False
    app.test_client().get("/healthz")
    assert [one for one in threading.enumerate() if one.name == "attendance"]
    thread.stop()


def test_a_server_counts_by_itself_and_stops_in_good_order(tmp_path: Path) -> None:
    hall = make_hall(tmp_path / "hall")
    try:
        hall.start()
        scans(hall.database, hall.event, 3)
        until(lambda: waiting(hall.database) == 0)
        with hall.database.snapshot() as session:
            assert [] == list(audit.check_shares(session, hall.event))
        hall.stop()
        assert "Traceback" not in (hall.instance / "server.log").read_text()
    finally:
        if hall.process is not None:
            hall.kill()
        hall.database.close()
