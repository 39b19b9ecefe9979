"""Migrations on both databases: they make what the models say, and two who run them at once do no harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, select

from checkin.database import Database, table_of
from checkin.migrations.upgrade import configuration, differences, newest, revision_of, upgrade
from checkin.programme.tables import EpochRow
from checkin.settings import ROOT
from checkin.visitors.queries import search
from checkin.visitors.tables import VisitorRow, VisitorWordRow
from checkin.visitors.words import meant_by
from tests.checkin.staff.people import NOW
from tests.postgres import fresh_database


@pytest.fixture
def bare_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if backend == "postgresql":
        with fresh_database(migrated=False) as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'bare.sqlite3'}"


def test_models_equal_migrations(bare_url: str) -> None:
    database = Database(bare_url)
    assert (None, newest()) == upgrade(database)
    assert [] == differences(database)
    assert newest() == revision_of(database)
    assert (newest(), newest()) == upgrade(database)
    database.close()


def test_who_was_registered_before_people_were_searched_is_found_after_the_upgrade(bare_url: str) -> None:
    database = Database(bare_url)
    with database.transaction() as session:
        before = ScriptDirectory.from_config(configuration()).get_revision("0011").down_revision
        command.upgrade(configuration(session.connection()), before)
        columns = [column for column in table_of(VisitorRow).c if column.name != "id"]
        blank = {column.name: False if column.type.python_type is bool else "" for column in columns[4:]}
        told = {
            "registered_at": NOW,
            "consented_at": NOW,
            "source": "online",
            "gender": "other",
            "link_version": 0,
            "days": (),
        }
        names = [{"name": f"Ayşe Çelik {number}", "link_hash": str(number)} for number in range(2_001)]
        session.execute(insert(table_of(VisitorRow)), [blank | told | one for one in names])
    upgrade(database)
    with database.snapshot() as session:
        assert 2_001 == len(search(session, meant_by("celik"), most=9_999))
        assert 2_001 == session.scalar(select(func.count()).where(VisitorWordRow.word == "celik"))
    database.close()


def test_a_table_that_is_missing_is_a_difference(database: Database) -> None:
    assert [] == differences(database)
    with database.transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE hold")
    assert 1 == len(differences(database))


UPGRADE = """
import sys
from checkin.database import Database
from checkin.migrations.upgrade import upgrade
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(*upgrade(database), flush=True)
"""


def test_of_two_who_upgrade_an_empty_database_at_once_one_does_it_and_the_other_finds_it_done(bare_url: str) -> None:
    pipe, words = subprocess.PIPE, [sys.executable, "-c", UPGRADE, bare_url]
    with ExitStack() as stack:
        both = [
            stack.enter_context(subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)) for _ in range(2)
        ]
        assert ["ready\n"] * 2 == [one.stdout.readline() for one in both]
        for one in both:
            one.stdin.write("now\n")
            one.stdin.flush()
        told = [one.communicate()[0].strip() for one in both]
    assert sorted([f"None {newest()}", f"{newest()} {newest()}"]) == sorted(told)
    database = Database(bare_url)
    assert [] == differences(database)
    with database.snapshot() as session:
        assert 1 == session.scalar(select(func.count()).select_from(EpochRow))
    database.close()
