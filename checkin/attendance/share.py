"""What one subject adds to every sum. Pure: facts in, a text that keeps them, and from the text its share.

A subject is a visitor with all their scans, or one scan of nobody known. Its text is what was counted of it; whatever
happens later, its share is worked out anew from a new text, and the difference of the two goes to the sums. So an undo,
an override, a late scan and a corrected category are all counted in one way.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from checkin.admission.model import Verdict
from checkin.attendance.model import Kind
from checkin.event.model import Direction

VERSION = 2  # another number has everything counted anew: raise it with every change of what a text says or adds

ScanKey = tuple[date, str, int, str, str, str, str]  # day, gate, hour, zone, direction, verdict, category
PeopleKey = tuple[date, str, str, str]  # day, kind, key, category

# Plain texts: an enum's member takes three times as long to be looked up by, and this is done for every scan.
_ALL, _GATE, _ZONE, _HOUR, _INSIDE, _DEVICE = (
    kind.value for kind in (Kind.ALL, Kind.GATE, Kind.ZONE, Kind.HOUR, Kind.INSIDE, Kind.DEVICE)
)
_TRAITS = tuple(kind.value for kind in (Kind.COUNTRY, Kind.GENDER, Kind.CITY, Kind.CLUSTER, Kind.SECTOR))
_IN, _OUT, _ADMITTED, _RE_ENTRY = (
    Direction.IN.value,
    Direction.OUT.value,
    Verdict.ADMITTED.value,
    Verdict.RE_ENTRY.value,
)
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Person(NamedTuple):
    """What of a person is counted; each in the order of `_TRAITS`. `category` is empty of nobody known."""

    category: str
    country: str
    gender: str
    city: str
    cluster: str
    sectors: Sequence[str]


NOBODY = Person("", "", "", "", "", ())


class Fact(NamedTuple):
    """One scan with what became of it. `hour` is the venue's; `counts`: accepted or overridden, and not undone."""

    at: datetime
    id: str
    day: date
    hour: int
    gate: str
    zone: str
    direction: str
    verdict: str
    reason: str
    shown_verdict: str
    shown_reason: str
    device: int
    is_undone: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Additions to the sums: by ScanKey scans, those that count, discrepancies; by PeopleKey people and newcomers."""

    scans: defaultdict[ScanKey, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    people: defaultdict[PeopleKey, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, text: str, show_days: Collection[date], sign: int = 1) -> None:
        """Add the share of a text; take it away with `sign` -1. An empty text has no share."""
        if not text:
            return
        category, traits, *scans = json.loads(text)
        before: set[tuple[str, str]] = set()
        for (day, kind, key), is_there in self._add_scans(category, traits, scans, sign).items():
            if is_there:
                people = self.people[day, kind, key, category]
                people[0] += sign
                if day in show_days and (kind, key) not in before:
                    before.add((kind, key))
                    people[1] += sign

    def _add_scans(
        self, category: str, traits: list[list[str]], scans: list[list[Any]], sign: int
    ) -> dict[tuple[date, str, str], bool]:
        """Add a subject's scans; by what their people count, the days in their order."""
        here: dict[tuple[date, str, str], bool] = {}
        for ordinal, hour, gate, zone, direction, verdict, device, counts, is_discrepancy in scans:
            day = _date(ordinal)
            sums = self.scans[day, gate, hour, zone, direction, verdict, category]
            sums[0] += sign
            sums[1] += sign * counts
            sums[2] += sign * is_discrepancy
            here[day, _DEVICE, str(device)] = True
            if not (category and counts):
                continue
            here[day, _INSIDE, zone] = direction != _OUT  # the last one of the day says it
            if direction == _IN:
                if (day, _ALL, "") not in here:  # the first one of the day
                    here[day, _ALL, ""] = here[day, _HOUR, f"{hour:02}"] = True
                    for kind, keys in zip(_TRAITS, traits, strict=True):
                        for key in keys:
                            here[day, kind, key] = True
                here[day, _GATE, gate] = here[day, _ZONE, zone] = True
        return here


def text_of(person: Person, facts: Iterable[Fact]) -> str:
    """The facts of a subject as far as sums depend on them. Empty without any."""
    ordered = sorted(facts)  # by moment, then id: the same on every machine
    first: dict[tuple[date, str], Fact] = {}
    if person.category:
        for one in ordered:
            if one.counts and one.direction == _IN:
                first.setdefault((one.day, one.zone), one)
    kept = [
        (
            one.day.toordinal(),
            one.hour,
            one.gate,
            one.zone,
            one.direction,
            one.verdict,
            one.device,
            int(one.counts),
            int(is_discrepancy(one, first.get((one.day, one.zone)))),
        )
        for one in ordered
    ]
    if not kept:
        return ""
    cluster = [person.cluster] if person.cluster else []
    traits = [[person.country], [person.gender], [person.city], cluster, sorted(person.sectors)]
    return _encode([person.category, traits if person.category else [], *kept])


def is_discrepancy(scan: Fact, first: Fact | None) -> bool:
    """Whether the gate showed something else than what holds; `first`: the visitor's first entry of that day and zone.

    The same rule as `admission.discrepancies` has in SQL; `attendance check` compares the two.
    """
    is_overtaken = first is not None and first.id != scan.id and scan.verdict == _ADMITTED and not scan.is_undone
    told = scan.shown_verdict or scan.verdict
    if is_overtaken and first is not None and first.device != scan.device and told == _ADMITTED:
        return True
    if not scan.shown_verdict or (is_overtaken and scan.shown_verdict == _RE_ENTRY):
        return False
    return scan.shown_verdict != scan.verdict or scan.shown_reason != scan.reason


@lru_cache(maxsize=1024)
def _date(ordinal: int) -> date:
    return date.fromordinal(ordinal)
