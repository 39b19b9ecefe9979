"""Everything odd, brought together: what follows from scans and people, and what is so at this moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from checkin.admission import quarantine
from checkin.attendance.policy import waiting
from checkin.devices.model import Device
from checkin.devices.policy import is_clock_off
from checkin.devices.queries import all_devices
from checkin.event.model import Direction, Event
from checkin.oddities import queries
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.queries import Fresh, Place
from checkin.programme.model import HoldKind
from checkin.programme.service import holds

OWED_FOR: Final = timedelta(minutes=5)  # a tablet that scans owes something at almost any moment
QUIET_AFTER: Final = timedelta(minutes=10)
OF_FACTS: Final = frozenset({Kind.TWO_GATES, Kind.OLD_BADGE, Kind.TOO_SOON, Kind.SHOWN, Kind.NO_MAIN_GATE, Kind.DOUBLE})
"""The kinds that follow from stored facts alone; the others are so at a moment, and may end by themselves."""


def open_counts(session: Session, event: Event, now: datetime) -> Counter[Kind]:
    """How many oddities nobody has settled, by kind. `event`: as it runs now. Reads only, and little."""
    return counted(session, event, queries.fresh(session, event), now)


def counted(session: Session, event: Event, waits: Fresh, now: datetime, *, day: date | None = None) -> Counter[Kind]:
    """As `open_counts`, of one day where `day` is given."""
    found = queries.counts(session, waits, day=day)
    found.update(one.kind for one in standing(session, event, waits, now) if day in {None, one.day})
    return found


def listed(
    session: Session,
    event: Event,
    waits: Fresh,
    kind: Kind,
    now: datetime,
    *,
    day: date | None = None,
    before: Place | None = None,
    most: int,
) -> list[Oddity]:
    """Open ones of a kind, the newest first, at most `most`; `before`: where to go on."""
    if kind in OF_FACTS:
        return queries.listed(session, waits, kind, day=day, before=before, most=most)
    found = [one for one in standing(session, event, waits, now) if one.kind is kind and day in {None, one.day}]
    if kind is Kind.CLOCK:
        found += queries.unsure(session, waits, day=day)
    further = (one for one in found if before is None or one.place < before)
    return sorted(further, key=lambda one: one.place, reverse=True)[:most]


def find(session: Session, event: Event, kind: Kind, key: str, now: datetime) -> Oddity | None:
    """The oddity of this key, if it is one that nobody has settled."""
    waits = queries.fresh(session, event)
    one = queries.find_stored(session, waits, kind, key)
    if one is None:
        return next((odd for odd in standing(session, event, waits, now) if (odd.kind, odd.key) == (kind, key)), None)
    return next(iter(queries.without_settled(session, [one])), None)


def standing(session: Session, event: Event, waits: Fresh, now: datetime) -> list[Oddity]:
    """What is odd at this moment about tablets and gates, and is not settled."""
    devices = [device for device in all_devices(session) if not device.is_retired]
    found = [*_silent(event, devices, now), *_off(event, devices, now), *_quiet(session, event, devices, waits, now)]
    found += (
        Oddity(
            kind=Kind.QUARANTINE,
            key=f"{one.device_id} {one.first_at.isoformat()}",
            at=one.first_at,
            day=event.day_of(one.first_at),
            device_id=one.device_id,
            other=str(one.scans),
        )
        for one in quarantine.waiting(session)
    )
    return queries.without_settled(session, found)


def _silent(event: Event, devices: list[Device], now: datetime) -> Iterator[Oddity]:
    """Tablets that may hold scans of today, or after the event of its last day: silent, or owing for minutes."""
    begun = [day for day in event.days if event.opens_at(day) <= now]
    if not begun:
        return
    last = max(begun, key=event.opens_at)
    there = {(one.id, last.date) for one in devices if one.paired_at < event.closes_at(last)}
    for one in waiting(event, devices, there, [last.date], now):
        if one.is_silent or now - one.since >= OWED_FOR:
            yield Oddity(
                kind=Kind.SILENT,
                key=f"{one.device_id} {one.since.isoformat()}",
                at=one.since,
                day=event.day_of(one.since),
                device_id=one.device_id,
                other=str(one.outbox),
            )


def _off(event: Event, devices: list[Device], now: datetime) -> Iterator[Oddity]:
    today = event.day_of(now)
    for one in devices:
        if is_clock_off(one):
            yield Oddity(
                kind=Kind.CLOCK,
                key=f"off {one.id} {today.isoformat()}",
                at=one.last_seen_at or one.paired_at,
                day=today,
                device_id=one.id,
            )


def _quiet(session: Session, event: Event, devices: list[Device], waits: Fresh, now: datetime) -> Iterator[Oddity]:
    """Gates that lead in, have a tablet and are not held, and saw nobody for ten minutes of a show day's hours."""
    running = [day for day in event.show_days if event.opens_at(day) <= now < event.closes_at(day)]
    held = {one.slug for one in holds(session) if one.kind is HoldKind.GATE}
    manned = {device.gate for device in devices} - held
    leading_in = [gate for gate in event.gates if gate.direction is not Direction.OUT and gate.slug in manned]
    for day in running:
        opened, heard = event.opens_at(day), queries.gates_heard(session, waits, day.date)
        for gate in leading_in:
            since = max(opened, heard.get(gate.slug, opened))
            if now - since >= QUIET_AFTER:
                key = f"{gate.slug} {since.isoformat()}"
                yield Oddity(kind=Kind.QUIET_GATE, key=key, at=since, day=day.date, gate=gate.slug)
