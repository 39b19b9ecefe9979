"""The words of a badge: the printed credential, a snapshot of the person as printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class BadgeState(StrEnum):
    LIVE = "live"
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """One issue of a visitor's badge. `number` is the visitor's for life, `issue` counts its prints from 0."""

    visitor_id: int
    number: int
    issue: int
    key_number: int
    category: int
    days: tuple[date, ...]
    name: str
    name_ur: str
    organisation: str
    designation: str
    city: str
    country: str
    issued_at: datetime
    issued_by: str
    replaced_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_because: str = ""

    def state_at(self, moment: datetime) -> BadgeState:
        """Live, replaced or revoked at `moment`; revoked wins."""
        if self.revoked_at is not None and self.revoked_at <= moment:
            return BadgeState.REVOKED
        if self.replaced_at is not None and self.replaced_at <= moment:
            return BadgeState.REPLACED
        return BadgeState.LIVE
