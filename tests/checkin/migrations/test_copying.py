"""`database copy`: everything arrives, on either database, or nothing does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, func, make_url, select, text, update

from checkin import clock
from checkin.admission.tables import ScanRow
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.migrations.upgrade import upgrade
from checkin.printruns import marks
from checkin.printruns.queries import get_run
from checkin.programme.epoch import current_epoch
from checkin.programme.tables import EpochRow
from checkin.schema import metadata
from checkin.settings import ROOT, Settings
from checkin.visitors.tables import VisitorRow
from tests.checkin.attendance.crowd import scans
from tests.checkin.printruns.runs import make_run
from tests.factories import make_visitor
from tests.postgres import fresh_database

HARD = "محمد \u200dعبدالرحمٰن 🌍 'O\"Neil; \\ %s {x}"


@pytest.fixture
def target_url(backend: str, tmp_path: Path) -> Iterator[str]:
    """A new database of the other kind."""
    if backend == "sqlite":
        with fresh_database(migrated=False) as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path / 'target.sqlite3'}"


@pytest.fixture
def target(target_url: str) -> Iterator[Database]:
    with closing(Database(target_url)) as opened:
        yield opened


@pytest.fixture
def lived_in(database: Database, event: Event) -> Database:
    """Scans, corrections, tablets, a print run that was marked and unmarked, a journal, people who left."""
    scans(database, event, 3, people=12, number=80)
    run = make_run(database, event)
    with database.transaction() as session:
        session.execute(text("UPDATE job SET state = 'done'"))
        session.execute(text("UPDATE print_item SET outcome = 'printed'"))
    with database.transaction() as session:
        marks.mark_printed(session, get_run(session, run.id), now=clock.now(), by="Ayesha", actor="staff:1")
        marks.unmark(session, get_run(session, run.id), now=clock.now(), by="Ayesha", actor="staff:1")
        journal.record(session, now=clock.now(), actor="tests", action="test", detail={"ü": [1, None, True, HARD]})
        badges.issue(session, event, make_visitor(session, HARD), now=clock.now(), by="online")
        last = make_visitor(session, "Last")
        session.execute(delete(VisitorRow).where(VisitorRow.id == last.id))
    return database


def copy(app: Flask, source: str, target: str) -> Result:
    return app.test_cli_runner().invoke(args=["database", "copy", source, target])


def content(database: Database) -> dict[str, list[Any]]:
    """Every row of every table, but for the epoch."""
    with database.snapshot() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in metadata.sorted_tables
            if table.name != "epoch"
        }


def is_empty(database: Database) -> bool:
    return not any(content(database).values())


def test_every_row_of_every_table_arrives(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    done = copy(app, database_url, target_url)
    assert 0 == done.exit_code, done.output
    before = content(lived_in)
    assert {"visitor", "badge", "scan", "undo", "override", "admission", "recount", "job", "print_item", "journal"} < {
        name for name, rows in before.items() if rows
    }
    assert before == content(target)
    for name, rows in before.items():
        assert f"{name:<20} {len(rows):>10,}\n" in done.output
    assert "Tablets will offer again" in done.output


def test_tablets_are_told_of_a_new_epoch(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    copy(app, database_url, target_url)
    with lived_in.snapshot() as old, target.snapshot() as new:
        assert current_epoch(old) != current_epoch(new)
        assert 1 == new.scalar(select(func.count()).select_from(EpochRow))


def test_ids_go_on_where_they_were_so_nobody_gets_the_link_of_one_who_left(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    with lived_in.snapshot() as session:
        highest = session.scalar(select(func.max(VisitorRow.id))) or 0
    copy(app, database_url, target_url)
    with target.transaction() as session:
        assert highest + 2 == make_visitor(session).id
        journal.record(session, now=clock.now(), actor="tests", action="test")
        session.flush()


def test_a_database_that_is_not_empty_is_refused_and_left_as_it_is(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    upgrade(target)
    with target.transaction() as session:
        make_visitor(session)
    before = content(target)
    done = copy(app, database_url, target_url)
    assert (2, before) == (done.exit_code, content(target))
    assert "not empty: there is something in visitor, visitor_word." in done.output


def test_a_row_that_is_altered_on_its_way_is_noticed_and_nothing_is_copied(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    upgrade(target)
    with target.transaction() as session:
        if target.is_sqlite:
            words = (
                "CREATE TRIGGER harm AFTER INSERT ON scan WHEN new.note IS NULL"
                " BEGIN UPDATE scan SET note = 'x' WHERE id = new.id; END"
            )
        else:
            words = (
                "CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN NEW.note := 'x'; RETURN NEW; END $$;"
                "CREATE TRIGGER harm BEFORE INSERT ON scan FOR EACH ROW EXECUTE FUNCTION harm()"
            )
        session.connection().exec_driver_sql(words)
    done = copy(app, database_url, target_url)
    assert 2 == done.exit_code
    assert "What was stored of scan is not what was read" in done.output
    assert is_empty(target)


def test_the_same_database_twice_is_refused(app: Flask, lived_in: Database, database_url: str) -> None:
    done = copy(app, database_url, database_url)
    assert (2, True) == (done.exit_code, "the same database" in done.output)


def test_an_old_database_of_another_schema_is_refused(app: Flask, database_url: str, target_url: str) -> None:
    done = copy(app, target_url, database_url)  # the new one has no schema yet
    assert (2, True) == (done.exit_code, "run `database upgrade` on it first" in done.output)


@pytest.mark.sqlite("only SQLite stores what is too long")
def test_a_text_that_is_too_long_for_postgresql_is_named_by_its_place_and_not_repeated(
    app: Flask, lived_in: Database, database_url: str, target_url: str, target: Database
) -> None:
    with lived_in.transaction() as session:
        session.execute(update(VisitorRow).where(VisitorRow.id == 1).values(name="Ayesha" * 30))
    done = copy(app, database_url, target_url)
    assert 2 == done.exit_code
    assert "takes no row of visitor between 1 and " in done.output
    assert "Ayesha" not in done.output
    assert is_empty(target)


@pytest.mark.parametrize("address", ["mysql://me:hunter2@db/expo", "postgresql://me:hunter2@127.0.0.1:1/expo"])
def test_an_address_of_nothing_is_refused_in_words_that_tell_no_password(
    app: Flask, database_url: str, address: str
) -> None:
    done = copy(app, database_url, address)
    assert (2, True) == (done.exit_code, "Nothing was copied." in done.output)
    assert "hunter2" not in done.output


@pytest.mark.sqlite("to PostgreSQL")
def test_killed_in_the_middle_it_leaves_nothing_behind(
    lived_in: Database, database_url: str, target_url: str, target: Database, settings: Settings
) -> None:
    upgrade(target)
    with target.transaction() as session:
        session.connection().exec_driver_sql(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;"
            "CREATE TRIGGER wait BEFORE INSERT ON scan FOR EACH ROW EXECUTE FUNCTION wait()"
        )
    environment = os.environ | {"CHECKIN_INSTANCE": str(settings.instance)}
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "database", "copy", database_url, target_url]
    plain = make_url(target_url).set(drivername="postgresql").render_as_string(hide_password=False)
    asleep = b"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
    with (
        psycopg.connect(plain, autocommit=True) as other,
        subprocess.Popen(words, cwd=ROOT, env=environment) as process,
    ):
        while (found := other.execute(asleep).fetchone()) is None:
            assert process.poll() is None
        process.kill()
        process.wait()
        other.execute("SELECT pg_terminate_backend(%s, 30000)", found)
    assert is_empty(target)
    assert not is_empty(lived_in)
    with target.snapshot() as session:
        assert 0 == session.scalar(select(func.count()).select_from(ScanRow))
