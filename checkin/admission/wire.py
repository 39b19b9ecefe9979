"""What a tablet sends about scans, validated into models. Unknown fields are ignored, as the contract asks.

A batch is refused whole only when it is no batch or an item has no usable id; every other defect of an item
becomes a stored refusal, so that nothing that reached a tablet is lost.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from checkin.admission import model
from checkin.admission.model import Arrival, Clock, Reason, Source, Verdict
from checkin.event.model import Direction

Read = TypeVar("Read", bound=BaseModel)
_STAFF = re.compile("[0-9A-Za-z-]{1,8}", re.ASCII)
_HAVE = r"^([0-9]{1,2}(,[0-9]{1,2})*)?$"

MOST_SCANS = 1_000
MOST_TEXT = 512
SENT_FIELDS = ("token", "scanned_at", "gate", "direction", "source")  # what makes two sendings the same scan
KEPT_FIELDS = (*SENT_FIELDS, "clock", "shown", "staff")  # all that a scan can say, for what is kept unjudged


class NotABatchError(Exception):
    """The body is no batch; `place` says where it fails, and nothing of it was stored."""

    def __init__(self, message: str, place: str, index: int | None = None) -> None:
        super().__init__(message)
        self.place = place
        self.index = index


def canonical_id(value: object) -> str:
    """A UUID in its one canonical form. Raises ValueError on anything else."""
    if not isinstance(value, str) or str(uuid.UUID(value)) != value.lower():
        raise ValueError("not a UUID")
    return value.lower()


def _moment(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("not a moment in ISO 8601")  # noqa: TRY004 - pydantic turns a ValueError into its own
    moment = datetime.fromisoformat(value)
    if not 2000 <= moment.year < 2100:  # noqa: PLR2004 - a century around any expo; keeps arithmetic in range
        raise ValueError("not a moment of this century")
    return moment


def _staff(value: object) -> str | None:
    """Who held the tablet is worth knowing and no reason to turn a visitor away: what is unreadable is left out."""
    return value if isinstance(value, str) and _STAFF.fullmatch(value) else None


Identifier = Annotated[str, BeforeValidator(canonical_id)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Text = Annotated[str, StringConstraints(max_length=MOST_TEXT)]
Slug = Annotated[str, StringConstraints(max_length=64)]


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Shown(_Wire):
    """What the screen had shown before the server answered."""

    verdict: Verdict
    reason: Reason | None = None
    confirmed: bool = False


class ScanItem(_Wire):
    """One scan of a batch."""

    id: Identifier
    token: Text
    scanned_at: Moment
    clock: Clock = Clock.SURE
    source: Source = Source.CAMERA
    gate: Slug | None = None
    direction: Literal[Direction.IN, Direction.OUT] | None = None
    shown: Shown | None = None
    staff: Annotated[str | None, BeforeValidator(_staff)] = None


class UndoRequest(_Wire):
    """`POST /api/v1/scans/ID/undo`."""

    id: Identifier
    at: Moment
    reason: Text = ""


class OverrideRequest(_Wire):
    """`POST /api/v1/scans/ID/override`: with the supervisor's PIN, or with the receipt that an earlier answer gave."""

    id: Identifier
    at: Moment
    reason: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT)]
    pin: Annotated[str, StringConstraints(max_length=16)] | None = None
    receipt: Annotated[str, StringConstraints(max_length=128, pattern=r"^[0-9a-f]*$")] | None = None

    @model_validator(mode="after")
    def _has_proof(self) -> Self:
        if self.pin is None and self.receipt is None:
            raise ValueError("neither pin nor receipt is given")
        return self


class LookUpRequest(_Wire):
    """`POST /api/v1/look-up`: the QR's text or a short code."""

    token: Annotated[str, StringConstraints(max_length=MOST_TEXT)]


class RosterQuery(_Wire):
    """`GET /api/v1/roster`: what the tablet has already. `after`: the cursor of its last answer."""

    since: Annotated[int, Field(ge=0)] = 0
    after: Annotated[str, StringConstraints(max_length=64)] = ""
    have: Annotated[str, StringConstraints(max_length=64, pattern=_HAVE)] = ""

    @property
    def keys(self) -> frozenset[int]:
        """The numbers of the keys that the tablet has."""
        return frozenset(int(number) for number in self.have.split(",") if number)


class OutboxAction(_Wire):
    """An undo or an override in an outbox file; the PIN was asked on the tablet and is not in it."""

    kind: Literal["undo", "override"]
    id: Identifier
    scan: Identifier
    at: Moment
    reason: Text = ""


class OutboxOwner(_Wire):
    """The tablet that an outbox file is of."""

    id: int
    name: Annotated[str, StringConstraints(max_length=80)]


class OutboxFile(_Wire):
    """What a tablet saves that cannot reach its server. Items are read one by one: one cannot spoil the rest."""

    format: Literal["checkin-outbox"]
    version: Literal[1]
    event: Slug
    device: OutboxOwner
    scans: list[Any]
    actions: list[Any] = []


class Batch(_Wire):
    """`POST /api/v1/scans`."""

    scans: Annotated[list[ScanItem], Field(min_length=1, max_length=MOST_SCANS)]


def read_batch(body: object) -> list[Arrival]:
    """The items of a batch, in their order. Raises NotABatchError with the place of what is wrong."""
    if not isinstance(body, dict):
        raise NotABatchError("the body is no JSON object", "body")
    items = body.get("scans")
    if not isinstance(items, list):
        raise NotABatchError('"scans" is no list', "scans")
    if not 1 <= len(items) <= MOST_SCANS:
        raise NotABatchError(f"a batch holds 1 to {MOST_SCANS} scans, not {len(items)}", "scans")
    return [_arrival(index, item) for index, item in enumerate(items)]


def safe_text(value: str) -> str:
    """Capped at 512 characters, without NUL and lone surrogates, which PostgreSQL cannot keep."""
    return value[:MOST_TEXT].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _arrival(index: int, item: object) -> Arrival:
    try:
        if not isinstance(item, dict):
            raise ValueError("no JSON object")  # noqa: TRY004, TRY301 - one way out for both
        scan_id = canonical_id(item.get("id"))
    except ValueError:
        raise NotABatchError("this item has no usable id", f"scans[{index}].id", index) from None
    clean = {name: safe_text(value) if isinstance(value, str) else value for name, value in item.items()}
    sent = safe_json({name: clean.get(name) for name in SENT_FIELDS})
    kept = {name: clean.get(name) for name in KEPT_FIELDS}
    # An unreadable `shown` is about the screen, not the badge: it must not turn a person away.
    shown, item = _read(Shown, clean.pop("shown", None)), _read(ScanItem, clean)
    return Arrival(
        id=scan_id,
        sent=sent,
        whole=partial(safe_json, kept),
        scan=None if item is None else model.SentScan(**item.model_dump(exclude={"id", "shown"})),
        shown=None if shown is None else model.Shown(**shown.model_dump()),
    )


def safe_json(content: dict[str, Any]) -> str:
    """The content as ASCII JSON, the same for the same content; what should be text and is a tree is capped as text."""
    flat = {name: safe_text(json.dumps(v)) if isinstance(v, (dict, list)) else v for name, v in content.items()}
    return json.dumps(flat, sort_keys=True)


def _read(kind: type[Read], content: object) -> Read | None:
    try:
        return kind.model_validate(content)
    except ValidationError:
        return None
