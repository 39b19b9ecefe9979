"""What can be asked over HTTP by machines: each operation with who may, what is sent, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, Field

from checkin.admission.wire import Batch, LookUpRequest, OverrideRequest, RosterQuery, UndoRequest
from checkin.apikeys.model import Scope
from checkin.attendance.answers import AttendanceAnswer
from checkin.devices.wire import HealthReport, PairingRequest, UnlockRequest


class Who(StrEnum):
    """Names of OpenAPI's security schemes."""

    DEVICE = "device"
    SESSION = "session"
    KEY = "key"


class DayQuery(BaseModel):
    """What stands after `?` when figures are asked for."""

    day: str | None = Field(None, description="A day of the event, as 2026-01-24; without one, the whole event.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`asked`: what is sent, in the address with GET, else as JSON. `told`: the JSON of the good answer, where told.

    `answers`: statuses and what they mean. `who`: any of these, with the scopes that a key needs; nobody: open to all.
    """

    method: str
    path: str
    summary: str
    answers: Mapping[str, str]
    who: Mapping[Who, tuple[Scope, ...]] = field(default_factory=lambda: {Who.DEVICE: ()})
    asked: type[BaseModel] | None = None
    told: type[BaseModel] | None = None
    is_text: bool = False


_NO_KEY = _l("No session and no key that is known and still works")
_LATER: Final = {"429": _l("Asked too often: wait as long as Retry-After says"), "503": _l("Not now: try again later")}
_OF_TABLETS: Final = {"401": _l("The tablet is not known"), "503": _l("Not now: keep everything and come back")}

OPERATIONS: Final = (
    Operation(
        method="get",
        path="/api/v1/attendance",
        summary=_l("Figures of attendance of a day, or of the whole event"),
        who={Who.SESSION: (), Who.KEY: (Scope.ATTENDANCE_READ,)},
        asked=DayQuery,
        told=AttendanceAnswer,
        answers={
            "200": _l("The figures, with an ETag"),
            "304": _l("Nothing has changed since the ETag of If-None-Match"),
            "400": _l("That is no day of this event; `days` names them"),
            "401": _NO_KEY,
            "403": _l("The key lacks the scope"),
            **_LATER,
        },
    ),
    Operation(
        method="get",
        path="/metrics",
        summary=_l("Metrics of the system, in Prometheus’s text format"),
        who={Who.KEY: (Scope.METRICS_READ,)},
        is_text=True,
        answers={"200": _l("The metrics"), "401": _NO_KEY, "403": _l("The key lacks the scope"), **_LATER},
    ),
    Operation(
        method="get",
        path="/api/v1/openapi.json",
        summary=_l("This description, for programs"),
        who={},
        answers={"200": _l("An OpenAPI 3.1 document")},
    ),
    Operation(
        method="post",
        path="/api/v1/devices",
        summary=_l("Pair a tablet"),
        who={},
        asked=PairingRequest,
        answers={"201": _l("Paired"), "404": _l("The code is not live")},
    ),
    Operation(
        method="put",
        path="/api/v1/devices/self",
        summary=_l("Health, and where the tablet stands"),
        asked=HealthReport,
        answers={"200": _l("Its gate, the time"), **_OF_TABLETS},
    ),
    Operation(
        method="get",
        path="/api/v1/roster",
        summary=_l("What a tablet knows offline: the event, the keys, badges since a revision, who is in today"),
        asked=RosterQuery,
        answers={
            "200": _l("A page of it"),
            "304": _l("Unchanged"),
            "400": _l("A parameter is none"),
            "410": _l("The event is over"),
            **_OF_TABLETS,
        },
    ),
    Operation(
        method="post",
        path="/api/v1/devices/self/unlock",
        summary=_l("Whether this is the supervisor's PIN; `unset` where none is asked"),
        asked=UnlockRequest,
        answers={
            "200": _l("Right, or none is set"),
            "403": _l("Wrong PIN"),
            "429": _l("Too many wrong PINs"),
            **_OF_TABLETS,
        },
    ),
    Operation(
        method="post",
        path="/api/v1/scans",
        summary=_l("One scan or up to a thousand, each judged for itself"),
        asked=Batch,
        answers={
            "200": _l("Judgements"),
            "400": _l("No batch, or an item without a usable id: `index` says which"),
            "403": _l("The device is retired: its scans are kept in quarantine"),
            "413": _l("Too large: send less at once"),
            **_OF_TABLETS,
        },
    ),
    Operation(
        method="post",
        path="/api/v1/scans/{scan_id}/undo",
        summary=_l("Take a scan back"),
        who={Who.DEVICE: (), Who.SESSION: ()},
        asked=UndoRequest,
        answers={
            "200": _l("Done"),
            "404": _l("Not yet: send the scan first"),
            "409": _l("Too late, or the id was used for another scan"),
            **_OF_TABLETS,
        },
    ),
    Operation(
        method="post",
        path="/api/v1/scans/{scan_id}/override",
        summary=_l("Let a refused person in, under the supervisor's PIN"),
        asked=OverrideRequest,
        answers={
            "200": _l("Done, with a receipt"),
            "403": _l("Wrong PIN"),
            "404": _l("Not yet: send the scan first"),
            "429": _l("Too many wrong PINs"),
            **_OF_TABLETS,
        },
    ),
    Operation(
        method="get",
        path="/api/v1/arrivals",
        summary=_l("Who of the watch list came on a day"),
        who={Who.SESSION: ()},
        answers={"200": _l("Them"), "304": _l("Unchanged")},
    ),
    Operation(
        method="post",
        path="/api/v1/look-up",
        summary=_l("Who is it; admits nobody"),
        asked=LookUpRequest,
        answers={"200": _l("Badge, visitor, scans"), **_OF_TABLETS},
    ),
)
