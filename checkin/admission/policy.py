"""May this badge enter? Facts in, judgement out: no clock, no database. Twin of `static/gate/verdict.js`.

The order of the checks is the contract's (section 4), first hit wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from checkin.admission.model import Check, Facts, Judgement, Note, Passage, Reading, Reason, Scan, Verdict
from checkin.badges.model import Badge, BadgeState
from checkin.event.model import Category, Direction, Event, Gate, ReEntry
from checkin.programme.model import Programme


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a scan stands, in the event's words."""

    gate: Gate | None
    direction: Direction
    zone: str
    day: date


def judge(programme: Programme, scan: Scan, facts: Facts) -> Judgement:
    """Judge `scan` at its own moment. Never raises; the same facts give the same judgement."""
    event = programme.event
    place = place_of(event, scan)
    earlier = _earlier(scan, place, facts.passages)
    entries = [passage for passage in earlier if passage.direction is Direction.IN]
    answer = Judgement(
        verdict=Verdict.REFUSED,
        day=place.day,
        zone=place.zone,
        direction=place.direction,
        first=entries[0] if entries else None,
        previous=earlier[-1] if earlier else None,
    )
    if facts.reading is Reading.FORGED:
        return replace(answer, reason=Reason.FORGED)
    badge = facts.badge
    category = event.category_by_number.get(badge.category) if badge else None
    if badge is None or category is None:
        return replace(answer, reason=Reason.UNKNOWN)
    if place.gate is not None and place.direction is Direction.OUT:
        return replace(answer, verdict=Verdict.LEFT)
    reason = _refusal(programme, scan, place, badge, category, facts.days)
    if reason is Reason.HELD:
        return replace(answer, reason=reason, message=programme.hold_of(scan.gate, category.slug) or "")
    if reason is not None:
        return replace(answer, reason=reason)
    if entries and event.re_entry is ReEntry.REFUSE and place.zone == event.first_zone:
        return replace(answer, reason=Reason.ALREADY_IN)
    note = Note.AFTER_HOURS if _is_closed(event, scan, place) else None
    if not entries:
        own = Passage(scan_id=scan.id, at=scan.scanned_at, zone=place.zone, gate=scan.gate, direction=Direction.IN)
        return replace(answer, verdict=Verdict.ADMITTED, note=note, first=own)
    check = Check.TOO_SOON if _is_too_soon(event, scan, earlier[-1]) else None
    return replace(answer, verdict=Verdict.RE_ENTRY, note=note, check=check)


def place_of(event: Event, scan: Scan) -> Place:
    """Gate, zone, direction and day of a scan. A one-way gate overrides what the tablet said of its direction.

    A gate that was closed after the scan was open then: what a tablet owed when its gate was closed still counts.
    """
    gate = event.find_gate(scan.gate, scan.scanned_at)
    one_way = gate is not None and gate.direction is not Direction.BOTH
    return Place(
        gate=gate,
        direction=gate.direction if gate is not None and one_way else scan.direction,
        zone=gate.zone if gate is not None else "",
        day=event.day_of(scan.scanned_at),
    )


def _refusal(
    programme: Programme, scan: Scan, place: Place, badge: Badge, category: Category, days: tuple[date, ...]
) -> Reason | None:
    event = programme.event
    state = badge.state_at(scan.scanned_at)
    if state is BadgeState.REVOKED:
        return Reason.REVOKED
    if state is BadgeState.REPLACED:
        return Reason.REPLACED
    if programme.hold_of(scan.gate, category.slug) is not None:
        return Reason.HELD
    day = event.day_by_date.get(place.day)
    if day is None or place.day not in event.days_of(category, days):
        return Reason.NOT_TODAY
    if scan.scanned_at < event.opens_at(day) - timedelta(minutes=category.early_minutes):
        return Reason.NOT_YET
    if place.gate is None or (place.gate.categories and category.slug not in place.gate.categories):
        return Reason.WRONG_GATE
    return None


def _earlier(scan: Scan, place: Place, passages: Sequence[Passage]) -> list[Passage]:
    """The passages of the scan's zone before it, in their order; what came later has not happened yet."""
    moment = (scan.scanned_at, scan.id)
    return sorted((p for p in passages if p.zone == place.zone and p.order < moment), key=lambda p: p.order)


def _is_too_soon(event: Event, scan: Scan, last: Passage) -> bool:
    """A badge that entered a few minutes ago and did not leave since is likely a copy: someone else holds it."""
    return last.direction is Direction.IN and scan.scanned_at - last.at <= timedelta(minutes=event.again_after_minutes)


def _is_closed(event: Event, scan: Scan, place: Place) -> bool:
    day = event.day_by_date.get(place.day)
    return day is not None and scan.scanned_at > event.closes_at(day)
