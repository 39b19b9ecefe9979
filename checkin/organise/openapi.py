"""`GET /api/v1/openapi.json`: the API described from the same models that validate it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from checkin.admission.wire import Batch, LookUpRequest, OverrideRequest, RosterQuery, UndoRequest
from checkin.devices.wire import HealthReport, PairingRequest, UnlockRequest
from checkin.event.model import Event

_REFERENCE = "#/components/schemas/{model}"
_OPERATIONS: tuple[tuple[str, str, str, type[BaseModel] | None, dict[str, str]], ...] = (
    ("post", "/api/v1/devices", "Pair a tablet", PairingRequest, {"201": "Paired", "404": "The code is not live"}),
    ("put", "/api/v1/devices/self", "Health, and where the tablet stands", HealthReport, {"200": "Its gate, the time"}),
    (
        "get",
        "/api/v1/roster",
        "What a tablet knows offline: the event, the keys, badges since a revision, who is in today",
        RosterQuery,
        {"200": "A page of it", "304": "Unchanged", "400": "A parameter is none", "410": "The event is over"},
    ),
    (
        "post",
        "/api/v1/devices/self/unlock",
        "Whether this is the supervisor's PIN; `unset` where none is asked",
        UnlockRequest,
        {"200": "Right, or none is set", "403": "Wrong PIN", "429": "Too many wrong PINs"},
    ),
    (
        "post",
        "/api/v1/scans",
        "One scan or up to a thousand, each judged for itself",
        Batch,
        {
            "200": "Judgements",
            "403": "The device is retired: its scans are kept in quarantine",
            "503": "Keep everything",
        },
    ),
    (
        "post",
        "/api/v1/scans/{scan_id}/undo",
        "Take a scan back",
        UndoRequest,
        {"200": "Done", "404": "Not yet: send the scan first", "409": "Too late, or the id was used for another scan"},
    ),
    (
        "post",
        "/api/v1/scans/{scan_id}/override",
        "Let a refused person in, under the supervisor's PIN",
        OverrideRequest,
        {
            "200": "Done, with a receipt",
            "403": "Wrong PIN",
            "404": "Not yet: send the scan first",
            "429": "Too many wrong PINs",
        },
    ),
    ("post", "/api/v1/look-up", "Who is it; admits nobody", LookUpRequest, {"200": "Badge, visitor, scans"}),
    ("get", "/api/v1/attendance", "Counts of a day, or of the event", None, {"200": "Counts", "304": "Unchanged"}),
    ("get", "/api/v1/arrivals", "Who of the watch list came on a day", None, {"200": "Them", "304": "Unchanged"}),
)


def describe(event: Event) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this installation."""
    models = [(model, "validation") for method, _, _, model, _ in _OPERATIONS if model is not None and method != "get"]
    _, schemas = models_json_schema(models, ref_template=_REFERENCE)  # type: ignore[arg-type] # list is invariant
    paths: dict[str, dict[str, Any]] = {}
    for method, path, summary, model, answers in _OPERATIONS:
        operation = _operation(path, summary, model if method != "get" else None, answers)
        if method == "get" and model is not None:
            operation["parameters"] = _parameters(model)
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{event.name}: check-in", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "staff_session"},
            },
        },
    }


def _parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """A model's fields as what stands after `?` in the address."""
    fields = model.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in fields.items()]


def _operation(path: str, summary: str, model: type[BaseModel] | None, answers: dict[str, str]) -> dict[str, Any]:
    open_paths: dict[str, list[dict[str, list[str]]]] = {"/api/v1/devices": [], "/api/v1/attendance": [{"session": []}]}
    guard = open_paths.get(path, [{"device": []}])
    operation: dict[str, Any] = {
        "summary": summary,
        "security": guard,
        "responses": {status: {"description": words} for status, words in answers.items()},
    }
    if model is not None:
        schema = {"$ref": _REFERENCE.format(model=model.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if "{scan_id}" in path:
        operation["parameters"] = [{"name": "scan_id", "in": "path", "required": True, "schema": {"type": "string"}}]
    return operation
