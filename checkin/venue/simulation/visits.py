"""Who comes when, and what they do in a day: a rush at the doors, lunch, a pavilion, home."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from checkin.event.model import Category, CountsAs, Direction, Event, Gate
from checkin.venue.simulation.model import Code, Guest, Held, Move

FOR_FEW = 4  # whoever has a gate of their own goes there, so many times as often as elsewhere
TYPED = 0.015  # so often the camera cannot read a badge, and its short code is typed


@dataclass(frozen=True, slots=True)
class Day:
    """One show day that is played, from its opening to its closing."""

    date: date
    opens: datetime
    closes: datetime

    @property
    def length(self) -> timedelta:
        return self.closes - self.opens


@dataclass(slots=True)
class Visit:
    """One person's day, as far as it is made up. `last`: when they were seen last; `seen`: what they did but once."""

    guest: Guest
    day: Day
    came_at: datetime
    last: datetime
    seen: set[str] = field(default_factory=set)


class Ways:
    """Which gates people take: those first in the event file are the busiest."""

    def __init__(self, event: Event, dice: random.Random) -> None:
        self._event, self._dice = event, dice

    def into(self, zone: str, category: str) -> str | None:
        """A gate into `zone` for this category, if there is one."""
        return self._pick(zone, category, Direction.OUT)

    def out_of(self, zone: str, category: str) -> str | None:
        """A gate out of `zone`, if there is one."""
        return self._pick(zone, category, Direction.IN)

    def _pick(self, zone: str, category: str, never: Direction) -> str | None:
        gates = [gate for gate in self._event.gates if gate.zone == zone and gate.direction is not never]
        gates = [gate for gate in gates if not gate.categories or category in gate.categories]
        weights = [(FOR_FEW if gate.categories else 1) * self.weight(self._event, gate) for gate in gates]
        return self._dice.choices(gates, weights)[0].slug if gates else None

    @staticmethod
    def weight(event: Event, gate: Gate) -> float:
        """How busy a gate is among those of its zone: the first in the event file is 1, the others less and less."""
        place = [one.slug for one in event.gates if one.zone == gate.zone].index(gate.slug)
        return float(1 / (place + 1) ** 0.7)


def days_of(event: Event, count: int) -> tuple[Day, ...]:
    """The first `count` show days."""
    return tuple(Day(day.date, event.opens_at(day), event.closes_at(day)) for day in event.show_days[:count])


def coming(
    event: Event, category: Category, chosen: Sequence[date], days: Sequence[Day], dice: random.Random
) -> list[Day]:
    """On which days somebody comes: a visitor mostly on one, who works there on nearly all; some never."""
    may = [day for day in days if day.date in event.days_of(category, tuple(chosen))]
    if category.counts_as is CountsAs.NONE:
        return [day for day in may if dice.random() < 0.92]  # noqa: PLR2004
    often = dice.choices((0, 1, 2, 3), (18, 60, 15, 7))[0]
    return sorted(dice.sample(may, min(often, len(may))), key=lambda day: day.date)


def arrival(day: Day, category: Category, dice: random.Random) -> datetime:
    """A moment to come: a peak in the morning, a smaller one after lunch; who may come early does."""
    if category.early_minutes and dice.random() < 0.85:  # noqa: PLR2004
        return day.opens - timedelta(minutes=category.early_minutes * dice.uniform(-0.15, 0.95))
    kind, length = dice.random(), day.length
    if kind < 0.008:  # noqa: PLR2004
        return day.closes + timedelta(minutes=dice.uniform(1, 40))
    if kind < 0.02:  # noqa: PLR2004
        return day.opens - timedelta(minutes=dice.uniform(1, 15) + category.early_minutes)
    if kind < 0.6:  # noqa: PLR2004
        part = dice.gammavariate(2, 0.035)
    elif kind < 0.8:  # noqa: PLR2004
        part = dice.gauss(0.5, 0.06)
    else:
        part = dice.uniform(0, 0.85)
    return day.opens + length * min(max(part, 0.0), 0.95)


def entry(visit: Visit, event: Event, ways: Ways, dice: random.Random) -> Iterator[Move]:
    """The first scan of a day. Who stood there before the doors opened comes again."""
    category = event.category_by_slug[visit.guest.details.category]
    gate, may = ways.into(event.first_zone, category.slug), visit.day.opens - timedelta(minutes=category.early_minutes)
    yield from _through(visit, gate, "in", visit.came_at, dice)
    if visit.came_at < may:
        yield from _through(visit, gate, "in", may + timedelta(minutes=dice.uniform(0.1, 8)), dice)


def more(visit: Visit, event: Event, ways: Ways, dice: random.Random) -> Iterator[Move]:
    """Something else that they do that day; a scan or two, or three."""
    category, day = visit.guest.details.category, visit.day
    pavilions = [zone.slug for zone in event.zones[1:] if ways.into(zone.slug, category)]
    wish = dice.choices(("lunch", "pavilion", "home", "again"), (30, 24 if pavilions else 0, 24, 22))[0]
    if wish == "lunch" and "lunch" not in visit.seen and visit.came_at < day.opens + day.length * 0.3:
        visit.seen.add("lunch")
        out = day.opens + day.length * dice.uniform(0.31, 0.45)
        yield from _through(visit, ways.out_of(event.first_zone, category), "out", out, dice)
        back = out + timedelta(minutes=dice.uniform(20, 80))
        yield from _through(visit, ways.into(event.first_zone, category), "in", back, dice)
    elif wish == "pavilion":
        zone, at = dice.choice(pavilions), visit.came_at + timedelta(minutes=dice.uniform(8, 200))
        yield from _through(visit, ways.into(zone, category), "in", at, dice)
        if dice.random() < 0.4:  # noqa: PLR2004
            at += timedelta(minutes=dice.uniform(5, 60))
            yield from _through(visit, ways.out_of(zone, category), "out", at, dice)
    elif wish == "home" and "home" not in visit.seen:
        visit.seen.add("home")
        at = max(visit.last + timedelta(minutes=dice.uniform(5, 240)), visit.last)
        yield from _through(visit, ways.out_of(event.first_zone, category), "out", min(at, day.closes), dice)
    else:  # out through a door where nobody scans, and in again
        at = visit.came_at + timedelta(minutes=dice.uniform(12, 300))
        yield from _through(visit, ways.into(event.first_zone, category), "in", at, dice)


def worn(guest: Guest, at: datetime, dice: random.Random) -> Code:
    """What they show at `at`: the badge that they wear, or its short code, typed."""
    if dice.random() < TYPED:
        return Code(held=Held.SHORT_CODE, guest=guest.place)
    return Code(held=Held.BADGE, guest=guest.place, issue=guest.worn_at(at))


def _through(visit: Visit, gate: str | None, direction: str, at: datetime, dice: random.Random) -> Iterator[Move]:
    if gate is not None:
        visit.last = max(visit.last, at)
        yield Move(at=at, gate=gate, direction=direction, code=worn(visit.guest, at, dice))
