"""Tablets as they are: where they stand, wrong clocks, network cuts; and what they make of who stands before them."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checkin.event.model import Direction, Event
from checkin.venue.simulation.model import Cut, Held, Move, Scan, Tablet
from checkin.venue.simulation.visits import Day, Ways

MOST_AT_A_GATE = 4


def make_tablets(event: Event, days: Sequence[Day], dice: random.Random) -> tuple[Tablet, ...]:
    """More at the busiest gates. Each day some lose the network, and one for the whole day."""
    gates = [gate for gate in event.gates for _ in range(round(MOST_AT_A_GATE * Ways.weight(event, gate)) or 1)]
    cuts: defaultdict[int, list[Cut]] = defaultdict(list)
    for day in days:
        hall = day.opens + day.length * dice.uniform(0.1, 0.8)  # everyone's network fails at once
        until = hall + timedelta(minutes=dice.uniform(8, 25))
        alone = dice.randrange(len(gates))
        for place in range(len(gates)):
            if place == alone:
                night = day.closes + timedelta(minutes=dice.uniform(5, 90))
                cuts[place].append(_cut(day.opens - day.length * 0.4, night, dice))
            elif dice.random() < 0.6:  # noqa: PLR2004
                cuts[place].append(_cut(hall, until, dice))
            elif dice.random() < 0.6:  # noqa: PLR2004
                begins = day.opens + day.length * dice.uniform(-0.02, 0.9)
                cuts[place].append(_cut(begins, begins + timedelta(minutes=dice.expovariate(1 / 18)), dice))
    return tuple(
        Tablet(
            place=place,
            gate=gate.slug,
            direction="out" if gate.direction is Direction.OUT else "in",
            clock_error=_clock_error(dice),
            cuts=tuple(cuts[place]),
        )
        for place, gate in enumerate(gates)
    )


def scanned(moves: Sequence[Move], tablets: Sequence[Tablet], dice: random.Random) -> Iterator[Scan]:
    """Each move as the scan that a tablet of its gate makes of it, in the order of the moves."""
    by_gate: defaultdict[str, list[Tablet]] = defaultdict(list)
    for tablet in tablets:
        by_gate[tablet.gate].append(tablet)
    staff = [str(dice.randrange(10, 99)) if dice.random() < 0.6 else None for _ in tablets]  # noqa: PLR2004
    for move in moves:
        tablet = dice.choice(by_gate.get(move.gate, list(tablets)))
        at, is_sure = moment_of(tablet, move.at, dice)
        says_gate = move.gate != tablet.gate or dice.random() < 0.92  # noqa: PLR2004
        says_way = move.direction != tablet.direction or dice.random() < 0.92  # noqa: PLR2004
        yield Scan(
            id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            made_at=move.at,
            scanned_at=at,
            clock="sure" if is_sure else "unsure",
            source="typed" if move.code.held in {Held.SHORT_CODE, Held.MISTYPED} else _source(dice),
            tablet=tablet.place,
            gate=move.gate if says_gate else None,
            direction=_told(move, dice) if says_way else None,
            code=move.code,
            staff=staff[tablet.place],
            is_broken=dice.random() < 0.001,  # noqa: PLR2004
        )


def moment_of(tablet: Tablet, true: datetime, dice: random.Random) -> tuple[datetime, bool]:
    """What a tablet works out: its own wrong clock, put right by an offset that is milliseconds off; and if it is sure.

    The offset is fresh when a scan is sent; one that waited through a restart cannot be dated surely.
    """
    wall = true + tablet.clock_error
    offset = -tablet.clock_error + timedelta(milliseconds=round(dice.gauss(0, 25)))
    cut = tablet.cut_at(true)
    is_sure = cut is None or cut.restarts is None or true >= cut.restarts
    moment = wall + offset if is_sure or cut is None else wall + offset + cut.astray
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000), is_sure


def _cut(begins: datetime, ends: datetime, dice: random.Random) -> Cut:
    if dice.random() > 0.3:  # noqa: PLR2004
        return Cut(begins=begins, ends=ends)
    restarts = begins + (ends - begins) * dice.random()
    # One clock in ten had lost its battery: what it scanned stands on a day long ago, and counts for none of ours.
    astray = timedelta(days=-300) if dice.random() < 0.1 else timedelta(seconds=round(dice.gauss(0, 100)))  # noqa: PLR2004
    return Cut(begins=begins, ends=ends, restarts=restarts, astray=astray)


def _clock_error(dice: random.Random) -> timedelta:
    """Most are seconds off, some minutes, a few hours or days."""
    spread = dice.choices((1, 600, 40_000, 300_000), (60, 25, 10, 5))[0]
    return timedelta(seconds=round(dice.gauss(0, spread), 3))


def _source(dice: random.Random) -> str:
    return dice.choices(("camera", "scanner", "roll"), (90, 9, 1))[0]


def _told(move: Move, dice: random.Random) -> str:
    """The direction as the tablet tells it; now and then a wrong one, which a gate with one direction overrides."""
    return move.direction if dice.random() < 0.99 else ("out" if move.direction == "in" else "in")  # noqa: PLR2004
