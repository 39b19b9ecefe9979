"""Holds: an organiser stops a gate or a category, with a message, until it is released."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkin.admission.model import Reason, Verdict
from checkin.database import Database
from checkin.event.model import Event
from checkin.programme import service
from checkin.programme.model import HoldKind
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of


@pytest.mark.parametrize(("kind", "slug"), [(HoldKind.GATE, "gate-1"), (HoldKind.CATEGORY, "trade-visitor")])
def test_nobody_passes_a_hold_until_it_is_released(database: Database, event: Event, kind: HoldKind, slug: str) -> None:
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
        _, device = make_device(session, event)
        service.hold(session, kind, slug, message="Wait", now=DAY_ONE)
        service.hold(session, kind, slug, message="The minister arrives", now=DAY_ONE)
    (held,) = send(database, event, device, make_item(token, DAY_ONE))
    assert (Reason.HELD, "The minister arrives") == (held.row.reason, held.row.message)
    with database.transaction() as session:
        service.release(session, kind, slug)
        service.release(session, kind, slug)
    (let_in,) = send(database, event, device, make_item(token, DAY_ONE + timedelta(minutes=1)))
    assert Verdict.ADMITTED == let_in.row.verdict
