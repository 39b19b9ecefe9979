"""What can be asked of attendance: the figures. Whether they rest on true sums: audit.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from checkin.attendance import policy, queries
from checkin.attendance.model import (
    Attendance,
    CategoryCount,
    CityCount,
    ClusterCount,
    CountryCount,
    DayCount,
    Everyone,
    GateCount,
    GenderCount,
    HourCount,
    Registered,
    SectorCount,
    ZoneCount,
)
from checkin.attendance.policy import Scope, scope_of
from checkin.devices.service import all_devices
from checkin.event.model import Direction, Event

__all__ = ["NotACategoryError", "NotADayError", "count", "find_entries_at", "scope"]

find_entries_at = queries.find_entries_at


class NotADayError(LookupError):
    """This date is no day of the event."""


class NotACategoryError(LookupError):
    """This slug is no category of the event."""


def count(session: Session, event: Event, *, day: date | None, now: datetime, category: str = "") -> Attendance:
    """The figures of one event day, or of all show days when `day` is None. Raises NotADayError, NotACategoryError.

    With a `category` visitors are its people alone; *everyone*, *inside*, *by category* and *by cluster* stay whole.

    Only show days count: on a day of building up or taking down there are no visitors, but *everyone*, *inside* and
    *by category* tell who came. *First time*: the visitor was admitted on no earlier show day. *By gate* and *by
    category* name every gate and category of the event, *by hour* every opening hour, also without anyone.
    """
    asked = scope(event, day, category)
    sums, standing = queries.read(session, event, asked)
    tally = _Tally(sums.entries, event, asked)
    visitors = {one: sum(sums.daily.get((one, slug), 0) for slug in asked.categories) for one in asked.show_days}
    trade, public, others = (
        sum(sums.people.get(slug, 0) for slug in slugs) if asked.days else 0
        for slugs in (asked.trade, asked.public, asked.others)
    )
    return Attendance(
        day=day,
        as_of=(standing.counted_at or now) if standing.is_behind else now,
        waiting=policy.waiting(event, all_devices(session), sums.scanned, asked.asked, now),
        visitors=trade + public + others,
        trade=trade,
        public=public,
        visits=sum(visitors[one] for one in asked.days),
        entries=tally.of_visitors,
        inside=sums.inside if day is not None and _has_a_way_out(event) else None,
        first_time=sum(sums.first_times.get(one, 0) for one in asked.days),
        everyone=Everyone(people=sum(sums.people.values()), entries=sum(tally.by_category.values())),
        registered=_registered(session, asked),
        by_gate=tuple(
            GateCount(slug, number, tally.by_gate[slug])
            for slug, number in _all((gate.slug for gate in event.gates), sums.visitors_by_gate)
        ),
        by_zone=tuple(
            ZoneCount(slug, number, tally.by_zone[slug])
            for slug, number in _all((zone.slug for zone in event.zones), sums.visitors_by_zone)
        ),
        by_hour=_by_hour(event, asked, sums.first_hours, sums.entry_hours),
        by_category=tuple(
            CategoryCount(slug, number, tally.by_category[slug])
            for slug, number in _all((category.slug for category in event.categories), sums.people)
        ),
        by_country=tuple(CountryCount(code, number) for code, number in _most_first(sums.visitors_by_country)),
        by_sector=tuple(SectorCount(slug, number) for slug, number in _most_first(sums.visitors_by_sector)),
        by_gender=tuple(GenderCount(one, number) for one, number in _most_first(sums.visitors_by_gender)),
        by_city=tuple(CityCount(city, number) for city, number in _most_first(sums.visitors_by_city)),
        by_cluster=tuple(
            ClusterCount(slug, number)
            for slug, number in _all((cluster.slug for cluster in event.clusters), sums.people_by_cluster)
        ),
        by_day=tuple(DayCount(one, visitors[one], tally.by_day[one]) for one in asked.show_days),
        discrepancies=sums.discrepancies,
        is_behind=standing.is_behind,
        pace=queries.pace(session, now) if day == event.day_of(now) else None,
    )


def scope(event: Event, day: date | None, category: str = "") -> Scope:
    """What is asked of the event by a day of it, or None. Raises NotADayError, NotACategoryError."""
    if day is not None and day not in event.day_by_date:
        raise NotADayError(day)
    if category and category not in event.category_by_slug:
        raise NotACategoryError(category)
    return scope_of(event, day, category)


class _Tally:
    """Entries, added up in each way that is asked for."""

    def __init__(self, entries: Mapping[tuple[date, str, str, str], int], event: Event, asked: Scope) -> None:
        self.by_day: Counter[date] = Counter()
        self.by_gate: Counter[str] = Counter()
        self.by_zone: Counter[str] = Counter()
        self.by_category: Counter[str] = Counter()
        for (day, zone, gate, category), number in entries.items():
            is_visitor, is_first_zone = category in asked.categories, zone == event.first_zone
            if is_visitor and is_first_zone:
                self.by_day[day] += number
            if is_visitor and day in asked.days:
                self.by_gate[gate] += number
                self.by_zone[zone] += number
            if is_first_zone and day in asked.asked:
                self.by_category[category] += number
        self.of_visitors = self.by_zone[event.first_zone]


def _registered(session: Session, asked: Scope) -> Registered:
    found = queries.registered(session)
    trade, public, others = (
        sum(found.get(slug, 0) for slug in slugs) for slugs in (asked.trade, asked.public, asked.others)
    )
    return Registered(visitors=trade + public + others, trade=trade, public=public, everyone=sum(found.values()))


def _has_a_way_out(event: Event) -> bool:
    gates = event.every_gate.values()  # one that was closed let people out while it was open
    return any(gate.zone == event.first_zone and gate.direction is not Direction.IN for gate in gates)


def _by_hour(event: Event, asked: Scope, first: Mapping[int, int], entries: Mapping[int, int]) -> tuple[HourCount, ...]:
    hours = {*first, *entries}
    for day in (event.day_by_date[one] for one in asked.asked):
        last = event.closes_at(day)
        hours.add(day.opens.hour)
        hours.add(23 if last.date() > day.date else last.hour if last.minute else last.hour - 1)
    return tuple(
        HourCount(hour, first.get(hour, 0), entries.get(hour, 0)) for hour in range(min(hours), max(hours) + 1)
    )


def _all(slugs: Iterable[str], found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Every slug of the event in its order, then whatever else was found: what a later event file no longer names."""
    known = tuple(slugs)
    return [(slug, found.get(slug, 0)) for slug in (*known, *sorted(found.keys() - set(known)))]


def _most_first(found: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
