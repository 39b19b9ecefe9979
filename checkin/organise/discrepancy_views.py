"""HTTP for discrepancies: where a gate showed something else than what holds."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.admission import discrepancies
from checkin.attendance import service as attendance
from checkin.organise.discrepancies import key_text, lines, read_key
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

PAGE = 100


@bp.get("/organise/discrepancies")
@required(Role.ORGANISER)
def show_discrepancies() -> ResponseReturnValue:
    """The newest first, a hundred at once; `?before=` tells where to go on."""
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        total = attendance.discrepancies(session, event)
        found = discrepancies.found(session, event, before=read_key(request.args.get("before")), most=PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "organise/discrepancies.html",
        lines=lines(event, shown, now=clock.now(), language=chosen_language()),
        total=total,
        older=key_text(shown[-1].key) if len(found) > PAGE else None,
    )
