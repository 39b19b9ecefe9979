"""HTTP for badges by mail: how they fare, whom none reached and why, and sending one again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from checkin import clock
from checkin.mail import service as mails
from checkin.mail.model import Mail, MailState
from checkin.mail.queries import NoSuchMailError
from checkin.mail.tasks import wake
from checkin.mail.words import PROBLEMS
from checkin.organise.views import bp
from checkin.organise.words import moment
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.web import ERRORS, chosen_language, database, error_answer, site

MOST_TROUBLED, MOST_NEWEST = 200, 20
STATES = {
    MailState.WAITING: _l("Waits"),
    MailState.SENDING: _l("Is being sent"),
    MailState.SENT: _l("Sent"),
    MailState.UNSURE: _l("Perhaps sent"),
    MailState.GIVEN_UP: _l("Given up"),
    MailState.DROPPED: _l("Not needed any more"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One mail, ready to show. `needs_care`: nothing happens to it unless somebody does something."""

    id: int
    visitor_id: int
    name: str
    address: str
    state: str
    reason: str
    code: str
    tries: int
    at: str
    next_try: str
    may_be_double: bool
    needs_care: bool


@bp.get("/organise/mail")
@required(Role.ORGANISER)
def show_mail() -> ResponseReturnValue:
    """The counts, the mails with a problem, and the newest ones."""
    with database().snapshot() as session:
        counts = mails.count(session)
        troubled = _lines(session, mails.troubled(session, most=MOST_TROUBLED))
        newest = _lines(session, mails.latest(session, most=MOST_NEWEST))
    return render_template(
        "organise/mail.html",
        counts=counts,
        lists=[("troubled", troubled), ("newest", newest)],
        has_sender=site().event.mailing is not None,
        has_server=site().settings.smtp is not None,
    )


@bp.get("/organise/mail/<int:mail_id>/again")
@required(Role.ORGANISER)
def ask_to_mail_again(mail_id: int) -> ResponseReturnValue:
    """Ask first, since the visitor may have it already."""
    with database().snapshot() as session:
        (line,) = _lines(session, [mails.get_mail(session, mail_id)])
        address = visitors.get_visitor(session, line.visitor_id).details.email
    return render_template("organise/mail_again.html", line=line, address=address)


@bp.post("/organise/mail/<int:mail_id>/again")
@required(Role.ORGANISER)
def mail_again(mail_id: int) -> ResponseReturnValue:
    """Send a mail again, to the address that its visitor has now."""
    try:
        with database().transaction() as session:
            mail = mails.get_mail(session, mail_id)
            mails.send_again(
                session,
                mail,
                address=visitors.get_visitor(session, mail.visitor_id).details.email,
                even_if_double="double" in request.form,
                now=clock.now(),
                actor=current_staff().actor,
            )
    except mails.MayBeDoubleError:
        return redirect(url_for("organise.ask_to_mail_again", mail_id=mail_id), 303)
    wake(site())
    flash(gettext("The mail is sent again in a moment."))
    return redirect(url_for("organise.show_mail"), 303)


@bp.errorhandler(NoSuchMailError)
def _no_such_mail(_error: NoSuchMailError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _lines(session: Session, found: Iterable[Mail]) -> list[Line]:
    event, now, language = site().event, clock.now(), chosen_language()
    return [
        Line(
            id=mail.id,
            visitor_id=mail.visitor_id,
            name=visitors.get_visitor(session, mail.visitor_id).details.name,
            address=mail.address,
            state=str(STATES[mail.state]),
            reason=str(PROBLEMS[mail.trouble.problem]) if mail.trouble else "",
            code=mail.trouble.code if mail.trouble else "",
            tries=mail.tries,
            at=moment(event, mail.sent_at or mail.made_at, now, language),
            next_try=moment(event, mail.next_try_at, now, language) if mail.state is MailState.WAITING else "",
            may_be_double=mail.may_be_double,
            needs_care=mail.state in {MailState.UNSURE, MailState.GIVEN_UP},
        )
        for mail in found
    ]
