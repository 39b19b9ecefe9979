"""Figures as a file for a spreadsheet, and as text for a terminal.

The CSV is one long table, five columns whatever the section: `section,key,name,visitors,entries`. *Visitors* are people
of the section: of everyone and of a category all people, of an hour first admissions, of visits person-days. A cell is
empty where the section has no such figure. The section `about` says which day, as of when, and which tablets are
waited for: its key names the fact, its name holds it. Moments are local with offset.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from checkin.attendance.answers import local_text
from checkin.attendance.model import Attendance
from checkin.event.model import Event
from checkin.registration.countries import countries

Row = tuple[str, str, str, int | None, int | None]

HEADINGS = ("section", "key", "name", "visitors", "entries")
UNDECLARED = "Undeclared"
BOM = "\ufeff"  # or Excel takes UTF-8 for the machine's own code page
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TITLES = {
    "total": "Totals",
    "gate": "Gates",
    "zone": "Zones",
    "hour": "Hours (first admissions, entries)",
    "category": "Categories (people)",
    "country": "Countries",
    "sector": "Sectors",
    "day": "Days",
}


def as_csv(event: Event, counted: Attendance) -> str:
    """UTF-8 text with BOM; no cell is taken for a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows([safe(cell) for cell in row] for row in (*_about(event, counted), *_rows(event, counted)))
    return out.getvalue()


def as_text(event: Event, counted: Attendance) -> str:
    """A report for a terminal: aligned, with thousands separators."""
    day = f"{counted.day:%A} {counted.day.day} {counted.day:%B %Y}" if counted.day else "All show days"
    lines = [event.name, f"{day}, as of {event.local(counted.as_of):%d %b %H:%M:%S}"]
    for one in counted.waiting:
        why = "not heard" if one.is_silent else "owes scans"
        lines.append(f"PROVISIONAL: {one.device}, {why} since {event.local(one.since):%d %b %H:%M}")
    if counted.is_behind:
        lines.append("PROVISIONAL: many stored scans are not counted yet")
    rows = list(_rows(event, counted))
    width = max(len(row[2]) for row in rows) + 2
    for section, group in groupby(rows, key=lambda row: row[0]):
        lines += ["", f"{_TITLES[section]:<{width + 2}}{'people':>10}{'entries':>10}"]
        lines += [f"  {name:<{width}}{_figure(people)}{_figure(entries)}" for _, _, name, people, entries in group]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _about(event: Event, counted: Attendance) -> Iterator[Row]:
    yield "about", "event", event.name, None, None
    yield "about", "day", counted.day.isoformat() if counted.day else "all show days", None, None
    yield "about", "as_of", local_text(event, counted.as_of), None, None
    yield "about", "provisional", "yes" if counted.provisional else "no", None, None
    for one in counted.waiting:
        yield "about", "waiting", f"{one.device} since {local_text(event, one.since)}", None, None
    if counted.is_behind:
        yield "about", "behind", "many stored scans are not counted yet", None, None


def _rows(event: Event, counted: Attendance) -> Iterator[Row]:
    """Every figure, section by section."""
    land = dict(countries("en"))
    yield "total", "visitors", "Visitors", counted.visitors, counted.entries
    yield "total", "trade", "Trade visitors", counted.trade, None
    yield "total", "public", "Public visitors", counted.public, None
    yield "total", "visits", "Visits (person-days)", counted.visits, None
    yield "total", "first_time", "Here for the first time", counted.first_time, None
    if counted.inside is not None:
        yield "total", "inside", "Inside (an estimate)", counted.inside, None
    yield "total", "everyone", "Everyone, all categories", counted.everyone.people, counted.everyone.entries
    for day in counted.by_day:
        yield "day", day.day.isoformat(), f"{day.day:%a %d %b}", day.visitors, day.entries
    for gate in counted.by_gate:
        yield "gate", gate.gate, _named(event.every_gate.get(gate.gate), gate.gate), gate.visitors, gate.entries
    zones = {zone.slug: zone for zone in event.zones}
    for zone in counted.by_zone:
        yield "zone", zone.zone, _named(zones.get(zone.zone), zone.zone), zone.visitors, zone.entries
    for hour in counted.by_hour:
        yield "hour", f"{hour.hour:02}", f"{hour.hour:02}:00 to {hour.hour:02}:59", hour.first, hour.entries
    for one in counted.by_category:
        category = event.category_by_slug.get(one.category)
        yield "category", one.category, _named(category, one.category), one.people, one.entries
    for country in counted.by_country:
        yield (
            "country",
            country.country,
            land.get(country.country, country.country) or UNDECLARED,
            country.visitors,
            None,
        )
    sectors = {sector.slug: sector for sector in event.sectors}
    for sector in counted.by_sector:
        yield "sector", sector.sector, _named(sectors.get(sector.sector), sector.sector), sector.visitors, None


def _named(thing: object, slug: str) -> str:
    """The English name, or the slug of what the event file no longer names."""
    return str(getattr(thing, "name", "") or slug or "unknown")


def _figure(value: int | None) -> str:
    return " " * 10 if value is None else f"{value:>10,}"


def safe(cell: str | int | None) -> str | int | None:
    """A cell that no spreadsheet takes for a formula (OWASP, *CSV injection*)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
