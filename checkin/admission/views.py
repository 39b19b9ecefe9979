"""HTTP for scans: what a tablet tells and asks."""

from __future__ import annotations

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.admission import queries, reading, wire
from checkin.admission.answers import badge_json, judgement_json, local_text, visitor_json
from checkin.admission.batch import UnknownDeviceError
from checkin.admission.writer import BusyError, CulpritError, Writer
from checkin.badges.views import keys
from checkin.devices import guard
from checkin.devices import service as devices
from checkin.devices.model import Health
from checkin.devices.views import standing
from checkin.devices.wire import HealthReport
from checkin.programme.service import current_event
from checkin.web import csrf, database, error_answer, json_body, parsed, site

WRITER = "checkin.writer"
bp = Blueprint("admission", __name__, url_prefix="/api/v1")
csrf.exempt(bp)  # tablets bear a token of their own; no cookie of theirs means anything here


@bp.post("/scans")
@guard.token_required
def post_scans() -> ResponseReturnValue:
    """Judge and store one scan or up to a thousand, each for itself; answer after the commit."""
    try:
        arrivals = wire.read_batch(json_body())
        taken = writer().take(guard.token_hash(), arrivals, clock.now())
    except wire.NotABatchError as error:
        return error_answer(400, str(error), place=error.place, index=error.index)
    except CulpritError as error:
        place = f"scans[{error.index}]"
        return error_answer(400, "This scan cannot be stored, for a fault of ours.", place=place, index=error.index)
    except UnknownDeviceError:
        return guard.unknown_answer()
    except BusyError:
        return _busy()
    if taken.device.is_retired:
        return jsonify(quarantined=taken.quarantined), 403
    event = site().event
    return jsonify(
        judgements=[judgement_json(event, one) for one in taken.told],
        gate_today=taken.gate_today,
        revision=taken.revision,
        **_time(),
    )


@bp.put("/devices/self")
@guard.device_required(retired=True)
def put_self() -> ResponseReturnValue:
    """Keep what the tablet says of its health, and tell it the time, its gate and the gate's count.

    A retired one may still tell that it has erased itself, and is sent away as ever.
    """
    report = parsed(HealthReport)
    if not isinstance(report, HealthReport):
        return report
    health = report.health()
    if guard.device().is_retired:
        if health.erased:
            with database().transaction() as session:
                devices.note_health(session, guard.device(), Health(erased=True), now=clock.now())
        return guard.retired_answer()
    with database().snapshot() as session:
        event = current_event(session, site().event).event
    if health.gate and health.gate not in event.gate_by_slug:
        return error_answer(400, f"There is no gate {health.gate!r}.", place="gate")
    with database().transaction() as session:
        device = devices.note_health(session, guard.device(), health, now=clock.now())
        move = devices.find_move(session, device.id)
        gate_today = queries.entries_at(session, device.gate, event.day_of(clock.now()))
    return jsonify(gate_today=gate_today, **standing(device, event, move))


@bp.post("/look-up")
@guard.device_required()
def post_look_up() -> ResponseReturnValue:
    """Who, which badge, which scans; admits nobody and stores nothing."""
    asked = parsed(wire.LookUpRequest)
    if not isinstance(asked, wire.LookUpRequest):
        return asked
    event, now = site().event, clock.now()
    with database().snapshot() as session:
        found = reading.find(session, event, keys(), wire.safe_text(asked.token))
        scans = queries.scans_of(session, found.number) if found.number is not None else []
    state = found.scanned.state_at(now) if found.scanned else None
    return jsonify(
        reading=found.reading,
        visitor=visitor_json(event, found.newest),
        badge={**(badge_json(event, found.newest) or {}), "state": state} if found.newest else None,
        scans=[
            {
                "at": local_text(event, scan.scanned_at),
                "gate": scan.gate,
                "direction": scan.direction,
                "verdict": scan.verdict,
                "reason": scan.reason,
            }
            for scan in scans
        ],
        **_time(),
    )


def init_app(app: Flask) -> None:
    """Give the installation its writer."""
    app.extensions[WRITER] = Writer(lambda: app.extensions["checkin"])


def writer() -> Writer:
    """The writer of this process."""
    found = current_app.extensions[WRITER]
    if not isinstance(found, Writer):
        raise TypeError("the application was not made by create_app()")
    return found


def _busy() -> ResponseReturnValue:
    """Everything is kept where it is: the tablet comes back in a moment."""
    message = "Many scans come at once. Keep them, and send them again in a moment."
    answer = current_app.make_response(error_answer(503, message, reason="busy"))
    answer.headers["Retry-After"] = "2"
    return answer


def _time() -> dict[str, object]:
    return {"server_time": local_text(site().event, clock.now()), "clock_ok": clock.is_plausible()}
