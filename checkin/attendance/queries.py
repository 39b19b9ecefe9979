"""Every count there is, read from the sums: as quick with five million scans as with five.

What waits to be counted is worked out on the way and added, as long as it is little. So figures are exact at the moment
when they are read, whoever counts and whenever, and reading writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, bindparam, func, or_, select
from sqlalchemy.orm import Session

from checkin.admission import recounts
from checkin.admission.queries import entries
from checkin.admission.tables import ScanRow
from checkin.attendance.facts import difference
from checkin.attendance.model import Kind, Pace, Sums
from checkin.attendance.policy import Scope, rules_of
from checkin.attendance.share import VERSION, Tally
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyStateRow
from checkin.database import table_of
from checkin.event.model import Direction, Event
from checkin.visitors.persons import is_double
from checkin.visitors.tables import VisitorRow

MOST_ON_THE_WAY = 500  # notes of what waits
PACE_MINUTES = 5
Key = TypeVar("Key")

_SCAN, _PEOPLE, _STATE = (table_of(row).c for row in (TallyScanRow, TallyPeopleRow, TallyStateRow))
_PLACES = (_SCAN.day, _SCAN.hour, _SCAN.zone, _SCAN.gate, _SCAN.category)
# Statements are made once: compiling one costs more than running it.
_ENTRIES = (
    select(*_PLACES, func.sum(_SCAN.counted))
    .where(_SCAN.day.in_(bindparam("told", expanding=True)), _SCAN.direction == Direction.IN, _SCAN.category != "")
    .group_by(*_PLACES)
)
_ROWS = select(_PEOPLE.day, _PEOPLE.kind, _PEOPLE.key, _PEOPLE.category, _PEOPLE.people, _PEOPLE.newcomers).where(
    _PEOPLE.day.in_(bindparam("told", expanding=True)),
    or_(_PEOPLE.kind == Kind.ALL, _PEOPLE.day.in_(bindparam("asked", expanding=True))),
)
_ENTERED = select(func.sum(_SCAN.counted)).where(
    _SCAN.day == bindparam("day"), _SCAN.gate == bindparam("gate"), _SCAN.direction == Direction.IN
)
_REGISTERED = select(VisitorRow.category, func.count()).where(~is_double(VisitorRow.id)).group_by(VisitorRow.category)
_DISCREPANCIES = select(func.sum(_SCAN.discrepancies))
_STANDING = select(_STATE.version, _STATE.rules, _STATE.counted_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the sums are behind: more waits than is added on the way. `counted_at`: when something last was."""

    is_behind: bool
    counted_at: datetime | None


def read(session: Session, event: Event, scope: Scope) -> tuple[Sums, Standing]:
    """Everything that is counted of the days of `scope`, and how true it is."""
    connection = session.connection()
    more, standing = _waiting(connection, event)
    people = _People(connection, scope, more)
    places: Counter[tuple[date, str, str, str]] = Counter()
    hours: Counter[int] = Counter()
    for (day, hour, zone, gate, category), number in _entries(connection, scope, more).items():
        places[day, zone, gate, category] += number
        if zone == event.first_zone and day in scope.days and category in scope.categories:
            hours[hour] += number
    sums = Sums(
        people=_some(people.present()),
        daily=_some({(day, category): here for day, _, category, here, _ in people.of(Kind.ALL)}),
        entries=_some(places),
        first_times=_some(people.first_times()),
        visitors_by_gate=_some(people.visitors(Kind.GATE)),
        visitors_by_zone=_some(people.visitors(Kind.ZONE)),
        visitors_by_country=_some(people.visitors(Kind.COUNTRY)),
        visitors_by_sector=_some(people.visitors(Kind.SECTOR)),
        visitors_by_gender=_some(people.visitors(Kind.GENDER)),
        visitors_by_city=_some(people.visitors(Kind.CITY)),
        people_by_cluster=_some(people.by_cluster()),
        first_hours=_some({int(hour): number for hour, number in people.first_hours().items()}),
        entry_hours=_some(hours),
        inside=sum(here for _, zone, _, here, _ in people.of(Kind.INSIDE) if scope.day and zone == event.first_zone),
        scanned=frozenset((int(device), day) for day, device, _, here, _ in people.of(Kind.DEVICE) if here),
        discrepancies=_discrepancies(connection, more),
    )
    return sums, standing


def registered(session: Session) -> dict[str, int]:
    """How many people are registered, by category; who registered twice is one of them once it is known."""
    return {row[0]: row[1] for row in session.execute(_REGISTERED)}


def pace(session: Session, now: datetime) -> Pace:
    """How many entered in the last minutes before `now`, as far as their scans are here."""
    since = now - timedelta(minutes=PACE_MINUTES)
    rows = session.execute(
        select(ScanRow.gate, func.count())
        .where(ScanRow.scanned_at > since, ScanRow.scanned_at <= now, ScanRow.visitor_id.is_not(None), entries())
        .group_by(ScanRow.gate)
    )
    by_gate = {row[0]: row[1] for row in rows}
    return Pace(minutes=PACE_MINUTES, entries=sum(by_gate.values()), by_gate=by_gate)


def find_entries_at(connection: Connection, event: Event, gate: str, day: date) -> int | None:
    """How many entered at a gate on a day, as its screen shows it: nobody known too. None while sums are behind."""
    more, standing = _waiting(connection, event)
    if standing.is_behind:
        return None
    known: int = connection.scalar(_ENTERED, {"gate": gate, "day": day}) or 0
    return known + sum(
        counted
        for (on, at, _, _, direction, _, _), (_, counted, _) in more.scans.items()
        if (on, at, direction) == (day, gate, Direction.IN)
    )


class _People:
    """Sums of people with what waits, by kind: day, key, category, people, newcomers."""

    def __init__(self, connection: Connection, scope: Scope, more: Tally) -> None:
        self._scope = scope
        rows = connection.execute(_ROWS, {"told": scope.told, "asked": scope.asked}).all()
        found = {(day, kind, key, category): (here, new) for day, kind, key, category, here, new in rows}
        for place, (here, new) in more.people.items():
            if place[0] in (scope.told if place[1] == Kind.ALL else scope.asked):
                known = found.get(place, (0, 0))
                found[place] = (known[0] + here, known[1] + new)
        self._kinds: dict[str, list[tuple[date, str, str, int, int]]] = {kind: [] for kind in Kind}
        for (day, kind, key, category), numbers in found.items():
            self._kinds[kind].append((day, key, category, *numbers))

    def of(self, kind: Kind) -> list[tuple[date, str, str, int, int]]:
        return self._kinds[kind]

    def present(self) -> Counter[str]:
        """Distinct people of the days asked for, by category."""
        found: Counter[str] = Counter()
        for day, _, category, here, new in self.of(Kind.ALL):
            if day in self._scope.asked:
                found[category] += here if self._scope.day else new
        return found

    def by_cluster(self) -> Counter[str]:
        """Distinct people of the days asked for, of every category."""
        found: Counter[str] = Counter()
        for day, cluster, _, here, new in self.of(Kind.CLUSTER):
            if day in self._scope.asked:
                found[cluster] += here if self._scope.day else new
        return found

    def visitors(self, kind: Kind) -> Counter[str]:
        """Distinct visitors by key."""
        found: Counter[str] = Counter()
        for _, key, _, here, new in self._of_visitors(kind):
            found[key] += here if self._scope.day else new
        return found

    def first_hours(self) -> Counter[str]:
        """Visitors by the hour of their first entry of a day: on each day anew."""
        found: Counter[str] = Counter()
        for _, key, _, here, _ in self._of_visitors(Kind.HOUR):
            found[key] += here
        return found

    def first_times(self) -> Counter[date]:
        """Visitors for whom a day is their first, by day."""
        found: Counter[date] = Counter()
        for day, _, category, _, new in self.of(Kind.ALL):
            found[day] += new if category in self._scope.categories else 0
        return found

    def _of_visitors(self, kind: Kind) -> Iterable[tuple[date, str, str, int, int]]:
        scope = self._scope
        return (row for row in self.of(kind) if row[0] in scope.days and row[2] in scope.categories)


def _waiting(connection: Connection, event: Event) -> tuple[Tally, Standing]:
    """What is to be added to the sums, if it is little."""
    state = connection.execute(_STANDING).one_or_none()
    subjects, is_much = recounts.waiting(connection, MOST_ON_THE_WAY)
    is_of_other_rules = state is not None and (state.version, state.rules) != (VERSION, rules_of(event))
    standing = Standing(is_much or is_of_other_rules, state and state.counted_at)
    return Tally() if standing.is_behind else difference(connection, event, subjects)[0], standing


def _entries(connection: Connection, scope: Scope, more: Tally) -> Counter[tuple[date, int, str, str, str]]:
    """Entries of people by day, hour, zone, gate and category."""
    rows = connection.execute(_ENTRIES, {"told": scope.told}).all()
    found = Counter({(day, hour, zone, gate, category): number for day, hour, zone, gate, category, number in rows})
    for (day, gate, hour, zone, direction, _, category), (_, counted, _) in more.scans.items():
        if day in scope.told and direction == Direction.IN and category:
            found[day, hour, zone, gate, category] += counted
    return found


def _discrepancies(connection: Connection, more: Tally) -> int:
    return (connection.scalar(_DISCREPANCIES) or 0) + sum(number for _, _, number in more.scans.values())


def _some(found: Mapping[Key, int]) -> dict[Key, int]:
    """Without what came down to nothing."""
    return {key: number for key, number in found.items() if number}
