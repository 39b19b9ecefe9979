"""HTTP for API keys: make one, shown once; see which there are and when each was used; revoke one."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import ApiKey, Made, Scope, Standing
from checkin.apikeys.policy import PREFIX, standing
from checkin.event.model import Event
from checkin.organise.api_key_forms import SCOPES, ApiKeyForm
from checkin.organise.views import bp
from checkin.organise.words import ago, isolated, moment
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site


@bp.get("/organise/api-keys")
@required(Role.ORGANISER)
def show_api_keys() -> ResponseReturnValue:
    """Every key, the living ones first, and a form for a new one."""
    return _page(ApiKeyForm())


@bp.post("/organise/api-keys")
@required(Role.ORGANISER)
def make_api_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    form, staff = ApiKeyForm(), current_staff()
    if not form.validate():
        return _page(form, status=422)
    (scopes, lasts), name = form.wanted(), form.name.data or ""
    with database().transaction() as session:
        made = service.make(
            session, name=name, scopes=scopes, lasts=lasts, by=staff.name, actor=staff.actor, now=clock.now()
        )
    return _page(ApiKeyForm(formdata=None), made=made)


@bp.route("/organise/api-keys/<int:key_id>/revoke", methods=["GET", "POST"])
@required(Role.ORGANISER)
def revoke_api_key(key_id: int) -> ResponseReturnValue:
    """Asks first; then the key opens nothing any more."""
    now = clock.now()
    with database().snapshot() as session:
        key = service.get_key(session, key_id)
    if request.method == "GET" and key.revoked_at is None:
        line = _Line(key, site().event, now, chosen_language())
        return render_template("organise/api_key_revoke.html", key=line)
    with database().transaction() as session:
        done = request.method == "POST" and service.revoke(session, key_id, actor=current_staff().actor, now=now)
    if done:
        flash(gettext("The key of %(name)s opens nothing any more.", name=isolated(key.name)))
    else:
        flash(gettext("Nothing was done: this key was revoked before."))
    return redirect(url_for("organise.show_api_keys"), 303)


@bp.errorhandler(service.NoSuchKeyError)
def _no_such_key(_error: service.NoSuchKeyError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


class _Line:
    """One key, ready to show."""

    def __init__(self, key: ApiKey, event: Event, now: datetime, language: str) -> None:
        self.id, self.name, self.by = key.id, key.name, key.made_by
        self.beginning = f"{PREFIX}{key.handle}…"
        self.standing = standing(key, now)
        self.is_live = self.standing is Standing.LIVE
        self.scopes = [(scope.value, SCOPES[scope]) for scope in Scope if scope in key.scopes]
        self.made = moment(event, key.made_at, now, language)
        self.until = format_date(event.day_of(key.expires_at), "d MMMM y", locale=language)
        self.revoked = moment(event, key.revoked_at, now, language) if key.revoked_at else ""
        self.used = ago(key.last_used_at, now, language)


def _page(form: ApiKeyForm, *, made: Made | None = None, status: int = 200) -> ResponseReturnValue:
    now, language = clock.now(), chosen_language()
    with database().snapshot() as session:
        lines = [_Line(key, site().event, now, language) for key in service.all_keys(session)]
    page = render_template(
        "organise/api_keys.html",
        form=form,
        made=made,
        live=[line for line in lines if line.is_live],
        ended=[line for line in lines if not line.is_live],
    )
    return page, status
