"""Who tells what: a revoked badge at once, figures and silent tablets when a worker looks."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Flask

from checkin import clock
from checkin.attendance.tasks import look
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.model import Health
from checkin.event.model import Event
from checkin.web import Site
from checkin.webhooks.model import Topic
from checkin.webhooks.tasks import send_due
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import let_pass
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, token_of

from .hooks import add_webhook, deliveries
from .receiver import Receiver

NAME, PHONE = "Zarqa Siddiqui", "+923001234567"
MINUTE = timedelta(minutes=1)


def told(database: Database) -> list[dict[str, object]]:
    return [json.loads(one.body)["data"] for one in deliveries(database)]


def test_a_revoked_badge_is_told_by_ids_and_its_short_code_alone(
    site: Site, database: Database, receiver: Receiver, event: Event
) -> None:
    add_webhook(database, receiver.address)
    with database.transaction() as session:
        visitor = make_visitor(session, NAME, phone=PHONE, email="zarqa@example.com")
        badge = make_badge(session, event, visitor)
        badges.revoke(session, visitor.id, now=clock.now(), actor="tests", reason="Zarqa lost it")
    send_due(site)
    (taken,) = receiver.taken
    assert {"visitor": visitor.id, "badge": short_code(badge.number), "issue": 0} == taken.said["data"]
    assert not [word for word in ("Zarqa", "0300", "3001234567", "lost") if word.encode() in taken.body]


def test_figures_are_told_when_they_change_and_once_a_minute_at_most(
    app: Flask, site: Site, database: Database, receiver: Receiver, event: Event
) -> None:
    add_webhook(database, receiver.address, [Topic.ATTENDANCE_CHANGED])
    tablet = Tablet(app, database, event)

    def come() -> None:
        with database.transaction() as session:
            token = token_of(event, make_badge(session, event))
        tablet.scan(make_item(token, DAY_ONE))

    look(site)
    assert [0] == [one["visitors"] for one in told(database)]
    let_pass(MINUTE)
    look(site)
    assert 1 == len(told(database)), "nothing changed"
    come()
    look(site)
    come()
    look(site)
    assert [0, 1] == [one["visitors"] for one in told(database)], "it changed twice in one minute"
    let_pass(MINUTE)
    look(site)
    look(site)
    assert [0, 1, 2] == [one["visitors"] for one in told(database)]
    newest = told(database)[-1]
    assert {"day": "2026-01-24", "visitors": 2, "entries": 2} in newest["by_day"]  # type: ignore[operator]
    assert set(newest) == {*("as_of", "visitors", "trade", "public", "visits", "entries", "provisional", "by_day")}


def test_a_tablet_that_falls_silent_is_told_once_until_it_is_heard_of_again(
    site: Site, database: Database, receiver: Receiver, event: Event
) -> None:
    add_webhook(database, receiver.address, [Topic.DEVICE_SILENT])
    with database.transaction() as session:
        _, device = make_device(session, event, name=NAME)

    def hear(outbox: int = 0) -> None:
        with database.transaction() as session:
            devices.note_health(session, device, Health(outbox=outbox), now=clock.now())

    hear()
    look(site)
    assert [] == told(database)
    let_pass(6 * MINUTE)
    for _ in range(3):
        look(site)
        let_pass(MINUTE)
    assert [{"device": device.id, "gate": "gate-1", "last_seen_at": "2026-01-24T10:30:00+05:00"}] == [
        one | {"last_seen_at": str(one["last_seen_at"])[:17] + "00+05:00"} for one in told(database)
    ]
    hear(outbox=3)
    look(site)
    assert 1 == len(told(database)), "it owes scans, and is heard of"
    let_pass(6 * MINUTE)
    look(site)
    assert 2 == len(told(database))
    assert NAME not in str(deliveries(database))


def test_nothing_is_counted_where_nobody_wants_to_know(
    site: Site, database: Database, receiver: Receiver, monkeypatch: object
) -> None:
    add_webhook(database, receiver.address)
    look(site)
    assert [] == told(database)
