"""The words of a device: a paired tablet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from checkin.event.model import Direction

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """What a device is for; its kind decides which endpoints it may call."""

    GATE = "gate"


class RetiredAs(StrEnum):
    """How a tablet ended: put away, it keeps the badge key; lost, the next key took over."""

    PUT_AWAY = "put_away"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A paired tablet, and where it stands. `gate` is empty for a spare; `direction` counts at a two-way gate."""

    id: int
    name: str
    kind: Kind
    gate: str
    direction: Direction
    paired_at: datetime
    retired_at: datetime | None = None
    retired_as: RetiredAs | None = None
    last_seen_at: datetime | None = None
    battery: float | None = None
    outbox: int | None = None
    app: str = ""
    offset_ms: int | None = None
    first_owed_at: datetime | None = None
    roster_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TabletSet:
    """An evening code: one code that pairs a whole set of tablets, named after `name`. `gate` empty: spares.

    `ended_at`: when an organiser ended it, or the last tablet took it.
    """

    name: str
    gate: str
    opened_at: datetime
    expires_at: datetime
    most: int
    used: int
    ended_at: datetime | None = None

    @property
    def number(self) -> int:
        """What pages call it by: its moment of birth in microseconds, since the code itself stands in no address."""
        return (self.opened_at - _EPOCH) // timedelta(microseconds=1)

    def is_live(self, now: datetime) -> bool:
        """Whether one more tablet may take it."""
        return self.ended_at is None and self.used < self.most and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an organiser wants a tablet. It learns so with its next sync, and says that it has."""

    device_id: int
    gate: str
    direction: Direction
    wanted_at: datetime

    @property
    def number(self) -> int:
        """What the tablet and pages call it by: its moment in microseconds."""
        return (self.wanted_at - _EPOCH) // timedelta(microseconds=1)


class Care(StrEnum):
    """What about a tablet needs somebody, the most urgent first."""

    NO_SUCH_GATE = "no_such_gate"  # its gate was closed, or has left the event
    SILENT = "silent"
    OWES = "owes"
    BATTERY_LOW = "battery_low"
    ROSTER_OLD = "roster_old"
    CLOCK_OFF = "clock_off"
    APP_OLD = "app_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a tablet says of itself. None: not said, stays as it was. `battery` is 0 to 1.

    `erased`: roster, names and keys are gone from it. `moved`: the number of the move that it has heard of.
    """

    gate: str | None = None
    direction: Direction | None = None
    battery: float | None = None
    outbox: int | None = None
    app: str | None = None
    offset_ms: int | None = None
    roster_age_s: int | None = None
    erased: bool | None = None
    moved: int | None = None
