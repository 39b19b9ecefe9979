"""The whole of a simulation before anything is sent: pure, and the same for the same event, size and seed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta

from checkin.event.model import Event
from checkin.venue.simulation import visits as days_out
from checkin.venue.simulation.mischief import Mischief
from checkin.venue.simulation.model import Correction, Guest, Message, Move, Scan, Scenario, Size, Tablet
from checkin.venue.simulation.outbox import health, messages, with_screens
from checkin.venue.simulation.people import invent
from checkin.venue.simulation.rules import refusal, where_of
from checkin.venue.simulation.tablets import make_tablets, scanned
from checkin.venue.simulation.visits import Day, Visit, Ways

REPRINTED, REVOKED = 0.012, 0.006  # shares of the people
FIRST_SCANS, WRONG = 0.55, 0.035  # at most so much of all scans is a first entry; so much goes wrong
UNDONE, OVERRIDDEN = 0.008, 0.12  # shares of all scans, and of the refused ones


class ScenarioError(Exception):
    """Nothing can be played with this event and size; the message says why."""


def build(event: Event, size: Size, seed: int, *, health_every: timedelta = timedelta(minutes=90)) -> Scenario:
    """Everything that happens. Raises ScenarioError where nobody could enter."""
    days = days_out.days_of(event, size.days)
    guests, visits = _people(event, size, days, _dice(seed, "people"))
    visits = visits[: max(1, int(size.scans * FIRST_SCANS))]
    moves = _moves(event, size, guests, visits, _dice(seed, "moves"))
    tablets = make_tablets(event, days, _dice(seed, "tablets"))
    scans = with_screens(event, guests, tablets, list(scanned(moves, tablets, _dice(seed, "scans"))))
    corrections = list(_corrections(event, guests, tablets, scans, _dice(seed, "corrections")))
    sent = [
        one for tablet in tablets for one in messages(tablet, scans, corrections, _dice(seed, f"sent {tablet.place}"))
    ]
    sent += [one for tablet in tablets for one in _health(tablet, days, health_every)]
    return Scenario(
        event=event,
        size=size,
        seed=seed,
        guests=tuple(guests),
        tablets=tablets,
        scans=tuple(scans),
        corrections=tuple(corrections),
        messages=tuple(sorted(sent, key=lambda message: message.at)),
    )


def _people(event: Event, size: Size, days: Sequence[Day], dice: random.Random) -> tuple[list[Guest], list[Visit]]:
    guests, visits = [], []
    for place, details in enumerate(invent(event, size.visitors, dice)):
        category = event.category_by_slug[details.category]
        out = days_out.coming(event, category, details.days, days, dice)
        fate = dice.random()
        moment = None
        if out:
            day = dice.choice(out)
            moment = day.opens + day.length * dice.uniform(0.0, 0.7)
        guest = Guest(
            place=place,
            details=details,
            reprinted_at=moment if fate < REPRINTED else None,
            revoked_at=moment if REPRINTED <= fate < REPRINTED + REVOKED else None,
        )
        guests.append(guest)
        for day in out:
            at = days_out.arrival(day, category, dice)
            visits.append(Visit(guest=guest, day=day, came_at=at, last=at))
    dice.shuffle(visits)
    return guests, visits


def _moves(
    event: Event, size: Size, guests: Sequence[Guest], visits: Sequence[Visit], dice: random.Random
) -> list[Move]:
    """Exactly as many as were asked for, in the order of their moments."""
    ways = Ways(event, dice)
    wrong = Mischief(event, visits, ways, dice)
    moves = [move for visit in visits for move in days_out.entry(visit, event, ways, dice)]
    if not moves:
        raise ScenarioError("Nobody could enter: no gate leads into the first zone, or no show day is played.")
    moves += [move for guest in guests for move in wrong.ended(guest)]
    while len(moves) < size.scans:
        moves += wrong.one() if dice.random() < WRONG else days_out.more(dice.choice(visits), event, ways, dice)
    return sorted(moves[: size.scans], key=lambda move: move.at)


def _corrections(
    event: Event, guests: Sequence[Guest], tablets: Sequence[Tablet], scans: Sequence[Scan], dice: random.Random
) -> Iterator[Correction]:
    """Scans that staff take back, and people whom a supervisor lets in; a few too late, or on another's tablet."""
    for place, scan in enumerate(scans):
        tablet = tablets[scan.tablet]
        guest = None if scan.code.guest is None else guests[scan.code.guest]
        reason = refusal(event, guest, scan.code, scan.scanned_at, where_of(event, scan, tablet))
        wish, after = dice.random(), timedelta(seconds=round(dice.uniform(3, 280), 3))
        if scan.is_broken:
            continue
        if wish < (OVERRIDDEN if reason else UNDONE / 20):
            yield _correction(dice, scan, place, after, is_undo=False, reason="Known to the supervisor")
        elif wish > 1 - UNDONE:
            late = timedelta(minutes=7) if dice.random() < 0.04 else timedelta()  # noqa: PLR2004
            elsewhere = dice.random() < 0.03 and tablet.cut_at(scan.made_at) is None  # noqa: PLR2004
            other = dice.randrange(len(tablets)) if elsewhere else scan.tablet
            yield _correction(dice, scan, place, after + late, is_undo=True, reason="", tablet=other)


def _correction(
    dice: random.Random,
    scan: Scan,
    place: int,
    after: timedelta,
    *,
    is_undo: bool,
    reason: str,
    tablet: int | None = None,
) -> Correction:
    return Correction(
        id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        is_undo=is_undo,
        scan=place,
        tablet=scan.tablet if tablet is None else tablet,
        at=scan.scanned_at + after,
        reason=reason,
    )


def _health(tablet: Tablet, days: Sequence[Day], every: timedelta) -> Iterator[Message]:
    for day in days:
        yield from health(tablet, day.opens - day.length * 0.2, day.closes + timedelta(hours=1), every)


def _dice(seed: int, what: str) -> random.Random:
    """Dice of their own for each part, so that a change in one does not throw all others anew."""
    return random.Random(f"{seed}/{what}")  # noqa: S311 - the same each time is the point
