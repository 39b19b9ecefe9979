"""Which tablets keep figures provisional."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from checkin.attendance.policy import waiting
from checkin.devices.model import Device, Kind
from checkin.event.model import Direction, Event

SATURDAY, SUNDAY = date(2026, 1, 24), date(2026, 1, 25)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}+05:00")


TABLET = Device(
    id=1,
    name="Gate 3, tablet B",
    kind=Kind.GATE,
    gate="gate-3",
    direction=Direction.IN,
    paired_at=at("24T09:00"),
    outbox=0,
)


@pytest.mark.parametrize(
    ("seen", "now", "is_waited_for"),
    [
        ("24T14:00", "24T14:04", False),
        ("24T14:00", "24T14:06", True),
        ("24T18:58", "24T19:02", False),  # four minutes are no silence, even if the doors closed between
        ("24T18:58", "24T19:04", True),
        ("24T19:00", "24T23:00", False),  # heard at closing: nothing of the day is left
        ("23T20:00", "24T09:59", False),  # before opening, tablets sleep
    ],
)
def test_a_tablet_of_today_is_waited_for_when_it_is_silent(
    event: Event, seen: str, now: str, *, is_waited_for: bool
) -> None:
    tablet = replace(TABLET, last_seen_at=at(seen))
    assert is_waited_for is bool(waiting(event, [tablet], set(), [SATURDAY], at(now)))


def test_a_past_day_waits_for_its_own_tablets_until_they_were_heard_after_closing(event: Event) -> None:
    tablet, now = replace(TABLET, last_seen_at=at("24T18:00")), at("25T12:00")
    (told,) = waiting(event, [tablet], {(1, SATURDAY)}, [SATURDAY], now)
    assert (True, at("24T18:00")) == (told.is_silent, told.since)
    assert () == waiting(event, [tablet], set(), [SATURDAY], now)
    heard = replace(tablet, last_seen_at=at("25T08:00"))
    assert () == waiting(event, [heard], {(1, SATURDAY)}, [SATURDAY], now)


def test_a_tablet_that_owes_scans_is_waited_for_since_it_first_owed(event: Event) -> None:
    now = at("24T14:10")
    tablet = replace(TABLET, last_seen_at=now, outbox=37, first_owed_at=at("24T14:02"))
    (told,) = waiting(event, [tablet], set(), [SATURDAY], now)
    assert (37, False, at("24T14:02")) == (told.outbox, told.is_silent, told.since)


def test_retired_tablets_and_spares_in_a_drawer_are_not_waited_for(event: Event) -> None:
    now = at("24T14:00")
    silent = replace(TABLET, last_seen_at=now - timedelta(hours=2))
    assert () == waiting(event, [replace(silent, retired_at=now), replace(silent, gate="")], set(), [SATURDAY], now)
    assert waiting(event, [replace(silent, gate="", outbox=2)], set(), [SATURDAY], now)


def test_the_longest_wait_comes_first(event: Event) -> None:
    now = at("24T14:00")
    devices = [replace(TABLET, id=n, last_seen_at=now - timedelta(minutes=n)) for n in (6, 50, 20)]
    assert [50, 20, 6] == [one.device_id for one in waiting(event, devices, set(), [SATURDAY, SUNDAY], now)]
