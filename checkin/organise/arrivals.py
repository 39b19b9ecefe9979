"""Arrivals ready to show: who came through which gate, who is still awaited, and how many of each delegation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext

from checkin.arrivals.model import Expected, Kind, Watch
from checkin.event.model import Event
from checkin.organise.tablets import gate_name
from checkin.organise.words import isolated, moment
from checkin.visitors.model import Details

MOST_SHOWN = 100  # of those who came, and of those awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody on the list. `news`: the arrival as one sentence; empty, as `at` and `gate`, while they are awaited."""

    id: int
    name: str
    organisation: str
    lines: str
    at: str = ""
    gate: str = ""
    news: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the watch list, with how many of its people are here."""

    id: int
    kind: Kind
    name: str
    visitor_id: int | None
    here: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page shows of a day; the newest arrival first."""

    here: tuple[Person, ...]
    awaited: tuple[Person, ...]
    more_here: int
    more_awaited: int
    lines: tuple[Line, ...]


def shown(
    event: Event,
    on_list: Collection[Watch],
    people: Collection[Expected],
    names: Mapping[int, Details],
    *,
    now: datetime,
    language: str,
) -> Shown:
    """The page of these people. `names`: of those who are on the list as single people, whether expected or not."""
    lines = {one.id: _line(event, one, people, names, language) for one in on_list}
    told = [_person(event, one, lines, now, language) for one in people]
    here, awaited = [one for one in told if one.at], [one for one in told if not one.at]
    return Shown(
        here=tuple(here[:MOST_SHOWN]),
        awaited=tuple(awaited[:MOST_SHOWN]),
        more_here=max(0, len(here) - MOST_SHOWN),
        more_awaited=max(0, len(awaited) - MOST_SHOWN),
        lines=tuple(lines.values()),
    )


def default_day(event: Event, today: date) -> date:
    """Today, if it is a day of the event; before the event its first show day, after it the last."""
    if today in event.day_by_date:
        return today
    begun = [day.date for day in event.show_days if day.date <= today]
    return begun[-1] if begun else event.show_days[0].date


def line_name(event: Event, one: Watch, names: Mapping[int, Details], language: str) -> str:
    """What a line of the list is called."""
    if one.kind is Kind.GROUP:
        return one.which
    if one.kind is Kind.CATEGORY:
        category = event.category_by_slug.get(one.which)
        return category.named(language) if category else one.which
    details = names.get(int(one.which))
    return _name(details, language) if details else str(gettext("nobody known"))


def _line(event: Event, one: Watch, people: Collection[Expected], names: Mapping[int, Details], language: str) -> Line:
    mine = [person for person in people if one.id in person.watches]
    return Line(
        id=one.id,
        kind=one.kind,
        name=line_name(event, one, names, language),
        visitor_id=int(one.which) if one.kind is Kind.VISITOR else None,
        here=sum(person.arrival is not None for person in mine),
        people=len(mine),
    )


def _person(event: Event, one: Expected, lines: Mapping[int, Line], now: datetime, language: str) -> Person:
    name = _name(one.details, language)
    named = [lines[id_].name for id_ in sorted(one.watches) if lines[id_].kind is not Kind.VISITOR]
    person = Person(id=one.id, name=name, organisation=one.details.organisation, lines=", ".join(named))
    if one.arrival is None:
        return person
    gate, at = gate_name(event, one.arrival.gate, language), moment(event, one.arrival.at, now, language)
    who = isolated(f"{name}, {person.lines}" if person.lines else name)
    news = gettext("%(who)s came in: %(gate)s, %(moment)s", who=who, gate=gate, moment=at)
    return Person(
        id=one.id, name=name, organisation=person.organisation, lines=person.lines, at=at, gate=gate, news=news
    )


def _name(details: Details, language: str) -> str:
    return (details.name_ur or details.name) if language == "ur" else details.name
