"""A report as PDF: a page for the minister, then charts and tables, both languages side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask_babel import gettext, ngettext

from checkin.reports import words
from checkin.reports.model import Name, Report, Section, Version
from checkin.reports.words import both, each, said
from printing import Chart, Figure, Listing, Paper, Row, Said, Texts, render_report

_MOST_ROWS: Final = 40  # of a table whose rows visitors write; the spreadsheet has them all
_TABLES: Final = (
    *(Section.DAY, Section.HOUR, Section.GATE, Section.ZONE, Section.CATEGORY, Section.CLUSTER),
    *(Section.COUNTRY, Section.GENDER, Section.SECTOR, Section.CITY),
)


def as_pdf(report: Report, version: Version | None = None) -> bytes:
    """The whole file. The same report gives the same bytes."""
    return render_report(paper_of(report, version))


def paper_of(report: Report, version: Version | None) -> Paper:
    """What stands on its pages."""
    signed = each(lambda: words.signed_words(version)) if version else []
    basis = each(lambda: [words.apart(report), *words.basis(report)])
    return Paper(
        event=_said(report.event),
        heading=_both(lambda: gettext("Attendance report")),
        day=_both(lambda: words.title(report)),
        mark=_both(lambda: words.standing(report, version)),
        is_final=not report.provisional,
        headlines=_headlines(report),
        figures=_figures(report),
        texts=(
            _texts(_both(lambda: gettext("What was counted, and until when")), [*signed, *basis]),
            _texts(_both(lambda: gettext("What the words mean")), each(words.meaning)),
        ),
        parts=(_hours(report), *(_table(report, section) for section in _TABLES if _is_worth_a_table(report, section))),
        foot=_foot(report, version),
        page=_both(lambda: gettext("Page %(page)s of %(pages)s")),
    )


def _headlines(report: Report) -> tuple[Figure, Figure]:
    total = report.totals
    kinds = _both(
        lambda: gettext(
            "trade %(trade)s · public %(public)s", trade=_number(total["trade"]), public=_number(total["public"])
        )
    )
    if total["returning"] is None:
        before = _both(lambda: gettext("a visitor on a day"))
    else:
        before = _both(
            lambda: gettext(
                "first time %(first)s · here before %(before)s",
                first=_number(total["first_time"]),
                before=_number(total["returning"]),
            )
        )
    return (
        Figure(_both(lambda: gettext("Visitors")), _number(total["visitors"]), kinds),
        Figure(_both(lambda: gettext("Visits")), _number(total["visits"]), before),
    )


def _figures(report: Report) -> tuple[Figure, ...]:
    """The six below the headlines."""
    total = report.totals
    clusters = [row for row in report.tables[Section.CLUSTER] if row.people]
    return (
        Figure(
            _both(lambda: gettext("Footfall")),
            _number(total["entries"]),
            _both(lambda: gettext("entries, not people")),
        ),
        Figure(
            _both(lambda: gettext("Women")),
            _number(total["women"]),
            _both(lambda: gettext("of %(number)s who told", number=_number(total["gender_told"]))),
        ),
        Figure(
            _both(lambda: gettext("From abroad")),
            _number(total["foreign"]),
            _both(lambda: gettext("from Pakistan %(number)s", number=_number(total["national"]))),
        ),
        Figure(
            _both(lambda: gettext("Not visitors")),
            _number(sum(row.people for row in report.tables[Section.CATEGORY] if row.key in report.apart)),
            _both(lambda: gettext("told apart below")),
        ),
        Figure(
            _both(lambda: gettext("SME clusters present")),
            _number(len(clusters)),
            _both(
                lambda: ngettext(
                    "one person of theirs",
                    "%(number)s people of theirs",
                    sum(row.people for row in clusters),
                    number=_number(sum(row.people for row in clusters)),
                )
            ),
        ),
        Figure(
            _both(lambda: gettext("Registered visitors")),
            _number(report.registered["visitors"]),
            _both(lambda: gettext("so far, came or not")),
        ),
    )


def _hours(report: Report) -> Chart:
    hours = report.tables[Section.HOUR]
    return Chart(
        title=_said(said(words.TITLES[Section.HOUR])),
        series=(_said(said(words.PEOPLE[Section.HOUR])), _said(said(words.ENTRIES))),
        labels=tuple(row.key for row in hours),
        pairs=tuple((row.people, row.entries or 0) for row in hours),
        note=_said(said(words.NOTES[Section.HOUR])),
    )


def _is_worth_a_table(report: Report, section: Section) -> bool:
    """One day beside no other is what the first page tells."""
    return len(report.tables[section]) > (1 if section is Section.DAY else 0)


def _table(report: Report, section: Section) -> Listing:
    rows = report.tables[section]
    has_entries = any(row.entries is not None for row in rows)
    names = each(lambda: [words.row_name(section, row) for row in rows])
    lines = [
        Row(
            _said(name),
            (_number(row.people), _number(row.entries)) if has_entries else (_number(row.people),),
            row.people,
        )
        for name, row in zip(names, rows, strict=True)
    ]
    rest = rows[_MOST_ROWS:] if section in (Section.CITY, Section.COUNTRY) else ()
    if rest:
        more = _both(lambda: ngettext("One more, in the spreadsheet", "%(num)d more, in the spreadsheet", len(rest)))
        lines = [*lines[:_MOST_ROWS], Row(more, (_number(sum(row.people for row in rest)),))]
    head = (words.people_of(section), words.ENTRIES) if has_entries else (words.people_of(section),)
    note = None if section is Section.HOUR else words.NOTES.get(section)  # its chart says it already
    return Listing(
        title=_said(said(words.TITLES[section])),
        head=tuple(_said(said(one)) for one in head),
        rows=tuple(lines),
        note=Said("") if note is None else _said(said(note)),
    )


def _texts(heading: Said, told: list[Name]) -> Texts:
    return Texts(heading, tuple(_said(one) for one in told))


def _foot(report: Report, version: Version | None) -> str:
    if version is None:
        return words.local_text(report, report.as_of)
    return f"v{version.revision} · no. {version.number} · {version.mark}"


def _both(told: Callable[[], str]) -> Said:
    return _said(both(told))


def _said(name: Name) -> Said:
    return Said(name.en, name.ur)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
