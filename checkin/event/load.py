"""`event.toml` → Event. Every mistake of the file is told at once, with its place and how to mend it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from checkin.event import model, rules
from checkin.event.fields import Table
from checkin.event.mistakes import EventFileError
from checkin.event.model import Event, EventDay
from checkin.event.source import Source, read_source

Place = TypeVar("Place", model.Zone, model.Sector, model.Cluster)

_TABLES = ("event", "day", "zone", "gate", "category", "sector", "cluster", "register", "mail")
_HIGHEST_NUMBER = 255  # a category is one byte of the token
_MOST_PEOPLE = 10_000_000
_MINUTES_OF_A_DAY = 1440


def load_event(path: Path) -> Event:
    """The event that the file at `path` describes. Raises EventFileError with every mistake of it."""
    source = read_source(path)
    event = event_of(source)
    if event is None:
        raise EventFileError(path, source.mistakes)
    return event


def event_of(source: Source) -> Event | None:
    """The event of a parsed file; None if there are mistakes, which `source` then holds."""
    head = source.table("event")
    slug, name, name_ur = head.slug(), head.text("name"), head.text("name_ur", "")
    venue, venue_ur = head.text("venue"), head.text("venue_ur", "")
    time_zone = head.word("time_zone", _time_zones(), "a time zone like Asia/Karachi")
    public_url = head.address("public_url")
    capacity = head.whole("capacity", 1, _MOST_PEOPLE, default=0) or None
    re_entry = head.choice("re_entry", model.ReEntry.ALLOW)
    again_after_minutes = head.whole("again_after_minutes", 0, _MINUTES_OF_A_DAY, default=10)
    names_on_tablets = head.flag("names_on_tablets", default=True)
    head.note_unknown()

    days = _days(source)
    zones = _places(source, "zone", model.Zone)
    rules.check_given(source, "zone", "slug and name: the first is the expo itself")
    gates = _gates(source)
    categories = _categories(source, days)
    sectors = _places(source, "sector", model.Sector)
    clusters = _places(source, "cluster", model.Cluster)
    register, mailing = rules.register_of(source), _mailing(source)
    source.note_unknown(_TABLES)
    if source.mistakes:
        return None
    return Event(
        slug=slug,
        name=name,
        name_ur=name_ur,
        venue=venue,
        venue_ur=venue_ur,
        time_zone=ZoneInfo(time_zone),
        public_url=public_url,
        capacity=capacity,
        re_entry=re_entry,
        again_after_minutes=again_after_minutes,
        names_on_tablets=names_on_tablets,
        days=tuple(day for day in days if day),
        zones=zones,
        gates=gates,
        categories=categories,
        sectors=sectors,
        clusters=clusters,
        register=register,
        mailing=mailing,
    )


@cache
def _time_zones() -> Collection[str]:
    return available_timezones()


def _days(source: Source) -> list[EventDay | None]:
    """The days; None for one whose date could not be read."""
    tables = source.tables("day")
    days = [_day(table) for table in tables]
    rules.check_days(source, tables, days)
    return days


def _day(table: Table) -> EventDay | None:
    date, kind = table.local_date("date"), table.choice("kind", model.DayKind.SHOW)
    opens, closes = table.local_time("opens"), table.local_time("closes")
    table.note_unknown()
    return EventDay(date=date, kind=kind, opens=opens, closes=closes) if date else None


def _places(source: Source, name: str, kind: type[Place]) -> tuple[Place, ...]:
    """Zones, sectors or clusters: a slug and a name each."""
    tables = source.tables(name)
    places = []
    for table in tables:
        places.append(kind(slug=table.slug(), name=table.text("name"), name_ur=table.text("name_ur", "")))
        table.note_unknown()
    rules.check_unique(tables, "slug", "a slug names one thing only")
    return tuple(places)


def _gates(source: Source) -> tuple[model.Gate, ...]:
    tables = source.tables("gate")
    zones, categories = rules.slugs_in(source, "zone"), rules.slugs_in(source, "category")
    gates = [_gate(table, zones, categories) for table in tables]
    rules.check_unique(tables, "slug", "a slug names one gate only")
    rules.check_gates(source, gates)
    return tuple(gates)


def _gate(table: Table, zones: list[str], categories: list[str]) -> model.Gate:
    gate = model.Gate(
        slug=table.slug(),
        name=table.text("name"),
        name_ur=table.text("name_ur", ""),
        zone=table.word("zone", zones, "the slug of a zone"),
        direction=table.choice("direction", model.Direction.BOTH),
        categories=table.words("categories", categories, "the slug of a category"),
    )
    table.note_unknown()
    return gate


def _categories(source: Source, days: list[EventDay | None]) -> tuple[model.Category, ...]:
    tables = source.tables("category")
    categories = [_category(table) for table in tables]
    rules.check_unique(tables, "slug", "a slug names one category only")
    rules.check_unique(tables, "number", "badges carry it instead of the name")
    rules.check_categories(source, tables, categories, days)
    return tuple(categories)


def _category(table: Table) -> model.Category:
    category = model.Category(
        slug=table.slug(),
        name=table.text("name"),
        name_ur=table.text("name_ur", ""),
        number=table.whole("number", 0, _HIGHEST_NUMBER),
        colour=table.colour("colour"),
        public=table.flag("public", default=False),
        counts_as=table.choice("counts_as", model.CountsAs.NONE),
        days=table.local_dates("days"),
        early_minutes=table.whole("early_minutes", 0, _MINUTES_OF_A_DAY, default=0),
    )
    table.note_unknown()
    return category


def _mailing(source: Source) -> model.Mailing | None:
    """What `[mail]` says; None without one: then no mail is sent."""
    table = source.table("mail", needed=False)
    if "mail" not in source.document:
        return None
    mailing = model.Mailing(
        sender=table.email("from"), reply_to=table.email("reply_to", ""), reports_to=table.emails("reports_to")
    )
    table.note_unknown()
    return mailing
