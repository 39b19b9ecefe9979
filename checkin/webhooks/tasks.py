"""Webhooks in the background: whatever is due is sent, one message after the other, beside everything else."""

from __future__ import annotations

import time
from typing import Final

from sqlalchemy.orm import Session

from checkin import clock
from checkin.jobs.queue import enqueue
from checkin.jobs.registry import Registry
from checkin.web import Site
from checkin.webhooks import service
from checkin.webhooks.model import Delivery, Outcome, Problem, Topic, Webhook
from checkin.webhooks.policy import Target, read_address
from checkin.webhooks.signature import secret_of, signed
from checkin.webhooks.transport import post

KIND: Final = "webhook"
NO_JOB: Final = 0  # the queue carries job numbers; a message has a row of its own and needs none
PIECE_S: Final = 10.0  # then other work has its turn


def register(registry: Registry) -> None:
    """Let the workers send what is due: when they are woken, and every minute."""
    registry.tasks[KIND] = lambda site, _job_id: send_due(site)
    registry.every_minute["webhook.due"] = lambda site: wake(site) if send_due(site) else None


def wake(site: Site) -> None:
    """Let a worker look for due messages now, after the transaction that noted one; else they go within a minute."""
    with site.database.snapshot() as session:
        is_due = service.find_due(session, clock.now()) is not None
    if is_due:
        enqueue(site.settings, KIND, NO_JOB)


def send_due(site: Site) -> bool:
    """Send what is due, for some seconds; True when there is more."""
    with site.database.snapshot() as session:
        if not service.is_anything_open(session):
            return False
    with site.database.transaction() as session:
        service.note_stale(session, clock.now())
    until = time.monotonic() + PIECE_S
    while True:
        with site.database.snapshot() as session:
            delivery = service.find_due(session, clock.now())
            webhook = None if delivery is None else _find_webhook(session, delivery)
        if delivery is None:
            return False
        if time.monotonic() > until:
            return True
        _send(site, delivery, webhook)


def _find_webhook(session: Session, delivery: Delivery) -> Webhook | None:
    """Who is to be told this; None when it wants nothing more. A test goes to one that is off, too."""
    try:
        webhook = service.get_webhook(session, delivery.webhook_id)
    except service.NoSuchWebhookError:
        return None
    return webhook if webhook.is_on or delivery.topic is Topic.TEST else None


def _send(site: Site, delivery: Delivery, webhook: Webhook | None) -> None:
    """Claim, deliver, write down. Killed in between it is sent again: its id tells the receiver that it has it."""
    claimed_at = clock.now()
    with site.database.transaction() as session:
        if webhook is None:
            service.drop(session, delivery.id, claimed_at)
        elif not service.claim(session, delivery.id, now=claimed_at):
            webhook = None  # another worker has it
    if webhook is None:
        return
    outcome = _delivered(site, delivery, webhook)
    with site.database.transaction() as session:
        service.settle(session, delivery, outcome, claimed_at=claimed_at, now=clock.now())


def _delivered(site: Site, delivery: Delivery, webhook: Webhook) -> Outcome:
    target = read_address(webhook.address)
    if not isinstance(target, Target):
        return Outcome(problem=Problem.PRIVATE)
    body = delivery.body.encode()
    secret = secret_of(site.settings.secret_key, webhook.salt)
    # Receivers compare the moment with their own clocks, which no rehearsal shifts.
    headers = signed(secret, delivery.message, clock.machine_now(), body)
    return post(target, headers, body, trial=site.settings.webhook_trial)
