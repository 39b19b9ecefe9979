"""`flask attendance report` and `verify`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from checkin.admission.tables import RecountRow
from checkin.attendance.service import count
from checkin.database import Database
from checkin.event.model import Event
from checkin.reports.building import report_of
from checkin.reports.lines import as_csv, as_text
from checkin.reports.model import Form
from checkin.reports.tables import ReportRow
from tests.checkin.reports.days import be_heard, close, let_in
from tests.checkin.staff.people import make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_device


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["attendance", *words])
    return done.exit_code, done.output


@pytest.fixture
def signed(database: Database, event: Event) -> int:
    """A day of one visitor, closed."""
    with database.transaction() as session:
        _, tablet = make_device(session, event)
    let_in(database, event, tablet, country="PK")
    be_heard(database, tablet)
    return close(database, event, make_staff(database))


def test_the_report_is_aligned_text(app: Flask, signed: int) -> None:
    status, text = run(app, "report", "--day", "2026-01-24")
    assert 0 == status
    assert "Saturday 24 January 2026 · " in text
    (line,) = [line for line in text.splitlines() if "Gate 1" in line]
    assert ["Gate", "1", "·", "Main", "gate", "1", "1"] == line.split()
    ends = {len(line) for line in text.splitlines() if line.startswith("  ") and line.endswith((" 0", " 1"))}
    assert len(ends) <= 2  # figures stand below each other, in two columns


@pytest.mark.parametrize("name", ["report.csv", "REPORT.CSV", "report.txt", "report.pdf", "report.xlsx"])
def test_a_file_is_written_by_its_ending(app: Flask, signed: int, tmp_path: Path, name: str) -> None:
    status, text = run(app, "report", "--output", str(tmp_path / name))
    assert (0, f"Written to {tmp_path / name}.\n") == (status, text)
    starts = {".csv": b"\xef\xbb\xbf", ".txt": b"Made in", ".pdf": b"%PDF-", ".xlsx": b"PK"}
    assert (tmp_path / name).read_bytes().startswith(starts[Path(name).suffix.lower()])


@pytest.mark.parametrize(
    ("words", "clear"),
    [
        (["--output", "report.docx"], ".pdf, .xlsx, .csv, .txt"),
        (["--output", "report"], ".csv"),
        (["--output", "/no/such/folder/report.csv"], "No such file"),
        (["--day", "2026-02-01"], "2026-01-24"),
        (["--day", "Saturday"], "%Y-%m-%d"),
        (["--version", "4711"], "no signed version 4711"),
    ],
)
def test_what_cannot_be_done_is_refused_with_clear_words(app: Flask, words: list[str], clear: str) -> None:
    status, text = run(app, "report", *words)
    assert 2 == status
    assert clear in text


def test_a_report_counts_what_waits_first(app: Flask, database: Database, signed: int) -> None:
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(RecountRow))
    assert 0 == run(app, "report")[0]
    with database.snapshot() as session:
        assert 0 == session.scalar(select(func.count()).select_from(RecountRow))


def test_figures_that_are_behind_are_said_to_be(app: Flask, database: Database, event: Event) -> None:
    with database.snapshot() as session:
        found = replace(count(session, event, day=None, now=DAY_ONE), is_behind=True)
    report = report_of(event, found, last_scan_at=None, quarantined=())
    with app.app_context():
        assert "Many stored scans are still being counted" in as_text(report)
        assert "All show days, 24–26 January 2026 · Provisional" in as_text(report)
        assert "about,behind,many stored scans" in as_csv(report)
        assert "about,provisional,yes" in as_csv(report)


@pytest.mark.parametrize("form", list(Form))
def test_a_file_of_a_signed_version_is_verified_to_the_last_byte(
    app: Flask, signed: int, tmp_path: Path, form: Form
) -> None:
    file = tmp_path / f"signed.{form}"
    assert 0 == run(app, "report", "--version", str(signed), "--output", str(file))[0]
    status, text = run(app, "verify", str(file))
    assert (0, True) == (status, "The file is this version, and the signature holds." in text)
    assert "signed by Sana Iqbal at 2026-01-24T19:30:00+05:00" in text
    content = file.read_bytes()
    file.write_bytes(content[:-2] + b"x" + content[-1:])
    status, text = run(app, "verify", str(file))
    assert (2, True) == (status, "none of the signed versions" in text)


def test_a_report_of_today_is_no_signed_version(app: Flask, signed: int, tmp_path: Path) -> None:
    run(app, "report", "--day", "2026-01-24", "--output", str(tmp_path / "now.csv"))
    assert 2 == run(app, "verify", str(tmp_path / "now.csv"))[0]
    assert 2 == run(app, "verify", str(tmp_path / "no.such.file"))[0]


def test_a_version_is_verified_by_its_number(app: Flask, database: Database, signed: int) -> None:
    status, text = run(app, "verify", str(signed))
    assert (0, True) == (status, text.endswith("The signature holds.\n"))
    with database.transaction() as session:
        session.execute(
            update(ReportRow).values(content=func.replace(ReportRow.content, '"visitors":1', '"visitors":9'))
        )
    status, text = run(app, "verify", str(signed))
    assert (2, True) == (status, "does NOT hold" in text)
    with database.transaction() as session:
        session.execute(update(ReportRow).values(content="nothing"))
    status, text = run(app, "verify", str(signed))
    assert (2, True) == (status, "is no report" in text)
    assert 2 == run(app, "verify", "4711")[0]
