"""HTTP for reports: how each day stands, a report in any form, closing a day, and what was signed."""

from __future__ import annotations

from datetime import date

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.attendance.views import asked_day
from checkin.event.model import Event
from checkin.organise.report_forms import CloseForm
from checkin.organise.reports import ALL_DAYS, closing, days, lines, mail_lines
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.reports import mailing, service
from checkin.reports.model import Form, Report, Version
from checkin.reports.writers import TYPES, file_name, write
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from checkin.webhooks import service as webhooks
from checkin.webhooks.model import Topic
from checkin.webhooks.tasks import wake


@bp.get("/organise/reports")
@required(Role.ORGANISER)
def show_reports() -> ResponseReturnValue:
    """Every show day and all of them together: their figures now, and what was signed of them."""
    now = clock.now()
    with database().reports() as session:
        event = current_event(session, site().event).event
        told = [
            service.figures(session, event, day=day, now=now) for day in (*(one.date for one in event.show_days), None)
        ]
    with database().snapshot() as session:
        found, unreadable = service.versions(session, _key()), service.unreadable(session)
        mails = mailing.all_mails(session)
    latest = {one.report.day: one for one in reversed(found)}
    language = chosen_language()
    return render_template(
        "organise/reports.html",
        days=days(event, told, latest, language),
        versions=lines(event, found, now, language),
        unreadable=unreadable,
        mails=mail_lines(event, mails, now, language),
        mailed_to=event.mailing.reports_to if event.mailing else (),
        has_server=site().settings.smtp is not None,
        forms=tuple(Form),
    )


@bp.get("/organise/reports/<day>.<form>")
@required(Role.ORGANISER)
def get_report(day: str, form: str) -> ResponseReturnValue:
    """The figures of a day, or of `all`, as they are now."""
    with database().reports() as session:
        event = current_event(session, site().event).event
        report = service.figures(session, event, day=_day(day), now=clock.now())
    return _file(report, _form(form))


@bp.get("/organise/reports/version/<int:number>.<form>")
@required(Role.ORGANISER)
def get_version(number: int, form: str) -> ResponseReturnValue:
    """The very figures that were signed. 409 where the signature does not hold: nobody is handed a spoilt report."""
    with database().snapshot() as session:
        version = service.get_version(session, number, _key())
    if not version.is_true:
        raise service.UnreadableVersionError(number)
    return _file(version.report, _form(form), version)


@bp.route("/organise/reports/<day>/close", methods=["GET", "POST"])
@required(Role.ORGANISER)
def close_day(day: str) -> ResponseReturnValue:
    """Asks first, with what stands against it; then freezes and signs the figures of this very moment."""
    form, asked = CloseForm(), _day(day)
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        report = service.figures(session, event, day=asked, now=clock.now())
        latest = service.find_latest(session, asked, _key())
        revision = service.last_revision(session, asked) + 1
    if not form.validate_on_submit():
        form.revision.data = revision
        return _close_page(event, report, latest, revision, form), 422 if form.errors else 200
    try:
        with database().transaction() as session:
            service.close(
                session,
                event,
                report,
                revision=form.revision.data or 0,
                by=current_staff(),
                reason=form.reason.data or "",
                secret=site().settings.secret_key,
                now=clock.now(),
            )
            _tell(session, report, form.revision.data or 0)
    except service.ReasonNeededError:
        form.reason.errors = [gettext("Please write why: something stands against closing it.")]
        return _close_page(event, report, latest, revision, form), 422
    except (service.NotYetError, service.CountingError, service.NothingNewError):
        return _close_page(event, report, latest, revision, form), 409
    except service.ClosedMeanwhileError:
        flash(gettext("Nothing was done: somebody closed it meanwhile. Look at their version first."))
    else:
        wake(site())
        flash(gettext("Closed and signed. These figures stay as they are; later scans make a new version."))
    return redirect(url_for("organise.show_reports"), 303)


def _tell(session: Session, report: Report, revision: int) -> None:
    day = report.day.isoformat() if report.day else None
    figures = {name: report.totals[name] for name in ("visitors", "visits", "entries")}
    webhooks.tell(session, Topic.DAY_CLOSED, {"day": day, "revision": revision, **figures}, now=clock.now())


@bp.errorhandler(service.NoSuchVersionError)
def _no_such_version(_error: service.NoSuchVersionError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


@bp.errorhandler(service.UnreadableVersionError)
def _spoilt(_error: service.UnreadableVersionError) -> ResponseReturnValue:
    return error_answer(
        409, gettext("The signature of this version does not hold: someone changed it in the database.")
    )


def _close_page(event: Event, report: Report, latest: Version | None, revision: int, form: CloseForm) -> str:
    shown = closing(event, report, latest, revision, chosen_language())
    form.reason.flags.required = bool(shown.against)
    return render_template("organise/close_day.html", closing=shown, form=form)


def _file(report: Report, form: Form, version: Version | None = None) -> Response:
    name = file_name(report, form, version)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(report, form, version), mimetype=TYPES[form].partition(";")[0], headers=headers)


def _day(wish: str) -> date | None:
    return None if wish == ALL_DAYS else asked_day(wish)


def _form(wish: str) -> Form:
    if wish not in set(Form):
        abort(404)
    return Form(wish)


def _key() -> bytes:
    return service.key_of(site().settings.secret_key)
