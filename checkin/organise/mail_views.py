"""HTTP for badges by mail: how they fare, whom none reached and why, and sending one again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.mail import service as mails
from checkin.mail.queries import NoSuchMailError
from checkin.mail.tasks import wake
from checkin.organise.mails import lines
from checkin.organise.views import bp
from checkin.staff.guard import current_staff, local_path, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.web import ERRORS, database, error_answer, site

MOST_TROUBLED, MOST_NEWEST = 200, 20


@bp.get("/organise/mail")
@required(Role.ORGANISER)
def show_mail() -> ResponseReturnValue:
    """The counts, the mails with a problem, and the newest ones."""
    with database().snapshot() as session:
        counts = mails.count(session)
        troubled = lines(session, mails.troubled(session, most=MOST_TROUBLED))
        newest = lines(session, mails.latest(session, most=MOST_NEWEST))
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
        (line,) = lines(session, [mails.get_mail(session, mail_id)])
        address = visitors.get_visitor(session, line.visitor_id).details.email
    return render_template(
        "organise/mail_again.html", line=line, address=address, back=local_path(request.args.get("back"))
    )


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
        back = local_path(request.form.get("back"))
        return redirect(url_for("organise.ask_to_mail_again", mail_id=mail_id, back=back), 303)
    wake(site())
    flash(gettext("The mail is sent again in a moment."))
    return redirect(local_path(request.form.get("back")) or url_for("organise.show_mail"), 303)


@bp.errorhandler(NoSuchMailError)
def _no_such_mail(_error: NoSuchMailError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))
