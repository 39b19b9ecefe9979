"""What goes wrong at gates: copies, double presses, badges that ended, forgeries, wrong gates and days."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from checkin.event.model import Event
from checkin.venue.simulation.model import Code, Guest, Held, Move
from checkin.venue.simulation.visits import Visit, Ways, worn

FORGERIES = (
    "https://example.org/menu",
    "BEGIN:VCARD\nN:Somebody;Else\nEND:VCARD",
    "20" * 14,  # the form of a token, signed by nobody
    "2fzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "سلام",
    "badge",
    "",
)
NO_GATE = "gate-of-last-year"


class Mischief:
    """Moves that nobody wished for, about people whose day is `visits`."""

    def __init__(self, event: Event, visits: Sequence[Visit], ways: Ways, dice: random.Random) -> None:
        self._event, self._visits, self._ways, self._dice = event, visits, ways, dice

    def one(self) -> Iterator[Move]:
        """Something that goes wrong: a scan or two."""
        kinds: tuple[tuple[int, Callable[[Visit], Iterator[Move]]], ...] = (
            (30, self._copy),
            (20, self._double_press),
            (8, self._forged),
            (5, self._nobodys),
            (3, self._never_printed),
            (6, self._mistyped),
            (12, self._wrong_gate),
            (6, self._wrong_day),
            (2, self._gate_that_is_gone),
        )
        act = self._dice.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        yield from act(self._dice.choice(self._visits))

    def ended(self, guest: Guest) -> Iterator[Move]:
        """What ended is shown again: the old print that was found, the badge that was taken away."""
        for moment, issue in ((guest.reprinted_at, 0), (guest.revoked_at, guest.newest)):
            gate = self._ways.into(self._event.first_zone, guest.details.category)
            if moment is not None and gate is not None and self._dice.random() < 0.8:  # noqa: PLR2004
                at = moment + timedelta(minutes=self._dice.uniform(0.5, 150))
                yield _in(at, gate, Code(held=Held.BADGE, guest=guest.place, issue=issue))

    def _copy(self, visit: Visit) -> Iterator[Move]:
        gate = self._ways.into(self._event.first_zone, visit.guest.details.category)
        if gate is not None:
            at = visit.came_at + timedelta(minutes=self._dice.uniform(0.02, 12))
            yield _in(at, gate, worn(visit.guest, at, self._dice))

    def _double_press(self, visit: Visit) -> Iterator[Move]:
        gate = self._ways.into(self._event.first_zone, visit.guest.details.category)
        if gate is not None:
            at = visit.came_at + timedelta(hours=self._dice.uniform(0.5, 3))
            for pause in (0.0, self._dice.uniform(3, 20)):
                moment = at + timedelta(seconds=pause)
                yield _in(moment, gate, worn(visit.guest, moment, self._dice))

    def _forged(self, visit: Visit) -> Iterator[Move]:
        yield self._any(visit, Code(held=Held.FORGED, text=self._dice.choice(FORGERIES)))

    def _nobodys(self, visit: Visit) -> Iterator[Move]:
        yield self._any(visit, Code(held=Held.NOBODYS, number=self._dice.getrandbits(40)))

    def _never_printed(self, visit: Visit) -> Iterator[Move]:
        yield self._any(visit, Code(held=Held.NEVER_PRINTED, guest=visit.guest.place, issue=9))

    def _mistyped(self, visit: Visit) -> Iterator[Move]:
        wrong = self._any(visit, Code(held=Held.MISTYPED, guest=visit.guest.place))
        yield wrong
        right = Code(held=Held.SHORT_CODE, guest=visit.guest.place)
        yield Move(at=wrong.at + timedelta(seconds=9), gate=wrong.gate, direction=wrong.direction, code=right)

    def _wrong_gate(self, visit: Visit) -> Iterator[Move]:
        category = visit.guest.details.category
        closed = [gate.slug for gate in self._event.gates if gate.categories and category not in gate.categories]
        if closed:
            yield _in(self._moment(visit), self._dice.choice(closed), worn(visit.guest, visit.came_at, self._dice))

    def _wrong_day(self, visit: Visit) -> Iterator[Move]:
        """Another day of the event, one for building up too; some may enter then, and do."""
        day = self._dice.choice(self._event.days)
        gate = self._ways.into(self._event.first_zone, visit.guest.details.category)
        if gate is not None:
            at = self._event.opens_at(day) + timedelta(minutes=self._dice.uniform(5, 300))
            yield _in(at, gate, worn(visit.guest, at, self._dice))

    def _gate_that_is_gone(self, visit: Visit) -> Iterator[Move]:
        yield _in(self._moment(visit), NO_GATE, worn(visit.guest, visit.came_at, self._dice))

    def _any(self, visit: Visit, code: Code) -> Move:
        gate = self._dice.choice(self._event.gates)
        direction = self._dice.choice(("in", "in", "in", "out"))
        return Move(at=self._moment(visit), gate=gate.slug, direction=direction, code=code)

    def _moment(self, visit: Visit) -> datetime:
        return visit.day.opens + visit.day.length * self._dice.uniform(0.0, 0.95)


def _in(at: datetime, gate: str, code: Code) -> Move:
    return Move(at=at, gate=gate, direction="in", code=code)
