"""HTTP for undo and override."""

from __future__ import annotations

from typing import assert_never

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission import corrections, queries, wire
from checkin.admission.corrections import Correction, Outcome
from checkin.admission.views import bp, init_app, writer
from checkin.devices import guard
from checkin.devices.answers import wrong_pin
from checkin.programme.epoch import remember
from checkin.staff.guard import current_staff
from checkin.staff.lockout import find_lock, settle_try
from checkin.staff.model import Role
from checkin.staff.supervisor import check_supervisor_pin
from checkin.web import database, error_answer, parsed, site

__all__ = ["bp", "init_app"]


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
    _remember(outcome, f"undo {correction.id}")
    return _answer(outcome, correction, today)


@bp.post("/scans/<scan_id>/override")
@guard.device_required()
def post_override(scan_id: str) -> ResponseReturnValue:
    """Let a refused person in, under the supervisor's PIN; a wrong one is refused, too many are locked for a while.

    The receipt of an earlier answer stands for the PIN. A wrong receipt is no guess at the PIN, and is not counted.
    """
    asked = parsed(wire.OverrideRequest)
    if not isinstance(asked, wire.OverrideRequest):
        return asked
    correction, key = _correction(scan_id, asked), f"pin:device:{guard.device().id}"
    with database().snapshot() as session:
        proven = _is_proven(session, correction, asked.receipt)
        pin = None if proven else asked.pin
        locked = None if proven else find_lock(session, key, clock.now())
        right = proven or (locked is None and pin is not None and check_supervisor_pin(session, pin))
    with database().transaction() as session:
        locked = locked or (None if pin is None else settle_try(session, key, clock.now(), right=right))
        outcome = corrections.override(session, correction) if right and locked is None else None
        today = _gate_today(session, correction)
    if outcome is None:
        return wrong_pin(locked, correction.now)
    _remember(outcome, f"override {correction.id}")
    return _answer(outcome, correction, today, receipt=corrections.receipt_of(_secret(), correction))


def _is_proven(session: Session, correction: Correction, receipt: str | None) -> bool:
    """Whether the PIN was right before: the override is stored, or its receipt is at hand."""
    stored = corrections.find_override(session, correction.id)
    return stored or corrections.is_receipt(_secret(), correction, receipt)


def _secret() -> str:
    return site().settings.secret_key


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


def _remember(outcome: Outcome, fact: str) -> None:
    """After the commit: what the folder knows to be stored, and what the gates count."""
    if outcome is Outcome.DONE:
        remember(site().settings.instance, fact)
        writer().counts.forget()


def _answer(outcome: Outcome, correction: Correction, today: int | None, **more: str) -> ResponseReturnValue:
    match outcome:
        case Outcome.DONE:
            return jsonify(id=correction.id, scan=correction.scan_id, gate_today=today, **more)
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
