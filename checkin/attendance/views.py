"""HTTP for counts: JSON for machines and the board. And whoever serves them counts."""

from __future__ import annotations

import json
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.apikeys.guard import key_or
from checkin.apikeys.model import Scope
from checkin.attendance import service
from checkin.attendance.answers import attendance_json, tag_of
from checkin.attendance.counting import Counting
from checkin.attendance.snapshots import Snapshot, Snapshots
from checkin.programme.service import current_event
from checkin.staff.model import Role
from checkin.web import Site, database, error_answer, site

bp = Blueprint("attendance", __name__)
LASTS = "ATTENDANCE_SNAPSHOT_SECONDS"
"""In `app.config`: for how long one count is handed to all who ask. Tests set 0, to see their own scans at once."""
_SECONDS = 1.0


@bp.record
def prepare(state: BlueprintSetupState) -> None:
    """Give the application its snapshots, and what counts in the background."""
    state.app.config.setdefault(LASTS, _SECONDS)
    state.app.extensions["attendance"] = Snapshots(), Counting()


@bp.before_app_request
def count_in_the_background() -> None:
    """Begin to count with the first request: so it happens after a fork. Tests count when they are asked."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - one look-up, not four
    if not app.testing:
        _, counting = app.extensions["attendance"]
        installation: Site = app.extensions["checkin"]
        counting.ensure(installation.database, installation.event)


@bp.get("/api/v1/attendance")
@key_or(Role.ORGANISER, Scope.ATTENDANCE_READ)
def get_attendance() -> ResponseReturnValue:
    """The figures of `?day=`, or of the event without one, and of `?category=` alone; 304 while nothing changed."""
    day = request.args.get("day")
    found = snapshot(None if day is None else asked_day(day), request.args.get("category", ""))
    if request.if_none_match.contains_weak(found.tag):
        answer = Response(status=304)
    else:
        answer = Response(found.body, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(found.tag, weak=True)
    return answer


def snapshot(day: date | None, category: str = "") -> Snapshot:
    """The figures of a day, of a category alone if one is named, at most a second old and from one consistent state.

    Raises NotADayError, NotACategoryError.
    """
    service.scope(site().event, day, category)  # only what the event has has a place among the snapshots
    snapshots, _ = current_app.extensions["attendance"]
    lasts = timedelta(seconds=current_app.config[LASTS])
    found = snapshots.find((day, category), clock.now(), lasts, lambda: _counted(day, category))
    if not isinstance(found, Snapshot):
        raise TypeError("the application was not made by create_app()")
    return found


def _counted(day: date | None, category: str) -> Snapshot:
    with database().reports() as session:
        now = clock.now()
        event = current_event(session, site().event).event
        counted = service.count(session, event, day=day, now=now, category=category)
    answer = attendance_json(event, counted)
    return Snapshot(event, counted, json.dumps(answer).encode(), tag_of(answer, counted), now)


@bp.app_errorhandler(service.NotADayError)
def not_a_day(_error: service.NotADayError) -> ResponseReturnValue:
    """400, and which days there are."""
    days = [day.date.isoformat() for day in site().event.days]
    message = gettext("That is no day of this event. Its days are: %(days)s.", days=", ".join(days))
    return error_answer(400, message, place="day", days=days)


@bp.app_errorhandler(service.NotACategoryError)
def not_a_category(_error: service.NotACategoryError) -> ResponseReturnValue:
    """400, and which categories there are."""
    slugs = [category.slug for category in site().event.categories]
    message = gettext("That is no category of this event. Its categories are: %(slugs)s.", slugs=", ".join(slugs))
    return error_answer(400, message, place="category", categories=slugs)


def asked_day(text: str) -> date:
    """A date of the form `2026-01-24`. Raises NotADayError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise service.NotADayError(text) from None
    if day.isoformat() != text:  # `20260124` and week dates are ISO too, but one form is enough
        raise service.NotADayError(text)
    return day
