"""Webhooks and their messages, ready to show."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext, ngettext

from checkin.event.model import Event
from checkin.organise.webhook_forms import PROBLEMS, TOPICS
from checkin.organise.words import moment
from checkin.webhooks.model import Delivery, DeliveryState, Topic, Webhook

_OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


class Message:
    """One message to one webhook."""

    def __init__(self, delivery: Delivery, event: Event, now: datetime, language: str) -> None:
        self.id, self.state = delivery.message, delivery.state
        self.made = moment(event, delivery.made_at, now, language)
        self.topic, self.type = TOPICS[delivery.topic], delivery.topic.value
        self.is_bad = delivery.problem is not None and delivery.state is not DeliveryState.DROPPED
        self.status = "" if delivery.status is None else str(delivery.status)
        self.why = PROBLEMS[delivery.problem] if delivery.problem else ""
        self.tries = ngettext("One try", "%(num)d tries", delivery.tries) if delivery.tries else ""
        self.next = moment(event, delivery.next_try_at, now, language) if delivery.state in _OPEN else ""
        self.words = {
            DeliveryState.WAITING: gettext("Waits"),
            DeliveryState.SENDING: gettext("Is being sent"),
            DeliveryState.DELIVERED: gettext("Arrived"),
            DeliveryState.GIVEN_UP: gettext("Given up"),
            DeliveryState.DROPPED: gettext("Left out, since the webhook was turned off"),
        }[delivery.state]


class Line:
    """One webhook, with how it fares."""

    def __init__(self, webhook: Webhook, counts: dict[DeliveryState, int], last: Message | None) -> None:
        self.id, self.address, self.by, self.is_on = webhook.id, webhook.address, webhook.made_by, webhook.is_on
        self.topics = [(topic.value, TOPICS[topic]) for topic in Topic if topic in webhook.topics]
        self.waiting = sum(counts.get(state, 0) for state in _OPEN)
        self.arrived = counts.get(DeliveryState.DELIVERED, 0)
        self.given_up = counts.get(DeliveryState.GIVEN_UP, 0)
        self.last = last
