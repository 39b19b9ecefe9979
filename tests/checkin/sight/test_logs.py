"""The log: one line an event, and nothing in it about people."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from structlog.contextvars import bound_contextvars

from checkin.settings import ROOT
from checkin.sight.logs import LineFormatter
from checkin.sight.requests import MORE
from tests.checkin.sight.conftest import Log

OURS = logging.getLogger("checkin.tests")
THEIRS = logging.getLogger("somelibrary.pool")


def fail(words: str) -> None:
    raise ValueError(words)


def test_a_line_of_ours_tells_when_who_what_and_in_which_work(log: Log) -> None:
    with bound_contextvars(job=7):
        OURS.warning("%d mails wait", 3, extra={MORE: {"ms": 12}})
    (line,) = log.lines()
    assert timedelta(0) == datetime.fromisoformat(line.pop("timestamp")).utcoffset()
    assert {"level": "warning", "logger": "checkin.tests", "event": "3 mails wait", "job": 7, "ms": 12} == line


def test_what_a_library_fills_in_is_left_out(log: Log) -> None:
    THEIRS.error("cannot serve %s", "/badge/a-private-link")
    THEIRS.error(ValueError("Ayesha"))
    assert ["cannot serve %s", "?"] == [line["event"] for line in log.lines()]


@pytest.mark.parametrize("logger", [OURS, THEIRS], ids=["ours", "theirs"])
def test_an_exception_is_told_by_its_kind_and_its_places(log: Log, logger: logging.Logger) -> None:
    try:
        fail("Ayesha Siddiqui")
    except ValueError:
        logger.exception("it failed", stack_info=True)
    (line,) = log.lines()
    assert "ValueError" == line["error"]
    assert line["places"][-1].startswith("tests/checkin/sight/test_logs.py:")
    assert line["places"][-1].endswith(" in fail")
    assert "Ayesha" not in log.getvalue()


def test_an_exception_that_met_no_line_of_ours_is_told_by_the_librarys(log: Log) -> None:
    try:
        json.loads("Ayesha")
    except ValueError as error:
        error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ else None
        THEIRS.exception("cannot be read")
    (line,) = log.lines()
    assert line["places"][-1].startswith("json/decoder.py:")
    assert "Ayesha" not in log.getvalue()


def test_an_error_of_a_database_is_told_by_the_databases_own_word(log: Log) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE visitor (name TEXT UNIQUE)")
    try:
        connection.executemany("INSERT INTO visitor VALUES (?)", [("Ayesha",), ("Ayesha",)])
    except sqlite3.IntegrityError:
        OURS.exception("not stored")
    connection.close()
    assert "IntegrityError SQLITE_CONSTRAINT_UNIQUE" == log.lines()[0]["error"]


def test_of_what_the_server_tells_of_an_exception_only_the_places_are_kept(log: Log) -> None:
    traceback = (
        "Application callable raised an exception\nTraceback (most recent call last):\n"
        '  File "/usr/lib/x.py", line 3, in y\n    raise\n'
        f'  File "{ROOT}/checkin/web.py", line 12, in answer\n    fail("x")\nValueError: Ayesha\nSiddiqui'
    )
    logging.getLogger("_granian.utils").error(traceback)
    (line,) = log.lines()
    assert "Application callable raised an exception" == line["event"]
    assert ["checkin/web.py:12 in answer"] == line["places"]


def test_text_is_a_line_too() -> None:
    record = logging.makeLogRecord(
        {"name": "checkin", "msg": "it failed", "levelname": "ERROR", MORE: {"places": ["a"]}}
    )
    line = LineFormatter("text").format(record)
    assert "it failed" in line
    assert "places=" in line
    assert "\n" not in line
    assert "\x1b" not in line


PROGRAM = """
import logging, threading
from checkin.sight import logs
server = logging.getLogger("gunicorn.error")
server.addHandler(logging.StreamHandler())
server.propagate = False
logs.set_up()
logging.getLogger("checkin.tests").info("a line")
server.error("cannot answer %s", "/badge/a-private-link")
logging.getLogger("checkin.tests").info("%d", "cannot be filled in: Ayesha")
logging.getLogger("werkzeug").info('"GET /badge/a-private-link HTTP/1.1" 200')
def work():
    raise ValueError("Ayesha")
thread = threading.Thread(target=work, name="writer")
thread.start()
thread.join()
"""


def told(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_process_that_is_set_up_logs_json_where_no_terminal_looks_on_threads_that_die_too() -> None:
    done = told()
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert ["a line", "cannot answer %s", "thread writer has ended"] == [line["event"] for line in lines]
    assert "ValueError" == lines[2]["error"]
    assert ("Ayesha" in done.stderr, "private" in done.stderr) == (False, False)


def test_a_person_may_ask_for_text_and_for_nothing_else() -> None:
    assert "a line" in told(CHECKIN_LOG="text").stderr
    assert "{" not in told(CHECKIN_LOG="text").stderr
    assert "CHECKIN_LOG is json or text" in told(CHECKIN_LOG="xml").stderr
