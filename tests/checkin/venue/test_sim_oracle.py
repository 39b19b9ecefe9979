"""What the oracle counts, on a day small enough to count by hand; and what it says of the order of arrival."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checkin.event.model import Event, ReEntry
from checkin.venue.simulation import oracle
from checkin.venue.simulation.model import Code, Held, Scenario
from checkin.venue.simulation.replay import Replayed, Span, replay
from tests.checkin.venue.simulated import correction, guest, scan, scenario

DAY_ONE = date(2026, 1, 24)


def figures(played: Scenario, day: date | None = DAY_ONE) -> oracle.Figures:
    counted = oracle.passes(oracle.counting(played, oracle.facts(played), {}))
    return oracle.figures(played.event, counted, day)


def test_a_small_day_is_counted_as_by_hand(event: Event) -> None:
    people = [
        guest(0, country="PK", sectors=("textiles", "cutlery")),
        guest(1, "general-visitor", country="AZ"),
        guest(2, "exhibitor"),
    ]
    scans = [
        scan(0, 0, 5),
        scan(1, 0, 90, "gate-4", "out"),
        scan(2, 0, 120, "gate-2"),
        scan(3, 0, 130, "gate-6"),
        scan(4, 1, 61),
        scan(5, 1, 200, "gate-5"),  # wrong gate
        scan(6, 2, -60, "gate-5"),
        scan(7, 2, 30, "gate-4", "out"),
        scan(8, 0, 1500, "gate-1"),  # the next day
        scan(9, 1, 40, code=Code(held=Held.FORGED, text="x")),
    ]
    found = figures(scenario(event, people, scans))
    assert (2, 1, 1, 2, 3) == tuple(found[name] for name in ("visitors", "trade", "public", "visits", "entries"))
    assert (2, 3, 4, 2) == tuple(found[n] for n in ("inside", "everyone.people", "everyone.entries", "first_time"))
    assert {"gate-1": 2, "gate-2": 1, "gate-6": 1} == found["by_gate.visitors"] == found["by_gate.entries"]
    assert ({"expo": 2, "women": 1}, {"expo": 3, "women": 1}) == (found["by_zone.visitors"], found["by_zone.entries"])
    assert ({"10": 1, "11": 1}, {"10": 1, "11": 1, "12": 1}) == (found["by_hour.first"], found["by_hour.entries"])
    assert {"trade-visitor": 1, "general-visitor": 1, "exhibitor": 1} == found["by_category.people"]
    assert {"PK": 1, "AZ": 1} == found["by_country.visitors"]
    assert {"textiles": 1, "cutlery": 1} == found["by_sector.visitors"]
    assert {"2026-01-24": 2, "2026-01-25": 1} == found["by_day.visitors"]
    whole = figures(scenario(event, people, scans), None)
    assert (2, 3, 4, None, 2) == tuple(
        whole[name] for name in ("visitors", "visits", "entries", "inside", "first_time")
    )


def test_what_was_taken_back_counts_no_more_and_who_was_let_in_counts(event: Event) -> None:
    scans = [scan(0, 0, 1), scan(1, 0, 60, "gate-2"), scan(2, 1, 5, "gate-5"), scan(3, 1, 6, tablet=1)]
    corrections = (
        correction(0, undo=True, minutes=6),
        correction(2, undo=False),
        correction(3, undo=True, minutes=7, tablet=0),  # another's: nothing comes of it
        correction(1, undo=True, minutes=65.1),  # too late
    )
    found = figures(scenario(event, [guest(0), guest(1)], scans, corrections))
    assert {"gate-1": 1, "gate-2": 1, "gate-5": 1} == found["by_gate.entries"]
    assert {"11": 1, "10": 1} == found["by_hour.first"]


def spans(*pairs: tuple[float, float]) -> dict[int, Span]:
    return {place: Span(place, 0, began, ended) for place, (began, ended) in enumerate(pairs)}


def played(event: Event, found: dict[int, Span], told: str | None = None, *corrected: str) -> Replayed:
    """Guest 0 at minute 0 and at minute 30."""
    two = scenario(event, [guest(0)], [scan(0, 0, 0), scan(1, 0, 30, "gate-2")], (correction(0, undo=True),))
    two = two if corrected else replace(two, corrections=())
    fates = {name: Span(9, 0, 4.0, 5.0) for name in corrected}
    return replay(two, oracle.facts(two), found, fates, lambda _: told)


@pytest.mark.parametrize(
    ("arrived", "right"),
    [
        (((0, 1), (2, 3)), {"re-entry"}),
        (((2, 3), (0, 1)), {"admitted"}),  # the earlier one came late: what was judged stays judged
        (((0, 2), (1, 3)), {"admitted", "re-entry"}),
        (((1, 3), (0, 2)), {"admitted", "re-entry"}),
    ],
    ids=["in order", "late", "at once", "at once, begun later"],
)
def test_the_order_of_arrival_decides_unless_it_is_unknown(
    event: Event, arrived: tuple[tuple[float, float], ...], right: set[str]
) -> None:
    assert right == {one.verdict for one in played(event, spans(*arrived)).right[1]}


def test_in_one_batch_the_order_is_the_batchs(event: Event) -> None:
    found = played(event, {0: Span(5, 1, 0, 1), 1: Span(5, 0, 0, 1)})
    assert ["admitted"] == [one.verdict for one in found.right[1]]


def test_an_undo_that_came_before_leaves_no_earlier_entry(event: Event) -> None:
    early, late = spans((0, 1), (2, 3)), spans((0, 1), (6, 7))
    assert "re-entry" == played(event, early, None, "correction-0-True").right[1][0].verdict
    assert "admitted" == played(event, late, None, "correction-0-True").right[1][0].verdict


@pytest.mark.parametrize(("told", "entries"), [("already_in", 1), (None, 2)])
def test_where_one_entry_is_all_and_two_come_at_once_what_was_told_counts(
    event: Event, told: str | None, entries: int
) -> None:
    strict = replace(event, re_entry=ReEntry.REFUSE)
    found = played(strict, spans((0, 2), (1, 3)), told)
    assert {None, "already_in"} == {one.reason for one in found.right[1]}
    assert entries == 2 - len(found.refused)
    assert {1} == set(played(strict, spans((0, 1), (2, 3))).refused)
