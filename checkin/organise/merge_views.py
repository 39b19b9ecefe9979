"""HTTP for doubles: find the other registration, compare, merge after a question, and separate again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from itsdangerous import BadData, URLSafeSerializer

from checkin.journal import service as journal
from checkin.mail.tasks import wake
from checkin.organise import merging as shown
from checkin.organise.person_forms import MergeForm
from checkin.organise.person_views import editor_now
from checkin.organise.same import leads_to_kept
from checkin.organise.views import bp
from checkin.registration import merging
from checkin.registration.calendar import short_day
from checkin.registration.correction_form import CorrectionForm, correction_form
from checkin.registration.merging import Changed, Good, Side
from checkin.registration.queries import find_people
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.web import ERRORS, chosen_language, database, error_answer, site


@bp.get("/organise/people/compare")
@required(Role.ORGANISER)
def compare_people() -> ResponseReturnValue:
    """Two people who were ticked in the list, side by side; who registered first is proposed to be kept."""
    ticked = sorted({one for one in request.args.getlist("of", type=int) if 0 < one < 2**31})
    if len(ticked) == 1:
        return redirect(url_for("organise.find_double", visitor_id=ticked[0]), 303)
    if len(ticked) != 2:  # noqa: PLR2004 - a pair
        return error_answer(400, gettext("Please go back and tick the two people who are one."))
    return redirect(url_for("organise.merge_people", visitor_id=ticked[0], double_id=ticked[1]), 303)


@bp.route("/organise/people/<int:visitor_id>/double", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def find_double(visitor_id: int) -> ResponseReturnValue:
    """Who else this person may be: proposed, or searched for. What is typed never stands in an address."""
    typed = request.form.get("words", "").strip()[:120]
    with database().snapshot() as session:
        visitor = visitors.get_visitor(session, visitor_id)
        found = find_people(session, typed) if typed else visitors.alike(session, visitor)
    others = [one for one in found if one.id != visitor_id]
    categories = site().event.category_by_slug
    return render_template(
        "organise/find_double.html", visitor=visitor, others=others, typed=typed, categories=categories
    )


@bp.route("/organise/people/<int:visitor_id>/merge/<int:double_id>", methods=["GET", "POST"])
@required(Role.ORGANISER)
@leads_to_kept
def merge_people(visitor_id: int, double_id: int) -> ResponseReturnValue:
    """Both side by side, then the question, then it is done. 409 where somebody changed one of them meanwhile."""
    editor, event = editor_now(), site().event
    with database().snapshot() as session:
        if visitor_id == double_id or visitors.find_kept(session, double_id) is not None:
            return error_answer(409, gettext("These two are one person already."))
        kept, double = merging.side(session, visitor_id), merging.side(session, double_id)
    form = correction_form(event, kept.visitor.details, language=chosen_language())
    picked = shown.picks(kept, double, request.form)
    wanted = shown.wanted(kept, double, picked)
    choice = MergeForm()
    choice.good.choices = shown.offered(event, kept, double, wanted, editor.now)
    if request.method == "GET":
        choice.good.data = choice.good.choices[0][0]
        with database().transaction() as session:
            for one in (kept, double):
                subject = f"visitor:{one.visitor.id}"
                journal.record(session, now=editor.now, actor=editor.actor, action="visitor.compare", subject=subject)
        return _page(kept, double, picked, form, choice)
    seen = _seen()
    if seen != [kept.as_seen, double.as_seen]:
        return _page(kept, double, picked, form, choice, is_changed=True), 409
    if not choice.validate_on_submit():
        return _page(kept, double, picked, form, choice), 422
    if "sure" not in request.form:
        return _page(kept, double, picked, form, choice, is_asked=True)
    with database().transaction() as session:
        done = merging.merge(
            session,
            event,
            visitor_id,
            double_id,
            seen=seen,
            wanted=wanted,
            good=Good(choice.good.data),
            reason=choice.reason.data or "",
            editor=editor,
        )
    if isinstance(done, Changed):
        return error_answer(409, gettext("Somebody changed one of the two meanwhile. Nothing was done: look again."))
    wake(site())
    return redirect(url_for("organise.show_merge", merge_id=done.id), 303)


@bp.get("/organise/people/merges/<int:merge_id>")
@required(Role.ORGANISER)
def show_merge(merge_id: int) -> ResponseReturnValue:
    """What was merged, what it came to, and the way back."""
    editor, language = editor_now(), chosen_language()
    with database().snapshot() as session:
        merge = visitors.get_merge(session, merge_id)
        told = shown.told(session, site().event, merge, editor.now, language)
        sides = [merging.side(session, one) for one in (merge.kept_id, merge.double_id)]
        people = [shown.beside(session, site().event, one, editor.now, language) for one in sides]
    with database().transaction() as session:
        subject = f"visitor:{merge.kept_id}"
        journal.record(session, now=editor.now, actor=editor.actor, action="visitor.view", subject=subject)
    return render_template("organise/merge_done.html", merge=told, people=people)


@bp.post("/organise/people/merges/<int:merge_id>/separate")
@required(Role.ORGANISER)
def separate_people(merge_id: int) -> ResponseReturnValue:
    """Two people after all."""
    with database().transaction() as session:
        done = merging.separate(session, site().event, merge_id, editor_now())
    wake(site())
    if done:
        flash(gettext("Separated: each has their own badge and scans again, and the figures follow."))
    else:
        flash(gettext("Nothing was done: they are separated already."))
    return redirect(url_for("organise.show_merge", merge_id=merge_id), 303)


@bp.errorhandler(visitors.NoSuchMergeError)
def _no_such_merge(_error: visitors.NoSuchMergeError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _page(
    kept: Side,
    double: Side,
    picked: dict[str, str],
    form: CorrectionForm,
    choice: MergeForm,
    *,
    is_asked: bool = False,
    is_changed: bool = False,
) -> str:
    event, language, now = site().event, chosen_language(), editor_now().now
    with database().snapshot() as session:
        sides = [shown.beside(session, event, one, now, language) for one in (kept, double)]
        both = shown.days_both(session, kept, double)
    return render_template(
        "organise/merge.html",
        kept=sides[0],
        double=sides[1],
        fields=shown.apart(form, kept, double, picked),
        form=choice,
        both=", ".join(short_day(day, language) for day in both),
        seen=_signer().dumps([kept.as_seen, double.as_seen]),
        good=next((option.label.text for option in choice.good if option.checked), ""),
        is_asked=is_asked,
        is_changed=is_changed,
    )


def _seen() -> list[list[object]]:
    """What the form was opened on, as it tells it under our signature."""
    try:
        return list(_signer().loads(request.form["seen"]))
    except (KeyError, BadData):
        abort(400)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(site().settings.secret_key, "what a comparison was opened on")
