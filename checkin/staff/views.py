"""HTTP for staff: signing in and out, accepting an invitation, and the organisers' list of staff."""

from __future__ import annotations

import math
from datetime import datetime
from typing import assert_never

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.exc import SQLAlchemyError

from checkin import clock
from checkin.staff import guard, passwords, queries, service
from checkin.staff.forms import PIN_PROBLEMS, ROLE_NAMES, ChoosePasswordForm, InviteForm, PinForm, SignInForm
from checkin.staff.guard import current_staff, public, required
from checkin.staff.links import invitation_link
from checkin.staff.model import (
    EmailTaken,
    Ending,
    InvitationGone,
    Invited,
    LockedUntil,
    Proof,
    Role,
    SignedIn,
    WrongPassword,
)
from checkin.web import ERRORS, database, error_answer, site

bp = Blueprint("staff", __name__)


@bp.app_context_processor
def _staff_for_templates() -> dict[str, object]:
    """`staff`: who is signed in, or None. An error page about a broken database must still be drawn."""
    try:
        return {"staff": guard.signed_in()}
    except SQLAlchemyError:
        return {"staff": None}


@bp.app_errorhandler(passwords.TooBusyError)
def _too_busy(_error: passwords.TooBusyError) -> ResponseReturnValue:
    message = gettext("Many people are signing in at this moment. Please try again in a few seconds.")
    answer = current_app.make_response(error_answer(503, message))
    answer.headers["Retry-After"] = "5"
    return answer


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go to where the visitor of this page wanted to be."""
    form = SignInForm()
    known = guard.signed_in()
    if known is not None and request.method == "GET":
        return redirect(guard.local_path(request.args.get("next")) or guard.LANDING[known.role], 303)
    if not form.validate_on_submit():
        return render_template("staff/sign_in.html", form=form), 422 if form.errors else 200
    outcome = _try(form.email.data or "", form.password.data or "", clock.now())
    match outcome:
        case SignedIn():
            return guard.begin_session(outcome, request.args.get("next"))
        case WrongPassword():
            wrong = gettext("This e-mail address and this password do not belong together.")
            return render_template("staff/sign_in.html", form=form, wrong=wrong), 422
        case LockedUntil():
            return _locked(form, outcome)
        case _:
            assert_never(outcome)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    with database().transaction() as session:
        service.sign_out(session, guard.session_token(), now=clock.now())
    return guard.leave()


@bp.route("/invitation/<code>", methods=["GET", "POST"])
@public
def invitation(code: str) -> ResponseReturnValue:
    """Choose a password with a link that works once."""
    now = clock.now()
    with database().snapshot() as session:
        found = service.find_invitation(session, code, now)
    if isinstance(found, InvitationGone):
        return _gone(found)
    form = ChoosePasswordForm(found.staff)
    if not form.validate_on_submit():
        return _invitation_page(form, first=found.staff is None, status=422 if form.errors else 200)
    hashed = passwords.hash_secret(form.password.data or "")
    with database().transaction() as session:
        outcome = service.accept(session, code, hashed, name=form.name.data or "", email=form.email.data or "", now=now)
    match outcome:
        case SignedIn():
            return guard.begin_session(outcome)
        case InvitationGone():
            return _gone(outcome)
        case EmailTaken():
            form.email.errors = [gettext("Someone already signs in with this address.")]
            return _invitation_page(form, first=True, status=422)
        case _:
            assert_never(outcome)


@bp.get("/organise/staff")
@required(Role.ORGANISER)
def people() -> ResponseReturnValue:
    """Everyone who has or had access."""
    return _people_page()


@bp.post("/organise/staff")
@required(Role.ORGANISER)
def invite() -> ResponseReturnValue:
    """Give someone access, and show their link this once."""
    form = InviteForm()
    if not form.validate():
        return _people_page(invite_form=form, status=422)
    with database().transaction() as session:
        outcome = service.invite(
            session,
            name=form.name.data or "",
            email=form.email.data or "",
            role=Role(form.role.data),
            actor=current_staff().actor,
            now=clock.now(),
        )
    match outcome:
        case Invited():
            return _people_page(invited=outcome)
        case EmailTaken():
            form.email.errors = [gettext("Someone already signs in with this address.")]
            return _people_page(invite_form=form, status=422)
        case _:
            assert_never(outcome)


@bp.post("/organise/staff/<int:staff_id>/link")
@required(Role.ORGANISER)
def invite_again(staff_id: int) -> ResponseReturnValue:
    """A new link to choose a password, shown this once."""
    with database().transaction() as session:
        invited = service.invite_again(session, staff_id, actor=current_staff().actor, now=clock.now())
    return _people_page(invited=invited)


@bp.get("/organise/staff/<int:staff_id>/end")
@required(Role.ORGANISER)
def ask_to_end(staff_id: int) -> ResponseReturnValue:
    """Ask once more before someone's access ends."""
    with database().snapshot() as session:
        person = service.get_staff(session, staff_id)
    return render_template("staff/end.html", person=person, yourself=person.id == current_staff().id)


@bp.post("/organise/staff/<int:staff_id>/end")
@required(Role.ORGANISER)
def end(staff_id: int) -> ResponseReturnValue:
    """End someone's access and sessions at once."""
    with database().transaction() as session:
        outcome = service.end_access(session, staff_id, by=current_staff(), now=clock.now())
    match outcome:
        case Ending.ENDED:
            flash(gettext("The access has ended. Every browser of this person is signed out."))
            return redirect(url_for("staff.people"), 303)
        case Ending.YOURSELF:
            return error_answer(409, gettext("You cannot end your own access. Ask another organiser."))
        case _:
            assert_never(outcome)


@bp.post("/organise/staff/pin")
@required(Role.ORGANISER)
def pin() -> ResponseReturnValue:
    """Set the supervisor's PIN."""
    form = PinForm()
    if not form.validate():
        return _people_page(pin_form=form, status=422)
    with database().transaction() as session:
        problem = service.set_supervisor_pin(session, form.pin.data or "", actor=current_staff().actor, now=clock.now())
    if problem is not None:
        form.pin.errors = [PIN_PROBLEMS[problem]]
        return _people_page(pin_form=form, status=422)
    flash(gettext("The new PIN holds from now on. Tell it to the supervisors alone."))
    return redirect(url_for("staff.people"), 303)


@bp.errorhandler(service.NoSuchStaffError)
def _no_such_staff(_error: service.NoSuchStaffError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _try(email: str, password: str, now: datetime) -> SignedIn | WrongPassword | LockedUntil:
    """One try: read, compare outside any transaction, settle."""
    with database().snapshot() as session:
        stored = service.find_password(session, email, now)
    if isinstance(stored, LockedUntil):
        return stored
    proof: Proof = passwords.prove(stored, password)
    with database().transaction() as session:
        return service.sign_in(session, email, proof, now=clock.now(), old_token=guard.session_token())


def _locked(form: SignInForm, lock: LockedUntil) -> ResponseReturnValue:
    seconds = math.ceil((lock.until - clock.now()).total_seconds())
    minutes = max(1, math.ceil(seconds / 60))
    wrong = ngettext(
        "Too many wrong tries. Please wait one minute, then try again.",
        "Too many wrong tries. Please wait %(num)d minutes, then try again.",
        minutes,
    )
    return render_template("staff/sign_in.html", form=form, wrong=wrong), 429, {"Retry-After": str(max(1, seconds))}


def _gone(why: InvitationGone) -> ResponseReturnValue:
    status = 404 if why is InvitationGone.UNKNOWN else 410
    return render_template("staff/invitation_gone.html", why=why.value), status, _UNSEEN


def _invitation_page(form: ChoosePasswordForm, *, first: bool, status: int) -> ResponseReturnValue:
    return render_template("staff/invitation.html", form=form, first=first), status, _UNSEEN


def _people_page(
    *,
    invite_form: InviteForm | None = None,
    pin_form: PinForm | None = None,
    invited: Invited | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with database().snapshot() as session:
        members = service.members(session)
        pin_set_at = queries.find_supervisor_pin_set_at(session)
    page = render_template(
        "staff/people.html",
        members=members,
        role_names=ROLE_NAMES,
        # formdata=None: what was posted to one form of this page is nothing to the other
        invite_form=invite_form or InviteForm(formdata=None),
        pin_form=pin_form or PinForm(formdata=None),
        pin_set_at=pin_set_at,
        invited=invited,
        link=invited and invitation_link(site().event.public_url, invited.code),
    )
    return page, status


# The address of an invitation is a secret: no other page and no search engine may learn it.
_UNSEEN = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
