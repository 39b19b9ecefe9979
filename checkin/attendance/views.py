"""HTTP for counts: JSON for machines and the board, CSV for spreadsheets."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.attendance import service
from checkin.attendance.answers import attendance_json, tag_of
from checkin.attendance.model import Attendance
from checkin.attendance.reports import as_csv
from checkin.event.model import Event
from checkin.programme.service import current_event
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.web import database, error_answer, site

bp = Blueprint("attendance", __name__)


@bp.get("/api/v1/attendance")
@required(Role.ORGANISER)
def get_attendance() -> ResponseReturnValue:
    """The figures of `?day=`, or of the event without one; 304 while nothing but the time has changed."""
    event, counted = count(request.args.get("day"))
    body = attendance_json(event, counted)
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(tag_of(body), weak=True)
    return answer.make_conditional(request)


@bp.get("/organise/attendance.csv")
@required(Role.ORGANISER)
def get_csv() -> ResponseReturnValue:
    """The figures of `?day=`, or of the event without one, as a file."""
    event, counted = count(request.args.get("day"))
    name = f"attendance-{counted.day or 'all-days'}.csv"
    return Response(
        as_csv(event, counted),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.app_errorhandler(service.NotADayError)
def not_a_day(_error: service.NotADayError) -> ResponseReturnValue:
    """400, and which days there are."""
    days = [day.date.isoformat() for day in site().event.days]
    message = gettext("That is no day of this event. Its days are: %(days)s.", days=", ".join(days))
    return error_answer(400, message, place="day", days=days)


def count(text: str | None) -> tuple[Event, Attendance]:
    """The figures of a day as the address names it, from one consistent state. Raises NotADayError."""
    day = None if text is None else asked_day(text)
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        return event, service.count(session, event, day=day, now=clock.now())


def asked_day(text: str) -> date:
    """A date of the form `2026-01-24`. Raises NotADayError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise service.NotADayError(text) from None
    if day.isoformat() != text:  # `20260124` and week dates are ISO too, but one form is enough
        raise service.NotADayError(text)
    return day
