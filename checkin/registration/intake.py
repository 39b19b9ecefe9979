"""From a form that was sent to a registered visitor: what the public page and the desk share."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.mail import tasks as mail
from checkin.registration import service
from checkin.registration.forms import VisitorForm, sections
from checkin.registration.party import completed
from checkin.visitors import service as visitors
from checkin.visitors.model import Source, Visitor
from checkin.web import database, site


def form_page(form: VisitorForm, *, heading: str, send: str, back: str | None = None) -> ResponseReturnValue:
    """The form to fill in; 422 with what was typed and what is wrong, where it was sent and is not right.

    `back`: the badge page that another person is added to.
    """
    page = render_template(
        "registration/register.html", form=form, sections=sections(form), heading=heading, send=send, back=back
    )
    return page, 422 if form.errors else 200


def register_from(form: VisitorForm, *, source: Source, by: str, leader: Visitor | None = None) -> Visitor:
    """The visitor of a valid form, registered in a transaction of its own; the same form again gives the same.

    They join the party of `leader`, where there is one. Raises PartyFullError, and then nobody was registered.
    """
    details = form.details() if leader is None else completed(form.details(), leader.details)
    with database().transaction() as session:
        if leader is not None:
            visitors.hold(session, leader.id)
        visitor = service.register(
            session,
            site().event,
            details,
            form_id=form.form_id.data or "",
            source=source,
            secret=site().settings.secret_key,
            now=clock.now(),
            by=by,
        )
        if leader is not None:
            visitors.join_party(session, leader.id, visitor.id)
    if visitor.details.email:
        mail.wake(site())
    return visitor
