"""Webhooks for tests: added, told and looked at."""

from __future__ import annotations

from collections.abc import Collection

from checkin import clock
from checkin.database import Database
from checkin.webhooks import service
from checkin.webhooks.model import Delivery, Topic, Webhook

REVOKED = {"visitor": 17, "badge": "7K3M-9QXD-C", "issue": 0}


def add_webhook(database: Database, address: str, topics: Collection[Topic] = (Topic.BADGE_REVOKED,)) -> Webhook:
    with database.transaction() as session:
        return service.add(session, address=address, topics=topics, by="Sana Iqbal", actor="tests", now=clock.now())


def tell(database: Database, topic: Topic = Topic.BADGE_REVOKED, **more: object) -> None:
    with database.transaction() as session:
        service.tell(session, topic, REVOKED | more, now=clock.now())


def deliveries(database: Database, webhook_id: int = 1) -> list[Delivery]:
    """The oldest first."""
    with database.snapshot() as session:
        return list(reversed(service.latest(session, webhook_id, most=100)))


def states(database: Database, webhook_id: int = 1) -> list[str]:
    return [one.state.value for one in deliveries(database, webhook_id)]
