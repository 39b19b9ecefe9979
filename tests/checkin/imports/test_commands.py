"""`flask visitors import`: looked at first, stored with --yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from checkin.database import Database
from checkin.event.model import Event
from checkin.imports.tables import ImportFileRow, ImportRowRow
from checkin.visitors.tables import VisitorRow
from tests.checkin.imports.lists import csv_of, people, person
from tests.factories import make_badge


def imported(app: Flask, tmp_path: Path, content: bytes, *words: str) -> Result:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    return app.test_cli_runner().invoke(args=["visitors", "import", str(file), *words])


def count(database: Database, table: type = VisitorRow) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_without_yes_nothing_is_stored_and_nothing_of_the_file_stays(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    for words in ((), ("--dry-run",)):
        done = imported(app, tmp_path, csv_of(*people(3)), *words)
        assert 0 == done.exit_code
        assert "3 new, 0 imported before, 0 perhaps known, 0 with mistakes." in done.stdout
    assert 0 == count(database) + count(database, ImportRowRow) + count(database, ImportFileRow)


def test_with_yes_everybody_is_registered_once(app: Flask, database: Database, tmp_path: Path) -> None:
    for told in ("3 registered.", "0 registered."):
        done = imported(app, tmp_path, csv_of(*people(3)), "--yes")
        assert (0, True) == (done.exit_code, told in done.stdout)
    assert 3 == count(database)


def test_mistakes_and_undecided_doubles_are_left_out_told_and_exit_with_1(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    with database.transaction() as session:
        make_badge(session, event, name="Bilal Khan", phone="+923001112222")
    content = csv_of(person("B. Khan", "0300 1112222"), person("Sana", "12"), *people(1))
    wrong = tmp_path / "wrong.csv"
    done = imported(app, tmp_path, content, "--yes", "--problems", str(wrong))
    assert 1 == done.exit_code
    assert "row 3, D: Mobile: 12: This number cannot be dialled." in done.stderr
    assert "row 2, B. Khan: the phone as in Bilal Khan, who is registered" in done.stderr
    assert "3,D: Mobile,12," in wrong.read_text("utf-8-sig")
    assert 2 == count(database)
    done = imported(app, tmp_path, content, "--yes", "--doubles", "register")
    assert (1, 3) == (done.exit_code, count(database))  # the mistake is still there


@pytest.mark.parametrize(
    ("content", "words", "told"),
    [
        (b"", (), "This file is empty."),
        (csv_of(*people(1)), ("--category", "nobody"), "There is no category 'nobody'"),
        (csv_of(*people(1)), ("--column", "Nothing=name"), "There is no column 'Nothing'"),
        (csv_of(*people(1)), ("--column", "Name=nothing"), "There is no field 'nothing'"),
        (csv_of(*people(1)), ("--column", "Name="), "No column is the name."),
        (b"Name\nSana\n", (), "No column is the category."),
    ],
)
def test_what_cannot_be_is_refused_with_2(
    app: Flask, database: Database, tmp_path: Path, content: bytes, words: tuple[str, ...], told: str
) -> None:
    done = imported(app, tmp_path, content, "--yes", *words)
    assert 2 == done.exit_code
    assert told in done.stderr
    assert 0 == count(database) + count(database, ImportFileRow)


def test_columns_are_said_where_headings_tell_nothing(app: Flask, database: Database, tmp_path: Path) -> None:
    content = csv_of(("Sana", "Lahore"), headings=("Who", "Where"))
    words = ("--yes", "--category", "media", "--column", "Who=name", "--column", "Where=city")
    assert 0 == imported(app, tmp_path, content, *words).exit_code
    with database.snapshot() as session:
        assert ("Sana", "Lahore", "media") == session.execute(
            select(VisitorRow.name, VisitorRow.city, VisitorRow.category)
        ).one()
