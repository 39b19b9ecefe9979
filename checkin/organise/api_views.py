"""HTTP for the page that tells other systems' makers how to talk with this one."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from checkin.event.model import Event
from checkin.organise.addresses import base_for_tablets
from checkin.organise.openapi import describe
from checkin.organise.operations import Who
from checkin.organise.views import bp
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.web import site

_SCHEMAS = "#/components/schemas/"


@bp.get("/organise/api")
@required(Role.ORGANISER)
def show_api() -> ResponseReturnValue:
    """The API as `openapi.json` describes it, with examples to copy."""
    event = site().event
    document = describe(event)
    operations = [
        _Operation(method, path, said, document)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    return render_template(
        "organise/api.html",
        base=base_for_tablets(event.public_url, request.host_url),
        day=_example_day(event),
        for_systems=[one for one in operations if not one.is_of_tablets],
        for_tablets=[one for one in operations if one.is_of_tablets],
        events=[(name, hook["post"]["summary"]) for name, hook in document["webhooks"].items()],
    )


class _Operation:
    """One operation of the document, ready to show."""

    def __init__(self, method: str, path: str, said: dict[str, Any], document: dict[str, Any]) -> None:
        self.method, self.path, self.summary = method.upper(), path, said["summary"]
        self.scopes = [scope for one in said["security"] for scope in one.get(Who.KEY, ())]
        self.is_open = not said["security"]
        self.is_of_tablets = any(Who.DEVICE in one for one in said["security"]) or path == "/api/v1/devices"
        self.answers = [(status, answer["description"]) for status, answer in said["responses"].items()]
        self.has_day = any(one["name"] == "day" for one in said.get("parameters", ()))
        self.fields = _fields(said["responses"].get("200", {}), document["components"]["schemas"])


def _fields(answer: dict[str, Any], schemas: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, kind and meaning of each field of an answer's JSON; none where the document does not say them."""
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    schema = schemas.get(reference.removeprefix(_SCHEMAS), {})
    found = schema.get("properties", {}).items()
    return [(name, _kind(field, schemas), field.get("description", "")) for name, field in found]


def _kind(field: dict[str, Any], schemas: dict[str, Any]) -> str:
    """`integer or null`; `list of {gate, visitors, entries}`."""
    if "anyOf" in field:
        return " or ".join(_kind(one, schemas) for one in field["anyOf"])
    if "$ref" in field:
        return "{" + ", ".join(schemas[field["$ref"].removeprefix(_SCHEMAS)]["properties"]) + "}"
    if field.get("type") == "array":
        return f"list of {_kind(field['items'], schemas)}"
    return str(field.get("format") or field["type"])


def _example_day(event: Event) -> str:
    return next(iter(event.show_days or event.days)).date.isoformat()
