"""Reading webhooks and their messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from checkin.webhooks.model import Delivery, DeliveryState, Problem, Topic, Webhook
from checkin.webhooks.tables import DeliveryRow, WebhookRow

_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


class NoSuchWebhookError(LookupError):
    """No webhook has this id, or it was removed."""


def get_webhook(session: Session, webhook_id: int) -> Webhook:
    """The webhook with this id. Raises NoSuchWebhookError."""
    row = session.get(WebhookRow, webhook_id)
    if row is None or row.ended_at is not None:
        raise NoSuchWebhookError(webhook_id)
    return webhook_of(row)


def all_webhooks(session: Session) -> tuple[Webhook, ...]:
    """Every webhook that was not removed, in the order in which they were added."""
    rows = session.scalars(select(WebhookRow).where(WebhookRow.ended_at.is_(None)).order_by(WebhookRow.id))
    return tuple(webhook_of(row) for row in rows)


def wanting(session: Session, topic: Topic) -> tuple[Webhook, ...]:
    """The webhooks that are to be told of this."""
    return tuple(one for one in all_webhooks(session) if one.is_on and topic in one.topics)


def find_due(session: Session, now: datetime) -> Delivery | None:
    """The message that has waited longest for its time to come, if any has."""
    row = session.scalar(
        select(DeliveryRow)
        .where(DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.next_try_at <= now)
        .order_by(DeliveryRow.next_try_at, DeliveryRow.id)
        .limit(1)
    )
    return None if row is None else delivery_of(row)


def rests_until(session: Session, webhook_id: int) -> datetime | None:
    """When this address is tried again, where nobody answered there the last time."""
    silent = (DeliveryRow.status.is_(None), DeliveryRow.problem != "", DeliveryRow.problem != Problem.STALE)
    waiting = (DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == DeliveryState.WAITING)
    return session.scalar(select(func.min(DeliveryRow.next_try_at)).where(*waiting, *silent))


def is_anything_open(session: Session) -> bool:
    """Whether any message has still to arrive."""
    return bool(session.scalar(select(exists().where(DeliveryRow.state.in_(_OPEN)))))


def counts(session: Session) -> dict[int, dict[DeliveryState, int]]:
    """How many messages of each webhook stand where."""
    found: dict[int, dict[DeliveryState, int]] = {}
    grouped = select(DeliveryRow.webhook_id, DeliveryRow.state, func.count())
    for webhook_id, state, number in session.execute(grouped.group_by(DeliveryRow.webhook_id, DeliveryRow.state)):
        found.setdefault(webhook_id, {})[DeliveryState(state)] = number
    return found


def latest(session: Session, webhook_id: int, *, most: int) -> tuple[Delivery, ...]:
    """The newest messages of a webhook, newest first, at most `most`."""
    rows = session.scalars(
        select(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id).order_by(DeliveryRow.id.desc()).limit(most)
    )
    return tuple(delivery_of(row) for row in rows)


def webhook_of(row: WebhookRow) -> Webhook:
    """The row as a webhook. A topic that this version does not know is left out."""
    return Webhook(
        id=row.id,
        address=row.address,
        topics=frozenset(Topic(topic) for topic in row.topics if topic in set(Topic)),
        salt=row.salt,
        is_on=row.is_on,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def delivery_of(row: DeliveryRow) -> Delivery:
    """The row as a message."""
    return Delivery(
        id=row.id,
        webhook_id=row.webhook_id,
        message=row.message,
        topic=Topic(row.topic),
        body=row.body,
        state=DeliveryState(row.state),
        tries=row.tries,
        made_at=row.made_at,
        next_try_at=row.next_try_at,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        status=row.status,
        problem=Problem(row.problem) if row.problem else None,
    )
