"""Two transactions that are open at once and end in either order: no tablet misses what the later one stored."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.service import Desk, record
from checkin.admission.wire import read_batch
from checkin.badges import service as badges
from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.programme.service import current_event
from tests.checkin.admission.tablet import Tablet
from tests.factories import KEYS, make_badge, make_item, make_visitor, token_of

pytestmark = pytest.mark.postgresql("SQLite has one writer at a time")


class Listener:
    """A tablet that keeps what it is told, sync after sync."""

    def __init__(self, tablet: Tablet) -> None:
        self._tablet = tablet
        self._since, self._after = 0, ""
        self.badges: dict[int, str] = {}
        self.admitted: set[int] = set()

    def sync(self) -> None:
        asked = {"since": self._since, "after": self._after}
        told: dict[str, Any] = self._tablet.client.get(
            "/api/v1/roster", query_string=asked, headers=self._tablet.headers
        ).json
        self._since, self._after = told["revision"], told["cursor"]
        self.badges |= {row[0]: row[4] for row in told["badges"]}
        self.admitted |= {row[0] for row in told["admitted"]}


@pytest.fixture
def listener(tablet: Tablet) -> Listener:
    return Listener(tablet)


def store(session: Session, event: Event, device: Device, token: str) -> None:
    """One scan, in a transaction that the caller ends."""
    desk = Desk(programme=current_event(session, event), keys=KEYS, device=device, now=clock.now())
    record(session, desk, read_batch({"scans": [make_item(token, clock.now())]}))


@pytest.mark.parametrize("first_to_end", ["older", "younger"])
def test_an_admission_that_is_committed_late_is_told_at_the_next_sync(
    database: Database,
    event: Event,
    tablet: Tablet,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    first_to_end: str,
) -> None:
    monkeypatch.setattr("checkin.admission.roster.OVERLAP", timedelta())  # no luck: what is late is late
    with database.transaction() as session:
        made = [make_badge(session, event, make_visitor(session, name)) for name in ("Older", "Younger")]
    with ExitStack() as older, ExitStack() as younger:
        for transaction, badge in zip((older, younger), made, strict=True):
            session = transaction.enter_context(database.transaction())
            store(session, event, tablet.device, token_of(event, badge))
        in_order = (older, younger) if first_to_end == "older" else (younger, older)
        listener.sync()
        in_order[0].close()  # which commits
        listener.sync()
        assert {made[0 if first_to_end == "older" else 1].number} == listener.admitted
        in_order[1].close()
    listener.sync()
    assert {badge.number for badge in made} == listener.admitted
    listener.admitted.clear()
    listener.sync()
    assert set() == listener.admitted, "once everything is committed nothing is told twice"


def test_a_change_of_a_badge_waits_for_the_one_before_it_so_no_revision_appears_late(
    database: Database, event: Event, listener: Listener
) -> None:
    with database.transaction() as session:
        people = [make_visitor(session, name) for name in ("Older", "Younger")]
        issued = [make_badge(session, event, person) for person in people]
    listener.sync()
    has_begun, is_done = threading.Event(), threading.Event()

    def revoke_the_other() -> None:
        with database.transaction() as session:
            has_begun.set()
            badges.revoke(session, people[1].id, now=clock.now(), actor="tests", reason="")
        is_done.set()

    thread = threading.Thread(target=revoke_the_other)
    with database.transaction() as session:
        badges.revoke(session, people[0].id, now=clock.now(), actor="tests", reason="")
        thread.start()
        has_begun.wait(30)
        assert not is_done.wait(0.3), "the counter is held until the commit"
        listener.sync()
        assert {"live"} == set(listener.badges.values())
    listener.sync()
    assert "revoked" == listener.badges[issued[0].number]
    thread.join(30)
    listener.sync()
    assert {"revoked"} == set(listener.badges.values())
