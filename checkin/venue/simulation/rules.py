"""The contract's rules (sections 3 and 4) once more, written from its words alone, for the oracle to count by.

Nothing of the server's judging is used here, on purpose: two that agree by being one prove nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from checkin.event.model import CountsAs, DayKind, Direction, Event, Gate, ReEntry
from checkin.venue.simulation.model import Code, Guest, Held, Scan, Tablet


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where and when a scan stands: its local date, gate, zone (empty at a gate that there is not) and direction."""

    day: date
    gate: str
    zone: str
    is_in: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A passage that a scan comes after: when, by which scan and gate, and whether it led in."""

    at: datetime
    scan: str
    gate: str
    is_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the server should have judged."""

    verdict: str
    reason: str | None = None
    check: str | None = None
    note: str | None = None
    first: Passed | None = None
    previous: Passed | None = None


def where_of(event: Event, scan: Scan, tablet: Tablet) -> Where:
    """Where a scan stands, as it was told; what was left out is the tablet's own."""
    return stands(event, scan.scanned_at, scan.gate or tablet.gate, scan.direction or tablet.direction)


def stands(event: Event, at: datetime, gate: str, direction: str) -> Where:
    """Where and when. A gate with one direction overrides what was told."""
    found = _gate(event, gate)
    if found is not None and found.direction != Direction.BOTH:
        direction = str(found.direction)
    day = at.astimezone(event.time_zone).date()
    return Where(day=day, gate=gate, zone=found.zone if found else "", is_in=direction == "in")


def refusal(event: Event, guest: Guest | None, code: Code, at: datetime, where: Where) -> str | None:
    """Why this is refused whatever the order of arrival; None where it is let through, or earlier entries decide."""
    if code.held is Held.FORGED:
        return "forged"
    if guest is None or code.held in {Held.MISTYPED, Held.NOBODYS, Held.NEVER_PRINTED}:
        return "unknown"
    if where.zone and not where.is_in:
        return None
    issue = guest.newest if code.held is Held.SHORT_CODE else code.issue
    if guest.revoked_at is not None and issue == guest.newest and at >= guest.revoked_at:
        return "revoked"
    if guest.reprinted_at is not None and issue == 0 and at >= guest.reprinted_at:
        return "replaced"
    category = next(one for one in event.categories if one.slug == guest.details.category)
    day = next((one for one in event.days if one.date == where.day), None)
    may = category.days or tuple(one.date for one in event.days if one.kind is DayKind.SHOW)
    if day is None or day.date not in may or (guest.details.days and day.date not in guest.details.days):
        return "not_today"
    opens = datetime.combine(day.date, day.opens, event.time_zone)
    if at < opens - timedelta(minutes=category.early_minutes):
        return "not_yet"
    gate = _gate(event, where.gate)
    if gate is None or (gate.categories and category.slug not in gate.categories):
        return "wrong_gate"
    return None


def judged(
    event: Event, at: datetime, scan: str, where: Where, reason: str | None, before: Sequence[Passed]
) -> Expected:
    """The judgement, given the passages `before` it of the same person, day and zone that had arrived, in order."""
    entries = [one for one in before if one.is_in]
    first, previous = entries[0] if entries else None, before[-1] if before else None
    if reason is None and entries and where.is_in and is_shut(event, where):
        reason = "already_in"
    if reason is not None:
        return Expected(verdict="refused", reason=reason, first=first, previous=previous)
    if not where.is_in:
        return Expected(verdict="left", first=first, previous=previous)
    note = "after_hours" if at > _closes(event, where.day) else None
    if first is None or previous is None:
        own = Passed(at, scan, where.gate, is_in=True)
        return Expected(verdict="admitted", note=note, first=own, previous=previous)
    again = timedelta(minutes=event.again_after_minutes)
    check = "too_soon" if previous.is_in and at - previous.at <= again else None
    return Expected(verdict="re-entry", check=check, note=note, first=first, previous=previous)


def is_shut(event: Event, where: Where) -> bool:
    """Whether one entry a day is all there: only then does the order of arrival decide what counts."""
    return event.re_entry is ReEntry.REFUSE and where.zone == event.zones[0].slug


def is_counted(event: Event, guest: Guest) -> CountsAs | None:
    """What kind of visitor a person is; None where they are none."""
    kind = next(one.counts_as for one in event.categories if one.slug == guest.details.category)
    return None if kind is CountsAs.NONE else kind


def _gate(event: Event, slug: str) -> Gate | None:
    return next((one for one in event.gates if one.slug == slug), None)


def _closes(event: Event, day: date) -> datetime:
    hours = next(one for one in event.days if one.date == day)
    closes = datetime.combine(day, hours.closes, event.time_zone)
    return closes if hours.closes > hours.opens else closes + timedelta(days=1)
