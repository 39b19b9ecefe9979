"""What each scan should have been judged, given the order in which the messages arrived.

Whether an entry is a first or a later one depends on what the server knew when it came. The tablets noted when each
message began and when its answer was there: of two that did not overlap the order is known, of two that did it is not.
Then every judgement that some order gives is right, and the scan is told as `open`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from checkin.venue.simulation.model import Correction, Scenario
from checkin.venue.simulation.oracle import Fact, is_taken
from checkin.venue.simulation.rules import Expected, Passed, judged


@dataclass(frozen=True, slots=True)
class Span:
    """When a message was on its way: from its first sending to its answer. `turn`: the place in its batch."""

    message: int
    turn: int
    began: float
    ended: float

    def is_before(self, other: Span) -> bool | None:
        """Whether this arrived before `other`; None where nobody knows."""
        if self.message == other.message:
            return self.turn < other.turn
        if self.ended <= other.began:
            return True
        return False if other.ended <= self.began else None


@dataclass(slots=True)
class Replayed:
    """By place of the scan: the judgements that are right. `refused`: what the order of arrival refused."""

    right: dict[int, list[Expected]] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many scans came at the same time as another that decides theirs."""
        return sum(len(found) > 1 for found in self.right.values())


def replay(
    scenario: Scenario,
    facts: Sequence[Fact],
    spans: Mapping[int, Span],
    corrected: Mapping[str, Span],
    told: Callable[[int], str | None],
) -> Replayed:
    """`spans` of the scans by place, `corrected` of the corrections by id; `told`: the reason that a scan was given.

    What was told is asked only where one entry a day is all and two came at once: then what counts is the server's
    choice, and must be one of those that are right.
    """
    fates: defaultdict[int, list[Correction]] = defaultdict(list)
    for correction in scenario.corrections:
        if is_taken(scenario, correction):
            fates[correction.scan].append(correction)
    groups: defaultdict[tuple[int, object, str], list[Fact]] = defaultdict(list)
    arrived = sorted((one for one in facts if one.place in spans), key=lambda one: spans[one.place].began)
    for fact in arrived:
        if fact.guest:
            groups[fact.guest.place, fact.where.day, fact.where.zone].append(fact)
    result = Replayed()
    for fact in arrived:
        group = groups[fact.guest.place, fact.where.day, fact.where.zone] if fact.guest else []
        sure, maybe = _known(fact, group, spans, corrected, fates, result)
        result.right[fact.place] = right = _right(scenario, fact, sure, maybe)
        shut_out = [one.reason == "already_in" for one in right]
        if all(shut_out) or (any(shut_out) and told(fact.place) == "already_in"):
            result.refused[fact.place] = "already_in"
    return result


def _known(
    fact: Fact,
    group: Iterable[Fact],
    spans: Mapping[int, Span],
    corrected: Mapping[str, Span],
    fates: Mapping[int, Sequence[Correction]],
    result: Replayed,
) -> tuple[list[Passed], list[Passed]]:
    """The passages before this scan that the server knew when it came, and those that it may have known."""
    sure: list[Passed] = []
    maybe: list[Passed] = []
    own = spans[fact.place]
    for other in group:
        if (other.scan.scanned_at, other.scan.id) >= (fact.scan.scanned_at, fact.scan.id):
            continue
        fate = fates.get(other.place, ())
        undo, let_in = (
            [_is_before(corrected.get(one.id), own) for one in fate if one.is_undo is kind] for kind in (True, False)
        )
        is_refused = other.reason is not None or other.place in result.refused
        there = _any(let_in) if is_refused else spans[other.place].is_before(own)
        counts = _all([there, *(None if one is None else not one for one in undo)])
        passed = Passed(other.scan.scanned_at, other.scan.id, other.where.gate, other.where.is_in)
        if counts is not False:
            (sure if counts else maybe).append(passed)
    return sure, maybe


def _right(scenario: Scenario, fact: Fact, sure: Sequence[Passed], maybe: Sequence[Passed]) -> list[Expected]:
    """What any order of arrival gives."""
    found: list[Expected] = []
    for count in range(len(maybe) + 1):
        for known in combinations(maybe, count):
            before = sorted([*sure, *known], key=lambda one: (one.at, one.scan))
            scan = fact.scan
            one = judged(scenario.event, scan.scanned_at, scan.id, fact.where, fact.reason, before)
            if one not in found:
                found.append(one)
    return found


def _is_before(span: Span | None, other: Span) -> bool | None:
    return None if span is None else span.is_before(other)


def _any(some: Sequence[bool | None]) -> bool | None:
    return True if True in some else None if None in some else False


def _all(some: Sequence[bool | None]) -> bool | None:
    return False if False in some else None if None in some else True
