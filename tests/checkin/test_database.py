"""What transactions and snapshots promise, on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from checkin import clock
from checkin.database import Database, changed, insert, table_of
from checkin.engines import url_of
from checkin.programme.tables import HoldRow
from checkin.settings import SettingsError

HELD = {"kind": "gate", "message": ""}


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    """The same database, as another process opens it."""
    opened = Database(database_url)
    yield opened
    opened.close()


def hold(database: Database, slug: str) -> None:
    with database.transaction() as session:
        session.add(HoldRow(slug=slug, since=clock.now(), **HELD))


def held(database: Database) -> list[str]:
    with database.snapshot() as session:
        return sorted(session.execute(text("SELECT slug FROM hold")).scalars())


def test_a_transaction_is_stored_as_a_whole_or_not_at_all(database: Database, other: Database) -> None:
    def fail() -> None:
        with database.transaction() as session:
            session.add(HoldRow(slug="gate-2", since=clock.now(), **HELD))
            session.flush()
            raise ZeroDivisionError

    hold(database, "gate-1")
    with pytest.raises(ZeroDivisionError):
        fail()
    assert ["gate-1"] == held(other)


@pytest.mark.parametrize("way", ["snapshot", "reports"])
def test_writing_in_a_snapshot_is_an_error_and_writes_nothing(database: Database, way: str) -> None:
    with pytest.raises(DBAPIError), getattr(database, way)() as session:
        session.execute(insert(session, table_of(HoldRow)).values(slug="gate-1", since=clock.now(), **HELD))
    assert [] == held(database)


@pytest.mark.parametrize("way", ["snapshot", "reports"])
def test_a_snapshot_sees_one_state_whatever_is_stored_meanwhile(database: Database, other: Database, way: str) -> None:
    hold(database, "gate-1")
    with getattr(database, way)() as session:
        seen = [session.scalar(text("SELECT count(*) FROM hold"))]
        hold(other, "gate-2")
        seen.append(session.scalar(text("SELECT count(*) FROM hold")))
    assert [1, 1] == seen
    assert ["gate-1", "gate-2"] == held(database)


def test_how_many_rows_were_changed_is_told_of_an_insert_too(database: Database) -> None:
    table = table_of(HoldRow)
    with database.transaction() as session:
        once = insert(session, table).values(slug="gate-1", since=clock.now(), **HELD).on_conflict_do_nothing()
        assert [1, 0] == [changed(session.execute(once)) for _ in range(2)]
        assert 1 == changed(session.execute(table.update().values(message="wait")))
        with pytest.raises(ValueError, match="nobody counted"):
            changed("no result")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
def test_a_process_that_was_forked_opens_connections_of_its_own(database: Database) -> None:
    hold(database, "gate-1")
    assert ["gate-1"] == held(database)  # both pools have a connection now
    child = os.fork()
    if child == 0:  # no assertion here: the child must not go on as the test
        try:
            hold(database, "gate-2")
            os._exit(0 if held(database) == ["gate-1", "gate-2"] else 1)
        finally:
            os._exit(2)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    hold(database, "gate-3")
    assert ["gate-1", "gate-2", "gate-3"] == held(database)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresqls_address_may_be_written_in_three_ways(scheme: str) -> None:
    assert "postgresql+psycopg://me@db/expo" == str(url_of(f"{scheme}://me@db/expo"))


@pytest.mark.parametrize(
    "address", ["mysql://me:hunter2@db/expo", "postgresql+asyncpg://me:hunter2@db/expo", "expo.db"]
)
def test_any_other_database_is_refused_in_words_that_tell_no_password(address: str) -> None:
    with pytest.raises(SettingsError, match=r"It looks like postgresql://") as told:
        Database(address)
    assert "hunter2" not in str(told.value)
