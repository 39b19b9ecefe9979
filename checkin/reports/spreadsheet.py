"""A report as XLSX: a sheet for each table, numbers as numbers, days and moments as dates, text that is only text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from checkin.cells import FORMULA_STARTS
from checkin.reports import words
from checkin.reports.model import Report, Row, Section, Version
from checkin.reports.words import both, each, said

_SHEETS: Final = {
    Section.DAY: "Days",
    Section.HOUR: "Hours",
    Section.GATE: "Gates",
    Section.ZONE: "Zones",
    Section.CATEGORY: "Categories",
    Section.CLUSTER: "Clusters",
    Section.COUNTRY: "Countries",
    Section.SECTOR: "Sectors",
    Section.CITY: "Cities",
    Section.GENDER: "Women and men",
}
_WIDE, _NARROW = 44, 20  # of a column, in characters
_A_LINE, _LINE_PT = 40, 15.0  # what surely fits a wide column, and how tall its line is
_A4: Final = 9  # Excel's number for it
Cell = str | int | float | date | datetime | None


def as_xlsx(report: Report, version: Version | None = None) -> bytes:
    """The workbook. The same report gives the same bytes."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    # The file's own date: the figures', so that nothing of the moment of writing is in it.
    book.set_properties({"title": f"{report.event.en}: attendance", "created": report.as_of.replace(tzinfo=None)})
    sheets = _Sheets(book, report)
    sheets.add("About", _about(report, version))
    sheets.add("Totals", _totals(report))
    for section in Section:
        sheets.add(_SHEETS[section], _table(section, report.tables.get(section, ())))
    book.close()
    return target.getvalue()


class _Sheets:
    """Writes one sheet after the other, each with a row of headings that stays in sight."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self._book = book
        self._zone = ZoneInfo(report.time_zone)
        self._head = book.add_format({"bold": True, "bg_color": "#0b3d2e", "font_color": "#ffffff", "text_wrap": True})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        # Also when someone edits the cell it stays text: Excel's own mark for it, which is not part of the text.
        self._quoted = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        self._number = book.add_format({"num_format": "#,##0", "valign": "top"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left", "valign": "top"})

    def add(self, name: str, lines: Iterable[Sequence[Cell]]) -> None:
        """A sheet of these lines; the first of them are the headings."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for at, line in enumerate(lines):
            if at == 0:
                for column, heading in enumerate(line):
                    sheet.set_column(column, column, _WIDE if column in (1, 2) else _NARROW)
                    sheet.write_string(0, column, str(heading), self._head)
                continue
            tall = max(ceil(len(cell) / _A_LINE) for cell in line if isinstance(cell, str))
            if tall > 1:
                sheet.set_row(at, _LINE_PT * tall)
            for column, cell in enumerate(line):
                self._write(sheet, at, column, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:  # noqa: ANN401 - its package has no types
        match cell:
            case None:
                pass
            case str():
                is_like_formula = cell.startswith(FORMULA_STARTS)
                sheet.write_string(row, column, cell, self._quoted if is_like_formula else self._text)
            case datetime():  # a spreadsheet knows no time zones: the wall clock of the venue
                local = cell.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
                sheet.write_datetime(row, column, local, self._moment)
            case date():
                sheet.write_datetime(row, column, cell, self._date)
            case _:
                sheet.write_number(row, column, cell, self._number)


def _about(report: Report, version: Version | None) -> Iterable[Sequence[Cell]]:
    zone = report.time_zone
    yield "Fact", "English", "اردو", "Value"
    yield "event", report.event.en, report.event.ur, None
    yield "venue", report.venue.en, report.venue.ur, None
    name = both(lambda: words.title(report))
    yield "day", name.en, name.ur, report.day
    name = both(lambda: words.standing(report, version))
    yield "standing", name.en, name.ur, None
    yield "as_of", f"Counted as of ({zone})", "", report.as_of
    yield "last_scan", f"Last scan that counts ({zone})", "", report.last_scan_at
    yield "provisional", "yes" if report.provisional else "no", "", None
    yield "discrepancies", "Discrepancies, of all days", "", report.discrepancies
    for name, one in zip(each(lambda: words.waits(report)), report.waiting, strict=True):
        yield "waiting", name.en, name.ur, one.outbox
    for kept in report.kept:
        yield "not_counted", f"Late scans of {kept.device}", "", kept.scans
    if version is not None:
        yield "version", "Version of this day", "", version.revision
        yield "signed_by", version.signer, "", None
        yield "signed_at", f"Signed at ({zone})", "", version.signed_at
        if version.reason:
            yield "closed_all_the_same", version.reason, "", None
        yield "signature", version.signature, "", None
    for name in each(words.meaning):
        yield "meaning", name.en, name.ur, None


def _totals(report: Report) -> Iterable[Sequence[Cell]]:
    yield "Key", "English", "اردو", "Number"
    for key, words_of in words.TOTALS.items():
        if report.totals.get(key) is not None:
            name = said(words_of)
            yield key, name.en, name.ur, report.totals[key]
    for key, words_of in words.REGISTERED.items():
        name = said(words_of)
        yield f"registered_{key}", name.en, name.ur, report.registered.get(key)


def _table(section: Section, rows: Sequence[Row]) -> Iterable[Sequence[Cell]]:
    has_entries = any(row.entries is not None for row in rows)
    people = said(words.people_of(section))
    entries = said(words.ENTRIES)
    headings = ("Key", "English", "اردو", f"{people.en} · {people.ur}")
    yield (*headings, f"{entries.en} · {entries.ur}") if has_entries else headings
    names = each(lambda: [words.row_name(section, row) for row in rows])
    for name, row in zip(names, rows, strict=True):
        line = (_key(section, row), name.en, name.ur, row.people)
        yield (*line, row.entries) if has_entries else line


def _key(section: Section, row: Row) -> Cell:
    match section:
        case Section.DAY:
            return date.fromisoformat(row.key)
        case Section.HOUR:
            return int(row.key)
        case _:
            return row.key
