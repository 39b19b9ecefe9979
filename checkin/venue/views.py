"""HTTP for a tablet that is being made ready: the check page, and what it measures itself against."""

from __future__ import annotations

from flask import Blueprint, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.staff.guard import public
from checkin.venue.folder import Folder
from checkin.venue.model import Hall

bp = Blueprint("venue", __name__, url_prefix="/venue")
EXTENSION = "venue"


def hall() -> Hall | None:
    """How this installation is served in the hall, under the name that this device used; None behind other servers."""
    found = current_app.extensions.get(EXTENSION)
    return found.for_host(request.host.rsplit(":", 1)[0].strip("[]")) if isinstance(found, Hall) else None


@bp.get("/check")
@public
def show_check() -> ResponseReturnValue:
    """What this tablet has and lacks; its own script finds out."""
    return render_template("venue/check.html", hall=hall(), is_secure=request.is_secure)


@bp.get("/now")
@public
def get_now() -> ResponseReturnValue:
    """The server's time, for the tablet's clock; and how long the certificate still holds."""
    served = hall()
    server = Folder(served.folder).standing().server if served else None
    days = server.days_left(clock.machine_now()) if server else None
    return jsonify(
        server_time=clock.now().isoformat(timespec="milliseconds"),
        clock_ok=clock.is_plausible(),
        certificate=server and {"days": days, "until": server.ends_at.date().isoformat()},
    )
