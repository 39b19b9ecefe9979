"""HTTP for a person's days: set without a new badge where that will do, since the gates go by what is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeSerializer

from checkin.mail.tasks import wake
from checkin.organise.person_forms import DaysForm
from checkin.organise.person_views import editor_now
from checkin.organise.same import leads_to_kept
from checkin.organise.views import bp
from checkin.organise.words import whole_day
from checkin.registration import corrections
from checkin.registration.corrections import Overtaken
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Visitor
from checkin.web import chosen_language, database, site

KEEP, NEW = "keep", "new"


@bp.route("/organise/people/<int:visitor_id>/days", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def mark_days(visitor_id: int) -> ResponseReturnValue:
    """The days of their category, to tick; then what came of it. 409 where somebody changed the person meanwhile."""
    with database().snapshot() as session:
        visitor = visitors.get_visitor(session, visitor_id)
    form = _form(visitor.details)
    if request.method == "GET":
        form.days.data, form.badge.data = [day.isoformat() for day in visitor.details.days], KEEP
    if not form.validate_on_submit():
        return _page(form, visitor), 422 if form.errors else 200
    if _seen() != visitor.details.plain():
        return _page(form, visitor, is_changed=True), 409
    days = tuple(sorted(date.fromisoformat(day) for day in form.days.data or ()))
    wanted = replace(visitor.details, days=days)
    with database().transaction() as session:
        done = corrections.correct(
            session,
            site().event,
            visitor_id,
            seen=visitor.details,
            wanted=wanted,
            editor=editor_now(),
            keeps_badge=form.badge.data == KEEP,
        )
    if isinstance(done, Overtaken):
        return _page(form, done.visitor, is_changed=True), 409
    wake(site())
    if done.badge is not None:
        flash(gettext("The days are changed, and a new badge is made: the gates refuse the old one."))
    elif done.fields:
        flash(gettext("The days are changed, and the badge stays good. Tablets learn it at their next sync."))
    else:
        flash(gettext("Nothing was different: nothing was changed."))
    return redirect(url_for("organise.show_person", visitor_id=visitor_id), 303)


def _form(details: Details) -> DaysForm:
    event, language = site().event, chosen_language()
    form = DaysForm()
    allowed = event.days_of(event.category_by_slug[details.category])
    form.days.choices = [(day.isoformat(), whole_day(day, language)) for day in allowed]
    form.badge.choices = [
        (KEEP, gettext("The one they hold stays good, though its dots show the days as they were")),
        (NEW, gettext("If its dots are wrong a new one is made, and the gates refuse the old one")),
    ]
    return form


def _page(form: DaysForm, visitor: Visitor, *, is_changed: bool = False) -> str:
    if is_changed:
        form.days.data = [day.isoformat() for day in visitor.details.days]
    seen = _signer().dumps(visitor.details.plain())
    return render_template("organise/days.html", form=form, visitor=visitor, seen=seen, is_changed=is_changed)


def _seen() -> object:
    try:
        return _signer().loads(request.form["seen"])
    except (KeyError, BadData):
        abort(400)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, "what a form of days was opened on")
