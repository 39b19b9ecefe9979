"""A report as CSV for a spreadsheet, and as text for a terminal.

The CSV is one long table, five columns whatever the section: `section,key,name,visitors,entries`. *Visitors* are people
of the section: of everyone, of a category and of a cluster all people, of an hour first admissions, of visits
person-days. A cell is empty where the section has no such figure. The section `about` says which day, as of when, by
whom it was signed and which tablets are waited for: its key names the fact, its name holds it. Moments are local with
offset. Names are English: what calculates with a file needs one set of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from flask_babel import force_locale, gettext

from checkin.cells import BOM, safe
from checkin.reports import words
from checkin.reports.model import Report, Section, Version

Line = tuple[str, str, str, int | None, int | None]

HEADINGS = ("section", "key", "name", "visitors", "entries")
_WITH_ENTRIES = {"visitors": "entries", "everyone": "everyone_entries"}  # one line tells both
_OWN_LINE = tuple(key for key in words.TOTALS if key not in _WITH_ENTRIES.values())


def as_csv(report: Report, version: Version | None = None) -> str:
    """UTF-8 text with BOM; no cell is taken for a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    with force_locale("en"):
        lines = (*_about(report, version), *_lines(report))
        writer.writerows([safe(cell) for cell in line] for line in lines)
    return out.getvalue()


def as_text(report: Report, version: Version | None = None) -> str:
    """A report for a terminal: aligned, with thousands separators."""
    with force_locale("en"):
        lines = [report.event.en, f"{words.title(report)} · {words.standing(report, version)}"]
        lines += ["", *(words.signed_words(version) if version else ()), *words.basis(report)]
        rows = list(_lines(report))
        width = max(len(row[2]) for row in rows) + 2
        section = None
        for row in rows:
            if row[0] != section:
                section = row[0]
                lines += ["", f"{_heading(section):<{width + 2}}{'people':>10}{'entries':>10}"]
            lines.append(f"  {row[2]:<{width}}{_figure(row[3])}{_figure(row[4])}")
        lines += ["", *words.meaning()]
    return "\n".join(_bare(line).rstrip() for line in lines) + "\n"


def _about(report: Report, version: Version | None) -> Iterator[Line]:
    for key, told in _facts(report, version):
        yield "about", key, _bare(told), None, None


def _facts(report: Report, version: Version | None) -> Iterator[tuple[str, str]]:
    yield "event", report.event.en
    yield "day", report.day.isoformat() if report.day else "all show days"
    yield "as_of", words.local_text(report, report.as_of)
    yield "last_scan", words.local_text(report, report.last_scan_at) if report.last_scan_at else ""
    yield "provisional", "yes" if report.provisional else "no"
    for one in report.waiting:
        yield "waiting", f"{one.device} since {words.local_text(report, one.since)}"
    if report.is_behind:
        yield "behind", "many stored scans are not counted yet"
    for kept in report.kept:
        yield "not_counted", f"{kept.scans} late scans of {kept.device}"
    yield "discrepancies", str(report.discrepancies)
    if version is not None:
        yield "version", str(version.revision)
        yield "signed_by", version.signer
        yield "signed_at", words.local_text(report, version.signed_at)
        if version.reason:
            yield "closed_all_the_same", version.reason
        yield "signature", version.signature


def _lines(report: Report) -> Iterator[Line]:
    """Every figure, section by section."""
    for key in _OWN_LINE:
        if report.totals.get(key) is not None:
            entries = report.totals.get(_WITH_ENTRIES.get(key, ""))
            yield "total", key, str(words.TOTALS[key]), report.totals[key], entries
    for key, name in words.REGISTERED.items():
        yield "registered", key, str(name), report.registered.get(key), None
    for section in Section:
        for row in report.tables.get(section, ()):
            yield section.value, row.key, words.row_name(section, row), row.people, row.entries


def _heading(section: str) -> str:
    more = {"total": gettext("Totals"), "registered": gettext("Registered")}
    return str(more.get(section) or words.TITLES[Section(section)])


def _bare(text: str) -> str:
    """Without the marks that keep a name from turning a line round: spreadsheets and terminals show them as boxes."""
    return text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")


def _figure(value: int | None) -> str:
    return " " * 10 if value is None else f"{value:>10,}"
