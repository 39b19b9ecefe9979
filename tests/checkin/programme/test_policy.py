"""The event as it runs: the file, with what organisers changed laid over it; and where the two disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from checkin.event.model import Direction, Event, Gate
from checkin.programme.model import Change, Kind, Refusal, What
from checkin.programme.policy import find_hours_refusal, hours_told, overlaid, told

NOW = datetime(2026, 1, 24, 12, tzinfo=UTC)  # 17:00 in Lahore
DAY = "2026-01-24"


def make_change(
    instead: dict[str, Any], file: dict[str, Any], slug: str = "gate-1", number: int = 1, kind: Kind = Kind.GATE
) -> Change:
    return Change(
        kind=kind, slug=slug, number=number, what=What.CHANGE, instead=instead, file=file, at=NOW, by="staff:1"
    )


def make_file(event: Event, **changed: Any) -> Event:
    """The event file with another first gate."""
    return replace(event, gates=(replace(event.gates[0], **changed), *event.gates[1:]))


ADDED = {"name": "North", "name_ur": "", "zone": "women", "direction": "in", "categories": ["crew"]}


def test_only_the_newest_change_of_a_thing_holds_and_an_empty_one_is_the_file(event: Event) -> None:
    file = told(event.gates[0])
    first, second, third = (
        make_change(instead, file, number=n) for n, instead in enumerate(({"name": "A"}, {"name": "B"}, {}), 1)
    )
    assert "B" == overlaid(event, [second, first])[0].gates[0].name
    assert event == overlaid(event, [first, second, third])[0]


def test_what_was_not_changed_here_follows_the_file(event: Event) -> None:
    moved = make_change({"zone": "women"}, told(event.gates[0]))
    running, conflicts = overlaid(make_file(event, name="Renamed"), [moved])
    assert ("Renamed", "women") == (running.gates[0].name, running.gates[0].zone)
    assert () == conflicts


def test_a_setting_that_the_file_changed_too_stays_as_it_is_here_and_is_told(event: Event) -> None:
    moved = make_change({"direction": "out"}, told(event.gates[0]))
    running, (conflict,) = overlaid(make_file(event, direction=Direction.BOTH), [moved])
    assert Direction.OUT is running.gates[0].direction
    assert ("direction", "out", "both", True) == (conflict.setting, conflict.here, conflict.file, conflict.holds)
    assert () == overlaid(make_file(event, direction=Direction.OUT), [moved])[1]


@pytest.mark.parametrize("instead", [{"zone": "gone"}, {"categories": ["crew", "gone"]}])
def test_what_does_not_fit_the_file_any_more_rests_and_is_told(event: Event, instead: dict[str, Any]) -> None:
    (setting,) = instead
    changed = make_change({**instead, "name": "Kept"}, told(event.gates[0]))
    running, (conflict,) = overlaid(event, [changed])
    assert replace(event.gates[0], name="Kept") == running.gates[0]
    assert (setting, False) == (conflict.setting, conflict.holds)


def test_an_added_gate_is_there_until_its_zone_leaves_the_file(event: Event) -> None:
    added = make_change(ADDED, {}, "gate-7")
    gate = Gate(slug="gate-7", name="North", zone="women", direction=Direction.IN, categories=("crew",))
    assert ((*event.gates, gate), ()) == (overlaid(event, [added])[0].gates, overlaid(event, [added])[1])
    without = replace(event, zones=event.zones[:1])
    running, (conflict,) = overlaid(without, [added])
    assert (without, "", False) == (running, conflict.setting, conflict.holds)


def test_a_gate_that_the_file_got_too_since_it_was_added_is_as_it_was_added(event: Event) -> None:
    added = make_change(ADDED, {}, "gate-7")
    file = replace(event, gates=(*event.gates, Gate(slug="gate-7", name="North", zone="expo")))
    running, conflicts = overlaid(file, [added])
    assert "women" == running.gate_by_slug["gate-7"].zone
    assert {"zone", "direction", "categories"} == {one.setting for one in conflicts}


def test_a_changed_gate_that_left_the_file_is_gone_and_is_told(event: Event) -> None:
    changed = make_change({"name": "A"}, told(event.gates[0]))
    without = replace(event, gates=event.gates[1:])
    running, (conflict,) = overlaid(without, [changed])
    assert (without, "", False) == (running, conflict.setting, conflict.holds)


def test_a_closed_gate_is_known_by_name_alone(event: Event) -> None:
    closed = make_change({"closed_at": NOW.isoformat()}, told(event.gates[0]))
    running, conflicts = overlaid(event, [closed])
    assert (event.gates[1:], ()) == (running.gates, conflicts)
    assert (replace(event.gates[0], closed_at=NOW),) == running.closed_gates
    assert running.every_gate.keys() == event.every_gate.keys()


def test_hours_hold_over_a_file_that_says_others_later_if_they_still_fit(event: Event) -> None:
    file = hours_told(event.day_by_date[NOW.date()])
    longer = make_change({"closes": "21:00:00"}, file, DAY, kind=Kind.DAY)

    def running(**hours: time) -> tuple[time, list[tuple[str, bool]]]:
        days = tuple(replace(day, **hours) if day.date == NOW.date() else day for day in event.days)
        found, conflicts = overlaid(replace(event, days=days), [longer])
        return found.day_by_date[NOW.date()].closes, [(one.setting, one.holds) for one in conflicts]

    assert (time(21), []) == running()
    assert (time(21), [("closes", True)]) == running(closes=time(20))
    assert (time(23), [("closes", False)]) == running(opens=time(22), closes=time(23))


@pytest.mark.parametrize(
    ("now", "opens", "closes", "expected"),
    [
        ("09:00", "10:00", "21:00", None),
        ("09:00", "09:30", "19:00", None),
        ("09:30", "08:30", "19:00", None),  # people wait already: open at once
        ("09:00", "10:00", "00:00", None),
        ("09:00", "10:00", "10:00", Refusal.CLOSES_FIRST),
        ("09:00", "10:00", "09:59", Refusal.CLOSES_FIRST),
        ("09:00", "19:30", "19:00", Refusal.CLOSES_FIRST),
        ("10:00", "10:30", "19:00", Refusal.HAS_OPENED),
        ("18:00", "10:00", "18:00", Refusal.HAS_PASSED),
        ("18:00", "10:00", "18:01", None),
        ("20:00", "10:00", "21:00", None),  # closed an hour ago, and opened again
        ("24:00", "10:00", "21:00", Refusal.DAY_IS_OVER),
    ],
)
def test_hours_can_be_changed_while_they_lie_ahead(
    event: Event, now: str, opens: str, closes: str, expected: Refusal | None
) -> None:
    day = event.day_by_date[NOW.date()]
    hour, minute = map(int, now.split(":"))
    at = datetime(2026, 1, 24, tzinfo=event.time_zone) + timedelta(hours=hour, minutes=minute)
    assert expected == find_hours_refusal(event, day, time.fromisoformat(opens), time.fromisoformat(closes), at)


def test_a_day_that_closes_after_midnight_in_the_file_keeps_that(event: Event) -> None:
    day = replace(event.days[1], opens=time(18), closes=time(2))
    before = event.opens_at(day) - timedelta(hours=1)
    assert find_hours_refusal(event, day, time(19), time(2), before) is None
    assert Refusal.CLOSES_FIRST is find_hours_refusal(event, day, time(1), time(2), before)
