"""Gates and hours change while the expo runs: judged at once, what was stored stays, and nobody is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from flask import Flask

from checkin.attendance import service as attendance
from checkin.attendance import tallies
from checkin.attendance.audit import check_figures, check_shares
from checkin.database import Database
from checkin.event.model import Direction, Event, Gate
from checkin.programme import changing
from checkin.programme.changing import Hand
from checkin.programme.model import Kind, Refusal
from checkin.programme.service import all_changes, current_event
from tests.at_once import at_once
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of

Change = Callable[..., Refusal | None]


def do(
    database: Database,
    make: Change,
    event: Event,
    *things: object,
    seen: int = 0,
    at: datetime = DAY_ONE,
    **more: object,
) -> Refusal | None:
    with database.transaction() as session:
        return make(session, event, *things, Hand("staff:1", at, seen), **more)


def running(database: Database, event: Event) -> Event:
    with database.snapshot() as session:
        return current_event(session, event).event


def tokens(database: Database, event: Event, number: int) -> list[str]:
    with database.transaction() as session:
        return [token_of(event, make_badge(session, event, name=f"Person {one}")) for one in range(number)]


NEW = Gate(slug="gate-7", name="Gate 7", zone="expo", direction=Direction.IN)


def test_a_gate_is_added_changed_closed_and_opened_and_each_holds_at_once(
    app: Flask, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event, "gate-7")
    badges = tokens(database, event, 6)

    def scan(number: int, minutes: int) -> tuple[str, str | None]:
        (said,) = tablet.scan(make_item(badges[number], DAY_ONE + timedelta(minutes=minutes)))
        return said["verdict"], said["reason"]

    at = [DAY_ONE + timedelta(minutes=10 * step) for step in range(6)]
    assert ("refused", "wrong_gate") == scan(0, 0)
    assert None is do(database, changing.add_gate, event, NEW, at=at[1])
    assert ("admitted", None) == scan(1, 11)
    only_crew = replace(NEW, categories=("crew",))
    assert None is do(database, changing.change_gate, event, only_crew, seen=1, at=at[2])
    assert ("refused", "wrong_gate") == scan(2, 21)
    assert None is do(database, changing.change_gate, event, NEW, seen=2, at=at[2])
    assert None is do(database, changing.close_gate, event, NEW, seen=3, at=at[3])
    assert ("refused", "wrong_gate") == scan(3, 31)
    assert ("admitted", None) == scan(4, 29)  # it was open then, though this arrives later
    closed = running(database, event).closed_gates[0]
    assert None is do(database, changing.open_gate, event, closed, seen=4, at=at[4])
    assert ("admitted", None) == scan(5, 41)
    assert NEW == running(database, event).gate_by_slug["gate-7"]


def test_a_gate_that_moves_to_another_zone_leaves_its_earlier_scans_where_they_were(
    app: Flask, database: Database, event: Event
) -> None:
    tablet, (one, other) = Tablet(app, database, event), tokens(database, event, 2)
    item = make_item(one, DAY_ONE)
    assert "admitted" == tablet.scan(item)[0]["verdict"]
    gate = replace(event.gate_by_slug["gate-1"], zone="women")
    assert None is do(database, changing.change_gate, event, gate)
    (again,) = tablet.scan(item)
    assert ("admitted", True) == (again["verdict"], again["repeated"])
    assert "admitted" == tablet.scan(make_item(other, DAY_ONE + timedelta(minutes=1)))[0]["verdict"]
    assert "admitted" == tablet.scan(make_item(one, DAY_ONE + timedelta(minutes=2)))[0]["verdict"]  # first there
    with database.transaction() as session:
        now = current_event(session, event).event
        assert not tallies.count_some(session, now, DAY_ONE).is_more
    with database.snapshot() as session:
        counted = attendance.count(session, now, day=DAY_ONE.date(), now=DAY_ONE)
        assert not tallies.is_due(session, now)  # nothing is to be counted anew because of it
        assert [] == [*check_figures(session, now), *check_shares(session, now)]
    assert {"expo": (1, 1), "women": (2, 2)} == {one.zone: (one.visitors, one.entries) for one in counted.by_zone}
    assert (2, 3) == next((one.visitors, one.entries) for one in counted.by_gate if one.gate == "gate-1")
    assert 1 == counted.entries


def test_longer_hours_judge_what_comes_after_the_old_closing_and_leave_what_was_judged(
    app: Flask, database: Database, event: Event
) -> None:
    tablet, badges = Tablet(app, database, event), tokens(database, event, 2)
    day = event.day_by_date[DAY_ONE.date()]
    late = event.closes_at(day) + timedelta(minutes=30)
    first = make_item(badges[0], late)
    assert "after_hours" == tablet.scan(first)[0]["note"]
    assert None is do(database, changing.set_hours, event, day, time(10), time(21), at=late)
    assert None is tablet.scan(make_item(badges[1], late))[0]["note"]
    assert "after_hours" == tablet.scan(first)[0]["note"]
    assert running(database, event).closes_at(running(database, event).day_by_date[day.date]) == late + timedelta(
        hours=1, minutes=30
    )


def test_a_change_made_by_another_process_holds_for_the_very_next_scan(
    app: Flask, database: Database, event: Event
) -> None:
    """Another `Database` on the same address is what another process has: no cache is shared."""
    tablet, (one, other) = Tablet(app, database, event), tokens(database, event, 2)
    assert "admitted" == tablet.scan(make_item(one, DAY_ONE))[0]["verdict"]
    elsewhere = Database(database.url.render_as_string(hide_password=False))
    assert None is do(elsewhere, changing.close_gate, event, event.gate_by_slug["gate-1"])
    elsewhere.close()
    assert "wrong_gate" == tablet.scan(make_item(other, DAY_ONE + timedelta(seconds=1)))[0]["reason"]


def test_of_many_who_change_one_gate_at_once_one_does(database: Database, event: Event) -> None:
    gate = event.gate_by_slug["gate-2"]

    def rename(name: str) -> Refusal | None:
        return do(database, changing.change_gate, event, replace(gate, name=name))

    names = [f"Gate {letter}" for letter in "ABCDEF"]
    told = at_once(*(partial(rename, name) for name in names))
    assert sorted([None, *[Refusal.STALE] * 5], key=str) == sorted(told, key=str)
    assert names[told.index(None)] == running(database, event).gate_by_slug["gate-2"].name
    with database.snapshot() as session:
        assert [1] == [one.number for one in all_changes(session)]


def test_who_saw_an_older_state_changes_nothing(database: Database, event: Event) -> None:
    gate, day = event.gate_by_slug["gate-2"], event.days[2]
    assert None is do(database, changing.change_gate, event, replace(gate, name="New name"))
    assert None is do(database, changing.set_hours, event, day, time(10), time(20))
    for made in (
        do(database, changing.change_gate, event, replace(gate, name="Mine")),
        do(database, changing.close_gate, event, gate),
        do(database, changing.set_hours, event, day, time(10), time(22)),
        do(database, changing.change_gate, event, replace(gate, name="Mine"), seen=99),
        do(database, changing.add_gate, event, replace(NEW, slug="gate-2")),
    ):
        assert Refusal.STALE is made
    found = running(database, event)
    assert ("New name", time(20)) == (found.gate_by_slug["gate-2"].name, found.days[2].closes)


def test_the_last_way_in_stays_open_and_no_two_gates_are_called_the_same(database: Database, event: Event) -> None:
    for gate in event.gates[1:]:
        assert None is do(database, changing.close_gate, event, gate)
    last = event.gates[0]
    assert Refusal.LAST_WAY_IN is do(database, changing.close_gate, event, last)
    assert Refusal.LAST_WAY_IN is do(database, changing.change_gate, event, replace(last, direction=Direction.OUT))
    assert Refusal.NAME_TAKEN is do(database, changing.add_gate, event, replace(NEW, name=last.name.upper()))
    assert Refusal.NOTHING_NEW is do(database, changing.change_gate, event, last)
    assert (last,) == running(database, event).gates


def test_added_gates_stand_in_the_order_of_their_numbers(database: Database, event: Event) -> None:
    for number in (10, 9):
        gate = replace(NEW, slug=f"gate-{number}", name=f"Gate {number}")
        assert None is do(database, changing.add_gate, event, gate)
    assert ["gate-9", "gate-10"] == [gate.slug for gate in running(database, event).gates[-2:]]
    assert Refusal.NOTHING_NEW is do(database, changing.change_gate, event, gate, seen=1)


def test_undoing_puts_back_what_was_before_and_can_be_undone_itself(database: Database, event: Event) -> None:
    gate = event.gate_by_slug["gate-2"]

    def newest() -> object:
        with database.snapshot() as session:
            return all_changes(session)[-1]

    def undo(number: int, *, is_used: bool = False, at: datetime = DAY_ONE) -> Refusal | None:
        return do(database, changing.undo, event, newest(), seen=number, is_used=is_used, at=at)

    do(database, changing.change_gate, event, replace(gate, name="New name"))
    assert None is undo(1)
    assert gate == running(database, event).gate_by_slug["gate-2"]
    assert None is undo(2)
    assert "New name" == running(database, event).gate_by_slug["gate-2"].name
    assert Refusal.STALE is undo(2)
    assert None is do(database, changing.add_gate, event, NEW, at=DAY_ONE + timedelta(minutes=1))
    assert Refusal.IN_USE is undo(1, is_used=True)
    assert None is undo(1, at=DAY_ONE + timedelta(minutes=2))
    assert "gate-7" not in running(database, event).every_gate


def test_undoing_an_opening_closes_from_now_on_not_from_then(database: Database, event: Event) -> None:
    gate, later = event.gate_by_slug["gate-2"], DAY_ONE + timedelta(hours=2)
    do(database, changing.close_gate, event, gate)
    do(
        database,
        changing.open_gate,
        event,
        running(database, event).closed_gates[0],
        seen=1,
        at=DAY_ONE + timedelta(hours=1),
    )
    with database.snapshot() as session:
        opening = all_changes(session)[-1]
    assert None is do(database, changing.undo, event, opening, seen=2, is_used=True, at=later)
    assert [later] == [one.closed_at for one in running(database, event).closed_gates]


def test_hours_that_have_passed_cannot_be_put_back(database: Database, event: Event) -> None:
    day = event.day_by_date[DAY_ONE.date()]
    do(database, changing.set_hours, event, day, time(10), time(21))
    with database.snapshot() as session:
        (longer,) = all_changes(session)
    after = event.closes_at(day) + timedelta(minutes=1)
    assert Refusal.HAS_PASSED is do(database, changing.undo, event, longer, seen=1, is_used=False, at=after)
    assert None is do(database, changing.undo, event, longer, seen=1, is_used=False)
    assert day == running(database, event).day_by_date[day.date]


@pytest.mark.parametrize("kind", [Kind.GATE, Kind.DAY])
def test_the_file_stays_the_file(database: Database, event: Event, kind: Kind) -> None:
    before = repr(event)
    if kind is Kind.GATE:
        do(database, changing.add_gate, event, NEW)
    else:
        do(database, changing.set_hours, event, event.days[2], time(9), time(20))
    assert before == repr(event)
    assert before != repr(running(database, event))


def test_a_quarantined_scan_of_before_the_closing_counts_when_it_is_taken_in_later(
    database: Database, event: Event
) -> None:
    (token,) = tokens(database, event, 1)
    with database.transaction() as session:
        _, device = make_device(session, event, "gate-2")
    do(database, changing.close_gate, event, event.gate_by_slug["gate-2"], at=DAY_ONE + timedelta(minutes=5))
    (told,) = send(database, event, device, make_item(token, DAY_ONE))
    assert "admitted" == told.row.verdict
