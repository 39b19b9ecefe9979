"""Three days of an expo over HTTP, a twentieth of its size: on both databases the oracle finds no difference.

And that it would: whatever is altered behind the server's back is told.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, text

from checkin.event.load import load_event
from checkin.venue.simulation import check
from checkin.venue.simulation.hall import more_gates
from checkin.venue.simulation.log import Log
from checkin.venue.simulation.model import Kind, Scenario, Size
from checkin.venue.simulation.play import Play, Run
from checkin.venue.simulation.scenario import build
from checkin.venue.simulation.told import Ticker
from checkin.web import Site
from tests.checkin.attendance import oracle
from tests.journeys import told_figures
from tests.journeys.conftest import ROOT
from tests.journeys.hall import Hall, make_hall
from tests.postgres import fresh_database

GATES = 12


def simulate(instance: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "venue", "simulate", *words)
    environment = os.environ | {"CHECKIN_INSTANCE": str(instance)} | more
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def twelve_gates(folder: Path, database_url: str = "") -> Iterator[Hall]:
    """A server with the example's event and gates enough, at 10:30 of day 1."""
    example = (ROOT / "instance" / "event.example.toml").read_text("utf-8")
    gates = "".join(more_gates(load_event(ROOT / "instance" / "event.example.toml"), GATES))
    hall = make_hall(folder, example, example + gates, database_url=database_url)
    try:
        hall.start()
        yield hall
    finally:
        hall.stop()
        hall.database.close()


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_every_scan_is_there_and_every_count_is_right(tmp_path: Path, backend: str) -> None:
    with (
        fresh_database() if backend == "postgresql" else nullcontext("") as url,
        twelve_gates(tmp_path / "instance", url) as hall,
    ):
        words = ("--visitors", "2000", "--clients", "16", "--url", hall.url, "--yes")
        done = simulate(hall.instance, *words, CHECKIN_DATABASE_URL=hall.settings.database_url)
        assert 0 == done.returncode, done.stdout + done.stderr
        said = done.stdout
        assert "2,000 made-up people, 6,000 scans, 21 tablets at 12 gates" in said
        assert "6,000 scans, 6,000 judgements" in re.sub(r"\d,\d+ judgements", "6,000 judgements", said)
        assert "Every scan is there and every count is right: no difference." in said
        assert not re.search(r"come back later .*500:", said)  # what races is answered, not left to a second try
        assert 6_000 == len(hall.scans())
        again = simulate(hall.instance, *words, CHECKIN_DATABASE_URL=hall.settings.database_url)
        assert (2, True) == (again.returncode, "played here before" in again.stderr)
        board_and_reports_are_right(hall)


def board_and_reports_are_right(hall: Hall) -> None:
    """Each figure of the board and of the reports, of each show day and of all, is the one that the facts give."""
    get = told_figures.reader(hall)
    for day in (None, *(one.date for one in hall.event.show_days)):
        with hall.database.snapshot() as session:
            right = oracle.figures(session, hall.event, day)
        is_day, name = day is not None, day.isoformat() if day else "all"
        assert 0 < right["visitors"] < right["entries"]  # type: ignore[operator]
        heads, tables = told_figures.on_board(get(f"/organise/?day={name}").decode())
        right_heads, right_tables = told_figures.wanted_on_board(hall.event, right, is_day=is_day)
        assert right_heads == {key: heads[key] for key in right_heads}, name
        assert right_tables == {key: tables.get(key, {}) for key in right_tables}, name
        totals = told_figures.wanted_totals(right, is_day=is_day)
        by_section = told_figures.wanted_tables(right, day)
        told = told_figures.in_csv(get(f"/organise/reports/{name}.csv"))
        assert by_section == {section: told.get(section, {}) for section in by_section}, name
        in_csv = {key: number for key, (number, *_) in told["total"].items()}
        in_csv |= {"entries": told["total"]["visitors"][1], "everyone_entries": told["total"]["everyone"][1]}
        heads_in_book, sheets = told_figures.in_xlsx(get(f"/organise/reports/{name}.xlsx"))
        for key, number in totals.items():
            assert number == heads_in_book[key] == in_csv.get(key, 0), (name, key)
        assert by_section == sheets, name


def test_without_a_server_it_has_an_installation_of_its_own_and_leaves_nothing(tmp_path: Path) -> None:
    own, room = tmp_path / "instance", tmp_path / "room"
    room.mkdir()
    own.mkdir()
    (own / "event.toml").write_text((ROOT / "instance" / "event.example.toml").read_text("utf-8"), "utf-8")
    done = simulate(own, "--visitors", "30", "--days", "1", "--gates", "8", TMPDIR=str(room))
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "90 scans, 17 tablets at 8 gates" in done.stdout
    assert [] == list(room.iterdir())
    assert [] == list(own.glob("*.sqlite3*"))


# The sums, and what of them is still to be counted: put back together, or what is counted meanwhile is lost.
COUNTED = ("recount", "tally_scan", "tally_people", "tally_share")
TABLES = ("admission", "scan_conflict", '"undo"', '"override"', "scan", *COUNTED)
ALTERED = {
    "a scan that is gone": ("DELETE FROM scan WHERE id = :refused", "it is not stored"),
    "another gate": ("UPDATE scan SET gate = 'gate-9' WHERE id = :admitted", "gate is 'gate-9'"),
    "another moment": (
        "UPDATE scan SET scanned_at = datetime(scanned_at, '+1 second') WHERE id = :admitted",
        "scanned_at",
    ),
    "another text": ("UPDATE scan SET sent = replace(sent, 'camera', 'roll') WHERE id = :admitted", "sent is"),
    "another visitor": ("UPDATE scan SET visitor_id = visitor_id % 100 + 1 WHERE id = :admitted", "visitor_id is"),
    "another judgement": ("UPDATE scan SET verdict = 're-entry' WHERE id = :admitted", "verdict is 're-entry'"),
    "another screen": ("UPDATE scan SET shown_verdict = 'left' WHERE id = :refused", "shown_verdict is 'left'"),
    "an admission that is gone": ("DELETE FROM admission WHERE scan_id = :admitted", "missing"),
    "another admission": ("UPDATE admission SET gate = 'gate-9' WHERE scan_id = :admitted", "admission of person"),
    "an undo that is gone": ('DELETE FROM "undo"', "undo .*not stored"),
    "an override that is gone": ('DELETE FROM "override"', "override .*not stored"),
    "a conflict that is gone": ("DELETE FROM scan_conflict", "is not kept"),
    "a sum": (
        "UPDATE tally_scan SET counted = counted + 1 WHERE zone = 'expo' AND direction = 'in'",
        "entries.* is .*right",
    ),
    "people": ("UPDATE tally_people SET people = people + 1", "visitors.* is .*right"),
}


def test_what_is_altered_behind_its_back_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small simulation that was sent and is not closed yet: each alteration is told, and none once it is put back."""
    with twelve_gates(tmp_path / "instance") as hall:
        scenario = build(hall.event, Size(visitors=150, scans=600, days=2), 4)
        how, site = Play(url=hall.url), Site(hall.settings, hall.database, hall.event)
        with closing(Run(site, scenario, how, Ticker(is_seen=False))) as run:
            log = run.send()
            assert () == tuple(run.check(log).differences)
            monkeypatch.setattr(check, "PATIENCE_S", 0.0)
            names = {
                "refused": next(one.id for place, one in enumerate(scenario.scans) if is_loose(scenario, log, place)),
                "admitted": next(
                    one.id for one in hall.scans() if one.verdict == "admitted" and one.source == "camera"
                ),
            }
            for what, (statement, told) in ALTERED.items():
                before = kept(hall)
                with hall.database.transaction() as session:
                    given = {name: value for name, value in names.items() if f":{name}" in statement}
                    altered = session.execute(text(statement), given)
                    assert altered.rowcount > 0, what  # type: ignore[attr-defined]
                found = differences_of(run, log, some=True)
                put_back(hall, before)
                assert any(re.search(told, one) for one in found), (what, found)
                assert () == tuple(differences_of(run, log, some=False)), what


def differences_of(run: Run, log: Log, *, some: bool) -> Sequence[str]:
    """What the check tells. The server hands a second's figures to all who ask: so again, until it is as it should."""
    found, until = run.check(log).differences, time.monotonic() + 20
    while bool(found) is not some and time.monotonic() < until:
        time.sleep(0.2)
        found = run.check(log).differences
    return found


def kept(hall: Hall) -> dict[str, Sequence[Row[Any]]]:
    with hall.database.snapshot() as session:
        return {name: session.execute(text(f"SELECT * FROM {name}")).all() for name in TABLES}  # noqa: S608 - ours


def put_back(hall: Hall, before: dict[str, Sequence[Row[Any]]]) -> None:
    with hall.database.transaction() as session:
        for name in TABLES:
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608
        for name in reversed(TABLES):
            for row in before[name]:
                marks = ", ".join(f":{column}" for column in row._fields)
                session.execute(text(f"INSERT INTO {name} VALUES ({marks})"), dict(zip(row._fields, row, strict=True)))  # noqa: S608


def is_loose(scenario: Scenario, log: Log, place: int) -> bool:
    """Whether a scan was refused and nothing hangs on it."""
    used = {one.scan for one in scenario.corrections} | {
        message.scans[0] for message in scenario.messages if message.kind is Kind.CONFLICT
    }
    return log.judged[place]["verdict"] == "refused" and place not in used


@pytest.mark.long("each difference is told in test_what_is_altered")
def test_a_difference_is_said_and_is_exit_status_1(tmp_path: Path) -> None:
    with twelve_gates(tmp_path / "instance") as hall:
        with hall.database.transaction() as session:
            session.execute(
                text(
                    "CREATE TRIGGER saboteur AFTER INSERT ON scan WHEN new.source = 'scanner' "
                    "BEGIN UPDATE scan SET staff = 'nobody' WHERE id = new.id; END"
                )
            )
        done = simulate(hall.instance, "--visitors", "40", "--days", "1", "--url", hall.url, "--yes")
    assert 1 == done.returncode, done.stdout + done.stderr
    assert "staff is 'nobody'" in done.stdout
    assert re.search(r"Differences: \d+\.", done.stdout)
