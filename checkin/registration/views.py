"""The visitor's way in: the event, the form."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.answers import private, revoked, unknown_link
from checkin.badges.model import BadgeState
from checkin.programme.service import current_event
from checkin.registration import calendar, desk, service
from checkin.registration.colours import stylesheet
from checkin.registration.forms import visitor_form
from checkin.registration.intake import form_page, register_from
from checkin.registration.party import ask_less, prefill
from checkin.staff.guard import public
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.visitors.model import Source, Visitor
from checkin.web import chosen_language, database, error_answer, site

bp = Blueprint("registration", __name__)
bp.register_blueprint(desk.bp)
bp.add_app_template_global(lambda: calendar.show_dates(site().event, chosen_language()), "show_dates")


@bp.app_template_global()
def venue() -> str:
    """The venue's name in the language of the page."""
    event = site().event
    return (event.venue_ur if chosen_language() == "ur" else "") or event.venue


@bp.get("/")
@public
def event() -> ResponseReturnValue:
    """What the expo is, when it opens, and the way in."""
    with database().snapshot() as session:
        expo = current_event(session, site().event).event
    days = calendar.openings(expo, chosen_language())
    may_register = any(category.public for category in expo.categories)
    return render_template("registration/event.html", days=days, may_register=may_register)


@bp.get("/event.css")
@public
def colours() -> ResponseReturnValue:
    """The categories' colours."""
    answer = Response(stylesheet(site().event.categories), mimetype="text/css")
    answer.headers["Cache-Control"] = "max-age=300"
    return answer


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """The public form; a valid one becomes a visitor with a badge and leads to their own page."""
    expo, secret = site().event, site().settings.secret_key
    if not any(category.public for category in expo.categories):
        return render_template("registration/closed.html")
    form = visitor_form(expo, language=chosen_language(), form_id=service.new_form_id())
    if not form.validate_on_submit():
        return form_page(form, heading=gettext("Register"), send=gettext("Register and get my badge"))
    visitor = register_from(form, source=Source.ONLINE, by="online")
    link = private_link(secret, visitor.id, visitor.link_version)
    return redirect(url_for("badges.page", link=link), 303)


@bp.route("/badge/<link>/add", methods=["GET", "POST"])
@public
def add_person(link: str) -> ResponseReturnValue:
    """The same form for another person of a family or delegation, whose badge the page of `link` then shows too."""
    expo = site().event
    if not any(category.public for category in expo.categories):
        return private(render_template("registration/closed.html"))
    leader = _leader(link)
    form = visitor_form(expo, language=chosen_language(), form_id=service.new_form_id())
    ask_less(form, leader.details)
    if not form.is_submitted():
        prefill(form, leader.details)
    if not form.validate_on_submit():
        words = {"heading": gettext("Add another person"), "send": gettext("Add this person")}
        return private(form_page(form, **words, back=url_for("badges.page", link=link)))
    try:
        visitor = register_from(form, source=Source.ONLINE, by="online", leader=leader)
    except visitors.PartyFullError:
        return private(error_answer(409, _full()))
    return private(redirect(url_for("badges.page", link=link, _anchor=_place(leader, visitor)), 303))


def _leader(link: str) -> Visitor:
    """Whose page this is. An unknown link and a revoked badge end the request."""
    with database().snapshot() as session:
        leader = visitors.find_by_link(session, link)
        badge = None if leader is None else service.find_current_badge(session, leader.id)
    if leader is None or badge is None:
        abort(unknown_link())
    if badge.state_at(clock.now()) is BadgeState.REVOKED:
        abort(revoked())
    return leader


def _place(leader: Visitor, visitor: Visitor) -> str:
    """Where on the leader's page this visitor's badge is."""
    with database().snapshot() as session:
        ids = [member.id for member in visitors.party_of(session, leader.id)]
        with_badge = badges.newest_of(session, ids)
    shown = [each for each in ids if each in with_badge]
    return f"badge-{shown.index(visitor.id) + 1}" if visitor.id in shown else ""


def _full() -> str:
    return str(
        gettext(
            "This page holds %(most)s badges, as many as one page can. Register the next person from the first page: "
            "further people can be added to theirs.",
            most=visitors.MOST_OF_A_PARTY,
        )
    )
