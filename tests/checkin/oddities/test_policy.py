"""What is odd about one person's scans, whatever the order in which they came."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checkin.oddities.model import Kind
from checkin.oddities.policy import Fact, oddities_of

TEN = datetime(2026, 1, 24, 5, 0, tzinfo=UTC)
SATURDAY = date(2026, 1, 24)
SCAN = Fact(TEN, "a", SATURDAY, "gate-1", "expo", "in", 7, 1, "", "", is_sure=True, counts=True, is_undone=False)
REFUSED = {"counts": False}


def at(minutes: float, scan_id: str, **more: object) -> Fact:
    return SCAN._replace(at=TEN + timedelta(minutes=minutes), id=scan_id, **more)


def told(*facts: Fact) -> list[tuple[Kind, str, str]]:
    """Kind, key and what it clashes with; the same in any order of arrival."""
    mixed = list(facts)
    random.Random(5).shuffle(mixed)  # noqa: S311 - the same each time
    found = [(one.kind, one.key, one.other) for one in oddities_of(facts, "expo")]
    assert found == [(one.kind, one.key, one.other) for one in oddities_of(mixed, "expo")]
    return found


def test_a_person_who_comes_in_goes_out_and_comes_again_is_not_odd() -> None:
    assert [] == told(at(0, "a"), at(60, "b", gate="gate-4", direction="out"), at(90, "c", gate="gate-2"))


def test_one_badge_at_two_gates_within_two_minutes_is_told_once_with_the_scan_before() -> None:
    soon = at(1.9, "b", gate="gate-2", check="too_soon")
    assert [(Kind.TWO_GATES, "b", "a")] == told(at(0, "a"), soon)


@pytest.mark.parametrize(
    "later",
    [
        at(2, "b", gate="gate-2"),
        at(1, "b"),
        at(1, "b", gate="gate-5", **REFUSED),
        at(1, "b", gate="gate-2", counts=False, is_undone=True),
    ],
    ids=["two minutes later", "the same gate", "sent on by the exhibitors' gate", "undone"],
)
def test_what_can_be_one_person_on_their_way_is_not_two_gates(later: Fact) -> None:
    assert [] == told(at(0, "a"), later)


def test_a_clock_that_is_unsure_is_told_and_proves_no_minute() -> None:
    assert [(Kind.CLOCK, "b", "")] == told(at(0, "a"), at(1, "b", gate="gate-2", is_sure=False))


def test_too_soon_is_told_until_it_is_undone() -> None:
    soon = at(3, "b", gate="gate-2", check="too_soon")
    assert [(Kind.TOO_SOON, "b", "")] == told(at(0, "a"), soon)
    assert [] == told(at(0, "a"), soon._replace(counts=False, is_undone=True))


def test_an_older_issue_is_told_also_where_a_supervisor_let_it_in() -> None:
    old = at(0, "a", reason="replaced")
    assert [(Kind.OLD_BADGE, "a", "")] == told(old._replace(**REFUSED)) == told(old)


def test_a_pavilion_without_a_main_gate_that_day_is_told_once() -> None:
    pavilion = {"gate": "gate-6", "zone": "women"}
    first, again = at(0, "a", **pavilion), at(30, "b", **pavilion)
    expected = [(Kind.NO_MAIN_GATE, "7 2026-01-24 women", "women")]
    assert expected == told(first, again)
    assert expected == told(first, again, at(40, "c", **REFUSED))  # refused at the main gate
    yesterday = at(-1440, "c", day=date(2026, 1, 23))
    assert expected == told(first, again, yesterday)
    assert [] == told(first, again, at(40, "c"))  # a tablet of the main gate told later


def test_of_nobody_known_only_the_clock_can_be_told() -> None:
    forged = SCAN._replace(visitor_id=None, reason="forged", counts=True, zone="women", is_sure=False)
    assert [(Kind.CLOCK, "a", "")] == told(forged)


def test_an_oddity_says_whom_and_where_it_is_about() -> None:
    (found,) = oddities_of([at(0, "a", reason="replaced", **REFUSED)], "expo")
    same = replace(found, visitor_id=7, device_id=1, gate="gate-1", at=TEN, day=SATURDAY)
    assert same == found
