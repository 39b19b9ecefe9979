"""From a form that was sent to a registered visitor: what the public page and the desk share."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.registration import service
from checkin.registration.forms import VisitorForm, sections
from checkin.visitors.model import Source, Visitor
from checkin.web import database, site


def form_page(form: VisitorForm, *, heading: str, send: str) -> ResponseReturnValue:
    """The form to fill in; 422 with what was typed and what is wrong, where it was sent and is not right."""
    page = render_template("registration/register.html", form=form, sections=sections(form), heading=heading, send=send)
    return page, 422 if form.errors else 200


def register_from(form: VisitorForm, *, source: Source, by: str) -> Visitor:
    """The visitor of a valid form, registered in a transaction of its own; the same form again gives the same."""
    with database().transaction() as session:
        return service.register(
            session,
            site().event,
            form.details(),
            form_id=form.form_id.data or "",
            source=source,
            secret=site().settings.secret_key,
            now=clock.now(),
            by=by,
        )
