"""What a tablet sends of itself, validated. Unknown fields are ignored, as the contract asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.types import Strict

from checkin.devices.model import Health
from checkin.event.model import Direction

ShortText = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\x20-\x7e]*$")]


MOST = 2**31 - 1  # what the database's integers hold; a clock off by years is told as 24 days

FAR = 2**52  # microseconds since 1970: more than a hundred years, and a number that JavaScript keeps whole


def _clamp(value: int) -> int:
    return max(-MOST, min(MOST, value))


Clamped = Annotated[int, AfterValidator(_clamp)]


class PairingRequest(BaseModel):
    """`POST /api/v1/devices`."""

    model_config = ConfigDict(extra="ignore")

    code: Annotated[str, StringConstraints(max_length=64)]
    app: ShortText = ""


class UnlockRequest(BaseModel):
    """`POST /api/v1/devices/self/unlock`."""

    model_config = ConfigDict(extra="ignore")

    pin: Annotated[str, StringConstraints(max_length=16)]


class HealthReport(BaseModel):
    """`PUT /api/v1/devices/self`: what is left out stays as it was."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    gate: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9-]*$")] | None = None
    direction: Literal[Direction.IN, Direction.OUT] | None = None
    battery: Annotated[float, Strict()] | None = None
    outbox: Annotated[Clamped, Strict(), Field(ge=0)] | None = None
    app: ShortText | None = None
    offset_ms: Clamped | None = None
    roster_age_s: Annotated[Clamped, Strict(), Field(ge=0)] | None = None
    erased: Annotated[bool, Strict()] | None = None
    moved: Annotated[int, Strict(), Field(ge=0, lt=FAR)] | None = None

    def health(self) -> Health:
        """What was said, as the model."""
        return Health(**self.model_dump())
