"""A day at the gates, and ways to close it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from checkin.database import Database
from checkin.devices.model import Device, Health
from checkin.devices.service import note_health
from checkin.event.model import Event
from checkin.reports import service
from checkin.reports.model import Report, Version
from checkin.staff.model import Staff
from tests.conftest import DAY_ONE
from tests.factories import SECRET, make_badge, make_item, send, token_of

DAY = date(2026, 1, 24)
CLOSES = datetime.combine(DAY, datetime.min.time(), DAY_ONE.tzinfo) + timedelta(hours=14)  # 19:00 in Lahore
LATER = CLOSES + timedelta(minutes=30)


def let_in(database: Database, event: Event, tablet: Device, **details: object) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, **details)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))


def be_heard(database: Database, tablet: Device, *, outbox: int = 0, at: datetime = LATER) -> None:
    with database.transaction() as session:
        note_health(session, tablet, Health(outbox=outbox), now=at)


def told(database: Database, event: Event, day: date | None = DAY, now: datetime = LATER) -> Report:
    with database.snapshot() as session:
        return service.figures(session, event, day=day, now=now)


def close(
    database: Database, event: Event, by: Staff, reason: str = "", *, revision: int = 1, now: datetime = LATER
) -> int:
    report = told(database, event, now=now)
    with database.transaction() as session:
        return service.close(session, event, report, revision=revision, by=by, reason=reason, secret=SECRET, now=now)


def versions(database: Database, secret: str = SECRET) -> tuple[Version, ...]:
    with database.snapshot() as session:
        return service.versions(session, service.key_of(secret))
