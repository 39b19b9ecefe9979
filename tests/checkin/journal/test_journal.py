from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checkin.database import Database
from checkin.journal.model import Entry
from checkin.journal.queries import latest
from checkin.journal.service import record
from checkin.journal.tables import JournalRow

NOW = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'journal.sqlite3'}")
    JournalRow.__table__.create(database.engine)  # type: ignore[attr-defined]
    yield database
    database.close()


def test_the_newest_entries_come_first_and_no_more_than_asked(database: Database) -> None:
    with database.transaction() as session:
        for number in range(5):
            record(session, now=NOW + timedelta(minutes=number), actor="staff:1", action=f"test.{number}")
    with database.snapshot() as session:
        assert [entry.action for entry in latest(session, 2)] == ["test.4", "test.3"]


def test_an_entry_comes_back_as_it_was_recorded(database: Database) -> None:
    with database.transaction() as session:
        record(
            session,
            now=NOW,
            actor="device:5",
            action="scan.undo",
            subject="scan:abc",
            detail={"reason": "child", "n": 1},
        )
    expected = Entry(
        id=1, at=NOW, actor="device:5", action="scan.undo", subject="scan:abc", detail={"reason": "child", "n": 1}
    )
    with database.snapshot() as session:
        assert latest(session, 10) == (expected,)


def test_what_is_rolled_back_leaves_no_entry(database: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            record(session, now=NOW, actor="staff:1", action="test.failed")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.snapshot() as session:
        assert latest(session, 10) == ()
