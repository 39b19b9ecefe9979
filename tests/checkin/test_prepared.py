"""A prepared statement answers, refuses and is told as SQLAlchemy's own way would, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from checkin.admission.tables import ScanRow
from checkin.among import among
from checkin.badges.tables import BadgeRow
from checkin.database import Database, add_many, table_of
from checkin.engines import TOLD
from checkin.event.model import Event
from checkin.prepared import run, run_for_each
from checkin.visitors.tables import VisitorRow
from tests.factories import make_badge, make_device

AT = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)
BADGES = select(*BadgeRow.__table__.c).where(among(BadgeRow.__table__.c.number, "numbers")).order_by(BadgeRow.id)


@pytest.fixture
def numbers(database: Database, event: Event) -> list[int]:
    names = ("Ayesha Siddiqui", "عائشہ صدیقی")
    with database.transaction() as session:
        return [make_badge(session, event, name=name, city="Lahore").number for name in names]


def test_rows_are_the_same_by_place_name_and_type(database: Database, numbers: list[int]) -> None:
    with database.writing() as connection:
        expected = connection.execute(BADGES, {"numbers": numbers}).all()
        found = run(connection, BADGES, {"numbers": numbers})
        assert [tuple(row) for row in expected] == [tuple(row) for row in found]
        assert [row.issued_at for row in expected] == [row.issued_at for row in found]
        assert {datetime} == {type(row.issued_at) for row in found}
        assert [] == run(connection, BADGES, {"numbers": []})


def test_constants_of_the_statement_stay_in_it(database: Database, event: Event, numbers: list[int]) -> None:
    in_lahore = select(VisitorRow.city).where(VisitorRow.city == "Lahore", VisitorRow.id >= bindparam("least"))
    with database.writing() as connection:
        assert [("Lahore",), ("Lahore",)] == run(connection, in_lahore, {"least": 0})
        assert [] == run(connection, in_lahore, {"least": 10**6})


def scan(device: int, number: int, at: datetime = AT) -> dict[str, object]:
    words = {"verdict": "refused", "gate": "gate-1", "direction": "in", "zone": "expo", "sent": "{}", "message": ""}
    common = {"clock": "sure", "source": "camera", "check": False, "received_at": at, "scanned_at": at}
    return {"id": f"scan-{number}", "device_id": device, "day": date(2026, 1, 24), **words, **common}


def test_many_rows_are_one_call_and_read_back_as_they_were(database: Database, event: Event) -> None:
    with database.transaction() as session:
        device = make_device(session, event)[1].id
    rows = [scan(device, number, AT + timedelta(microseconds=number)) for number in range(300)]
    with database.writing() as connection:
        add_many(connection, table_of(ScanRow), rows)
        scans = table_of(ScanRow)
        say = update(scans).where(scans.c.id == bindparam("key")).values(message=bindparam("words"))
        run_for_each(
            connection, say, [{"key": f"scan-{n}", "words": words} for n, words in ((1, "first"), (2, "second"))]
        )
    with database.snapshot() as session:
        stored = session.execute(select(ScanRow.id, ScanRow.scanned_at, ScanRow.day, ScanRow.message)).all()
    assert {row["id"]: row["scanned_at"] for row in rows} == {row.id: row.scanned_at for row in stored}
    assert {"scan-1": "first", "scan-2": "second"} == {row.id: row.message for row in stored if row.message}
    assert {date(2026, 1, 24)} == {row.day for row in stored}


def test_what_the_database_refuses_is_refused_alike_and_without_values(database: Database, event: Event) -> None:
    with database.transaction() as session:
        device = make_device(session, event)[1].id
    twice = [{**scan(device, 1), "message": "Ayesha"}] * 2
    with pytest.raises(IntegrityError) as ours, database.writing() as connection:
        add_many(connection, table_of(ScanRow), twice)
    with pytest.raises(IntegrityError) as theirs, database.writing() as connection:
        connection.execute(insert(table_of(ScanRow)), twice)
    codes = [getattr(each.value.orig, "sqlstate", None) or each.value.orig.sqlite_errorname for each in (ours, theirs)]  # type: ignore[union-attr]
    assert codes[0] == codes[1]
    assert "Ayesha" not in str(ours.value)
    assert "scan-1" not in str(ours.value)


def test_a_statement_is_told_to_whoever_watches_the_engine(database: Database, numbers: list[int]) -> None:
    told: list[tuple[str, bool, int]] = []
    watch = {TOLD: lambda words, seconds, rows: told.append((words, seconds >= 0, rows))}
    database.engine.update_execution_options(**watch)
    with database.writing() as connection:
        run(connection, BADGES, {"numbers": numbers})
    with pytest.raises(DBAPIError), database.writing() as connection:
        run(connection, text("SELECT nothing"), {})
    assert [True, True] == [words.startswith("SELECT") for words, _, _ in told]


@pytest.mark.postgresql
def test_a_connection_that_was_lost_is_no_longer_used(database: Database, numbers: list[int]) -> None:
    def backend(connection: Connection) -> int:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    def lose_and_ask() -> None:
        with database.snapshot() as session, database.writing() as connection:
            session.connection().exec_driver_sql(f"SELECT pg_terminate_backend({backend(connection)})")
            run(connection, BADGES, {"numbers": numbers})

    with pytest.raises(OperationalError) as lost:
        lose_and_ask()
    assert lost.value.connection_invalidated
    with database.writing() as connection:
        assert 2 == len(run(connection, BADGES, {"numbers": numbers}))
