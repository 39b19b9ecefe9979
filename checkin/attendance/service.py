"""What can be asked of attendance: the figures. Whether they rest on true admissions: audit.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from checkin.attendance import policy, queries
from checkin.attendance.model import (
    Attendance,
    CategoryCount,
    CountryCount,
    DayCount,
    Everyone,
    GateCount,
    HourCount,
    SectorCount,
    ZoneCount,
)
from checkin.attendance.queries import Scope
from checkin.devices.service import all_devices
from checkin.event.model import CountsAs, Direction, Event


class NotADayError(LookupError):
    """This date is no day of the event."""


def count(session: Session, event: Event, *, day: date | None, now: datetime) -> Attendance:
    """The figures of one event day, or of all show days when `day` is None. Raises NotADayError.

    Only show days count: on a day of building up or taking down there are no visitors, but *everyone*, *inside* and
    *by category* tell who came. *First time*: the visitor was admitted on no earlier show day. *By gate* and *by
    category* name every gate and category of the event, *by hour* every opening hour, also without anyone.
    """
    if day is not None and day not in event.day_by_date:
        raise NotADayError(day)
    show_days = tuple(show.date for show in event.show_days)
    asked = show_days if day is None else (day,)
    as_trade, as_public = (_slugs(event, kind) for kind in (CountsAs.TRADE, CountsAs.PUBLIC))
    scope = Scope(days=[one for one in asked if one in show_days], categories=as_trade + as_public)
    people = queries.people_by_category(session, asked)
    daily = queries.people_by_day(session, show_days)
    tally = _Tally(queries.entries_by_place(session, {*show_days, *asked}), event, scope, asked)
    first_times = queries.first_times(session, show_days, scope.categories)
    visitors = {one: sum(daily.get((one, slug), 0) for slug in scope.categories) for one in show_days}
    trade, public = (sum(people.get(slug, 0) for slug in slugs) if scope.days else 0 for slugs in (as_trade, as_public))
    return Attendance(
        day=day,
        as_of=now,
        waiting=policy.waiting(event, all_devices(session), queries.who_scanned(session, asked), asked, now),
        visitors=trade + public,
        trade=trade,
        public=public,
        visits=sum(visitors[one] for one in scope.days),
        entries=tally.of_visitors,
        inside=_inside(session, event, day),
        first_time=sum(first_times.get(one, 0) for one in scope.days),
        everyone=Everyone(people=sum(people.values()), entries=sum(tally.by_category.values())),
        by_gate=tuple(
            GateCount(slug, number, tally.by_gate[slug])
            for slug, number in _all((gate.slug for gate in event.gates), queries.visitors_by_gate(session, scope))
        ),
        by_zone=tuple(
            ZoneCount(slug, number, tally.by_zone[slug])
            for slug, number in _all((zone.slug for zone in event.zones), queries.visitors_by_zone(session, scope))
        ),
        by_hour=_by_hour(session, event, scope, asked),
        by_category=tuple(
            CategoryCount(slug, number, tally.by_category[slug])
            for slug, number in _all((category.slug for category in event.categories), people)
        ),
        by_country=tuple(
            CountryCount(code, number) for code, number in _most_first(queries.visitors_by_country(session, scope))
        ),
        by_sector=tuple(
            SectorCount(slug, number) for slug, number in _most_first(queries.visitors_by_sector(session, scope))
        ),
        by_day=tuple(DayCount(one, visitors[one], tally.by_day[one]) for one in show_days),
    )


class _Tally:
    """Entries, added up in each way that is asked for."""

    def __init__(
        self, rows: Iterable[tuple[date, str, str, str, int]], event: Event, scope: Scope, asked: Iterable[date]
    ) -> None:
        self.by_day: Counter[date] = Counter()
        self.by_gate: Counter[str] = Counter()
        self.by_zone: Counter[str] = Counter()
        self.by_category: Counter[str] = Counter()
        for day, zone, gate, category, number in rows:
            is_visitor, is_first_zone = category in scope.categories, zone == event.first_zone
            if is_visitor and is_first_zone:
                self.by_day[day] += number
            if is_visitor and day in scope.days:
                self.by_gate[gate] += number
                self.by_zone[zone] += number
            if is_first_zone and day in asked:
                self.by_category[category] += number
        self.of_visitors = self.by_zone[event.first_zone]


def _slugs(event: Event, kind: CountsAs) -> tuple[str, ...]:
    return tuple(category.slug for category in event.categories if category.counts_as is kind)


def _inside(session: Session, event: Event, day: date | None) -> int | None:
    ways_out = [gate for gate in event.gates if gate.zone == event.first_zone and gate.direction is not Direction.IN]
    return queries.people_inside(session, day, event.first_zone) if day is not None and ways_out else None


def _by_hour(session: Session, event: Event, scope: Scope, asked: Iterable[date]) -> tuple[HourCount, ...]:
    first = _hours(event, queries.first_moments(session, scope))
    entries = _hours(event, queries.entry_moments(session, scope, event.first_zone))
    hours = {*first, *entries}
    for day in (event.day_by_date[one] for one in asked):
        last = event.closes_at(day)
        hours.add(day.opens.hour)
        hours.add(23 if last.date() > day.date else last.hour if last.minute else last.hour - 1)
    return tuple(HourCount(hour, first[hour], entries[hour]) for hour in range(min(hours), max(hours) + 1))


def _hours(event: Event, moments: Counter[datetime]) -> Counter[int]:
    hours: Counter[int] = Counter()
    for moment, number in moments.items():
        hours[event.local(moment).hour] += number
    return hours


def _all(slugs: Iterable[str], found: dict[str, int]) -> list[tuple[str, int]]:
    """Every slug of the event in its order, then whatever else was found: what a later event file no longer names."""
    known = tuple(slugs)
    return [(slug, found.get(slug, 0)) for slug in (*known, *sorted(found.keys() - set(known)))]


def _most_first(found: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
