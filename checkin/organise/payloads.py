"""What other systems are told, as models for the API's description: errors, and what webhooks carry."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from checkin.webhooks.model import Topic


class ErrorDetail(BaseModel):
    """`request`: the id to report it by. Some errors say more: `reason`, `place`, `index`, `days`."""

    model_config = ConfigDict(extra="allow")

    status: int
    message: str
    request: str


class ErrorAnswer(BaseModel):
    """Every answer of 400 and above under /api/."""

    error: ErrorDetail


class _Payload(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DayHeadline(_Payload):
    day: date
    visitors: int
    entries: int


class AttendanceChanged(_Payload):
    """Headlines of the whole event; /api/v1/attendance has the rest."""

    as_of: AwareDatetime
    visitors: int
    trade: int
    public: int
    visits: int
    entries: int
    provisional: bool
    by_day: list[DayHeadline]


class BadgeRevoked(_Payload):
    """The badge's short code and issue, and whose it was, by their number here."""

    visitor: int
    badge: str = Field(examples=["7K3M-9QXD-C"])
    issue: int


class DayClosed(_Payload):
    """An organiser closed a day and signed its figures, or those of the whole event when `day` is null.

    A day that is closed once more has a higher revision.
    """

    day: date | None
    revision: int
    visitors: int
    visits: int
    entries: int


class DeviceSilent(_Payload):
    """A tablet that was not heard of for five minutes. Told once, until it is heard of again."""

    device: int
    gate: str
    last_seen_at: AwareDatetime


class Tested(_Payload):
    """What the test button sends."""

    webhook: int


PAYLOADS: Final[dict[Topic, type[BaseModel]]] = {
    Topic.ATTENDANCE_CHANGED: AttendanceChanged,
    Topic.BADGE_REVOKED: BadgeRevoked,
    Topic.DAY_CLOSED: DayClosed,
    Topic.DEVICE_SILENT: DeviceSilent,
    Topic.TEST: Tested,
}
