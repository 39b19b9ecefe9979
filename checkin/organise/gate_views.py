"""HTTP for the gates: what stands where, and holding a gate or a category until it is released."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.journal import service as journal
from checkin.organise.changes import conflicts, history, hours
from checkin.organise.gate_forms import HoldForm
from checkin.organise.gates import Held, all_held, find_name, gates, subject_of
from checkin.organise.views import bp
from checkin.organise.words import isolated
from checkin.programme import service
from checkin.programme.model import HoldKind, message_of
from checkin.programme.service import all_changes, current_event
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

_THING = "/organise/gates/<kind>/<slug>"


@bp.get("/organise/gates")
@required(Role.ORGANISER)
def show_gates() -> ResponseReturnValue:
    """Every gate and category, and what is held."""
    now, language = clock.now(), chosen_language()
    with database().snapshot() as session:
        programme = current_event(session, site().event)
        shown = gates(session, programme.event, now, language)
        done = history(session, programme.event, all_changes(session), now, language)
    return render_template(
        "organise/gates.html",
        shown=shown,
        hours=hours(programme.event, site().event, now, language),
        history=done,
        conflicts=conflicts(programme, language),
    )


@bp.route(f"{_THING}/hold", methods=["GET", "POST"])
@required(Role.ORGANISER)
def hold(kind: str, slug: str) -> ResponseReturnValue:
    """Asks first, and for a message; then nobody passes. 409 with what holds already if somebody was quicker."""
    what, now, form = _kind(kind), clock.now(), HoldForm()
    with database().snapshot() as session:
        name = find_name(current_event(session, site().event).event, what, slug, chosen_language())
    if name is None:
        abort(404)
    if not form.validate_on_submit():
        return _hold_page(what, slug, name, form), 422 if form.errors else 200
    with database().transaction() as session:
        done = service.hold(session, what, slug, message=form.wanted(), now=now)
        if done:
            actor, subject, told = current_staff().actor, subject_of(what, slug), {"slug": slug}
            journal.record(session, now=now, actor=actor, action="programme.hold", subject=subject, detail=told)
    if not done:
        return _hold_page(what, slug, name, form), 409
    flash(
        gettext(
            "%(name)s is held from now on; tablets without a network learn it with their next sync.",
            name=isolated(name),
        )
    )
    return redirect(url_for("organise.show_gates"), 303)


@bp.route(f"{_THING}/message/<moment:number>", methods=["GET", "POST"])
@required(Role.ORGANISER)
def reword_hold(kind: str, slug: str, number: int) -> ResponseReturnValue:
    """Another message while the hold goes on. 409 when somebody has changed it since, or has ended the hold."""
    what, form, held = _kind(kind), HoldForm(), _find_held(_kind(kind), slug)
    if request.method == "GET":
        if held is None or held.number != number:
            flash(gettext("Nothing was done: somebody ended this hold meanwhile."))
            return redirect(url_for("organise.show_gates"), 303)
        form.message.data, form.message_ur.data = held.message, held.message_ur
    seen = request.form.get("seen", message_of(held.message, held.message_ur) if held else "")
    if not form.validate_on_submit():
        return _reword_page(form, held, seen), 422 if form.errors else 200
    with database().transaction() as session:
        mine = (one for one in service.holds(session) if (one.kind, one.slug, one.number) == (what, slug, number))
        done = any(
            service.reword(session, replace(one, message=seen.replace("\r\n", "\n")), form.wanted()) for one in mine
        )
        if done:
            actor, subject, told = current_staff().actor, subject_of(what, slug), {"slug": slug}
            journal.record(
                session, now=clock.now(), actor=actor, action="programme.reword", subject=subject, detail=told
            )
    if not done:
        held = _find_held(what, slug)
        now_it_is = message_of(held.message, held.message_ur) if held and held.number == number else ""
        return _reword_page(form, held if now_it_is else None, now_it_is, is_overtaken=True), 409
    flash(gettext("The message is changed; tablets without a network show it after their next sync."))
    return redirect(url_for("organise.show_gates"), 303)


@bp.route(f"{_THING}/release/<moment:number>", methods=["GET", "POST"])
@required(Role.ORGANISER)
def release_hold(kind: str, slug: str, number: int) -> ResponseReturnValue:
    """Asks first; then people pass again. `number` is the hold that the organiser saw: a later one stays."""
    what, now = _kind(kind), clock.now()
    held = _find_held(what, slug)
    if held is not None and held.number == number and request.method == "GET":
        return render_template("organise/release_hold.html", held=held)
    with database().transaction() as session:
        mine = (one for one in service.holds(session) if (one.kind, one.slug, one.number) == (what, slug, number))
        done = request.method == "POST" and any(service.release(session, one) for one in mine)
        if done:
            actor, subject, told = current_staff().actor, subject_of(what, slug), {"slug": slug}
            journal.record(session, now=now, actor=actor, action="programme.release", subject=subject, detail=told)
    if done and held is not None:
        flash(gettext("The hold of %(name)s has ended: people pass again.", name=isolated(held.name)))
    else:
        flash(gettext("Nothing was done: somebody ended this hold meanwhile."))
    return redirect(url_for("organise.show_gates"), 303)


def _kind(word: str) -> HoldKind:
    if word not in set(HoldKind):
        abort(404)
    return HoldKind(word)


def _hold_page(kind: HoldKind, slug: str, name: str, form: HoldForm) -> str:
    return render_template("organise/hold.html", kind=kind, name=name, form=form, held=_find_held(kind, slug))


def _reword_page(form: HoldForm, held: Held | None, seen: str, *, is_overtaken: bool = False) -> str:
    return render_template("organise/reword_hold.html", form=form, held=held, seen=seen, is_overtaken=is_overtaken)


def _find_held(kind: HoldKind, slug: str) -> Held | None:
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        found = all_held(session, event, clock.now(), chosen_language())
    return next((one for one in found if (one.kind, one.slug) == (kind, slug)), None)
