"""Statements that take too long are told, with their text and without their parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from checkin.database import Database
from checkin.sight import slow
from checkin.sight.metrics import exposed
from tests.checkin.sight.conftest import Log


@pytest.fixture
def watched(database_url: str) -> Iterator[Database]:
    """A database of which every statement is told."""
    database = Database(database_url)
    slow.watch(database.engines, 0)
    yield database
    database.close()


def ask(database: Database, statement: str, **parameters: object) -> None:
    with database.snapshot() as session:
        session.execute(text(statement), parameters)


def counted() -> float:
    (line,) = (each for each in exposed([]).decode().splitlines() if each.startswith("checkin_slow_statements_total"))
    return float(line.split()[1])


def test_a_slow_statement_is_told_in_one_line_without_its_parameters(watched: Database, log: Log) -> None:
    before = counted()
    ask(watched, "SELECT count(*)\n  FROM visitor WHERE name = :name", name="Ayesha")
    told = [line["statement"] for line in log.lines("slow statement")]
    assert any(statement.startswith("SELECT count(*) FROM visitor WHERE name = ") for statement in told)
    assert {"warning"} == {line["level"] for line in log.lines("slow statement")}
    assert all(line["ms"] >= 0 for line in log.lines("slow statement"))
    assert "Ayesha" not in log.getvalue()
    assert len(told) == counted() - before


def test_a_slow_statement_that_fails_is_told_too(watched: Database, log: Log) -> None:
    with suppress(DatabaseError):
        ask(watched, "SELECT nothing FROM visitor")
    assert any("SELECT nothing" in line["statement"] for line in log.lines("slow statement"))


def test_how_many_rows_a_slow_change_met_is_told(watched: Database, log: Log) -> None:
    with watched.transaction() as session:
        session.execute(text("UPDATE visitor SET city = 'Lahore'"))
    assert [0] == [line["rows"] for line in log.lines("slow statement") if "UPDATE" in line["statement"]]


def test_a_long_statement_is_told_by_its_beginning(watched: Database, log: Log) -> None:
    ask(watched, f"SELECT {', '.join('1000' for _ in range(500))}")
    assert slow.LONGEST == max(len(line["statement"]) for line in log.lines("slow statement"))


def test_what_is_quick_enough_is_not_told(database_url: str, log: Log) -> None:
    database = Database(database_url)
    slow.watch(database.engines, 60_000)
    ask(database, "SELECT count(*) FROM visitor")
    database.close()
    assert [] == log.lines("slow statement")
