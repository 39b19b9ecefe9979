"""The epoch is new whenever the database may have lost something, and never without need."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from checkin import clock
from checkin.admission.queries import is_stored
from checkin.database import Database
from checkin.journal.queries import latest
from checkin.launch import serve
from checkin.migrations.upgrade import upgrade
from checkin.programme import epoch
from checkin.programme.tables import EpochRow, ServerStartRow
from checkin.settings import Settings
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_item


def current(database: Database) -> str:
    with database.snapshot() as session:
        return epoch.current_epoch(session)


def start(database: Database, folder: Path) -> bool:
    with database.transaction() as session:
        return epoch.note_start(session, folder, DAY_ONE, is_stored)


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.instance


def test_an_upgraded_database_has_an_epoch_that_stays(database: Database, folder: Path) -> None:
    first = current(database)
    upgrade(database)
    assert [False] * 3 == [start(database, folder) for _ in range(3)]
    assert first == current(database)
    assert 32 == len(first)


def test_a_database_without_an_epoch_says_what_to_do(database: Database, folder: Path) -> None:
    with database.transaction() as session:
        session.execute(delete(EpochRow))
    with pytest.raises(epoch.NoEpochError, match="database upgrade"):
        current(database)
    start(database, folder)
    assert current(database)


def put_back(app: Flask, folder: Path, copy: Path) -> None:
    """As someone does it by hand: the file of an hour ago over the one of now."""
    serve.site_of(app).database.close()
    for rest in ("-wal", "-shm"):
        Path(f"{folder / 'checkin.sqlite3'}{rest}").unlink(missing_ok=True)
    shutil.copyfile(copy, folder / "checkin.sqlite3")


def backup(database: Database, to: Path) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(to),))


@pytest.mark.sqlite("a file put back by hand; PostgreSQL has no such file")
def test_a_database_put_back_from_before_the_last_start_has_a_new_epoch_once(
    app: Flask, database: Database, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    serve.prepare(app)
    backup(database, tmp_path / "copy")
    before = current(database)
    serve.prepare(app)
    assert before == current(database)
    assert "" == capsys.readouterr().out
    put_back(app, folder, tmp_path / "copy")
    serve.prepare(app)
    after = current(database)
    assert before != after
    assert "offer again" in capsys.readouterr().out
    with database.snapshot() as session:
        (entry,) = latest(session, 1)
    assert ("server", "epoch.renew") == (entry.actor, entry.action)
    serve.prepare(app)
    assert after == current(database)


@pytest.mark.sqlite("a file put back by hand; PostgreSQL has no such file")
@pytest.mark.parametrize("act", ["scan", "undo"])
def test_a_database_put_back_within_one_run_has_a_new_epoch_too(
    app: Flask, database: Database, tablet: Tablet, folder: Path, tmp_path: Path, act: str
) -> None:
    serve.prepare(app)
    item = make_item("any", DAY_ONE)
    tablet.scan(item)
    backup(database, tmp_path / "copy")
    before = current(database)
    if act == "scan":
        tablet.scan(make_item("another", DAY_ONE))
    else:
        undo = {"id": "6464e0fb-83f4-4604-91d0-f6704c86fda1", "at": DAY_ONE.isoformat(), "reason": ""}
        assert 200 == tablet.post(f"scans/{item['id']}/undo", **undo).status_code
    put_back(app, folder, tmp_path / "copy")
    serve.prepare(app)
    assert before != current(database)


def test_a_server_that_was_killed_after_its_answers_keeps_the_epoch(
    app: Flask, database: Database, tablet: Tablet
) -> None:
    serve.prepare(app)
    before = current(database)
    for text in ("one", "two", "three"):
        tablet.scan(make_item(text, DAY_ONE))
        serve.prepare(app)
    assert before == current(database)


def test_a_crash_between_commit_and_file_makes_a_new_epoch(database: Database, folder: Path) -> None:
    start(database, folder)
    before = current(database)
    with database.transaction() as session:
        session.execute(update(ServerStartRow).values(starts=ServerStartRow.starts + 1))
    assert start(database, folder)
    assert before != current(database)
    assert not start(database, folder)


def test_a_transaction_that_fails_counts_nowhere(database: Database, folder: Path) -> None:
    start(database, folder)
    kept = (folder / epoch.FILE).read_text("ascii")

    def start_and_fail() -> None:
        with database.transaction() as session:
            epoch.note_start(session, folder, DAY_ONE, is_stored)
            raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        start_and_fail()
    assert kept == (folder / epoch.FILE).read_text("ascii")
    assert not start(database, folder)


@pytest.mark.parametrize("torn", ["", "\0" * 128, "scan ", "scan 6464e0fb-83f4-4604-91d0-f6704c86fda1", "cake 1"])
def test_a_last_fact_that_is_stored_nowhere_makes_a_new_epoch_once(
    tablet: Tablet, database: Database, folder: Path, torn: str
) -> None:
    start(database, folder)
    tablet.scan(make_item("any", DAY_ONE))
    assert not start(database, folder)
    (folder / epoch.LAST_FILE).write_text(torn, "ascii")
    assert start(database, folder)
    assert not start(database, folder)


def test_a_short_fact_leaves_nothing_of_a_long_one(folder: Path) -> None:
    epoch.remember(folder, "quarantine 6464e0fb-83f4-4604-91d0-f6704c86fda1")
    epoch.remember(folder, "scan 1")
    assert "scan 1" == (folder / epoch.LAST_FILE).read_text("ascii").strip()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"instance": "x"}', '{"instance": "x", "starts": "many"}'])
def test_a_counter_that_cannot_be_read_makes_a_new_epoch(database: Database, folder: Path, content: str) -> None:
    start(database, folder)
    before = current(database)
    (folder / epoch.FILE).write_text(content, "ascii")
    assert start(database, folder)
    assert before != current(database)
    assert not start(database, folder)


def test_a_database_brought_to_another_folder_has_a_new_epoch(database: Database, folder: Path, tmp_path: Path) -> None:
    start(database, folder)
    before = current(database)
    assert start(database, tmp_path)
    assert before != current(database)
    # Two folders on one database, as two machines have it: each counts for itself from then on.
    assert [False, False] == [start(database, one) for one in (folder, tmp_path)]
    with database.snapshot() as session:
        assert 2 == len(session.scalars(select(ServerStartRow)).all())


def test_a_folder_brought_to_an_empty_database_has_a_new_epoch(database: Database, folder: Path) -> None:
    start(database, folder)
    with database.transaction() as session:
        session.execute(delete(ServerStartRow))
    assert start(database, folder)


def test_the_counter_is_its_owners_alone_and_leaves_nothing_beside(database: Database, folder: Path) -> None:
    start(database, folder)
    assert 0o600 == stat.S_IMODE((folder / epoch.FILE).stat().st_mode)
    assert [epoch.FILE] == [path.name for path in folder.glob(f"{epoch.FILE}*")]


def test_a_folder_that_cannot_be_written_refuses_no_scan(tablet: Tablet, database: Database, folder: Path) -> None:
    start(database, folder)
    (folder / epoch.LAST_FILE).mkdir()
    assert "forged" == tablet.scan(make_item("any", clock.now()))[0]["reason"]
    assert start(database, folder)
