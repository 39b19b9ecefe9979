"""Counting the plain way: one GROUP BY over the facts for each figure. Slow; the quick sums are checked against it.

A visitor has one category, so distinct people of several categories are the sum of each category's. Entries are of
*people*: a scan of nobody known (a forged code let in under the supervisor's PIN) counts at its gate's screen only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from checkin.admission import discrepancies
from checkin.admission.queries import counts, entries
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.attendance.minutes import MinuteOf
from checkin.attendance.model import Sums
from checkin.attendance.policy import Scope, city_key
from checkin.event.model import Direction, Event
from checkin.visitors.persons import person
from checkin.visitors.tables import DoubleRow, VisitorRow, VisitorSectorRow

_PEOPLE = func.count(distinct(AdmissionRow.visitor_id))
_Statement = Select[*tuple[Any, ...]]


class Groupings:
    """Counts what is asked for, in one session. What several days have in common is counted once."""

    def __init__(self, session: Session, event: Event) -> None:
        self._session, self._event = session, event
        self._entries = cache(partial(_entries_by_place, session))
        self._daily = cache(partial(_people_by_day, session))
        self._first_times = cache(partial(_first_times, session))
        self._discrepancies = cache(partial(discrepancies.count, session))

    def read(self, scope: Scope) -> Sums:
        """Everything that is counted of the days of `scope`, by the facts alone."""
        session, zone = self._session, self._event.first_zone
        return Sums(
            people=_people_by(session, scope.asked, VisitorRow.category),
            daily=self._daily(scope.told),
            entries=self._entries(scope.told),
            first_times=self._first_times(scope.show_days, scope.categories),
            visitors_by_gate=_visitors_by_gate(session, scope),
            visitors_by_zone=_pairs(session, _admitted(scope, AdmissionRow.zone)),
            visitors_by_country=_pairs(session, _admitted(scope, VisitorRow.country)),
            visitors_by_sector=_visitors_by_sector(session, scope),
            visitors_by_gender=_pairs(session, _admitted(scope, VisitorRow.gender)),
            visitors_by_city=_by_city(_pairs(session, _admitted(scope, VisitorRow.city))),
            people_by_cluster=_people_by(session, scope.asked, VisitorRow.cluster),
            first_hours=self._hours(_first_moments(session, scope)),
            entry_hours=self._hours(_entry_moments(session, scope, zone)),
            inside=_people_inside(session, scope.day, zone) if scope.day else 0,
            scanned=_who_scanned(session, scope.asked),
            discrepancies=self._discrepancies(),
        )

    def _hours(self, moments: Counter[datetime]) -> dict[int, int]:
        hours: Counter[int] = Counter()
        for moment, number in moments.items():
            hours[self._event.local(moment).hour] += number
        return dict(hours)


def _people_by_day(session: Session, days: Sequence[date]) -> dict[tuple[date, str], int]:
    """Distinct people admitted, by day and category."""
    rows = session.execute(
        select(AdmissionRow.day, VisitorRow.category, _PEOPLE)
        .join(VisitorRow, VisitorRow.id == AdmissionRow.visitor_id)
        .where(AdmissionRow.day.in_(days))
        .group_by(AdmissionRow.day, VisitorRow.category)
    )
    return {(day, category): people for day, category, people in rows}


def _people_by(session: Session, days: Sequence[date], by: InstrumentedAttribute[str]) -> dict[str, int]:
    """Distinct people of every category admitted on any of these days, by what they declared, if they did."""
    statement = (
        select(by, _PEOPLE)
        .join(AdmissionRow, AdmissionRow.visitor_id == VisitorRow.id)
        .where(AdmissionRow.day.in_(days), by != "")
        .group_by(by)
    )
    return _pairs(session, statement)


def _by_city(spelled: Mapping[str, int]) -> dict[str, int]:
    cities: Counter[str] = Counter()
    for city, number in spelled.items():
        cities[city_key(city)] += number
    return dict(cities)


def _entries_by_place(session: Session, days: Collection[date]) -> dict[tuple[date, str, str, str], int]:
    """Entries of people, by day, zone, gate and category."""
    rows = session.execute(
        _of_people(select(ScanRow.day, ScanRow.zone, ScanRow.gate, VisitorRow.category, func.count()))
        .where(ScanRow.day.in_(days), entries())
        .group_by(ScanRow.day, ScanRow.zone, ScanRow.gate, VisitorRow.category)
    )
    return {(day, zone, gate, category): number for day, zone, gate, category, number in rows}


def _visitors_by_gate(session: Session, scope: Scope) -> dict[str, int]:
    """Distinct people with an entry at each gate."""
    statement = (
        _of_people(select(ScanRow.gate, func.count(distinct(VisitorRow.id))))
        .where(ScanRow.day.in_(scope.days), VisitorRow.category.in_(scope.categories), entries())
        .group_by(ScanRow.gate)
    )
    return _pairs(session, statement)


def _visitors_by_sector(session: Session, scope: Scope) -> dict[str, int]:
    """Distinct people admitted, by each sector that they named."""
    statement = _admitted(scope, VisitorSectorRow.sector)
    return _pairs(session, statement.join(VisitorSectorRow, VisitorSectorRow.visitor_id == VisitorRow.id))


def _first_times(session: Session, show_days: Sequence[date], categories: Sequence[str]) -> dict[date, int]:
    """How many people came for the first time on each show day."""
    first = (
        select(func.min(AdmissionRow.day).label("day"))
        .join(VisitorRow, VisitorRow.id == AdmissionRow.visitor_id)
        .where(AdmissionRow.day.in_(show_days), VisitorRow.category.in_(categories))
        .group_by(AdmissionRow.visitor_id)
        .subquery()
    )
    rows = session.execute(select(first.c.day, func.count()).group_by(first.c.day))
    return {row[0]: row[1] for row in rows}


def _first_moments(session: Session, scope: Scope) -> Counter[datetime]:
    """The minutes of people's earliest admissions of a day, in whatever zone."""
    first = (
        select(func.min(AdmissionRow.at).label("at"))
        .join(VisitorRow, VisitorRow.id == AdmissionRow.visitor_id)
        .where(AdmissionRow.day.in_(scope.days), VisitorRow.category.in_(scope.categories))
        .group_by(AdmissionRow.visitor_id, AdmissionRow.day)
        .subquery()
    )
    minute = MinuteOf(first.c.at).label("minute")
    return _moments(session.execute(select(minute, func.count()).group_by(minute)))


def _entry_moments(session: Session, scope: Scope, zone: str) -> Counter[datetime]:
    """The minutes of people's entries to a zone."""
    minute = MinuteOf(ScanRow.scanned_at).label("minute")
    rows = session.execute(
        _of_people(select(minute, func.count()))
        .where(ScanRow.day.in_(scope.days), ScanRow.zone == zone, VisitorRow.category.in_(scope.categories), entries())
        .group_by(minute)
    )
    return _moments(rows)


def _people_inside(session: Session, day: date, zone: str) -> int:
    """People of every category whose last scan that counts in the zone that day was no exit."""
    latest = func.row_number().over(partition_by=VisitorRow.id, order_by=(ScanRow.scanned_at.desc(), ScanRow.id.desc()))
    scans = (
        _of_people(select(ScanRow.direction, latest.label("place")))
        .where(ScanRow.day == day, ScanRow.zone == zone, counts())
        .subquery()
    )
    return (
        session.scalar(
            select(func.count()).select_from(scans).where(scans.c.place == 1, scans.c.direction != Direction.OUT)
        )
        or 0
    )


def _who_scanned(session: Session, days: Sequence[date]) -> frozenset[tuple[int, date]]:
    """Which device scanned on which day, refused scans too."""
    rows = session.execute(select(ScanRow.device_id, ScanRow.day).where(ScanRow.day.in_(days)).distinct())
    return frozenset((device, day) for device, day in rows)


def _of_people(scans: _Statement) -> _Statement:
    """A statement of scans, each joined to the person it counts for; nobody's are left out."""
    return (
        scans.select_from(ScanRow)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == ScanRow.visitor_id)
        .join(VisitorRow, VisitorRow.id == person(ScanRow.visitor_id))
    )


def _admitted(scope: Scope, by: InstrumentedAttribute[str]) -> Select[str, int]:
    return (
        select(by, _PEOPLE)
        .select_from(AdmissionRow)
        .join(VisitorRow, VisitorRow.id == AdmissionRow.visitor_id)
        .where(AdmissionRow.day.in_(scope.days), VisitorRow.category.in_(scope.categories))
        .group_by(by)
    )


def _pairs(session: Session, statement: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(statement)}


def _moments(rows: Iterable[Any]) -> Counter[datetime]:
    return Counter({datetime.fromisoformat(minute).replace(tzinfo=UTC): number for minute, number in rows})
