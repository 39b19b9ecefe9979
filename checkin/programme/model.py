"""The words of what changes while the expo runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from checkin.event.model import Event


class HoldKind(StrEnum):
    GATE = "gate"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The event as it runs now: the file, and what organisers changed over it.

    `holds`: (kind, slug) → the message that the gate shows.
    """

    event: Event
    holds: dict[tuple[HoldKind, str], str] = field(default_factory=dict)

    def hold_of(self, gate: str, category: str) -> str | None:
        """Why this gate or this category is held, if it is; the gate's reason first."""
        return self.holds.get((HoldKind.GATE, gate), self.holds.get((HoldKind.CATEGORY, category)))
