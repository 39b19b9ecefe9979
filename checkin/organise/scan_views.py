"""HTTP for the list of scans: what stands behind a figure of the board."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.admission.history import scans
from checkin.organise import scan_filters
from checkin.organise.noting import note
from checkin.organise.person import Passing, passing
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.visitors.model import Details
from checkin.visitors.queries import by_ids
from checkin.web import chosen_language, database, site

PAGE = 50


@bp.get("/organise/scans")
@required(Role.ORGANISER)
def show_scans() -> ResponseReturnValue:
    """The scans that the address lets through, latest first; `?before=` tells where to go on."""
    told, language = scan_filters.asked(request.args), chosen_language()
    before = scan_filters.read_before(request.args.get("before"))
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        filters, wrong = scan_filters.read(event, told, language)
        found = scans(session, filters, before=before, most=PAGE + 1)
        details = by_ids(session, {visitor for _, visitor in found[:PAGE] if visitor is not None})
    note("scans.list", told)
    now, shown = clock.now(), found[:PAGE]
    last = shown[-1][0] if len(found) > PAGE else None
    page = render_template(
        "organise/scans.html",
        lines=[_Line(passing(event, one, now, language), visitor, details) for one, visitor in shown],
        choices=scan_filters.choices(event, told, language),
        told=told,
        wrong=wrong,
        is_later=before is not None,
        next=scan_filters.after(last.at, last.id) if last else None,
    )
    return page, 400 if wrong else 200


class _Line:
    """One scan and whose it was; of a badge that nobody knows it was nobody's."""

    def __init__(self, scan: Passing, visitor: int | None, details: Mapping[int, Details]) -> None:
        self.scan, self.visitor = scan, visitor
        self.details = None if visitor is None else details.get(visitor)
