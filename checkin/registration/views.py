"""The visitor's way in: the event, the form."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin.registration import calendar, desk, service
from checkin.registration.colours import stylesheet
from checkin.registration.forms import visitor_form
from checkin.registration.intake import form_page, register_from
from checkin.staff.guard import public
from checkin.visitors.links import private_link
from checkin.visitors.model import Source
from checkin.web import chosen_language, site

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
    expo = site().event
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
