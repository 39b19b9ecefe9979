"""What should have come of a scenario: which scans count, and every figure of attendance. Sets and loops alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checkin.event.model import CountsAs, DayKind, Direction, Event
from checkin.venue.simulation.model import Correction, Guest, Held, Scan, Scenario
from checkin.venue.simulation.rules import Where, is_counted, refusal, where_of

UNDO_WITHIN = timedelta(minutes=5)
Figures = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One scan: where it stands, whose it is (None: nobody's), and why it is refused, as far as its moment decides."""

    place: int
    scan: Scan
    where: Where
    guest: Guest | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Pass:
    """A scan that counts, of somebody."""

    guest: Guest
    where: Where
    at: datetime
    id: str


def facts(scenario: Scenario) -> list[Fact]:
    """Every scan that can be read, in the scenario's order."""
    found = []
    for place, scan in enumerate(scenario.scans):
        if not scan.is_broken:
            where = where_of(scenario.event, scan, scenario.tablets[scan.tablet])
            guest = None if scan.code.guest is None else scenario.guests[scan.code.guest]
            reason = refusal(scenario.event, guest, scan.code, scan.scanned_at, where)
            is_known = scan.code.held in {Held.BADGE, Held.SHORT_CODE}
            found.append(Fact(place=place, scan=scan, where=where, guest=guest if is_known else None, reason=reason))
    return found


def is_taken(scenario: Scenario, correction: Correction) -> bool:
    """Whether the server should take this correction: an undo only of the tablet's own, within five minutes."""
    scan = scenario.scans[correction.scan]
    in_time = correction.at - scan.scanned_at <= UNDO_WITHIN
    return not correction.is_undo or (scan.tablet == correction.tablet and in_time)


def counting(scenario: Scenario, found: Iterable[Fact], refused: Mapping[int, str]) -> list[Fact]:
    """The scans that count: accepted or let in by a supervisor, and not taken back. Nobody's count at their gate alone.

    `refused`: reasons that the order of arrival decided.
    """
    taken = [one for one in scenario.corrections if is_taken(scenario, one)]
    undone = {one.scan for one in taken if one.is_undo}
    let_in = {one.scan for one in taken if not one.is_undo}
    return [
        fact
        for fact in found
        if fact.place not in undone and (fact.place in let_in or (fact.reason is None and fact.place not in refused))
    ]


def passes(counted: Iterable[Fact]) -> list[Pass]:
    """Those of somebody, in the order of their moments."""
    found = [
        Pass(fact.guest, fact.where, fact.scan.scanned_at, fact.scan.id) for fact in counted if fact.guest is not None
    ]
    return sorted(found, key=lambda one: (one.at, one.id))


def entries_at(counted: Iterable[Fact], gate: str, day: date) -> int:
    """What the screens of a gate show as the day's entries."""
    return sum((fact.where.gate, fact.where.day, fact.where.is_in) == (gate, day, True) for fact in counted)


def admissions(counted: Iterable[Pass]) -> dict[tuple[int, date, str], Pass]:
    """Each person's first entry of a day in a zone."""
    first: dict[tuple[int, date, str], Pass] = {}
    for one in counted:
        if one.where.is_in:
            first.setdefault((one.guest.place, one.where.day, one.where.zone), one)
    return first


def figures(event: Event, counted: Sequence[Pass], day: date | None) -> Figures:
    """The figures of contract section 6 for a day, or for all show days; lists as mappings without their zeros."""
    show = {one.date for one in event.days if one.kind is DayKind.SHOW}
    asked = show if day is None else {day}
    expo = event.zones[0].slug
    into = [one for one in counted if one.where.is_in]
    ours = [one for one in into if is_counted(event, one.guest) and one.where.day in show]
    mine = [one for one in ours if one.where.day in asked]
    all_of_days = [one for one in into if one.where.day in asked]
    at_expo = [one for one in mine if one.where.zone == expo]
    everyone_at_expo = [one for one in all_of_days if one.where.zone == expo]
    came: dict[int, date] = {}
    for one in ours:
        came[one.guest.place] = min(one.where.day, came.get(one.guest.place, one.where.day))
    firsts = {(one.guest.place, one.where.day): one for one in reversed(mine)}.values()
    return {
        "visitors": _people(mine),
        "trade": _people(one for one in mine if is_counted(event, one.guest) is CountsAs.TRADE),
        "public": _people(one for one in mine if is_counted(event, one.guest) is CountsAs.PUBLIC),
        "visits": len({(one.guest.place, one.where.day) for one in mine}),
        "entries": len(at_expo),
        "inside": _inside(event, counted, day),
        "first_time": sum(first in asked for first in came.values()),
        "everyone.people": _people(all_of_days),
        "everyone.entries": len(everyone_at_expo),
        "by_gate.visitors": _by(mine, lambda one: [one.where.gate]),
        "by_gate.entries": Counter(one.where.gate for one in mine),
        "by_zone.visitors": _by(mine, lambda one: [one.where.zone]),
        "by_zone.entries": Counter(one.where.zone for one in mine),
        "by_hour.first": Counter(_hour(event, one) for one in firsts),
        "by_hour.entries": Counter(_hour(event, one) for one in at_expo),
        "by_category.people": _by(all_of_days, lambda one: [one.guest.details.category]),
        "by_category.entries": Counter(one.guest.details.category for one in everyone_at_expo),
        "by_country.visitors": _by(mine, lambda one: [one.guest.details.country]),
        "by_sector.visitors": _by(mine, lambda one: list(one.guest.details.sectors)),
        "by_gender.visitors": _by(mine, lambda one: [one.guest.details.gender]),
        "by_city.visitors": _by(mine, lambda one: [one.guest.details.city.strip().casefold()]),
        "by_cluster.people": _by(
            all_of_days, lambda one: [one.guest.details.cluster] * bool(one.guest.details.cluster)
        ),
        "by_day.visitors": _by(ours, lambda one: [one.where.day.isoformat()]),
        "by_day.entries": Counter(one.where.day.isoformat() for one in ours if one.where.zone == expo),
    }


def _people(some: Iterable[Pass]) -> int:
    return len({one.guest.place for one in some})


def _by(some: Iterable[Pass], names: Callable[[Pass], Iterable[str]]) -> dict[str, int]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for one in some:
        for name in names(one):
            found[name].add(one.guest.place)
    return {name: len(people) for name, people in found.items()}


def _hour(event: Event, one: Pass) -> str:
    return str(one.at.astimezone(event.time_zone).hour)


def _inside(event: Event, counted: Iterable[Pass], day: date | None) -> int | None:
    """Whose last passage of the day was no way out; None where nobody can be seen leaving, and for the whole event."""
    expo = event.zones[0].slug
    if day is None or all(gate.direction is Direction.IN for gate in event.gates if gate.zone == expo):
        return None
    last = {one.guest.place: one.where.is_in for one in counted if (one.where.day, one.where.zone) == (day, expo)}
    return sum(last.values())
