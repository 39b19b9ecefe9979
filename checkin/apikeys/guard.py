"""Which other system calls, and whether its key opens what it asks for."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import ApiKey, Refused, Scope
from checkin.apikeys.policy import Pace, handle_of
from checkin.sight.views import NOT_A_KEY, open_for
from checkin.staff.guard import ROLES_ATTRIBUTE, required
from checkin.staff.lockout import find_lock, settle_try
from checkin.staff.model import Role
from checkin.web import database, error_answer

P = ParamSpec("P")
KEYS: Final = "API keys"  # what a guarded view's `allowed` says, for the table of routes and roles
_PACE = "checkin.pace_of_keys"
_TOO_OFTEN = "This was asked too often. Wait as long as Retry-After says."
_WORDS: Final = {
    Refused.UNKNOWN: "This API key is not known here.",
    Refused.REVOKED: "This API key was revoked. Ask an organiser for a new one.",
    Refused.EXPIRED: "This API key has expired. Ask an organiser for a new one.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What whoever came with a key is told instead; `wait_s`: for Retry-After."""

    status: int
    message: str
    reason: str
    wait_s: int = 0


def init_app(app: Flask) -> None:
    """Let API keys open `app`'s metrics too, beside the key of its settings."""
    app.extensions[_PACE] = Pace()

    def metrics(given: str) -> tuple[int, str]:
        if handle_of(given) is None:
            return NOT_A_KEY
        found = judged(given, Scope.METRICS_READ)
        return (found.status, found.message) if isinstance(found, Refusal) else (HTTPStatus.OK, "")

    open_for(app, metrics)


def key_or(role: Role, scope: Scope) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Guard a view that a signed-in `role` may call, or whoever bears an API key of this scope. For reading alone."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        for_staff = required(role)(view)

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if "Authorization" not in request.headers:
                return for_staff(*args, **kwargs)
            found = judged(_given(), scope)
            if isinstance(found, Refusal):
                return _answer(found)
            g.api_key = found
            return view(*args, **kwargs)

        setattr(guarded, ROLES_ATTRIBUTE, frozenset({KEYS, role}))
        return guarded

    return guard


def judged(text: str, scope: Scope) -> ApiKey | Refusal:
    """The key that this text is, its use noted; or why it does not open `scope`. Asked of the database every time."""
    now = clock.now()
    with database().snapshot() as session:
        found = service.find(session, text, scope, now)
        lock_key = service.lock_key(session, text) if found is Refused.UNKNOWN else None
        lock = None if lock_key is None else find_lock(session, lock_key, now)
    if isinstance(found, ApiKey):
        return _within_pace(found, now)
    if lock_key is not None and lock is None:
        with database().transaction() as session:
            lock = settle_try(session, lock_key, now, right=False)
    if lock is not None:
        return Refusal(429, _TOO_OFTEN, "too_often", math.ceil((lock.until - now).total_seconds()))
    if found is Refused.SCOPE:
        return Refusal(403, f"This API key lacks the scope {scope}.", found)
    return Refusal(401, _WORDS[found], found)


def _within_pace(key: ApiKey, now: datetime) -> ApiKey | Refusal:
    pace: Pace = current_app.extensions[_PACE]
    wait = pace.wait(key.id, now)
    if wait is not None:
        return Refusal(429, _TOO_OFTEN, "too_often", math.ceil(wait.total_seconds()))
    if service.is_touch_due(key, now):
        # A full disk must not keep anyone from reading.
        with suppress(OperationalError), database().transaction() as session:
            service.touch(session, key, now)
    return key


def _answer(refusal: Refusal) -> ResponseReturnValue:
    answer = current_app.make_response(error_answer(refusal.status, refusal.message, reason=refusal.reason))
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if refusal.wait_s:
        answer.headers["Retry-After"] = str(refusal.wait_s)
    return answer


def _given() -> str:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""
