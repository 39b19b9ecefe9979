"""HTTP for discrepancies and oddities: what an organiser should look at, and settling it with a note."""

from __future__ import annotations

from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.event.model import Event
from checkin.oddities import queries, service
from checkin.oddities.model import Kind, Oddity, Settled
from checkin.oddities.queries import Fresh
from checkin.organise import oddities, oddity_filters
from checkin.organise.discrepancies import Line, key_text, lines, read_key
from checkin.organise.noting import note
from checkin.organise.oddity_filters import Asked
from checkin.organise.oddity_words import MEANINGS, TITLES
from checkin.organise.views import bp
from checkin.organise.words import moment
from checkin.programme.service import current_event
from checkin.registration.cleaning import clean_text
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site

PAGE, FIRST = 50, 3


@bp.get("/organise/discrepancies")
@required(Role.ORGANISER)
def show_discrepancies() -> ResponseReturnValue:
    """Every kind with its newest; with `?kind=` all of that kind, a page at once; `?before=` tells where to go on."""
    told, now = oddity_filters.asked(request.args), clock.now()
    if any(request.args.get(name) == "" for name in oddity_filters.NAMES):
        return redirect(url_for("organise.show_discrepancies", **told), 303)  # type: ignore[arg-type]
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        asked, wrong = oddity_filters.read(event, told)
        parts, waits = _parts(session, event, asked, now)
        done = _done(session)
    note("oddity.view", asked.plain())
    page = render_template(
        "organise/discrepancies.html",
        parts=parts,
        choices=oddity_filters.choices(event, told, chosen_language()),
        told=told,
        is_settled=asked.is_settled,
        wrong=wrong,
        is_behind=waits.is_behind,
        is_later="before" in request.args,
        done=done,
        longest=service.LONGEST_NOTE,
    )
    return page, 400 if wrong else 200


@bp.post("/organise/discrepancies/settle")
@required(Role.ORGANISER)
def settle_oddity() -> ResponseReturnValue:
    """Say with a note that somebody has looked at it. Journalled, without the note."""
    kind, key = _named()
    words, now, staff = clean_text(request.form.get("note", "")), clock.now(), current_staff()
    if not words or len(words) > service.LONGEST_NOTE:
        flash(
            gettext("Nothing was settled: please write a note of at most %(most)s letters.", most=service.LONGEST_NOTE),
            "bad",
        )
        return _back()
    with database().transaction() as session:
        event = current_event(session, site().event).event
        found = oddities.find(session, event, kind, key, now)
        is_done = found is not None and service.settle(
            session, found, note=words, now=now, by=staff.name, actor=staff.actor
        )
    if not is_done:
        flash(gettext("Nothing was settled: it has ended by itself, or somebody else was quicker."), "bad")
        return _back()
    return _back(done=f"{kind.value}:{key}")


@bp.post("/organise/discrepancies/reopen")
@required(Role.ORGANISER)
def reopen_oddity() -> ResponseReturnValue:
    """Take back that something was settled. Journalled."""
    kind, key = _named()
    with database().transaction() as session:
        is_done = service.reopen(session, kind, key, now=clock.now(), actor=current_staff().actor)
    flash(gettext("It is open again.") if is_done else gettext("It was open already."), "good")
    return _back()


class _Part:
    """One kind as the page shows it."""

    def __init__(self, kind: Kind, number: int, shown: list[_Shown], older: str | None) -> None:
        self.kind, self.number, self.shown, self.older = kind, number, shown, older
        self.title, self.meaning = TITLES[kind], MEANINGS[kind]


class _Shown:
    """One oddity as the page shows it; what was noted, when and by whom, where it is settled."""

    def __init__(self, line: Line, settled: Settled | None, event: Event, now: datetime) -> None:
        self.line = line
        self.note = settled.note if settled else ""
        self.by = settled.by if settled else ""
        self.settled_at = moment(event, settled.at, now, chosen_language()) if settled else ""


def _parts(session: Session, event: Event, asked: Asked, now: datetime) -> tuple[list[_Part], Fresh]:
    waits = queries.fresh(session, event)
    if asked.is_settled:
        numbers = queries.settled_counts(session, day=asked.day)
    else:
        numbers = oddities.counted(session, event, waits, now, day=asked.day)
    kinds = [asked.kind] if asked.kind else [kind for kind in Kind if numbers[kind]]
    most, before = (PAGE, read_key(request.args.get("before"))) if asked.kind else (FIRST, None)
    parts = []
    for kind in kinds:
        settled: list[Settled] = []
        if asked.is_settled:
            settled = queries.settled(session, kind, day=asked.day, before=before, most=most + 1)
            found = [one.oddity for one in settled]
        else:
            found = oddities.listed(session, event, waits, kind, now, day=asked.day, before=before, most=most + 1)
        older = key_text(found[most - 1].place) if len(found) > most else None
        shown = _shown(session, event, found[:most], settled, now)
        parts.append(_Part(kind, numbers[kind], shown, older))
    return parts, waits


def _shown(session: Session, event: Event, found: list[Oddity], settled: list[Settled], now: datetime) -> list[_Shown]:
    told = lines(session, event, found, now=now, language=chosen_language())
    notes = {one.oddity.key: one for one in settled}
    return [_Shown(line, notes.get(line.key), event, now) for line in told]


def _done(session: Session) -> tuple[Kind, str] | None:
    """What was settled a moment ago and can be taken back, as the address tells."""
    kind, _, key = request.args.get("done", "").partition(":")
    if kind not in set(Kind) or not queries.is_settled(session, Kind(kind), key):
        return None
    return Kind(kind), key


def _named() -> tuple[Kind, str]:
    kind, key = request.form.get("kind", ""), request.form.get("key", "")
    if kind not in set(Kind) or not key.isprintable():
        abort(400)
    return Kind(kind), key


def _back(**more: str) -> ResponseReturnValue:
    """To the same list, or rather to its first page: what stood on another one has moved."""
    return redirect(url_for("organise.show_discrepancies", **oddity_filters.asked(request.args), **more), 303)  # type: ignore[arg-type]
