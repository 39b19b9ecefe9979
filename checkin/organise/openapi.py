"""`GET /api/v1/openapi.json`: the API described from the same models that validate it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from checkin.event.model import Event
from checkin.organise.operations import OPERATIONS, Operation, Who
from checkin.organise.payloads import PAYLOADS, ErrorAnswer
from checkin.organise.webhook_forms import TOPICS
from checkin.webhooks.model import Topic

_REFERENCE = "#/components/schemas/{model}"
_SCHEMES = {
    Who.DEVICE: {"type": "http", "scheme": "bearer", "description": "The token that a tablet got when it was paired."},
    Who.SESSION: {"type": "apiKey", "in": "cookie", "name": "staff_session"},
    Who.KEY: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key that an organiser made. It begins with checkin_ and works until it expires or is "
        "revoked. The scopes that an operation needs stand beside it.",
    },
}
_HEADERS = {
    "webhook-id": "The id of the message, the same with each try.",
    "webhook-timestamp": "When it is sent, in seconds since 1970.",
    "webhook-signature": "v1, and the base64 of HMAC-SHA256 over id.timestamp.body, as Standard Webhooks says.",
}


def describe(event: Event) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this installation."""
    bodies = [one.asked for one in OPERATIONS if one.asked is not None and one.method != "get"]
    told: list[type[BaseModel]] = [one.told for one in OPERATIONS if one.told is not None]
    told += [*PAYLOADS.values(), ErrorAnswer]
    models = [(model, "validation") for model in bodies]
    models += [(model, "serialization") for model in told]
    _, schemas = models_json_schema(models, ref_template=_REFERENCE)  # type: ignore[arg-type] # list is invariant
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{event.name}: check-in", "version": "1"},
        "servers": [{"url": event.public_url.rstrip("/")}],
        "paths": paths,
        "webhooks": {topic.value: {"post": _webhook(topic, model)} for topic, model in PAYLOADS.items()},
        "components": {"schemas": schemas.get("$defs", {}), "securitySchemes": _SCHEMES},
    }


def _described(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": str(operation.summary),
        "security": [{who: [scope.value for scope in scopes]} for who, scopes in operation.who.items()],
        "responses": {status: _response(operation, status, words) for status, words in operation.answers.items()},
    }
    parameters = []
    if "{scan_id}" in operation.path:
        parameters.append({"name": "scan_id", "in": "path", "required": True, "schema": {"type": "string"}})
    if operation.asked is not None and operation.method == "get":
        parameters += _parameters(operation.asked)
    elif operation.asked is not None:
        described["requestBody"] = {"required": True, "content": _json(operation.asked)}
    if parameters:
        described["parameters"] = parameters
    return described


def _response(operation: Operation, status: str, words: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": str(words)}
    if int(status) >= HTTPStatus.BAD_REQUEST:
        answer["content"] = _json(ErrorAnswer)
    elif status == "200" and operation.told is not None:
        answer["content"] = _json(operation.told)
    elif status == "200" and operation.is_text:
        answer["content"] = {"text/plain": {"schema": {"type": "string"}}}
    return answer


def _parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """A model's fields as what stands after `?` in the address."""
    fields = model.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "required": False, "schema": schema} for name, schema in fields.items()]


def _webhook(topic: Topic, model: type[BaseModel]) -> dict[str, Any]:
    said = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": topic.value},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it happened."},
            "data": {"$ref": _REFERENCE.format(model=model.__name__)},
        },
    }
    return {
        "summary": str(TOPICS[topic]),
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": words}
            for name, words in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": said}}},
        "responses": {"2XX": {"description": "Taken. Any other answer, or none in ten seconds, is tried again."}},
    }


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _REFERENCE.format(model=model.__name__)}}}
