"""The board: figures turned into what the page shows, all of it ready to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext, ngettext

from checkin.attendance.model import Attendance, Waiting
from checkin.event.model import Direction, Event, Named
from checkin.organise.chart import Bar, bars
from checkin.organise.words import isolated, moment, number, whole_day
from checkin.registration.calendar import short_day

ALL_DAYS = "all"
_CARE_AFTER = timedelta(minutes=1)  # a tablet that scans owes something at almost any moment


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    label: str
    value: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a name and its two figures."""

    name: str
    visitors: str
    entries: str


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Board:
    day: str | None
    title: str
    as_of: str
    tabs: tuple[Tab, ...]
    figures: tuple[Figure, ...]
    care: str | None
    behind: str | None
    discrepancies: int
    is_settled: bool
    has_begun: bool
    bars: tuple[Bar, ...]
    hours: Table
    days: Table
    places: tuple[Table, ...]


def default_day(event: Event, today: date) -> date | None:
    """Which figures one wants first: today's, or before and after the event those of all days."""
    return today if today in event.day_by_date else None


def board(event: Event, counted: Attendance, language: str) -> Board:
    """Everything that the page shows of `counted`."""
    today = event.day_of(counted.as_of)
    is_today = counted.day == today
    return Board(
        day=counted.day.isoformat() if counted.day else None,
        title=whole_day(counted.day, language) if counted.day else gettext("All days"),
        as_of=f"{event.local(counted.as_of):%H:%M:%S}",
        tabs=_tabs(event, counted.day, today, language),
        figures=tuple(_figures(event, counted, is_today=is_today)),
        care=_care(event, counted, language),
        behind=_behind(event, counted),
        discrepancies=counted.discrepancies,
        is_settled=not counted.provisional,
        has_begun=counted.is_behind or counted.everyone.people > 0 or any(day.visitors for day in counted.by_day),
        bars=bars(
            counted.by_hour,
            running=event.local(counted.as_of).hour if is_today else None,
            is_rtl=language == "ur",
        ),
        hours=Table(
            "hours",
            gettext("Visitors by hour of first entry"),
            gettext("Hour"),
            tuple(Line(f"{hour.hour:02}", number(hour.first), number(hour.entries)) for hour in counted.by_hour),
        ),
        days=_days(counted, language),
        places=_places(event, counted, language),
    )


def _tabs(event: Event, day: date | None, today: date, language: str) -> tuple[Tab, ...]:
    days = [one.date for one in event.days if one in event.show_days or one.date in (today, day)]
    tabs = []
    for one in days:
        label = short_day(one, language)
        named = gettext("%(day)s · today", day=label) if one == today else label
        tabs.append(Tab(one.isoformat(), named, one == day))
    return (*tabs, Tab(ALL_DAYS, gettext("All days"), day is None))


def _figures(event: Event, counted: Attendance, *, is_today: bool) -> list[Figure]:
    first = gettext("%(number)s for the first time", number=number(counted.first_time))
    before = gettext("%(number)s were here before", number=number(counted.visitors - counted.first_time))
    kinds = gettext("trade %(trade)s · public %(public)s", trade=number(counted.trade), public=number(counted.public))
    rate = number(round(counted.entries / counted.visits, 1)) if counted.visits else None
    each = (gettext("%(number)s each", number=rate),) if rate else ()
    figures = [
        Figure(
            "visitors",
            gettext("Visitors today") if is_today else gettext("Visitors"),
            number(counted.visitors),
            (kinds,) if counted.day is None else (kinds, f"{first} · {before}"),
        ),
        Figure("visits", gettext("Visits"), number(counted.visits), (gettext("a person on a day counts once"),)),
        Figure("entries", gettext("Entries"), number(counted.entries), each),
    ]
    if counted.inside is not None and is_today:
        notes = [gettext("an estimate, never for evacuation")]
        if event.capacity:
            notes.insert(0, gettext("of %(capacity)s", capacity=number(event.capacity)))
        figures.append(Figure("inside", gettext("Inside now"), number(counted.inside), tuple(notes)))
    entries = gettext("%(number)s entries", number=number(counted.everyone.entries))
    note = gettext("exhibitors, media and crew too · %(entries)s", entries=entries)
    figures.append(Figure("everyone", gettext("Everyone"), number(counted.everyone.people), (note,)))
    return figures


def _behind(event: Event, counted: Attendance) -> str | None:
    """That more is stored than could be counted so far, if it is so: after an update, or thousands of late scans."""
    if not counted.is_behind:
        return None
    return str(
        gettext(
            "Many stored scans are still being counted. These figures are of %(clock)s and will grow by themselves.",
            clock=f"{event.local(counted.as_of):%H:%M:%S}",
        )
    )


def _care(event: Event, counted: Attendance, language: str) -> str | None:
    """One sentence on what needs someone's care now, if anything does: the tablet that has waited longest."""
    urgent = [one for one in counted.waiting if one.is_silent or counted.as_of - one.since >= _CARE_AFTER]
    if not urgent:
        return None
    sentence = _told(event, urgent[0], counted, language)
    more = len(urgent) - 1
    if more:
        sentence += " " + ngettext("One more tablet waits.", "%(num)d more tablets wait.", more)
    return sentence


def _told(event: Event, one: Waiting, counted: Attendance, language: str) -> str:
    since = moment(event, one.since, counted.as_of, language)
    if one.is_silent:
        words = gettext(
            "%(tablet)s has not been heard since %(since)s: see that it is on and has Wi-Fi. "
            "Until then these figures are provisional.",
            tablet=isolated(one.device),
            since=since,
        )
    else:
        words = ngettext(
            "%(tablet)s has one scan waiting since %(since)s. It keeps working; bring it nearer to the Wi-Fi.",
            "%(tablet)s has %(number)s scans waiting since %(since)s. It keeps working; bring it nearer to the Wi-Fi.",
            one.outbox,
            number=number(one.outbox),
            tablet=isolated(one.device),
            since=since,
        )
    return str(words)


def _days(counted: Attendance, language: str) -> Table:
    lines = (Line(short_day(one.day, language), number(one.visitors), number(one.entries)) for one in counted.by_day)
    return Table("days", gettext("Days"), gettext("Day"), tuple(lines))


def _places(event: Event, counted: Attendance, language: str) -> tuple[Table, ...]:
    ways_in = {gate.slug for gate in event.gates if gate.direction is not Direction.OUT}
    gates = tuple(
        Line(_name(tuple(event.every_gate.values()), one.gate, language), number(one.visitors), number(one.entries))
        for one in counted.by_gate
        if one.gate in ways_in or one.entries
    )
    zones = tuple(
        Line(_name(event.zones, one.zone, language), number(one.visitors), number(one.entries))
        for one in counted.by_zone
    )
    tables = [Table("gates", gettext("Gates"), gettext("Gate"), gates)]
    if len(zones) > 1:
        tables.append(Table("zones", gettext("Zones"), gettext("Zone"), zones))
    return tuple(tables)


def _name(things: tuple[Named, ...], slug: str, language: str) -> str:
    return next((thing.named(language) for thing in things if thing.slug == slug), slug or str(gettext("unknown")))
