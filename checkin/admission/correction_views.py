"""HTTP for undo and override."""

from __future__ import annotations

import math
from typing import assert_never

from flask import jsonify, make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission import corrections, queries, wire
from checkin.admission.corrections import Correction, Outcome
from checkin.admission.views import bp
from checkin.devices import guard
from checkin.staff.guard import current_staff
from checkin.staff.lockout import find_lock, settle_try
from checkin.staff.model import LockedUntil, Role
from checkin.staff.supervisor import check_supervisor_pin
from checkin.web import database, error_answer, parsed, site


@bp.post("/scans/<scan_id>/undo")
@guard.device_or(Role.ORGANISER)
def post_undo(scan_id: str) -> ResponseReturnValue:
    """Take a scan back: by its own tablet within five minutes, by an organiser at any time."""
    asked = parsed(wire.UndoRequest)
    if not isinstance(asked, wire.UndoRequest):
        return asked
    correction = _correction(scan_id, asked)
    with database().transaction() as session:
        outcome = corrections.undo(session, correction)
        today = _gate_today(session, correction)
    return _answer(outcome, correction, today)


@bp.post("/scans/<scan_id>/override")
@guard.device_required()
def post_override(scan_id: str) -> ResponseReturnValue:
    """Let a refused person in, under the supervisor's PIN; a wrong one is refused, too many are locked for a while."""
    asked = parsed(wire.OverrideRequest)
    if not isinstance(asked, wire.OverrideRequest):
        return asked
    correction, key = _correction(scan_id, asked), f"pin:device:{guard.device().id}"
    with database().snapshot() as session:
        stored = corrections.find_override(session, asked.id)
        locked = find_lock(session, key, clock.now())
        right = stored or (locked is None and check_supervisor_pin(session, asked.pin))
    with database().transaction() as session:
        locked = locked or (None if stored else settle_try(session, key, clock.now(), right=right))
        allowed = stored or (right and locked is None)
        outcome = corrections.override(session, correction) if allowed else None
        today = _gate_today(session, correction)
    if outcome is None:
        return _wrong_pin(locked)
    return _answer(outcome, correction, today)


def _correction(scan_id: str, asked: wire.UndoRequest | wire.OverrideRequest) -> Correction:
    device = guard.caller()
    by = f"device:{device.id}" if device else current_staff().actor
    return Correction(
        id=asked.id,
        scan_id=scan_id.lower(),
        at=asked.at,
        reason=wire.safe_text(asked.reason),
        by=by,
        device=device,
        now=clock.now(),
    )


def _gate_today(session: Session, correction: Correction) -> int | None:
    """What the tablet's screen counts now; None for a person, who has no gate."""
    device = correction.device
    return queries.entries_at(session, device.gate, site().event.day_of(clock.now())) if device else None


def _answer(outcome: Outcome, correction: Correction, today: int | None) -> ResponseReturnValue:
    match outcome:
        case Outcome.DONE:
            return jsonify(id=correction.id, scan=correction.scan_id, gate_today=today)
        case Outcome.NOT_YET:
            return error_answer(404, "This scan has not arrived yet. Send it first, then try again.", reason="not_yet")
        case Outcome.NOT_YOURS:
            return error_answer(403, "Another tablet made this scan. Ask an organiser.", reason="not_yours")
        case Outcome.TOO_LATE:
            return error_answer(409, "A tablet may undo for five minutes. Ask an organiser.", reason="too_late")
        case Outcome.CONFLICT:
            return error_answer(409, "This id was used for another scan.", reason="conflict")
        case _:
            assert_never(outcome)


def _wrong_pin(locked: LockedUntil | None) -> ResponseReturnValue:
    if locked is None:
        return error_answer(403, "This is not the supervisor's PIN.", reason="pin")
    answer = make_response(error_answer(429, "Too many wrong PINs. Wait, then try again.", reason="pin"))
    answer.headers["Retry-After"] = str(max(1, math.ceil((locked.until - clock.now()).total_seconds())))
    return answer
