"""HTTP for what changes over the event file: gates are added, changed, closed and opened again, hours set; undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.queries import has_scans_at
from checkin.devices.service import all_devices
from checkin.event.model import Event, Gate
from checkin.journal import service as journal
from checkin.organise.changes import ChangeLine, history, name_of, refused
from checkin.organise.gate_forms import GateForm, HoursForm
from checkin.organise.views import bp
from checkin.organise.words import isolated
from checkin.programme import changing
from checkin.programme.changing import Hand, seen_of
from checkin.programme.model import Change, Kind, Refusal
from checkin.programme.service import all_changes, current_event
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

_GATE: Final = "/organise/gates/gate/<slug>"
_OURS: Final = re.compile("gate-[1-9][0-9]{0,3}", re.ASCII)
Make = Callable[..., Refusal | None]


@bp.route("/organise/gates/new", methods=["GET", "POST"])
@required(Role.ORGANISER)
def add_gate() -> ResponseReturnValue:
    """A gate that the file does not know. The form brings its short name; 409 when somebody took that meanwhile."""
    state, form, slug = _state(), GateForm(), request.form.get("slug", "")
    form.offer(state.event, chosen_language())
    if not _OURS.fullmatch(slug):
        slug = _free_slug(state)
    if not form.validate_on_submit():
        return _gate_page(form, state, slug), 422 if form.errors else 200
    gate = form.wanted(slug)
    made = _do("programme.add", Kind.GATE, slug, partial(changing.add_gate, event=_file(), gate=gate))
    if made is not None:
        fresh = _state()
        free = _free_slug(fresh) if made is Refusal.STALE else slug
        return _gate_page(form, fresh, free, refusal=made, about=slug), _status(made)
    return _done(gettext("%(name)s is open. Tablets can choose it after their next sync.", name=isolated(gate.name)))


@bp.route(f"{_GATE}/change", methods=["GET", "POST"])
@required(Role.ORGANISER)
def change_gate(slug: str) -> ResponseReturnValue:
    """Another name, zone, way, or other categories. 409 with what it is now when somebody was quicker."""
    state, form = _state(), GateForm()
    gate = state.event.gate_by_slug.get(slug) or abort(404)
    form.offer(state.event, chosen_language())
    if request.method == "GET":
        form.fill(gate)
    if not form.validate_on_submit():
        return _gate_page(form, state, slug, gate), 422 if form.errors else 200
    wanted = form.wanted(slug)
    made = _do("programme.change", Kind.GATE, slug, partial(changing.change_gate, event=_file(), gate=wanted))
    if made is None or made is Refusal.NOTHING_NEW:
        words = gettext("%(name)s is changed. Tablets learn it with their next sync.", name=isolated(wanted.name))
        return _done(refused(made) if made else words)
    return _gate_page(form, _state(), slug, gate, refusal=made), _status(made)


@bp.route(f"{_GATE}/close", methods=["GET", "POST"])
@required(Role.ORGANISER)
def close_gate(slug: str) -> ResponseReturnValue:
    """Asks first; then nobody passes, and its tablets ask for another gate."""
    state = _state()
    gate = state.event.gate_by_slug.get(slug) or abort(404)
    if request.method == "GET":
        return _sure_page("close", gate, state)
    made = _do("programme.close", Kind.GATE, slug, partial(changing.close_gate, event=_file(), gate=gate))
    if made is not None:
        return _sure_page("close", gate, _state(), made), _status(made)
    return _done(gettext("%(name)s is closed. What was scanned there stays as it is.", name=_isolated(gate)))


@bp.route(f"{_GATE}/open", methods=["GET", "POST"])
@required(Role.ORGANISER)
def open_gate(slug: str) -> ResponseReturnValue:
    """Asks first; then the gate is open again, as it was."""
    state = _state()
    gate = next((one for one in state.event.closed_gates if one.slug == slug), None) or abort(404)
    if request.method == "GET":
        return _sure_page("open", gate, state)
    made = _do("programme.open", Kind.GATE, slug, partial(changing.open_gate, event=_file(), gate=gate))
    if made is not None:
        return _sure_page("open", gate, _state(), made), _status(made)
    return _done(gettext("%(name)s is open again. Tablets can choose it after their next sync.", name=_isolated(gate)))


@bp.route("/organise/gates/day/<slug>/hours", methods=["GET", "POST"])
@required(Role.ORGANISER)
def change_hours(slug: str) -> ResponseReturnValue:
    """When a day opens and closes. A day that is over stays as it was."""
    state, form = _state(), HoursForm()
    day = next((one for one in state.event.days if one.date.isoformat() == slug), None) or abort(404)
    if request.method == "GET":
        form.fill(day)
    if not form.validate_on_submit():
        return _hours_page(form, state, slug), 422 if form.errors else 200
    opens, closes = form.wanted()
    make = partial(changing.set_hours, event=_file(), day=day, opens=opens, closes=closes)
    made = _do("programme.hours", Kind.DAY, slug, make)
    if made is None or made is Refusal.NOTHING_NEW:
        words = gettext(
            "The hours are changed. Scans are judged by them from now on; tablets learn with their next sync."
        )
        return _done(refused(made) if made else words)
    return _hours_page(form, _state(), slug, refusal=made), _status(made)


@bp.route("/organise/gates/<kind>/<slug>/undo/<int:number>", methods=["GET", "POST"])
@required(Role.ORGANISER)
def undo_change(kind: str, slug: str, number: int) -> ResponseReturnValue:
    """Asks first; then what was before this change holds again, unless the thing was changed once more."""
    state = _state()
    change = next((one for one in state.changes if (one.kind, one.slug, one.number) == (kind, slug, number)), None)
    if change is None:
        abort(404)
    line = next(one for one in _history(state) if (one.kind, one.slug, one.number) == (kind, slug, number))
    if request.method == "GET":
        return _undo_page(line)

    def make(session: Session, hand: Hand) -> Refusal | None:
        stands = any(one.gate == slug and not one.is_retired for one in all_devices(session))
        is_used = change.kind is Kind.GATE and (stands or has_scans_at(session, slug))
        return changing.undo(session, _file(), change, hand, is_used=is_used)

    made = _do("programme.undo", change.kind, slug, make, seen=number)
    if made is not None:
        return _undo_page(line, made), _status(made)
    return _done(
        gettext("%(name)s is again as it was before. Tablets learn it with their next sync.", name=isolated(line.name))
    )


@dataclass(frozen=True, slots=True)
class _State:
    """The event as it runs, and how it came to that."""

    event: Event
    changes: tuple[Change, ...]


def _state() -> _State:
    with database().snapshot() as session:
        return _State(current_event(session, site().event).event, all_changes(session))


def _file() -> Event:
    return site().event


def _do(action: str, kind: Kind, slug: str, make: Make, *, seen: int | None = None) -> Refusal | None:
    """Make a change and note it in the journal; or why it was not made, and nothing is noted."""
    number = request.form.get("seen", -1, type=int) if seen is None else seen
    hand = Hand(by=current_staff().actor, now=clock.now(), seen=number)
    with database().transaction() as session:
        refusal = make(session, hand=hand)
        if refusal is None:
            subject, told = f"{kind}:{slug}"[:64], {"slug": slug, "number": number + 1}
            journal.record(session, now=hand.now, actor=hand.by, action=action, subject=subject, detail=told)
    return refusal


def _free_slug(state: _State) -> str:
    """A short name that no gate has or had: what was scanned at an old one must not become another's."""
    known = {*_file().gate_by_slug, *(change.slug for change in state.changes)}
    with database().snapshot() as session:
        free = (f"gate-{number}" for number in count(1))
        return next(slug for slug in free if slug not in known and not has_scans_at(session, slug))


def _history(state: _State) -> tuple[ChangeLine, ...]:
    with database().snapshot() as session:
        return history(session, state.event, state.changes, clock.now(), chosen_language())


def _status(refusal: Refusal) -> int:
    return 409 if refusal in {Refusal.STALE, Refusal.IN_USE} else 422


def _done(words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("organise.show_gates"), 303)


def _isolated(gate: Gate) -> str:
    return isolated(gate.named(chosen_language()))


def _gate_page(
    form: GateForm,
    state: _State,
    slug: str,
    gate: Gate | None = None,
    *,
    refusal: Refusal | None = None,
    about: str = "",
) -> str:
    """The form of a gate: a new one, or `gate` as it was. `about`: whose change was quicker."""
    return render_template(
        "organise/gate_form.html",
        form=form,
        slug=slug,
        seen=_seen(state, Kind.GATE, slug, refusal),
        name=gate and gate.named(chosen_language()),
        refused=refusal and refused(refusal),
        theirs=_theirs(state, Kind.GATE, about or slug) if refusal is Refusal.STALE else None,
    )


def _hours_page(form: HoursForm, state: _State, slug: str, *, refusal: Refusal | None = None) -> str:
    return render_template(
        "organise/hours.html",
        form=form,
        seen=_seen(state, Kind.DAY, slug, refusal),
        name=name_of(state.event, Kind.DAY, slug, chosen_language()),
        refused=refusal and refused(refusal),
        theirs=_theirs(state, Kind.DAY, slug) if refusal is Refusal.STALE else None,
    )


def _sure_page(what: str, gate: Gate, state: _State, refusal: Refusal | None = None) -> str:
    """Whether a gate is to be closed or opened; the tablets that stand there."""
    with database().snapshot() as session:
        tablets = [one.name for one in all_devices(session) if one.gate == gate.slug and not one.is_retired]
    return render_template(
        "organise/gate_sure.html",
        what=what,
        name=gate.named(chosen_language()),
        seen=_seen(state, Kind.GATE, gate.slug, refusal),
        tablets=tablets,
        refused=refusal and refused(refusal),
    )


def _undo_page(line: ChangeLine, refusal: Refusal | None = None) -> str:
    return render_template("organise/undo_change.html", line=line, refused=refusal and refused(refusal))


def _seen(state: _State, kind: Kind, slug: str, refusal: Refusal | None) -> int:
    """What a form brings back: the change that its page showed. Only who was told of a newer one has seen that."""
    if request.method == "POST" and refusal is not Refusal.STALE:
        return request.form.get("seen", -1, type=int)
    return seen_of(state.changes, kind, slug)


def _theirs(state: _State, kind: Kind, slug: str) -> ChangeLine | None:
    """What somebody else has changed meanwhile."""
    return next((one for one in _history(state) if (one.kind, one.slug) == (kind, slug)), None)
