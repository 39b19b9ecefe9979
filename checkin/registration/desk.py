"""The desk: walk-ins, finding people, lost badges. What is searched stands in the body, never in an address."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime, gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.badges.model import Badge, BadgeState
from checkin.badges.shortcode import short_code
from checkin.printruns import service as printruns
from checkin.registration import service
from checkin.registration.calendar import short_day
from checkin.registration.forms import visitor_form
from checkin.registration.intake import form_page, register_from
from checkin.registration.queries import find_people
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.visitors.model import Source, Visitor
from checkin.visitors.queries import NoSuchVisitorError
from checkin.web import chosen_language, database, site

bp = Blueprint("desk", __name__, url_prefix="/desk")
at_desk = required(Role.DESK, Role.ORGANISER)


@bp.route("/", methods=["GET", "POST"])
@at_desk
def home() -> ResponseReturnValue:
    """Search, and the way to the walk-in form."""
    typed = request.form.get("words", "")
    with database().snapshot() as session:
        people = find_people(session, typed)
    categories = site().event.category_by_slug
    return render_template("registration/desk.html", typed=typed, people=people, categories=categories)


@bp.route("/register", methods=["GET", "POST"])
@at_desk
def register() -> ResponseReturnValue:
    """The form as the desk fills it in for a walk-in; leads to the person with their badge to print."""
    form = visitor_form(site().event, language=chosen_language(), form_id=service.new_form_id(), at_desk=True)
    if not form.validate_on_submit():
        return form_page(form, heading=gettext("Register a walk-in"), send=gettext("Register and go to print"))
    visitor = register_from(form, source=Source.DESK, by=current_staff().name)
    return redirect(url_for(".person", visitor_id=visitor.id), 303)


@bp.get("/people/<int:visitor_id>")
@at_desk
def person(visitor_id: int) -> ResponseReturnValue:
    """One person, their badge, and what the desk can do for them."""
    with database().snapshot() as session:
        visitor, badge = _visitor(session, visitor_id), service.find_current_badge(session, visitor_id)
        mark = badge and printruns.find_mark(session, badge)
    facts = _facts(visitor, badge) | {"mark": mark, "printed": mark and _moment(mark.at)}
    return render_template("registration/person.html", **facts)


@bp.route("/people/<int:visitor_id>/reprint", methods=["GET", "POST"])
@at_desk
def reprint(visitor_id: int) -> ResponseReturnValue:
    """Asks first, since the badge that is out there will be refused; then prints the next issue."""
    if request.method == "GET":
        visitor, badge = _person_and_badge(visitor_id)
        return render_template("registration/reprint.html", **_facts(visitor, badge))
    with database().transaction() as session:
        visitors.hold(session, visitor_id)  # first, or a correction meanwhile would not be printed
        service.reprint(
            session,
            site().event,
            _visitor(session, visitor_id),
            lost=request.form.get("lost", type=int),
            now=clock.now(),
            by=current_staff().name,
            actor=current_staff().actor,
        )
    return redirect(url_for(".person", visitor_id=visitor_id), 303)


@bp.post("/people/<int:visitor_id>/printed")
@at_desk
def mark_printed(visitor_id: int) -> ResponseReturnValue:
    """The desk has this very badge on paper; a print run of what is not printed yet leaves it out."""
    staff = current_staff()
    with database().transaction() as session:
        badge = service.find_current_badge(session, _visitor(session, visitor_id).id)
        if badge is None or badge.issue != request.form.get("issue", type=int):
            abort(404)
        printruns.mark_one(session, badge, now=clock.now(), by=staff.name, actor=staff.actor)
    return redirect(url_for(".person", visitor_id=visitor_id), 303)


def _person_and_badge(visitor_id: int) -> tuple[Visitor, Badge | None]:
    with database().snapshot() as session:
        return _visitor(session, visitor_id), service.find_current_badge(session, visitor_id)


def _visitor(session: Session, visitor_id: int) -> Visitor:
    """The visitor; of somebody's double it leads to that person's page instead."""
    kept = visitors.find_kept(session, visitor_id)
    if kept is not None:
        abort(redirect(url_for(".person", visitor_id=kept), 303))
    try:
        return visitors.get_visitor(session, visitor_id)
    except NoSuchVisitorError:
        abort(404)


def _facts(visitor: Visitor, badge: Badge | None) -> dict[str, object]:
    """What the pages of a person show."""
    event, language = site().event, chosen_language()
    return {
        "visitor": visitor,
        "category": event.category_by_slug[visitor.details.category],
        "badge": badge,
        "code": badge and short_code(badge.number),
        "revoked": badge is not None and badge.state_at(clock.now()) is BadgeState.REVOKED,
        "days": badge and ", ".join(short_day(day, language) for day in badge.days),
        "issued": badge and _moment(badge.issued_at),
    }


def _moment(at: datetime) -> str:
    return str(format_datetime(site().event.local(at), "d MMM, HH:mm", rebase=False))
