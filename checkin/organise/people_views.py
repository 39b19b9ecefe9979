"""HTTP for the list of people: searched as one types, filtered, exported.

Filters stand in the address, so that a list can be kept and sent on. What is searched never does: it is somebody's name
or number, and addresses are logged. So a search is a POST to the address of its filters.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.badges.model import Badge, BadgeState
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.journal import service as journal
from checkin.organise import people_filters
from checkin.organise.noting import note
from checkin.organise.person import place_of
from checkin.organise.views import bp
from checkin.people.export import as_csv
from checkin.people.model import Filters, Listed
from checkin.people.queries import people
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

PAGE, CHUNK = 50, 1_000
LONGEST = 120


@bp.route("/organise/people", methods=["GET", "POST"])
@required(Role.ORGANISER)
def show_people() -> ResponseReturnValue:
    """The people whom the address lets through and the words mean, newest first; `?before=` tells where to go on."""
    event, told = site().event, people_filters.asked(request.args)
    typed = request.form.get("words", "").strip()[:LONGEST]
    if request.method == "POST" and "filters" in request.form:
        chosen = people_filters.asked(request.form)
        if not typed:
            return redirect(_address(chosen), 303)
        if chosen != told:
            return redirect(_address(chosen), 307)  # the words come along in the body
    filters, wrong = people_filters.read(event, told)
    with database().snapshot() as session:
        before = people_filters.read_before(request.args.get("before"))
        found = people(session, filters, typed, before=before, most=PAGE + 1)
    note("people.search" if typed else "people.list", _told(filters))
    shown, language = found[:PAGE], chosen_language()
    page = render_template(
        "organise/people.html",
        lines=[_Line(one, language) for one in shown],
        categories=event.category_by_slug,
        choices=people_filters.choices(event, told, language),
        told=told,
        typed=typed,
        wrong=wrong,
        is_later=before is not None,
        next=shown[-1].visitor.id if len(found) > PAGE else None,
    )
    return page, 400 if wrong else 200


@bp.post("/organise/people/export")
@required(Role.ORGANISER)
def export_people() -> ResponseReturnValue:
    """All whom the address lets through and the words mean, as a file that is written while it is read. Journalled."""
    filters, wrong = people_filters.read(site().event, request.args)
    if wrong:
        abort(400)
    typed = request.form.get("words", "").strip()[:LONGEST]
    now = clock.now()
    with database().transaction() as session:
        detail = _told(filters) | {"searched": bool(typed)}
        journal.record(session, now=now, actor=current_staff().actor, action="people.export", detail=detail)
    lines = as_csv(site().event, _batches(database(), filters, typed), now)
    name = f"people-{site().event.local(now):%Y-%m-%d-%H%M}.csv"
    return Response(lines, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


class _Line:
    """One person of the list, ready to show."""

    def __init__(self, one: Listed, language: str) -> None:
        badge: Badge | None = one.badge
        self.id, self.details = one.visitor.id, one.visitor.details
        self.place = place_of(self.details, language)
        self.code = short_code(badge.number) if badge else ""
        self.is_revoked = badge is not None and badge.state_at(clock.now()) is BadgeState.REVOKED
        self.is_printed = one.is_printed


def _batches(reading: Database, filters: Filters, typed: str) -> Iterator[tuple[Listed, ...]]:
    """Everybody, some at a time: no snapshot stays open while a slow line takes the file."""
    before: int | None = None
    while True:
        with reading.reports() as session:
            some = people(session, filters, typed, before=before, most=CHUNK)
        yield some
        if len(some) < CHUNK:
            return
        before = some[-1].visitor.id


def _address(filters: dict[str, str]) -> str:
    plain = url_for("organise.show_people")
    return f"{plain}?{urlencode(filters)}" if filters else plain


def _told(filters: Filters) -> dict[str, object]:
    """The filters for the journal."""
    told = {
        "category": ", ".join(filters.categories),
        **{name: getattr(filters, name) for name in ("country", "city", "gender", "sector", "cluster")},
        "day": ", ".join(day.isoformat() for day in filters.days),
        "printed": filters.printed,
        "state": filters.state and filters.state.value,
    }
    return {name: value for name, value in told.items() if value not in {None, ""}}
