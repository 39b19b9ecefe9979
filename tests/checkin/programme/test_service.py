"""Holds: an organiser stops a gate or a category, with a message, until it is released."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from checkin.admission.model import Reason, Verdict
from checkin.database import Database
from checkin.event.model import Event
from checkin.programme import service
from checkin.programme.model import HoldKind
from tests.at_once import at_once
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of


@pytest.mark.parametrize(("kind", "slug"), [(HoldKind.GATE, "gate-1"), (HoldKind.CATEGORY, "trade-visitor")])
def test_nobody_passes_a_hold_until_it_is_released(database: Database, event: Event, kind: HoldKind, slug: str) -> None:
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
        _, device = make_device(session, event)
        assert service.hold(session, kind, slug, message="The minister arrives", now=DAY_ONE)
    (held,) = send(database, event, device, make_item(token, DAY_ONE))
    assert (Reason.HELD, "The minister arrives") == (held.row.reason, held.row.message)
    with database.transaction() as session:
        (mine,) = service.holds(session)
        assert [True, False] == [service.release(session, mine) for _ in range(2)]
    (let_in,) = send(database, event, device, make_item(token, DAY_ONE + timedelta(minutes=1)))
    assert Verdict.ADMITTED == let_in.row.verdict


def test_what_is_held_stays_as_it_is_and_a_later_hold_outlives_the_end_of_an_earlier_one(database: Database) -> None:
    gate = (HoldKind.GATE, "gate-1")
    with database.transaction() as session:
        assert service.hold(session, *gate, message="First", now=DAY_ONE)
        assert not service.hold(session, *gate, message="Second", now=DAY_ONE + timedelta(minutes=1))
        (first,) = service.holds(session)
        assert ("First", DAY_ONE) == (first.message, first.since)
        assert service.release(session, first)
        assert service.hold(session, *gate, message="Again", now=DAY_ONE + timedelta(minutes=2))
        assert not service.release(session, first)
        assert ["Again"] == [one.message for one in service.holds(session)]


def test_of_many_who_hold_one_gate_at_once_one_does(database: Database) -> None:
    def hold(message: str) -> bool:
        with database.transaction() as session:
            return service.hold(session, HoldKind.GATE, "gate-1", message=message, now=DAY_ONE)

    done = at_once(*(partial(hold, f"Message {number}") for number in range(4)))
    assert [False, False, False, True] == sorted(done)
    with database.snapshot() as session:
        assert [f"Message {done.index(True)}"] == [one.message for one in service.holds(session)]
