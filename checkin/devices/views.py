"""HTTP for tablets: pairing; and the gate page itself."""

from __future__ import annotations

from functools import cache

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.devices import guard, service, wire
from checkin.devices.answers import wrong_pin
from checkin.devices.model import Device, Move
from checkin.devices.shell import Shell, shell
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.settings import ROOT
from checkin.staff.guard import public
from checkin.staff.lockout import find_lock, settle_try
from checkin.staff.queries import find_supervisor_pin
from checkin.staff.supervisor import check_supervisor_pin
from checkin.web import csrf, database, error_answer, parsed, site

bp = Blueprint("devices", __name__)
# A blueprint whose static folder is the app's own, so that its worker lies inside the service worker's scope.
gate = Blueprint("gate", __name__, static_folder=str(ROOT / "static" / "gate"), static_url_path="/gate")
csrf.exempt(bp)  # tablets bear a token of their own; no cookie of theirs means anything here


@gate.get("/gate/")
@public
def index() -> Response:
    """The tablet app."""
    return gate.send_static_file("index.html")


@gate.get("/gate/sw.js")
@public
def worker() -> Response:
    """The service worker, under the lists and the checksums of all that it keeps."""
    return _renewed(current_shell().script.encode(), "text/javascript")


@gate.get("/gate/pack.json")
@public
def pack() -> Response:
    """All that is ours of the gate in one answer, for the service worker to unpack."""
    return _renewed(current_shell().pack, "application/json")


def _renewed(content: bytes, kind: str) -> Response:
    response = Response(content, mimetype=kind)
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def current_shell() -> Shell:
    """The tablet app as this process serves it."""
    return shell(ROOT / "static")


@bp.post("/api/v1/devices")
@public
def post_device() -> ResponseReturnValue:
    """Pair a tablet: 201 with its token, told this once; 404 for any code that is not live."""
    asked = parsed(wire.PairingRequest)
    if not isinstance(asked, wire.PairingRequest):
        return asked
    with database().transaction() as session:
        event = current_event(session, site().event).event
        paired = service.pair(session, event, asked.code, app=asked.app, now=clock.now())
    if paired is None:
        return error_answer(404, "This code is used or old. Ask an organiser for a new one.")
    token, device = paired
    return jsonify({"token": token, **standing(device, event)}), 201


@bp.post("/api/v1/devices/self/unlock")
@guard.device_required()
def post_unlock() -> ResponseReturnValue:
    """Whether the supervisor's PIN was typed, before the tablet changes its gate; where none is set, none is asked."""
    asked = parsed(wire.UnlockRequest)
    if not isinstance(asked, wire.UnlockRequest):
        return asked
    key, now = f"pin:device:{guard.device().id}", clock.now()  # one lock with overrides: five tries in all
    with database().snapshot() as session:
        if find_supervisor_pin(session) is None:
            return jsonify(unset=True)
        locked = find_lock(session, key, now)
        right = locked is None and check_supervisor_pin(session, asked.pin)
    with database().transaction() as session:
        locked = locked or settle_try(session, key, now, right=right)
    return jsonify({}) if right and locked is None else wrong_pin(locked, now)


def standing(device: Device, event: Event, move: Move | None = None) -> dict[str, object]:
    """What a tablet needs to know of itself, the event and the time; `move`: where it is to go, if anywhere else."""
    return {
        "device": {"id": device.id, "name": device.name, "gate": device.gate, "direction": device.direction},
        "move": _told(event, move),
        "event": {
            "slug": event.slug,
            "name": event.name,
            "name_ur": event.name_ur,
            "time_zone": str(event.time_zone),
            "again_after_minutes": event.again_after_minutes,
        },
        "gates": [
            {"slug": g.slug, "name": g.name, "name_ur": g.name_ur, "zone": g.zone, "direction": g.direction}
            for g in event.gates
        ],
        "server_time": event.local(clock.now()).isoformat(timespec="milliseconds"),
        "clock_ok": clock.is_plausible(),
    }


def _told(event: Event, move: Move | None) -> dict[str, object] | None:
    """A move as the tablet hears of it; none to a gate that was closed meanwhile."""
    if move is None or move.gate not in event.gate_by_slug:
        return None
    return {"number": move.number, "gate": move.gate, "direction": move.direction}
