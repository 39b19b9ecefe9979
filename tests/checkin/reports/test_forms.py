"""A report as PDF, XLSX, CSV and text: every figure in every form is the one that was counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook

from checkin.admission.quarantine import Waiting
from checkin.event.model import Event
from checkin.reports import policy
from checkin.reports.building import report_of
from checkin.reports.lines import as_csv, as_text
from checkin.reports.model import Form, Obstacle, Report, Section
from checkin.reports.paper import as_pdf
from checkin.reports.spreadsheet import _SHEETS, as_xlsx
from checkin.reports.writers import write
from tests.checkin.reports.made_up import CLOSED, DAY, OWING, SILENT, make_attendance, make_report, make_version

pytestmark = pytest.mark.sqlite("nothing of these is stored or asked of a database")


@pytest.fixture(autouse=True)
def words(app: Flask) -> Iterator[None]:
    """Words come from the catalogue of an application."""
    with app.app_context():
        yield


def csv_of(report: Report, **more: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(report, **more).removeprefix("\ufeff"))))  # type: ignore[arg-type]


def sheets_of(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


def text_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


@pytest.mark.parametrize("day", [DAY, None])
def test_every_table_of_every_form_holds_what_was_counted(event: Event, day: date | None) -> None:
    counted = make_attendance(event, day)
    report = make_report(event, day)
    wanted: dict[Section, list[tuple[str, int, int | None]]] = {
        Section.DAY: [(str(one.day), one.visitors, one.entries) for one in counted.by_day if not day or one.day <= day],
        Section.HOUR: [(f"{one.hour:02}", one.first, one.entries) for one in counted.by_hour],
        Section.GATE: [(one.gate, one.visitors, one.entries) for one in counted.by_gate],
        Section.ZONE: [(one.zone, one.visitors, one.entries) for one in counted.by_zone],
        Section.CATEGORY: [(one.category, one.people, one.entries) for one in counted.by_category],
        Section.CLUSTER: [(one.cluster, one.people, None) for one in counted.by_cluster],
        Section.COUNTRY: [(one.country, one.visitors, None) for one in counted.by_country],
        Section.SECTOR: [(one.sector, one.visitors, None) for one in counted.by_sector],
        Section.CITY: [(one.city, one.visitors, None) for one in counted.by_city],
        Section.GENDER: [(one.gender, one.visitors, None) for one in counted.by_gender],
    }
    rows, sheets = csv_of(report), sheets_of(as_xlsx(report))
    text, pages = as_text(report), "\n".join(text_of(as_pdf(report)))
    for section, lines in wanted.items():
        as_cells = [["'=1+1" if key == "=1+1" else key, str(people), _cell(entries)] for key, people, entries in lines]
        assert as_cells == [[row[1], row[3], row[4]] for row in rows if row[0] == section], section
        found = sheets[_SHEETS[section]][1:]
        assert [(people, entries) for _, people, entries in lines] == [(*row[3:], None)[:2] for row in found], section
        if section is not Section.DAY or day is None:
            assert [] == [people for _, people, _ in lines if f"{people:,}" not in pages], section
        assert [] == [people for _, people, _ in lines if f"{people:,}" not in text], section


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize("day", [DAY, None])
def test_every_total_of_every_form_is_the_one_that_was_counted(event: Event, day: date | None) -> None:
    counted = make_attendance(event, day)
    wanted = {
        "visitors": counted.visitors,
        "trade": counted.trade,
        "public": counted.public,
        "visits": counted.visits,
        "entries": counted.entries,
        "first_time": counted.first_time,
        "returning": counted.visitors - counted.first_time if day else None,
        "inside": counted.inside,
        "everyone": counted.everyone.people,
        "everyone_entries": counted.everyone.entries,
        "women": 1322,
        "gender_told": 1322 + 5100,
        "national": 7600,
        "foreign": 41 + 23,
        "country_told": 7600 + 41 + 23,
        "registered_visitors": counted.registered.visitors,
        "registered_trade": counted.registered.trade,
        "registered_public": counted.registered.public,
        "registered_everyone": counted.registered.everyone,
    }
    report = make_report(event, day)
    sheet = {row[0]: row[3] for row in sheets_of(as_xlsx(report))["Totals"][1:]}
    assert {key: number for key, number in wanted.items() if number is not None} == sheet
    rows = {(row[0], row[1]): row for row in csv_of(report)}
    told = {key: rows["total", key][3] for key in wanted if ("total", key) in rows}
    told |= {f"registered_{row[1]}": row[3] for row in rows.values() if row[0] == "registered"}
    told |= {"entries": rows["total", "visitors"][4], "everyone_entries": rows["total", "everyone"][4]}
    assert {key: str(number) for key, number in wanted.items() if number is not None} == told
    first = text_of(as_pdf(report))[0]
    on_the_first_page = (
        "visitors",
        "visits",
        "entries",
        "women",
        "gender_told",
        "national",
        "foreign",
        "trade",
        "public",
    )
    assert [] == [key for key in on_the_first_page if f"{wanted[key]:,}" not in first]


def test_the_first_page_names_footfall_as_entries_and_tells_who_is_no_visitor_apart(event: Event) -> None:
    page = text_of(as_pdf(make_report(event)))[0]
    for words in (
        *("Visitors", "Visits", "Footfall", "entries, not people", "Women", "From abroad", "SME clusters present"),
        *("Exhibitor 678 · Media 556 · Organiser 495 · Crew 434", "Saturday 24 January 2026"),
        *("وزیٹر", "آمد و رفت", "خواتین", "ہفتہ"),
    ):
        assert stands_in(words, page), words


def stands_in(words: str, page: str) -> bool:
    """Readers of PDF tell the words of a line that holds Urdu too from right to left, all of them."""
    plain, backwards = (" ".join(order) for order in (words.split(), reversed(words.split())))
    told = " ".join(page.split())
    return plain in told or backwards in told


@pytest.mark.parametrize("form", list(Form))
def test_it_says_until_which_scan_and_which_tablets_keep_it_provisional(event: Event, form: Form) -> None:
    told = told_in(write(make_report(event, waiting=(SILENT, OWING)), form), form)
    for words in ("rovisional", "Gate 3 · tablet B", "گیٹ 4", "18:58:41", "19:20:05"):
        assert words in told, words
    settled = told_in(write(make_report(event), form), form)
    assert "Provisional" not in settled
    assert "tablet B" not in settled
    assert "iscrepancies" in settled


@pytest.mark.parametrize("form", list(Form))
def test_late_scans_that_nobody_decided_on_are_said_not_to_be_counted(event: Event, form: Form) -> None:
    late = Waiting(device_id=9, device_name="Tablet in a drawer", scans=31, first_at=CLOSED, last_at=CLOSED)
    report = report_of(event, make_attendance(event), last_scan_at=CLOSED, quarantined=[late])
    told = told_in(write(report, form), form)
    assert "Tablet in a drawer" in told
    assert "31" in told
    assert policy.obstacles(event, report) == (Obstacle.KEPT,)


def told_in(content: bytes, form: Form) -> str:
    if form is Form.PDF:
        return " ".join("\n".join(text_of(content)).split())
    if form is Form.XLSX:
        return "\n".join(str(cell) for rows in sheets_of(content).values() for row in rows for cell in row)
    return content.decode()


@pytest.mark.parametrize("form", list(Form))
def test_a_signed_version_says_who_signed_it_when_and_why_in_spite(event: Event, form: Form) -> None:
    report = make_report(event, waiting=(SILENT,))
    told = told_in(write(report, form, make_version(report, reason="The tablet burnt")), form)
    for words in ("Sana Iqbal", "19:21:05", "The tablet burnt"):
        assert words in told, words
    assert "3fa9 3fa9" in told or "3fa93fa9" in told or form is Form.TXT


@pytest.mark.parametrize("form", list(Form))
def test_the_same_report_gives_the_same_bytes(event: Event, form: Form) -> None:
    report = make_report(event)
    assert write(report, form) == write(report, form)


def test_pages_are_numbered_and_provisional_is_said_on_each(event: Event) -> None:
    pages = text_of(as_pdf(make_report(event, waiting=(SILENT,))))
    assert [f"Page {at} of {len(pages)}" in page for at, page in enumerate(pages, 1)] == [True] * len(pages)
    assert all("Provisional" in page and "عارضی" in page for page in pages)


def test_many_waiting_tablets_go_on_on_the_next_page(event: Event) -> None:
    many = tuple(replace(SILENT, device_id=at, device=f"Tablet no. {at:03}") for at in range(40))
    pages = text_of(as_pdf(make_report(event, waiting=many)))
    told = "\n".join(pages)
    assert all(f"Tablet no. {at:03}" in told for at in range(40))
    assert "Tablet no. 039" not in pages[0]


def test_cells_of_the_spreadsheet_have_types_and_none_is_a_formula(event: Event) -> None:
    evil = '=HYPERLINK("http://x")'
    version = make_version(make_report(event), signer="@SUM(A1)", reason=evil)
    report = version.report
    book = load_workbook(io.BytesIO(as_xlsx(report, version)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [] == [cell for cell in cells if cell.data_type == "f"]
    assert {evil, "@SUM(A1)", "=1+1"} <= {cell.value for cell in cells}
    quoted = {cell.value: cell.quotePrefix for cell in cells if isinstance(cell.value, str)}
    assert [True, True, False] == [bool(quoted[words]) for words in (evil, "=1+1", "event")]
    about = {row[0]: row[3] for row in (tuple(cell.value for cell in row) for row in book["About"].iter_rows())}
    assert CLOSED.replace(tzinfo=None) + timedelta(hours=5) == about["as_of"]
    assert datetime(2026, 1, 24) == about["day"]  # noqa: DTZ001 - a spreadsheet's dates have no zone
    assert datetime(2026, 1, 24) == book["Days"]["A2"].value  # noqa: DTZ001
    assert isinstance(book["Hours"]["A2"].value, int)
    assert "#,##0" == book["Gates"]["D2"].number_format


def test_the_csv_has_a_mark_offsets_and_no_formula(event: Event) -> None:
    evil = "=cmd|' /C calc'!A0"
    report = make_report(event, waiting=(SILENT,))
    content = as_csv(report, make_version(report, signer=evil, reason="-1+1"))
    assert content.startswith("\ufeffsection,key,name,visitors,entries\r\n")
    rows = csv_of(report, version=make_version(report, signer=evil, reason="-1+1"))
    assert [] == [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    about = {row[1]: row[2] for row in rows if row[0] == "about"}
    assert ("2026-01-24T19:20:05+05:00", "2026-01-24T18:58:41+05:00") == (about["as_of"], about["last_scan"])
    assert ("'" + evil, "2", "yes") == (about["signed_by"], about["version"], about["provisional"])


def test_a_days_report_tells_no_later_day(event: Event) -> None:
    assert ["2026-01-24"] == [row.key for row in make_report(event).tables[Section.DAY]]
    assert 3 == len(make_report(event, None).tables[Section.DAY])
