"""Which scans of one person are odd. Pure: facts in, oddities out; the order in which scans arrived plays no part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from checkin.oddities.model import Kind, Oddity

TOO_CLOSE: Final = timedelta(minutes=2)
"""Nobody passes two gates within it. Chosen: it is the walk from one gate of a hall to the next."""


class Fact(NamedTuple):
    """One scan. `counts`: accepted or overridden, and not undone. `visitor_id` None: nobody known."""

    at: datetime
    id: str
    day: date
    gate: str
    zone: str
    direction: str
    visitor_id: int | None
    device_id: int
    reason: str
    check: str
    is_sure: bool
    counts: bool
    is_undone: bool


def oddities_of(facts: Sequence[Fact], first_zone: str) -> Iterator[Oddity]:
    """What is odd about the scans of one visitor, or about one scan of nobody known.

    One fact stands once: an entry at another gate a moment later is told as that, and not as *too soon* as well.
    """
    ordered = sorted(facts)
    copies = {later.id: earlier for earlier, later in pairwise(one for one in ordered if one.counts)}
    for one in ordered:
        if not one.is_sure:
            yield _oddity(Kind.CLOCK, one)
        if one.is_undone:
            continue
        if one.reason == "replaced":
            yield _oddity(Kind.OLD_BADGE, one)
        earlier = copies.get(one.id)
        if earlier is not None and _is_at_two_gates(earlier, one):
            yield _oddity(Kind.TWO_GATES, one, earlier.id)
        elif one.check == "too_soon":
            yield _oddity(Kind.TOO_SOON, one)
    yield from _without_main_gate(ordered, first_zone)


def _is_at_two_gates(earlier: Fact, later: Fact) -> bool:
    """Of a clock that cannot be proved no minute counts."""
    return earlier.gate != later.gate and earlier.is_sure and later.is_sure and later.at - earlier.at < TOO_CLOSE


def _without_main_gate(ordered: Iterable[Fact], first_zone: str) -> Iterator[Oddity]:
    entries = [one for one in ordered if one.counts and one.direction == "in" and one.visitor_id]
    days = {one.day for one in entries if one.zone == first_zone}
    told: set[tuple[date, str]] = set()
    for one in entries:
        if one.day not in days and (one.day, one.zone) not in told:
            told.add((one.day, one.zone))
            key = f"{one.visitor_id} {one.day.isoformat()} {one.zone}"
            yield replace(_oddity(Kind.NO_MAIN_GATE, one, one.zone), key=key)


def _oddity(kind: Kind, one: Fact, other: str = "") -> Oddity:
    return Oddity(
        kind=kind,
        key=one.id,
        at=one.at,
        day=one.day,
        visitor_id=one.visitor_id,
        device_id=one.device_id,
        gate=one.gate,
        other=other,
    )
