"""The tables of the board: each line a name and its figures, which lead to the people or scans behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext

from checkin.attendance.model import Attendance
from checkin.event.model import Direction, Event, Named
from checkin.organise.people_filters import ANY_DAY, VISITORS
from checkin.organise.words import GENDERS, city_name, number
from checkin.people.model import UNDECLARED
from checkin.registration.calendar import short_day
from checkin.registration.countries import FIRST, countries
from checkin.visitors.model import Gender

HOME = FIRST
"""The country of the venue: its visitors are national ones, all others who named a country are foreign."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`value`: what a chart draws of it; None where there is nothing to tell."""

    text: str
    value: float | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    cells: tuple[Cell, ...]
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`chart`: drawn `upright`, `lying` or not at all. `folded`: after how many lines the rest waits unseen."""

    key: str
    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: str = ""
    note: str = ""
    folded: int = 10


@dataclass(frozen=True, slots=True)
class Ways:
    """From a figure to what is behind it, for the day and the category of the page."""

    day: str | None
    category: str

    def people(self, **more: str) -> str:
        wanted: dict[str, Any] = {"category": self.category or VISITORS, "day": self.day or ANY_DAY} | more
        return url_for("organise.show_people", **wanted)

    def scans(self, **more: str | int) -> str:
        wanted: dict[str, Any] = {"category": self.category or VISITORS, "what": "entries"} | more
        return url_for("organise.show_scans", day=self.day, **wanted)


def hours(event: Event, counted: Attendance, ways: Ways, *, running: int | None) -> Table:
    """Visitors by the hour of their first entry. `running`: the hour that is not over yet."""
    lines = tuple(
        Line(
            f"{one.hour:02}",
            (_cell(one.first), _cell(one.entries, ways.scans(zone=event.first_zone, hour=one.hour))),
            is_running=one.hour == running,
        )
        for one in counted.by_hour
    )
    note = gettext("The hatched hour is still running.") if any(line.is_running for line in lines) else ""
    headings = (gettext("Hour"), gettext("First entries"), gettext("Entries"))
    return Table("hours", gettext("Visitors by hour of first entry"), headings, lines, "upright", str(note), folded=24)


def days(event: Event, counted: Attendance, category: str, language: str) -> Table:
    lines = tuple(
        Line(
            short_day(one.day, language),
            (
                _cell(one.visitors, Ways(one.day.isoformat(), category).people()),
                _cell(one.entries, Ways(one.day.isoformat(), category).scans(zone=event.first_zone)),
            ),
        )
        for one in counted.by_day
    )
    return Table("days", gettext("Days"), (gettext("Day"), gettext("Visitors"), gettext("Entries")), lines)


def compared(each: Sequence[Attendance], language: str) -> Table:
    """The show days beside each other, hour by hour."""
    firsts = [{one.hour: one.first for one in day.by_hour} for day in each]
    span = sorted(set().union(*firsts))
    headings = (gettext("Hour"), *(short_day(day.day, language) for day in each if day.day))
    lines = tuple(Line(f"{hour:02}", tuple(_cell(first.get(hour, 0)) for first in firsts)) for hour in span)
    return Table("compared", gettext("The days compared: first entries by hour"), headings, lines, "upright", folded=24)


def places(event: Event, counted: Attendance, ways: Ways, language: str) -> Iterator[Table]:
    """Gates, with how many a minute pass each of them now, and zones."""
    ways_in = {gate.slug for gate in event.gates if gate.direction is not Direction.OUT}
    pace = counted.pace
    headings = [gettext("Gate"), gettext("Visitors"), gettext("Entries")]
    lines = []
    for one in counted.by_gate:
        if one.gate in ways_in or one.entries:
            scans = ways.scans(gate=one.gate) if one.gate in event.every_gate else None
            cells = [_cell(one.visitors, scans), _cell(one.entries, scans)]
            if pace:
                each = round(pace.by_gate.get(one.gate, 0) / pace.minutes, 1)
                cells.append(Cell(number(each)))
            lines.append(Line(_name(tuple(event.every_gate.values()), language, one.gate), tuple(cells)))
    if pace:
        headings.append(gettext("A minute"))
    note = (
        gettext("A minute: everyone who entered, over the last %(minutes)s minutes.", minutes=number(pace.minutes))
        if pace
        else ""
    )
    yield Table("gates", gettext("Gates"), tuple(headings), tuple(lines), "lying", str(note), folded=30)
    if len(counted.by_zone) > 1:
        known = {zone.slug for zone in event.zones}
        ways_to = {one.zone: ways.scans(zone=one.zone) if one.zone in known else None for one in counted.by_zone}
        zones = (
            Line(
                _name(event.zones, language, one.zone),
                (_cell(one.visitors, ways_to[one.zone]), _cell(one.entries, ways_to[one.zone])),
            )
            for one in counted.by_zone
        )
        yield Table("zones", gettext("Zones"), (gettext("Zone"), gettext("Visitors"), gettext("Entries")), tuple(zones))


def people(event: Event, counted: Attendance, ways: Ways, language: str) -> Iterator[Table]:
    """Who came: by category, country, sector, city, gender and cluster."""
    visitors = gettext("Visitors")
    named = partial(_name, language=language)
    categories = (
        Line(
            named(event.categories, slug=one.category),
            (_cell(one.people, _of_category(event, ways, one.category)), _cell(one.entries)),
        )
        for one in counted.by_category
    )
    headings = (gettext("Category"), gettext("People"), gettext("Entries"))
    yield Table("categories", gettext("Categories"), headings, tuple(categories))
    land = dict(countries(language))
    yield _ranked(
        ("countries", gettext("Countries"), gettext("Country"), visitors),
        ((one.country, one.visitors) for one in counted.by_country),
        lambda code: land.get(code) or code or gettext("Not said"),
        lambda code: ways.people(country=code or UNDECLARED),
        note=_origin(counted),
    )
    yield _ranked(
        ("sectors", gettext("Sectors"), gettext("Sector"), visitors),
        ((one.sector, one.visitors) for one in counted.by_sector),
        lambda slug: named(event.sectors, slug=slug),
        lambda slug: ways.people(sector=slug),
        chart="lying",
        note=str(gettext("A visitor may name several sectors, so these do not add up.")),
    )
    yield _ranked(
        ("cities", gettext("Cities"), gettext("City"), visitors),
        ((one.city, one.visitors) for one in counted.by_city),
        city_name,
        lambda city: ways.people(city=city or UNDECLARED),
    )
    yield _ranked(
        ("genders", gettext("Women and men"), gettext("As declared"), visitors),
        ((one.gender, one.visitors) for one in counted.by_gender),
        lambda gender: str(GENDERS[Gender(gender)]),
        lambda gender: ways.people(gender=gender),
    )
    yield _ranked(
        ("clusters", gettext("Clusters"), gettext("Cluster"), gettext("People")),
        ((one.cluster, one.people) for one in counted.by_cluster if one.people),
        lambda slug: named(event.clusters, slug=slug),
        lambda slug: url_for("organise.show_people", cluster=slug, day=ways.day or ANY_DAY),
        note=str(gettext("Everyone who declared a cluster: its exhibitors above all.")),
    )


def _of_category(event: Event, ways: Ways, slug: str) -> str | None:
    return ways.people(category=slug) if slug in event.category_by_slug else None


def _ranked(
    words: tuple[str, str, str, str],
    found: Iterable[tuple[str, int]],
    named: Callable[[str], str],
    way: Callable[[str], str],
    **more: str,
) -> Table:
    key, title, what, people = words
    lines = tuple(Line(str(named(one)), (_cell(count, way(one)),)) for one, count in found)
    return Table(key, title, (what, people), lines, **more)  # type: ignore[arg-type] # texts alone


def _origin(counted: Attendance) -> str:
    told: Mapping[str, int] = {one.country: one.visitors for one in counted.by_country}
    national, unsaid = told.get(HOME, 0), told.get("", 0)
    foreign = sum(told.values()) - national - unsaid
    return str(
        gettext(
            "National %(national)s · foreign %(foreign)s · not said %(unsaid)s",
            national=number(national),
            foreign=number(foreign),
            unsaid=number(unsaid),
        )
    )


def _cell(value: int, href: str | None = None) -> Cell:
    return Cell(number(value), value, href if value else None)


def _name(things: Sequence[Named], language: str, slug: str) -> str:
    return next((thing.named(language) for thing in things if thing.slug == slug), slug or str(gettext("unknown")))
