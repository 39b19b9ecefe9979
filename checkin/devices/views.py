"""HTTP for tablets: pairing; and the gate page itself."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.devices import service, wire
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.settings import ROOT
from checkin.staff.guard import public
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


@bp.post("/api/v1/devices")
@public
def post_device() -> ResponseReturnValue:
    """Pair a tablet: 201 with its token, told this once; 404 for any code that is not live."""
    asked = parsed(wire.PairingRequest)
    if not isinstance(asked, wire.PairingRequest):
        return asked
    with database().transaction() as session:
        paired = service.pair(session, site().event, asked.code, app=asked.app, now=clock.now())
    if paired is None:
        return error_answer(404, "This code is used or old. Ask an organiser for a new one.")
    token, device = paired
    return jsonify({"token": token, **standing(device, site().event)}), 201


def standing(device: Device, event: Event) -> dict[str, object]:
    """What a tablet needs to know of itself, the event and the time."""
    return {
        "device": {"id": device.id, "name": device.name, "gate": device.gate, "direction": device.direction},
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
