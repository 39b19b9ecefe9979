"""The words of a device: a paired tablet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checkin.event.model import Direction


class Kind(StrEnum):
    """What a device is for; its kind decides which endpoints it may call."""

    GATE = "gate"


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
    last_seen_at: datetime | None = None
    battery: float | None = None
    outbox: int | None = None
    app: str = ""
    offset_ms: int | None = None
    first_owed_at: datetime | None = None

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a tablet says of itself. None: not said, stays as it was. `battery` is 0 to 1."""

    gate: str | None = None
    direction: Direction | None = None
    battery: float | None = None
    outbox: int | None = None
    app: str | None = None
    offset_ms: int | None = None
