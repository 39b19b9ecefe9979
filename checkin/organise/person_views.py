"""HTTP for one person: their page, correcting them, a new badge, revoking one. Whoever looks is journalled."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeSerializer

from checkin import clock
from checkin.arrivals.service import find_watch_of
from checkin.badges.token import IssueOutOfRangeError
from checkin.journal import service as journal
from checkin.mail import service as mails
from checkin.mail.tasks import wake
from checkin.organise.person import person
from checkin.organise.person_forms import RevokeForm
from checkin.organise.same import leads_to_kept
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.registration import corrections, service
from checkin.registration.correction_form import CorrectionForm, correction_form
from checkin.registration.corrections import Corrected, Editor, Overtaken
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.visitors.model import Details
from checkin.visitors.queries import NoSuchVisitorError
from checkin.web import ERRORS, chosen_language, database, error_answer, site
from checkin.webhooks.tasks import wake as wake_webhooks


@bp.get("/organise/people/<int:visitor_id>")
@required(Role.ORGANISER)
@leads_to_kept
def show_person(visitor_id: int) -> ResponseReturnValue:
    """All that is known of one person."""
    editor = editor_now()
    with database().transaction() as session:
        visitor = visitors.get_visitor(session, visitor_id)
        subject = f"visitor:{visitor_id}"
        journal.record(session, now=editor.now, actor=editor.actor, action="visitor.view", subject=subject)
    form = correction_form(site().event, visitor.details, language=chosen_language())
    with database().snapshot() as session:
        shown = person(session, current_event(session, site().event).event, visitor_id, form, editor.now)
        watch = find_watch_of(session, visitor_id)
    category = site().event.category_by_slug[shown.visitor.details.category]
    return render_template("organise/person.html", person=shown, category=category, watch=watch)


@bp.route("/organise/people/<int:visitor_id>/correct", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def correct_person(visitor_id: int) -> ResponseReturnValue:
    """The form; once it is sent, what came of it. 409 with what somebody else changed since it was opened."""
    with database().snapshot() as session:
        known = visitors.get_visitor(session, visitor_id).details
    seen = known if request.method == "GET" else _seen(known)
    form = correction_form(site().event, seen, language=chosen_language())
    if not form.validate_on_submit():
        return _correct_page(visitor_id, form, seen), 422 if form.errors else 200
    wanted = form.wanted()
    with database().transaction() as session:
        done = corrections.correct(session, site().event, visitor_id, seen=seen, wanted=wanted, editor=editor_now())
        others = visitors.corrections_of(session, visitor_id)[:1]
    if isinstance(done, Overtaken):
        theirs = done.visitor.details
        changed = form.differences(seen.plain(), theirs.plain())
        form.keep_theirs(seen, wanted, theirs)
        return _correct_page(visitor_id, form, theirs, changed=changed, by=others[0].by if others else ""), 409
    return _after(done, visitor_id)


@bp.post("/organise/people/<int:visitor_id>/corrections/<int:correction_id>/undo")
@required(Role.ORGANISER)
@leads_to_kept
def undo_correction(visitor_id: int, correction_id: int) -> ResponseReturnValue:
    """Write back what one correction changed."""
    with database().transaction() as session:
        found = {one.id: one for one in visitors.corrections_of(session, visitor_id)}
        if correction_id not in found:
            abort(404)
        done = corrections.undo(session, site().event, found[correction_id], editor_now())
    if isinstance(done, Overtaken):
        flash(gettext("Nothing was undone: this was changed again meanwhile, or undone already."))
        return _to_person(visitor_id)
    return _after(done, visitor_id)


@bp.route("/organise/people/<int:visitor_id>/reissue", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def reissue(visitor_id: int) -> ResponseReturnValue:
    """Asks first; then makes the next issue of the badge, for whoever was revoked too."""
    with database().snapshot() as session:
        visitor = visitors.get_visitor(session, visitor_id)
        badge = service.find_current_badge(session, visitor_id)
    if request.method == "GET":
        can_mail = bool(site().event.mailing and visitor.details.email)
        is_revoked = badge is not None and badge.revoked_at is not None
        return render_template(
            "organise/reissue.html", visitor=visitor, badge=badge, is_revoked=is_revoked, can_mail=can_mail
        )
    editor, lost = editor_now(), request.form.get("lost", type=int)
    with database().transaction() as session:
        visitors.hold(session, visitor_id)  # first, or a correction meanwhile would not be printed
        visitor = visitors.get_visitor(session, visitor_id)
        made = service.reprint(
            session,
            site().event,
            visitor,
            lost=lost,
            now=editor.now,
            by=editor.by,
            actor=editor.actor,
            even_if_revoked=True,
        )
        if "mail" in request.form:
            mails.note_badge(session, site().event, visitor, made, now=editor.now)
    wake(site())
    if made.issued_at == editor.now:
        flash(gettext("The new badge is made. The gates refuse the old one from now on."))
    else:
        flash(gettext("A newer badge was there already: nothing was made."))
    return _to_person(visitor_id)


@bp.route("/organise/people/<int:visitor_id>/revoke", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def revoke(visitor_id: int) -> ResponseReturnValue:
    """Asks first, and for a reason; then the gates refuse the badge."""
    with database().snapshot() as session:
        visitor = visitors.get_visitor(session, visitor_id)
        badge = service.find_current_badge(session, visitor_id)
    if badge is None:
        abort(404)
    form = RevokeForm(issue=badge.issue)
    if not form.validate_on_submit():
        page = render_template("organise/revoke.html", visitor=visitor, form=form)
        return page, 422 if form.errors else 200
    with database().transaction() as session:
        done = corrections.revoke(
            session, visitor_id, issue=form.issue.data or 0, reason=form.reason.data or "", editor=editor_now()
        )
    wake_webhooks(site())
    if done:
        flash(
            gettext("Revoked: the gates refuse the badge from now on, tablets without a network after their next sync.")
        )
    else:
        flash(gettext("Nothing was revoked: this badge was replaced or revoked meanwhile."))
    return _to_person(visitor_id)


@bp.post("/organise/people/<int:visitor_id>/mail")
@required(Role.ORGANISER)
@leads_to_kept
def mail_person(visitor_id: int) -> ResponseReturnValue:
    """Send the current badge to an address that has not had it."""
    editor = editor_now()
    with database().transaction() as session:
        visitor = visitors.get_visitor(session, visitor_id)
        badge = service.find_current_badge(session, visitor_id)
        can_mail = site().event.mailing and visitor.details.email
        if badge is None or badge.revoked_at is not None or not can_mail:
            abort(404)
        mails.note_badge(session, site().event, visitor, badge, now=editor.now)
        subject, detail = f"visitor:{visitor_id}", {"issue": badge.issue}
        journal.record(session, now=editor.now, actor=editor.actor, action="mail.send", subject=subject, detail=detail)
    wake(site())
    flash(gettext("The badge is sent in a moment."))
    return _to_person(visitor_id)


@bp.errorhandler(NoSuchVisitorError)
def _no_such_visitor(_error: NoSuchVisitorError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


@bp.errorhandler(IssueOutOfRangeError)
def _no_more_issues(_error: IssueOutOfRangeError) -> ResponseReturnValue:
    message = gettext("This badge was printed anew 254 times: there can be no newer one, and nothing was changed.")
    return error_answer(409, message)


def _correct_page(
    visitor_id: int,
    form: CorrectionForm,
    seen: Details,
    *,
    changed: list[tuple[str, str, str]] | None = None,
    by: str = "",
) -> str:
    return render_template(
        "organise/correct.html",
        form=form,
        visitor_id=visitor_id,
        seen=_signer().dumps(seen.plain()),
        changed=changed,
        by=by,
    )


def _seen(known: Details) -> Details:
    """What the organiser's form was opened on, as the form itself tells it under our signature."""
    try:
        return known.with_plain(_signer().loads(request.form["seen"]))
    except (KeyError, BadData):
        abort(400)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, "what a form of correction was opened on")


def _after(done: Corrected, visitor_id: int) -> ResponseReturnValue:
    if done.badge is not None:
        wake(site())
        flash(gettext("Corrected. The badge said something else, so a new one is made: the gates refuse the old one."))
    elif "email" in done.fields:
        flash(gettext("Corrected. The badge stays as it is, and was not sent to the new address: you can do it below."))
    elif done.fields:
        flash(gettext("Corrected. The badge stays as it is."))
    else:
        flash(gettext("Nothing was different: nothing was changed."))
    return _to_person(visitor_id)


def _to_person(visitor_id: int) -> ResponseReturnValue:
    return redirect(url_for("organise.show_person", visitor_id=visitor_id), 303)


def editor_now() -> Editor:
    """Whoever is signed in, as who corrects now."""
    staff = current_staff()
    return Editor(by=staff.name, actor=staff.actor, now=clock.now())
