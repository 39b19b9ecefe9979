"""The figures at the head of the board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext

from checkin.attendance.model import Attendance
from checkin.event.model import Event
from checkin.organise.board_tables import Ways
from checkin.organise.words import number


@dataclass(frozen=True, slots=True)
class Figure:
    """`href`: the people or scans behind it."""

    key: str
    label: str
    value: str
    notes: tuple[str, ...] = ()
    href: str | None = None


def figures(event: Event, counted: Attendance, ways: Ways, *, is_today: bool, category: str) -> Iterator[Figure]:
    """The day at a glance. `category`: the name of the one that alone is shown, or nothing."""
    yield _visitors(counted, ways, is_today=is_today, category=category)
    rate = number(round(counted.entries / counted.visits, 1)) if counted.visits else ""
    if counted.day is None:
        note = gettext("a person on a day counts once")
        yield Figure("visits", gettext("Visits"), number(counted.visits), (note,))
    each = (gettext("%(number)s each", number=rate),) if rate else ()
    yield Figure("entries", gettext("Entries"), number(counted.entries), each, ways.scans(zone=event.first_zone))
    if counted.inside is not None and is_today:
        notes = [gettext("an estimate, never for evacuation")]
        if event.capacity:
            share = round(100 * counted.inside / event.capacity)
            notes.insert(
                0, gettext("of %(capacity)s: %(share)s %%", capacity=number(event.capacity), share=number(share))
            )
        yield Figure("inside", gettext("Inside now"), number(counted.inside), tuple(notes))
    if counted.pace is not None:
        note = gettext("entries of everyone, over the last %(minutes)s minutes", minutes=number(counted.pace.minutes))
        rate = number(round(counted.pace.entries / counted.pace.minutes, 1))
        yield Figure("pace", gettext("A minute now"), rate, (note,))
    busiest = max(counted.by_hour, key=lambda one: one.first)
    if busiest.first:
        span = f"{busiest.hour:02}–{busiest.hour + 1:02}"
        note = gettext("%(number)s first entries", number=number(busiest.first))
        yield Figure("busiest", gettext("Busiest hour"), span, (note,))
    entries = gettext("%(number)s entries", number=number(counted.everyone.entries))
    note = gettext("exhibitors, media and crew too · %(entries)s", entries=entries)
    yield Figure("everyone", gettext("Everyone"), number(counted.everyone.people), (note,))


def _visitors(counted: Attendance, ways: Ways, *, is_today: bool, category: str) -> Figure:
    notes = []
    if not category:
        trade, public = number(counted.trade), number(counted.public)
        notes.append(gettext("trade %(trade)s · public %(public)s", trade=trade, public=public))
    registered = counted.registered.visitors
    if registered:
        notes.append(gettext("of %(number)s registered", number=number(registered)))
    if counted.day is not None:
        first = gettext("%(number)s for the first time", number=number(counted.first_time))
        before = gettext("%(number)s were here before", number=number(counted.visitors - counted.first_time))
        notes.append(f"{first} · {before}")
    label = category or (gettext("Visitors today") if is_today else gettext("Visitors"))
    return Figure("visitors", label, number(counted.visitors), tuple(notes), ways.people())
