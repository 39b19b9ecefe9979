"""What a tablet sends of itself, validated. Unknown fields are ignored, as the contract asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.types import Strict

from checkin.devices.model import Health
from checkin.event.model import Direction

ShortText = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\x20-\x7e]*$")]


class PairingRequest(BaseModel):
    """`POST /api/v1/devices`."""

    model_config = ConfigDict(extra="ignore")

    code: Annotated[str, StringConstraints(max_length=64)]
    app: ShortText = ""


class HealthReport(BaseModel):
    """`PUT /api/v1/devices/self`: what is left out stays as it was."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)

    gate: Annotated[str, StringConstraints(max_length=64, pattern=r"^[a-z0-9-]*$")] | None = None
    direction: Literal[Direction.IN, Direction.OUT] | None = None
    battery: Annotated[float, Strict()] | None = None
    outbox: Annotated[int, Strict()] | None = None
    app: ShortText | None = None
    offset_ms: int | None = None

    def health(self) -> Health:
        """What was said, as the model."""
        return Health(**self.model_dump())
