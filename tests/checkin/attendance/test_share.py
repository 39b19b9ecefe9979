"""What one subject adds to the sums: pure, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from checkin.attendance.share import NOBODY, Fact, Person, Tally, is_discrepancy, text_of

SATURDAY, SUNDAY, BUILD_UP = date(2026, 1, 24), date(2026, 1, 25), date(2026, 1, 23)
SHOW = {SATURDAY, SUNDAY}
PERSON = Person("trade-visitor", "PK", "female", "lahore", "", ["textiles"])


def fact(number: int, **more: object) -> Fact:
    """An entry at gate 1 at ten o'clock of Saturday, shown as it was judged."""
    usual: dict[str, object] = {
        "at": datetime(2026, 1, 24, 5, tzinfo=UTC) + timedelta(minutes=number),
        "id": f"scan {number}",
        "day": SATURDAY,
        "hour": 10,
        "gate": "gate-1",
        "zone": "expo",
        "direction": "in",
        "verdict": "admitted",
        "reason": "",
        "shown_verdict": "",
        "shown_reason": "",
        "device": 1,
        "is_undone": False,
        "counts": True,
    }
    return Fact(**(usual | more))  # type: ignore[arg-type]


def people(*facts: Fact) -> dict[tuple[date, str, str], tuple[int, int]]:
    tally = Tally()
    tally.add(text_of(PERSON, facts), SHOW)
    return {(day, kind, key): (here, new) for (day, kind, key, _), (here, new) in tally.people.items()}


def test_somebody_is_new_on_their_first_show_day_only() -> None:
    found = people(
        fact(1, day=BUILD_UP, at=datetime(2026, 1, 23, 5, tzinfo=UTC)),
        fact(2),
        fact(3, day=SUNDAY, at=datetime(2026, 1, 25, 5, tzinfo=UTC)),
        fact(4, day=SUNDAY, at=datetime(2026, 1, 25, 6, tzinfo=UTC), gate="gate-2"),
    )
    assert [(1, 0), (1, 1), (1, 0)] == [found[day, "all", ""] for day in (BUILD_UP, SATURDAY, SUNDAY)]
    assert (1, 1) == found[SUNDAY, "gate", "gate-2"]
    for trait in (("sector", "textiles"), ("country", "PK"), ("gender", "female"), ("city", "lahore")):
        assert [(1, 1), (1, 0)] == [found[SATURDAY, *trait], found[SUNDAY, *trait]]
    assert "cluster" not in {kind for _, kind, _ in found}


def test_the_order_of_arrival_changes_nothing() -> None:
    facts = [fact(1, hour=9), fact(2), fact(3, direction="out", verdict="left"), fact(4, zone="women")]
    assert text_of(PERSON, facts) == text_of(PERSON, reversed(facts))
    assert {("hour", "09")} == {(kind, key) for _, kind, key in people(*facts) if kind == "hour"}


def test_inside_is_who_went_in_last_by_zone() -> None:
    leaves = fact(2, direction="out", verdict="left")
    assert (SATURDAY, "inside", "expo") not in people(fact(1), leaves)
    assert (SATURDAY, "inside", "expo") in people(fact(1), leaves, fact(3))
    assert (SATURDAY, "inside", "expo") in people(fact(1), leaves._replace(is_undone=True, counts=False))


def test_what_does_not_count_is_a_scan_and_shows_that_a_tablet_worked() -> None:
    tally = Tally()
    tally.add(text_of(PERSON, [fact(1, verdict="refused", counts=False)]), SHOW)
    assert [[1, 0, 0]] == list(tally.scans.values())
    assert [(SATURDAY, "device", "1", "trade-visitor")] == list(tally.people)


def test_nobody_known_counts_at_the_gate_and_for_no_person() -> None:
    tally = Tally()
    tally.add(text_of(NOBODY, [fact(1, verdict="refused")]), SHOW)
    assert {(SATURDAY, "gate-1", 10, "expo", "in", "refused", ""): [1, 1, 0]} == tally.scans
    assert ["device"] == [kind for _, kind, _, _ in tally.people]


def test_what_is_taken_away_leaves_nothing() -> None:
    tally, text = Tally(), text_of(PERSON, [fact(1), fact(2, zone='a, "b"\n|', gate="ق")])
    tally.add(text, SHOW)
    tally.add(text, SHOW, -1)
    tally.add("", SHOW)
    assert {(0, 0, 0)} == set(map(tuple, tally.scans.values()))
    assert {(0, 0)} == set(map(tuple, tally.people.values()))


@pytest.mark.parametrize(
    ("shown", "device", "is_one"),
    [
        ({}, 1, False),
        ({}, 2, True),  # both gates let the badge in, and neither knew
        ({"shown_verdict": "admitted"}, 1, False),
        ({"shown_verdict": "admitted"}, 2, True),
        ({"shown_verdict": "re-entry"}, 2, False),  # the gate was right in the end
        ({"shown_verdict": "refused", "shown_reason": "held"}, 1, True),
        ({"shown_verdict": "admitted", "is_undone": True, "counts": False}, 2, False),
    ],
)
def test_an_entry_that_was_overtaken_is_a_discrepancy_if_it_surprises(
    shown: dict[str, object], device: int, *, is_one: bool
) -> None:
    assert is_one is is_discrepancy(fact(2, device=device, **shown), fact(1))
    assert not is_discrepancy(fact(1), fact(1))


@pytest.mark.parametrize(
    ("shown", "is_one"),
    [(("refused", "held"), False), (("refused", "revoked"), True), (("admitted", ""), True), (("", ""), False)],
)
def test_another_reason_to_refuse_is_one_too(shown: tuple[str, str], *, is_one: bool) -> None:
    held = fact(1, verdict="refused", reason="held", counts=False, shown_verdict=shown[0], shown_reason=shown[1])
    assert is_one is is_discrepancy(held, None)
