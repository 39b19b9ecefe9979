"""From scans to messages: what goes at once, what waits for the network and goes in batches, what is sent again."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from checkin.event.model import Event
from checkin.venue.simulation.model import Correction, Guest, Kind, Lane, Message, Scan, Shown, Tablet
from checkin.venue.simulation.rules import Expected, Passed, judged, refusal, where_of

BATCH = 100  # as static/gate/sync.js sends
SECOND = timedelta(seconds=1)
LOST_LIVE, LOST_BATCH, AGAIN, CONFLICT, SHOWN = 0.006, 0.08, 0.004, 0.002, 0.03  # shares of messages


def shown_by(event: Event, guests: Sequence[Guest], tablet: Tablet, scans: Sequence[Scan]) -> list[Shown]:
    """What a tablet shows by itself of its own scans, in the order of `scans`: it knows the badges, not other gates."""
    known: defaultdict[tuple[int, date, str], list[Passed]] = defaultdict(list)
    shown = []
    for scan in scans:
        where = where_of(event, scan, tablet)
        guest = None if scan.code.guest is None else guests[scan.code.guest]
        reason = refusal(event, guest, scan.code, scan.scanned_at, where)
        before = known[scan.code.guest if scan.code.guest is not None else -1, where.day, where.zone]
        told: Expected = judged(event, scan.scanned_at, scan.id, where, reason, before)
        if told.reason is None:
            before.append(Passed(scan.scanned_at, scan.id, where.gate, where.is_in))
        shown.append(Shown(verdict=told.verdict, reason=told.reason))
    return shown


def with_screens(event: Event, guests: Sequence[Guest], tablets: Sequence[Tablet], scans: Sequence[Scan]) -> list[Scan]:
    """The scans with what their tablets show by themselves, and whether they wait for the network."""
    found = list(scans)
    for tablet in tablets:
        own = [place for place, scan in enumerate(scans) if scan.tablet == tablet.place]
        for place, shown in zip(own, shown_by(event, guests, tablet, [scans[one] for one in own]), strict=True):
            waited = tablet.cut_at(scans[place].made_at) is not None
            found[place] = replace(scans[place], screen=shown, waited=waited)
    return found


def messages(
    tablet: Tablet, scans: Sequence[Scan], corrections: Sequence[Correction], dice: random.Random
) -> Iterator[Message]:
    """What this tablet sends of all `scans` and `corrections`, in no order."""
    waiting: defaultdict[datetime, list[int]] = defaultdict(list)
    for place, scan in enumerate(scans):
        if scan.tablet == tablet.place:
            cut = tablet.cut_at(scan.made_at)
            if cut is not None:
                waiting[cut.ends].append(place)
            else:
                yield from _live(tablet, place, scan, dice)
    flushed = {}
    for ends, places in waiting.items():
        made = list(_flush(tablet, ends, places, dice))
        flushed[ends] = max(message.at for message in made)
        yield from made
    for number, correction in enumerate(corrections):
        if correction.tablet == tablet.place:
            scan = scans[correction.scan]
            at = scan.made_at + (correction.at - scan.scanned_at)
            cut = tablet.cut_at(scan.made_at) if scan.tablet == tablet.place else None
            soonest = at if cut is None else max(at, flushed[cut.ends])
            lane = Lane.LIVE if cut is None else Lane.OUTBOX
            is_lost = dice.random() < LOST_BATCH
            at = _online(tablet, soonest) + SECOND
            yield Message(
                at=at, tablet=tablet.place, lane=lane, kind=Kind.CORRECTION, correction=number, loses_answer=is_lost
            )


def health(tablet: Tablet, begins: datetime, ends: datetime, every: timedelta) -> Iterator[Message]:
    """What a tablet with a network tells of itself now and then."""
    at = begins + every * (tablet.place % 7) / 7
    while at < ends:
        if tablet.cut_at(at) is None:
            yield Message(at=at, tablet=tablet.place, lane=Lane.LIVE, kind=Kind.HEALTH)
        at += every


def _live(tablet: Tablet, place: int, scan: Scan, dice: random.Random) -> Iterator[Message]:
    own, at = {"tablet": tablet.place, "lane": Lane.LIVE, "scans": (place,)}, scan.made_at
    yield Message(at=at, kind=Kind.LIVE, loses_answer=dice.random() < LOST_LIVE, **own)  # type: ignore[arg-type]
    wish = dice.random()
    if wish < SHOWN:  # the answer was slow: the screen showed its own verdict, and the server is told which
        yield Message(at=at + SECOND, kind=Kind.AGAIN, shown=scan.screen, **own)  # type: ignore[arg-type]
        if wish < SHOWN / 10:  # what was shown is told once: another word changes nothing
            shown = Shown(verdict="refused", reason="unknown")
            yield Message(at=at + 2 * SECOND, kind=Kind.AGAIN, shown=shown, **own)  # type: ignore[arg-type]
    elif wish < SHOWN + CONFLICT:
        yield Message(at=_online(tablet, at + 60 * SECOND), kind=Kind.CONFLICT, **own)  # type: ignore[arg-type]
    elif wish < SHOWN + CONFLICT + AGAIN:
        yield Message(at=_online(tablet, at + 3600 * SECOND), kind=Kind.AGAIN, **own)  # type: ignore[arg-type]


def _flush(tablet: Tablet, ends: datetime, places: Sequence[int], dice: random.Random) -> Iterator[Message]:
    """The outbox, oldest first, in batches, once the network is back."""
    at, lane = ends, Lane.OUTBOX
    yield Message(at=at, tablet=tablet.place, lane=lane, kind=Kind.HEALTH, outbox=len(places))
    for start in range(0, len(places), BATCH):
        batch, at = tuple(places[start : start + BATCH]), at + SECOND
        is_lost = dice.random() < LOST_BATCH
        yield Message(at=at, tablet=tablet.place, lane=lane, kind=Kind.BATCH, scans=batch, loses_answer=is_lost)
        if dice.random() < LOST_BATCH:
            yield Message(at=at, tablet=tablet.place, lane=lane, kind=Kind.AGAIN, scans=batch)
    yield Message(at=at + SECOND, tablet=tablet.place, lane=lane, kind=Kind.HEALTH)


def _online(tablet: Tablet, moment: datetime) -> datetime:
    """`moment`, or when the network is back after it."""
    cut = tablet.cut_at(moment)
    return moment if cut is None else cut.ends
