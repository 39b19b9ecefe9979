"""The words of webhooks: addresses of other systems that are told what happens here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    """What is told. A payload holds ids, short codes and counts, and nothing else of any person."""

    ATTENDANCE_CHANGED = "attendance.changed"
    BADGE_REVOKED = "badge.revoked"
    DAY_CLOSED = "day.closed"
    DEVICE_SILENT = "device.silent"
    TEST = "test"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


class Problem(StrEnum):
    """Why a try came to nothing."""

    NAME = "name"
    PRIVATE = "private"
    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    TIME = "time"
    NO_ANSWER = "no_answer"
    REDIRECT = "redirect"
    REFUSED = "refused"
    STALE = "stale"


class AddressProblem(StrEnum):
    """Why an address cannot be a webhook's."""

    NOT_HTTPS = "not https"
    NOT_AN_ADDRESS = "not an address"
    HAS_PASSWORD = "has a password"  # noqa: S105 - a word
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address, and what it is told. `salt`: what its secret is derived from, with the installation's own."""

    id: int
    address: str
    topics: frozenset[Topic]
    salt: str
    is_on: bool
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one webhook. `message`: its id for the receiver, the same with each try."""

    id: int
    webhook_id: int
    message: str
    topic: Topic
    body: str
    state: DeliveryState
    tries: int
    made_at: datetime
    next_try_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    status: int | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the status that the receiver answered, if it did, and what was wrong, if anything was."""

    status: int | None = None
    problem: Problem | None = None
