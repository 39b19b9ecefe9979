"""Retiring: put away, a tablet keeps the badge key; lost, the next key takes over. And what needs care of a tablet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkin import clock
from checkin.badges.keys import MOST_KEYS
from checkin.badges.service import NoMoreKeysError, newest_key_number, next_key
from checkin.database import Database
from checkin.devices import service
from checkin.devices.model import Device, RetiredAs
from checkin.devices.policy import is_clock_off, is_to_be_erased
from checkin.event.model import Direction, Event
from checkin.journal.queries import latest
from tests.conftest import DAY_ONE
from tests.factories import make_device


@pytest.fixture
def tablet(database: Database, event: Event) -> Device:
    with database.transaction() as session:
        return make_device(session, event)[1]


def retire(database: Database, tablet: Device, *, lost: bool) -> Device:
    with database.transaction() as session:
        return service.retire(session, tablet.id, lost=lost, now=clock.now(), by="staff:1")


def newest_key(database: Database) -> int:
    with database.snapshot() as session:
        return newest_key_number(session)


def test_put_away_it_keeps_the_key(database: Database, tablet: Device) -> None:
    assert RetiredAs.PUT_AWAY is retire(database, tablet, lost=False).retired_as
    assert 0 == newest_key(database)


def test_lost_the_next_key_takes_over_once_however_often_it_is_said(database: Database, tablet: Device) -> None:
    for _ in range(2):
        assert RetiredAs.LOST is retire(database, tablet, lost=True).retired_as
    assert 1 == newest_key(database)
    with database.snapshot() as session:
        (entry,) = [entry for entry in latest(session, 10) if entry.action == "device.retire"]
    assert {"as": "lost", "key": 1} == entry.detail


def test_what_was_put_away_may_turn_out_to_be_lost_and_not_the_other_way(database: Database, tablet: Device) -> None:
    at = retire(database, tablet, lost=False).retired_at
    found = retire(database, tablet, lost=True)
    assert (RetiredAs.LOST, at) == (found.retired_as, found.retired_at)
    assert RetiredAs.LOST is retire(database, tablet, lost=False).retired_as
    assert 1 == newest_key(database)


def test_without_a_key_left_nothing_is_done(database: Database, tablet: Device) -> None:
    with database.transaction() as session:
        for _ in range(MOST_KEYS - 1):
            next_key(session, now=clock.now(), actor="tests")
    with pytest.raises(NoMoreKeysError):
        retire(database, tablet, lost=True)
    with database.snapshot() as session:
        assert [False] == [device.is_retired for device in service.all_devices(session)]


@pytest.mark.parametrize(
    ("offset_ms", "expected"), [(None, False), (120_000, False), (120_001, True), (-300_000, True)]
)
def test_a_clock_is_off_beyond_two_minutes(offset_ms: int | None, *, expected: bool) -> None:
    assert expected is is_clock_off(make(offset_ms=offset_ms))


def test_a_tablet_should_have_erased_once_retired_or_a_day_after_the_event(event: Event) -> None:
    last = event.days[-1]
    after = event.closes_at(last) + timedelta(days=1)
    assert after == event.erase_at
    before = after - timedelta(seconds=1)
    assert not is_to_be_erased(make(), event, before)
    assert is_to_be_erased(make(), event, after)
    assert is_to_be_erased(make(retired_at=DAY_ONE), event, before)
    assert not is_to_be_erased(make(retired_at=DAY_ONE, erased_at=DAY_ONE), event, after)


def make(**more: object) -> Device:
    facts = {"id": 1, "name": "Tablet", "kind": "gate", "gate": "gate-1", "direction": Direction.IN}
    return Device(**facts, paired_at=DAY_ONE, **more)  # type: ignore[arg-type]
