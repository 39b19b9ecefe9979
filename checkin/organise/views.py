"""HTTP for organisers: the board and its wall, and the API described."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from checkin import clock
from checkin.attendance.views import asked_day, snapshot
from checkin.devices import service as devices
from checkin.oddities.model import Kind
from checkin.organise import openapi
from checkin.organise.board import ALL_DAYS, Board, board, default_day
from checkin.organise.oddities import open_counts
from checkin.programme.service import current_event
from checkin.staff.guard import public, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

bp = Blueprint("organise", __name__)


@bp.get("/organise/")
@required(Role.ORGANISER)
def show_board() -> ResponseReturnValue:
    """The figures of `?day=` (a date, or `all`; without one today's), and of `?category=` alone, if one is named."""
    with database().snapshot() as session:
        has_tablet = any(not device.is_retired for device in devices.all_devices(session))
        odd = open_counts(session, current_event(session, site().event).event, clock.now())
    shown, tag = _asked(odd)
    return render_template("organise/board.html", board=shown, tag=tag, has_tablet=has_tablet)


@bp.get("/organise/wall")
@required(Role.ORGANISER)
def show_wall() -> ResponseReturnValue:
    """The same figures for a big screen, without a name of anyone."""
    shown, tag = _asked({})
    return render_template("organise/wall.html", board=shown, tag=tag)


@bp.get("/api/v1/openapi.json")
@public
def get_openapi() -> ResponseReturnValue:
    """The API, described; in English, whoever asks."""
    with force_locale("en"):
        return jsonify(openapi.describe(site().event))


def _asked(odd: Mapping[Kind, int]) -> tuple[Board, str]:
    """What the address asks for, and its tag. Raises NotADayError, NotACategoryError."""
    wish, category = request.args.get("day"), request.args.get("category", "")
    day = default_day(site().event, site().event.day_of(clock.now())) if wish is None else _day(wish)
    found = snapshot(day, category)
    days = found.event.show_days if day is None and len(found.event.show_days) > 1 else ()
    each = [snapshot(one.date, category).counted for one in days]
    return board(found.event, found.counted, category, chosen_language(), each=each, odd=odd), found.tag


def _day(wish: str) -> date | None:
    return None if wish == ALL_DAYS else asked_day(wish)
