"""What can be done with webhooks: add, change and remove one, tell them something, and say what became of it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.database import changed, insert, table_of
from checkin.journal.service import record
from checkin.webhooks.model import Delivery, DeliveryState, Outcome, Problem, Topic, Webhook
from checkin.webhooks.policy import LASTS, MOST_WEBHOOKS, STALE_AFTER, rest, standing_after
from checkin.webhooks.queries import (
    NoSuchWebhookError,
    all_webhooks,
    counts,
    find_due,
    get_webhook,
    is_anything_open,
    latest,
    rests_until,
    wanting,
    webhook_of,
)
from checkin.webhooks.tables import DeliveryRow, ToldRow, WebhookRow

__all__ = [
    "NoSuchWebhookError",
    "TooManyWebhooksError",
    "add",
    "all_webhooks",
    "change",
    "claim",
    "counts",
    "drop",
    "find_due",
    "get_webhook",
    "is_anything_open",
    "latest",
    "note_stale",
    "remove",
    "renew_secret",
    "settle",
    "tell",
    "tell_change",
    "test",
    "turn",
    "wanting",
]


class TooManyWebhooksError(Exception):
    """There are as many webhooks as one installation has."""


def tell(session: Session, topic: Topic, data: Mapping[str, object], *, now: datetime) -> None:
    """Note, in the transaction in which it happened, that whoever wants to know is to be told.

    `data` holds ids, short codes and counts: never a name, a phone number or a mail address. It is sent after the
    commit, by a worker: `tasks.wake` lets it go at once, without it goes within a minute.
    """
    for webhook in wanting(session, topic):
        _note(session, webhook.id, topic, data, now, rests_until(session, webhook.id) or now)


def tell_change(
    session: Session, topic: Topic, data: Mapping[str, object], *, subject: str, what: str, now: datetime
) -> bool:
    """As `tell`, for what is looked at every minute: only if `what` of the `subject` differs from what was told last.

    At most once in each minute of the clock, whoever looks. Whether it was told.
    """
    if not wanting(session, topic):
        return False
    told = insert(session, table_of(ToldRow)).values(subject=subject, what=what, at=now)
    is_news = (ToldRow.what != what) & (ToldRow.at < now.replace(second=0, microsecond=0))
    done = told.on_conflict_do_update(index_elements=["subject"], set_={"what": what, "at": now}, where=is_news)
    if not changed(session.execute(done)):
        return False
    tell(session, topic, data, now=now)
    return True


def test(session: Session, webhook_id: int, *, actor: str, now: datetime) -> None:
    """Send this webhook a test, also while it is off. Journalled. Raises NoSuchWebhookError."""
    webhook = get_webhook(session, webhook_id)
    _note(session, webhook.id, Topic.TEST, {"webhook": webhook.id}, now, now)
    record(session, now=now, actor=actor, action="webhook.test", subject=f"webhook:{webhook_id}")


def add(session: Session, *, address: str, topics: Collection[Topic], by: str, actor: str, now: datetime) -> Webhook:
    """Tell this address of these topics from now on. `by` is who added it, as the page shows it. Journalled.

    Raises TooManyWebhooksError.
    """
    if len(all_webhooks(session)) >= MOST_WEBHOOKS:
        raise TooManyWebhooksError
    row = WebhookRow(
        address=address, topics=sorted(topics), salt=_salt(), is_on=True, made_at=now, made_by=by, ended_at=None
    )
    session.add(row)
    session.flush()
    subject, detail = f"webhook:{row.id}", {"topics": sorted(topics)}
    record(session, now=now, actor=actor, action="webhook.add", subject=subject, detail=detail)
    return webhook_of(row)


def change(session: Session, webhook_id: int, topics: Collection[Topic], *, actor: str, now: datetime) -> None:
    """Tell it of these topics from now on. Journalled. Raises NoSuchWebhookError."""
    _set(session, webhook_id, topics=sorted(topics))
    subject, detail = f"webhook:{webhook_id}", {"topics": sorted(topics)}
    record(session, now=now, actor=actor, action="webhook.change", subject=subject, detail=detail)


def turn(session: Session, webhook_id: int, *, on: bool, actor: str, now: datetime) -> None:
    """Turn it on or off; off, what waits for it is dropped. Journalled. Raises NoSuchWebhookError."""
    _set(session, webhook_id, is_on=on)
    if not on:
        _drop(session, webhook_id, now)
    action = "webhook.turn_on" if on else "webhook.turn_off"
    record(session, now=now, actor=actor, action=action, subject=f"webhook:{webhook_id}")


def renew_secret(session: Session, webhook_id: int, *, actor: str, now: datetime) -> Webhook:
    """Give it another secret; what is sent from now on is signed with that. Journalled. Raises NoSuchWebhookError."""
    _set(session, webhook_id, salt=_salt())
    record(session, now=now, actor=actor, action="webhook.renew_secret", subject=f"webhook:{webhook_id}")
    return get_webhook(session, webhook_id)


def remove(session: Session, webhook_id: int, *, actor: str, now: datetime) -> None:
    """Tell it nothing more, also of what waits. Journalled. Raises NoSuchWebhookError."""
    _set(session, webhook_id, ended_at=now)
    _drop(session, webhook_id, now)
    record(session, now=now, actor=actor, action="webhook.remove", subject=f"webhook:{webhook_id}")


def claim(session: Session, delivery_id: int, *, now: datetime) -> bool:
    """Take a message in hand. False when somebody else has, or it is not due."""
    due = (DeliveryRow.id == delivery_id, DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.next_try_at <= now)
    mine = update(DeliveryRow).where(*due).values(state=DeliveryState.SENDING, claimed_at=now)
    return bool(changed(session.execute(mine)))


def settle(session: Session, delivery: Delivery, outcome: Outcome, *, claimed_at: datetime, now: datetime) -> None:
    """Write down what came of a try. After one that failed, the other messages to this address wait a little too."""
    tries = delivery.tries + 1
    standing = standing_after(outcome, tries=tries, made_at=delivery.made_at, now=now)
    session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.id == delivery.id,
            DeliveryRow.state == DeliveryState.SENDING,
            DeliveryRow.claimed_at == claimed_at,
        )
        .values(
            state=standing.state,
            tries=tries,
            claimed_at=None,
            next_try_at=standing.next_try_at or now,
            ended_at=None if standing.next_try_at else now,
            status=outcome.status,
            problem=outcome.problem or "",
        )
    )
    if outcome.problem is not None:
        others = (DeliveryRow.webhook_id == delivery.webhook_id, DeliveryRow.state == DeliveryState.WAITING)
        later = now + rest(outcome, tries)
        session.execute(update(DeliveryRow).where(*others, DeliveryRow.next_try_at < later).values(next_try_at=later))


def drop(session: Session, delivery_id: int, now: datetime) -> None:
    """Let a message go: its webhook was turned off or removed while it was being noted."""
    waiting = (DeliveryRow.id == delivery_id, DeliveryRow.state == DeliveryState.WAITING)
    session.execute(update(DeliveryRow).where(*waiting).values(state=DeliveryState.DROPPED, ended_at=now))


def note_stale(session: Session, now: datetime) -> int:
    """What a worker that is gone had in hand waits again; what is too old is given up. How many are given up."""
    gone = (DeliveryRow.state == DeliveryState.SENDING, DeliveryRow.claimed_at < now - STALE_AFTER)
    again = {"state": DeliveryState.WAITING, "tries": DeliveryRow.tries + 1, "claimed_at": None}
    session.execute(update(DeliveryRow).where(*gone).values(again | {"problem": Problem.STALE}))
    old = (DeliveryRow.state == DeliveryState.WAITING, DeliveryRow.made_at <= now - LASTS)
    ended = {"state": DeliveryState.GIVEN_UP, "ended_at": now}
    return changed(session.execute(update(DeliveryRow).where(*old).values(ended)))


def _note(
    session: Session, webhook_id: int, topic: Topic, data: Mapping[str, object], now: datetime, at: datetime
) -> None:
    body = {"type": topic, "timestamp": now.isoformat(timespec="milliseconds"), "data": data}
    session.add(
        DeliveryRow(
            webhook_id=webhook_id,
            message=f"msg_{secrets.token_urlsafe(18)}",
            topic=topic,
            body=json.dumps(body, separators=(",", ":")),
            state=DeliveryState.WAITING,
            made_at=now,
            next_try_at=max(now, at),
        )
    )


def _set(session: Session, webhook_id: int, **values: object) -> None:
    there = update(WebhookRow).where(WebhookRow.id == webhook_id, WebhookRow.ended_at.is_(None))
    if not changed(session.execute(there.values(**values))):
        raise NoSuchWebhookError(webhook_id)


def _drop(session: Session, webhook_id: int, now: datetime) -> None:
    waiting = (DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == DeliveryState.WAITING)
    session.execute(update(DeliveryRow).where(*waiting).values(state=DeliveryState.DROPPED, ended_at=now))


def _salt() -> str:
    return secrets.token_urlsafe(32)
