"""`flask attendance …`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Delete, Update, delete, func, select, update

from checkin.admission.tables import AdmissionRow, RecountRow
from checkin.attendance.model import Attendance
from checkin.attendance.reports import as_csv, as_text
from checkin.attendance.service import count
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyShareRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.tables import JournalRow
from tests.checkin.attendance.crowd import scans
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of

AGREES = "Admissions and counts agree with the scans.\n"


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["attendance", *words])
    return done.exit_code, done.output


@pytest.fixture
def one_visitor(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, country="PK")
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))


def test_the_report_is_aligned_text(app: Flask, one_visitor: None) -> None:
    status, text = run(app, "report", "--day", "2026-01-24")
    assert 0 == status
    assert "Saturday 24 January 2026, as of 24 Jan 10:3" in text
    (line,) = [line for line in text.splitlines() if "Gate 1" in line]
    assert ["Gate", "1", "·", "Main", "gate", "1", "1"] == line.split()
    ends = {len(line) for line in text.splitlines() if line.endswith((" 0", " 1")) and "entries" not in line}
    assert len(ends) <= 2  # figures stand below each other, in two columns


def test_figures_have_thousands_separators(database: Database, event: Event) -> None:
    with database.snapshot() as session:
        found: Attendance = count(session, event, day=None, now=DAY_ONE)
    assert "  8,412" in as_text(event, replace(found, visitors=8412))
    assert "All show days" in as_text(event, found)


@pytest.mark.parametrize("name", ["report.csv", "REPORT.CSV", "report.txt"])
def test_a_file_is_written_by_its_ending(app: Flask, one_visitor: None, tmp_path: Path, name: str) -> None:
    status, text = run(app, "report", "--output", str(tmp_path / name))
    assert (0, f"Written to {tmp_path / name}.\n") == (status, text)
    written = (tmp_path / name).read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") is (name != "report.txt")
    assert b"Gate 1" in written


@pytest.mark.parametrize(
    ("words", "clear"),
    [
        (["--output", "report.xlsx"], ".csv"),
        (["--output", "report.pdf"], ".csv"),
        (["--output", "report"], ".csv"),
        (["--output", "/no/such/folder/report.csv"], "No such file"),
        (["--day", "2026-02-01"], "2026-01-24"),
        (["--day", "Saturday"], "%Y-%m-%d"),
    ],
)
def test_what_cannot_be_done_is_refused_with_clear_words(app: Flask, words: list[str], clear: str) -> None:
    status, text = run(app, "report", *words)
    assert 2 == status
    assert clear in text


def test_check_and_rebuild(app: Flask, database: Database, event: Event) -> None:
    scans(database, event, 1)
    assert (0, AGREES) == run(app, "check")
    with database.transaction() as session:
        session.execute(delete(AdmissionRow))
    status, text = run(app, "check")
    assert 2 == status
    assert "missing: visitor" in text
    assert "more" in text
    assert "attendance rebuild" in text
    assert (0, True) == (run(app, "rebuild")[0], run(app, "check") == (0, AGREES))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            update(TallyScanRow).where(TallyScanRow.gate == "gate-1").values(counted=TallyScanRow.counted + 1),
            ["wrong: entries 2026-01-24 expo gate-1 trade-visitor: 2 kept, 1 by the scans", "wrong: tally_scan"],
        ),
        (
            update(TallyScanRow).values(scans=9),  # no figure tells refused scans: the shares do
            ["wrong: tally_scan 2026-01-24 gate-1 10 expo in admitted trade-visitor: 9 1 0 kept, 1 1 0 by the scans"],
        ),
        (
            update(TallyPeopleRow).where(TallyPeopleRow.kind == "country").values(people=0, newcomers=0),
            ["wrong: visitors_by_country of 2026-01-24 PK: 0 kept, 1 by the scans", "wrong: tally_people"],
        ),
        (update(TallyShareRow).values(facts=""), ["wrong: share of 1:  kept, ["]),
        (delete(TallyShareRow), ["wrong: share of 1:  kept, not counted yet by the scans"]),
    ],
    ids=["entries", "scans", "people", "share", "no share"],
)
def test_check_tells_each_wrong_sum_and_rebuild_mends_it(
    app: Flask, database: Database, one_visitor: None, spoil: Update | Delete, told: list[str]
) -> None:
    assert (0, AGREES) == run(app, "check")  # and everything is counted by now
    with database.transaction() as session:
        session.execute(spoil)
    status, text = run(app, "check")
    assert 2 == status
    assert [] == [words for words in told if words not in text], text
    assert 0 == run(app, "rebuild")[0]
    assert (0, AGREES) == run(app, "check")


def test_a_report_counts_what_waits_first(app: Flask, database: Database, one_visitor: None) -> None:
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(RecountRow))
    assert 0 == run(app, "report")[0]
    with database.snapshot() as session:
        assert 0 == session.scalar(select(func.count()).select_from(RecountRow))


def test_rebuild_is_journalled_and_tells_how_many_admissions_were_wrong(
    app: Flask, database: Database, one_visitor: None
) -> None:
    with database.transaction() as session:
        session.execute(update(AdmissionRow).values(gate="gate-2"))
    status, text = run(app, "rebuild")
    assert 0 == status
    assert text.endswith("Admissions and counts were worked out anew from the scans; admissions mended: 1.\n")
    with database.snapshot() as session:
        assert "attendance.rebuild" in session.scalars(select(JournalRow.action)).all()


def test_figures_that_are_behind_are_said_to_be(database: Database, event: Event) -> None:
    with database.snapshot() as session:
        found = replace(count(session, event, day=None, now=DAY_ONE), is_behind=True)
    assert "PROVISIONAL: many stored scans are not counted yet" in as_text(event, found)
    assert "about,behind,many stored scans" in as_csv(event, found)
    assert "about,provisional,yes" in as_csv(event, found)
