"""Changing gates and hours while the expo runs. Who looked at an older state is refused, and nothing is overwritten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.event.model import Event, EventDay, Gate
from checkin.programme.model import Change, Kind, Programme, Refusal, What
from checkin.programme.policy import (
    differing,
    find_hours_refusal,
    has_way_in,
    hours_told,
    is_name_taken,
    newest_of,
    overlaid,
    told,
)
from checkin.programme.service import all_changes, current_event
from checkin.programme.tables import ChangeRow


@dataclass(frozen=True, slots=True)
class Hand:
    """Who changes something, when, and which change of it they saw last: 0 for none."""

    by: str
    now: datetime
    seen: int


def add_gate(session: Session, event: Event, gate: Gate, hand: Hand) -> Refusal | None:
    """Open a gate that the file does not know. STALE when its short name is taken."""
    running = current_event(session, event).event
    if gate.slug in event.gate_by_slug or gate.slug in running.every_gate:
        return Refusal.STALE
    return _keep_gate(session, event, gate, What.ADD, hand)


def change_gate(session: Session, event: Event, gate: Gate, hand: Hand) -> Refusal | None:
    """Give an open gate this name, zone, direction and these categories. Its earlier scans stay as they are."""
    return _keep_gate(session, event, gate, What.CHANGE, hand)


def close_gate(session: Session, event: Event, gate: Gate, hand: Hand) -> Refusal | None:
    """Let nobody through any more. Scans of before count, whenever they arrive."""
    return _keep_gate(session, event, replace(gate, closed_at=hand.now), What.CLOSE, hand)


def open_gate(session: Session, event: Event, gate: Gate, hand: Hand) -> Refusal | None:
    """Open a closed gate again, as it was."""
    return _keep_gate(session, event, replace(gate, closed_at=None), What.OPEN, hand)


def set_hours(session: Session, event: Event, day: EventDay, opens: time, closes: time, hand: Hand) -> Refusal | None:
    """Have a day of the event open and close at these hours. `day`: as it runs now."""
    refusal = find_hours_refusal(event, day, opens, closes, hand.now)
    if refusal is not None:
        return refusal
    file = _file_of(event, Kind.DAY, day.date.isoformat())
    wanted = differing(hours_told(replace(day, opens=opens, closes=closes)), file)
    return _keep(session, event, Kind.DAY, day.date.isoformat(), What.HOURS, wanted, hand)


def undo(session: Session, event: Event, change: Change, hand: Hand, *, is_used: bool) -> Refusal | None:
    """Put back what held before a change, if it still is the newest of its thing.

    `is_used`: somebody was scanned at the gate, or a tablet stands there. Then its adding cannot be undone.
    """
    before = next(
        (one for one in all_changes(session) if _key(one) == _key(change) and one.number == change.number - 1), None
    )
    instead = dict(before.instead) if before else {}
    if "closed_at" in instead:  # closed again from now on: it was open meanwhile
        instead["closed_at"] = hand.now.astimezone(UTC).isoformat()
    if change.kind is Kind.GATE and not instead and not _file_of(event, Kind.GATE, change.slug) and is_used:
        return Refusal.IN_USE
    if change.kind is Kind.DAY:
        running = current_event(session, event).event
        now = next((day for day in running.days if day.date.isoformat() == change.slug), None)
        if now is None:
            return Refusal.STALE
        hours = _file_of(event, Kind.DAY, change.slug) | instead
        opens, closes = (time.fromisoformat(hours[name]) for name in ("opens", "closes"))
        if refusal := find_hours_refusal(event, now, opens, closes, hand.now):
            return refusal
    return _keep(session, event, change.kind, change.slug, What.UNDO, instead, hand)


def seen_of(found: tuple[Change, ...], kind: Kind, slug: str) -> int:
    """The number of the change that a thing runs by; 0 when it never was changed."""
    newest = newest_of(found).get((kind, slug))
    return newest.number if newest else 0


def _keep_gate(session: Session, event: Event, gate: Gate, what: What, hand: Hand) -> Refusal | None:
    if gate.closed_at is None and is_name_taken(current_event(session, event).event, gate.slug, gate.name):
        return Refusal.NAME_TAKEN
    wanted = differing(told(gate), _file_of(event, Kind.GATE, gate.slug))
    return _keep(session, event, Kind.GATE, gate.slug, what, wanted, hand)


def _keep(
    session: Session, event: Event, kind: Kind, slug: str, what: What, instead: Mapping[str, Any], hand: Hand
) -> Refusal | None:
    """Store a change. The key decides between two who saw the same state; a change of nothing is none: NOTHING_NEW."""
    known = all_changes(session)
    number = seen_of(known, kind, slug)
    if number != hand.seen:
        return Refusal.STALE
    change = Change(
        kind=kind,
        slug=slug,
        number=number + 1,
        what=what,
        instead=instead,
        file=_file_of(event, kind, slug),
        at=hand.now,
        by=hand.by,
    )
    after, conflicts = overlaid(event, (*known, change))
    if not has_way_in(after):
        return Refusal.LAST_WAY_IN
    if _is_nothing_new(current_event(session, event), Programme(event=after, conflicts=conflicts)):
        return Refusal.NOTHING_NEW
    row = insert(session, table_of(ChangeRow)).values(
        kind=kind,
        slug=slug,
        number=change.number,
        what=what,
        instead=json.dumps(instead, ensure_ascii=False),
        file=json.dumps(change.file, ensure_ascii=False),
        at=hand.now,
        by=hand.by,
    )
    made = row.on_conflict_do_nothing(index_elements=["kind", "slug", "number"])
    return None if session.scalar(made.returning(table_of(ChangeRow).c.number)) else Refusal.STALE


def _is_nothing_new(before: Programme, after: Programme) -> bool:
    return (before.event, before.conflicts) == (after.event, after.conflicts)


def _file_of(event: Event, kind: Kind, slug: str) -> dict[str, Any]:
    """What the file says of a thing; empty where it knows no such thing."""
    if kind is Kind.GATE:
        gate = event.gate_by_slug.get(slug)
        return told(gate) if gate else {}
    day = next((day for day in event.days if day.date.isoformat() == slug), None)
    return hours_told(day) if day else {}


def _key(change: Change) -> tuple[Kind, str]:
    return change.kind, change.slug
