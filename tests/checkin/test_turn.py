"""Writers of one SQLite file wait for each other in a queue, threads and processes alike."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from checkin.database import Database
from checkin.settings import ROOT

# A process that writes a row, tells how far it is, and commits when it is told to.
WRITER = """
import sys
from sqlalchemy import text
from checkin.database import Database
print("asks", flush=True)
with Database(sys.argv[1]).transaction() as session:
    session.execute(text("INSERT INTO turn VALUES (:name)"), {"name": sys.argv[2]})
    print("writes", flush=True)
    sys.stdin.readline()
print("done", flush=True)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="on Windows processes poll, as SQLite does by itself")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file whose own patience is so short that only the queue can make anyone wait."""
    address = f"sqlite:///{tmp_path / 'queue.sqlite3'}?timeout=0.05"
    database = Database(address)
    with database.transaction() as session:
        session.execute(text("CREATE TABLE turn (name TEXT)"))
    database.close()
    return address


@contextmanager
def writer(url: str, name: str) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-c", WRITER, url, name]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def names(url: str) -> list[str]:
    database = Database(url)
    with database.snapshot() as session:
        found = list(session.execute(text("SELECT name FROM turn ORDER BY rowid")).scalars())
    database.close()
    return found


@pytest.mark.parametrize("end", ["commits", "is killed"])
def test_a_second_process_waits_for_the_first_however_it_ends_and_then_writes(url: str, end: str) -> None:
    with writer(url, "first") as first:
        assert ["asks", "writes"] == [heard(first), heard(first)]
        with writer(url, "second") as second:
            assert "asks" == heard(second)
            with pytest.raises(subprocess.TimeoutExpired):  # longer than SQLite would have waited
                second.wait(0.5)
            if end == "commits":
                go_on(first)
                assert "done" == heard(first)
            else:
                first.kill()
            assert "writes" == heard(second)
            go_on(second)
            assert "done" == heard(second)
    assert (["first"] if end == "commits" else []) + ["second"] == names(url)


def test_a_process_that_was_forked_meanwhile_keeps_nobody_waiting(url: str) -> None:
    database, (reading, writing) = Database(url), os.pipe()
    with database.transaction():
        child = os.fork()
        if child == 0:
            os.read(reading, 1)  # alive until the parent is done
            os._exit(0)
    with writer(url, "second") as second:
        assert ["asks", "writes"] == [heard(second), heard(second)]
    os.write(writing, b"x")
    assert 0 == os.waitpid(child, 0)[1]
    os.close(reading)
    os.close(writing)
    database.close()


def test_a_thread_whose_turn_does_not_come_is_told_that_the_database_is_locked(url: str) -> None:
    database, failures = Database(url), []

    def write() -> None:
        try:
            with database.transaction():
                pass
        except OperationalError as error:
            failures.append(str(error.orig))

    with database.transaction():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(30)
    assert 1 == len(failures)
    assert "database is locked" in failures[0]
    write()
    assert 1 == len(failures)
    database.close()


def test_a_folder_that_is_gone_is_told_as_a_database_that_cannot_be_written(url: str, tmp_path: Path) -> None:
    database = Database(url)
    shutil.rmtree(tmp_path)
    with pytest.raises(OperationalError, match="turn cannot be opened"), database.transaction():
        pass
    database.close()


def test_a_database_in_memory_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("sqlite://")
    with database.transaction() as session:
        session.execute(text("CREATE TABLE turn (name TEXT)"))
    database.close()
    assert [] == list(tmp_path.iterdir())
