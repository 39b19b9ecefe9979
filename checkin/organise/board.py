"""The board: figures turned into what the page shows, all of it ready to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from flask import url_for
from flask_babel import gettext, ngettext

from checkin.attendance.model import Attendance, Waiting
from checkin.event.model import Event
from checkin.oddities.model import Kind
from checkin.organise import board_tables
from checkin.organise.board_figures import Figure, figures
from checkin.organise.board_tables import Table, Ways
from checkin.organise.oddity_words import TITLES
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
class Board:
    day: str | None
    category: str
    title: str
    as_of: str
    tabs: tuple[Tab, ...]
    categories: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    care: str | None
    behind: str | None
    oddities: tuple[tuple[str, str, str], ...]
    is_settled: bool
    has_begun: bool
    hours: Table
    compared: Table | None
    days: Table
    places: tuple[Table, ...]
    people: tuple[Table, ...]


def default_day(event: Event, today: date) -> date | None:
    """Which figures one wants first: today's, or before and after the event those of all days."""
    return today if today in event.day_by_date else None


def board(
    event: Event,
    counted: Attendance,
    category: str,
    language: str,
    *,
    each: Sequence[Attendance] = (),
    odd: Mapping[Kind, int] = MappingProxyType({}),
) -> Board:
    """Everything that the page shows of `counted`, of a category alone if one is named.

    `each`: days to compare. `odd`: how many oddities of each kind nobody has settled.
    """
    today = event.day_of(counted.as_of)
    is_today = counted.day == today
    ways = Ways(counted.day.isoformat() if counted.day else None, category)
    name = event.category_by_slug[category].named(language) if category else ""
    return Board(
        day=ways.day,
        category=category,
        title=whole_day(counted.day, language) if counted.day else gettext("All days"),
        as_of=f"{event.local(counted.as_of):%H:%M:%S}",
        tabs=_tabs(event, counted.day, today, language),
        categories=tuple((one.slug, one.named(language)) for one in event.categories),
        figures=tuple(figures(event, counted, ways, is_today=is_today, category=name)),
        care=_care(event, counted, language),
        behind=_behind(event, counted),
        oddities=_oddities(odd),
        is_settled=not counted.provisional,
        has_begun=counted.is_behind or counted.everyone.people > 0 or any(day.visitors for day in counted.by_day),
        hours=board_tables.hours(event, counted, ways, running=event.local(counted.as_of).hour if is_today else None),
        compared=board_tables.compared(each, language) if each else None,
        days=board_tables.days(event, counted, category, language),
        places=tuple(board_tables.places(event, counted, ways, language)),
        people=tuple(table for table in board_tables.people(event, counted, ways, language) if table.lines),
    )


def _oddities(odd: Mapping[Kind, int]) -> tuple[tuple[str, str, str], ...]:
    """How many of each kind, in the order of kinds, its title, and where they are listed."""
    return tuple(
        (number(odd[kind]), str(title), url_for("organise.show_discrepancies", kind=kind.value))
        for kind, title in TITLES.items()
        if odd.get(kind)
    )


def _tabs(event: Event, day: date | None, today: date, language: str) -> tuple[Tab, ...]:
    days = [one.date for one in event.days if one in event.show_days or one.date in (today, day)]
    tabs = []
    for one in days:
        label = short_day(one, language)
        named = gettext("%(day)s · today", day=label) if one == today else label
        tabs.append(Tab(one.isoformat(), named, one == day))
    return (*tabs, Tab(ALL_DAYS, gettext("All days"), day is None))


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
