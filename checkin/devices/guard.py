"""Which device calls, and whether its kind may call this endpoint. Whatever is not listed is denied."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import current_app, g, request
from flask.typing import ResponseReturnValue

from checkin.devices.links import hash_of
from checkin.devices.model import Device, Kind
from checkin.devices.service import find_by_token
from checkin.staff.guard import ROLES_ATTRIBUTE, required
from checkin.staff.model import Role
from checkin.web import csrf, database, error_answer

P = ParamSpec("P")

ALLOWED: dict[Kind, frozenset[str]] = {
    Kind.GATE: frozenset(
        {
            "admission.put_self",
            "admission.post_scans",
            "admission.post_undo",
            "admission.post_override",
            "admission.post_look_up",
            "roster.get_roster",
            "devices.post_unlock",
        }
    )
}
_KNOWN = "checkin.known_tokens"
DEVICES = "devices"  # what a guarded view's `allowed` says, for the table of routes and roles


def find_device() -> Device | None:
    """The device whose token this request bears, retired ones too."""
    token = _bearer_token()
    if not token:
        return None
    with database().snapshot() as session:
        return find_by_token(session, token)


def device() -> Device:
    """The device that calls; only behind `device_required`."""
    caller = g.device
    if not isinstance(caller, Device):
        raise TypeError("device() was asked outside device_required")
    return caller


def device_required(
    *, retired: bool = False
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Guard a view: 401 unknown device, 403 retired (unless `retired`) or an endpoint that its kind may not call."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            caller = find_device()
            if caller is None:
                return unknown_answer()
            if request.endpoint not in ALLOWED[caller.kind]:
                return error_answer(403, "A device of this kind may not do that.")
            if caller.is_retired and not retired:
                return retired_answer()
            g.device = caller
            return view(*args, **kwargs)

        setattr(guarded, ROLES_ATTRIBUTE, frozenset({DEVICES}))
        return guarded

    return guard


def token_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Guard a view that looks its device up itself, where it writes, by `token_hash()`: 401 for an unknown token.

    Which tokens there are never changes, so that a known one costs no query. Whether its device was retired meanwhile
    the view must ask in its own transaction.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        token = _bearer_token()
        hashed = hash_of(token)
        known = current_app.extensions.setdefault(_KNOWN, set())
        if (request.endpoint, hashed) not in known:
            caller = find_device() if token else None
            if caller is None:
                return unknown_answer()
            if request.endpoint not in ALLOWED[caller.kind]:
                return error_answer(403, "A device of this kind may not do that.")
            known.add((request.endpoint, hashed))
        g.token_hash = hashed
        return view(*args, **kwargs)

    setattr(guarded, ROLES_ATTRIBUTE, frozenset({DEVICES}))
    return guarded


def token_hash() -> str:
    """SHA-256 of the token that this request bears; only behind `token_required`."""
    return str(g.token_hash)


def unknown_answer() -> ResponseReturnValue:
    """What a device is told that was never paired."""
    return error_answer(401, "This device is not known. Pair it again, and keep its scans.")


def retired_answer() -> ResponseReturnValue:
    """What a retired device is told."""
    return error_answer(403, "This device was retired. Ask an organiser.", reason="retired")


def device_or(
    role: Role,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Guard a view that a tablet or a signed-in `role` may call; `caller()` tells which. A browser's needs CSRF."""

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        for_devices = device_required()(view)

        def in_browser(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            csrf.protect()
            return view(*args, **kwargs)

        for_staff = required(role)(in_browser)

        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            bears_token = "Authorization" in request.headers
            return for_devices(*args, **kwargs) if bears_token else for_staff(*args, **kwargs)

        setattr(guarded, ROLES_ATTRIBUTE, frozenset({DEVICES, role}))
        return guarded

    return guard


def caller() -> Device | None:
    """The device that calls, or None when a person does; only behind `device_or`."""
    found = g.get("device")
    return found if isinstance(found, Device) else None


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
