"""HTTP for arrivals: who of the watch list came through which gate, live; and what stands on the list. Journalled."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.arrivals import service
from checkin.arrivals.model import Expected, Kind, Watch
from checkin.attendance import service as attendance
from checkin.attendance.views import asked_day
from checkin.event.model import Event
from checkin.organise.arrivals import default_day, line_name, shown
from checkin.organise.noting import note
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.registration.calendar import short_day
from checkin.staff.guard import current_staff, local_path, required
from checkin.staff.model import Role
from checkin.visitors import service as visitors
from checkin.web import chosen_language, database, site

MOST_GROUPS = 200  # that the page offers; others can be typed


@bp.get("/organise/arrivals")
@required(Role.ORGANISER)
def show_arrivals() -> ResponseReturnValue:
    """Who came on `?day=` (without one, today), who is awaited, and the list."""
    day, now, language = _day(), clock.now(), chosen_language()
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        on_list = service.watches(session)
        people = service.expected(session, event, on_list, day)
        groups = service.groups(session, most=MOST_GROUPS)
        done = _done(session)
        singles = {int(one.which) for one in (*on_list, *([done] if done else [])) if one.kind is Kind.VISITOR}
        names = visitors.by_ids(session, singles)
    note("arrivals.view", {"day": day.isoformat()})
    return render_template(
        "organise/arrivals.html",
        shown=shown(event, on_list, people, names, now=now, language=language),
        tag=_tag(day, on_list, people),
        day=day,
        days=[(one.date, short_day(one.date, language)) for one in event.days],
        groups=groups,
        categories=event.categories,
        done=done,
        done_name=line_name(event, done, names, language) if done else "",
    )


@bp.get("/api/v1/arrivals")
@required(Role.ORGANISER)
def get_arrivals() -> ResponseReturnValue:
    """Who of the watch list came on `?day=`, by number, without names; 304 while nothing has changed."""
    day = _day()
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        on_list = service.watches(session)
        people = service.expected(session, event, on_list, day)
    tag = _tag(day, on_list, people)
    answer = Response(status=304) if request.if_none_match.contains_weak(tag) else jsonify(_plain(event, day, people))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(tag, weak=True)
    return answer


@bp.post("/organise/arrivals/watch")
@required(Role.ORGANISER)
def watch() -> ResponseReturnValue:
    """Put a delegation, a category or one person on the list."""
    kind, which = request.form.get("kind", ""), request.form.get("which", "").strip()
    if kind not in set(Kind) or (kind == Kind.VISITOR and not (which.isascii() and which.isdecimal())):
        abort(400)
    now, staff = clock.now(), current_staff()
    with database().transaction() as session:
        people = _size(session, Kind(kind), which)
        if 0 < people <= service.MOST_OF_A_LINE:
            made = service.watch(session, Kind(kind), which, now=now, by=staff.name, actor=staff.actor)
    if not people:
        flash(gettext("Nothing was put on the list: nobody is registered with it. Choose one of the list."))
        return redirect(url_for("organise.show_arrivals"), 303)
    if people > service.MOST_OF_A_LINE:
        most = service.MOST_OF_A_LINE
        flash(gettext("Nothing was put on the list: these are more than %(most)s people.", most=most))
        return redirect(url_for("organise.show_arrivals"), 303)
    return _after(made)


@bp.post("/organise/arrivals/<int:watch_id>/end")
@required(Role.ORGANISER)
def unwatch(watch_id: int) -> ResponseReturnValue:
    """Take a line off the list."""
    with database().transaction() as session:
        one = _watch(session, watch_id)
        service.unwatch(session, one, now=clock.now(), actor=current_staff().actor)
    return _after(one)


@bp.post("/organise/arrivals/<int:watch_id>/again")
@required(Role.ORGANISER)
def watch_again(watch_id: int) -> ResponseReturnValue:
    """Put a line back that was taken off."""
    with database().transaction() as session:
        one = _watch(session, watch_id)
        service.watch_again(session, one, now=clock.now(), actor=current_staff().actor)
    return _after(one)


def _day() -> date:
    event, wish = site().event, request.args.get("day")
    day = asked_day(wish) if wish else default_day(event, event.day_of(clock.now()))
    attendance.scope(event, day)  # which raises NotADayError
    return day


def _size(session: Session, kind: Kind, which: str) -> int:
    """How many people a line would name; none where it cannot name anybody."""
    is_possible = which.isprintable() and len(which) <= 120 and not (kind is Kind.VISITOR and len(which) > 9)  # noqa: PLR2004
    return service.size(session, kind, which, most=service.MOST_OF_A_LINE + 1) if which and is_possible else 0


def _watch(session: Session, watch_id: int) -> Watch:
    return service.find_watch(session, watch_id) or abort(404)


def _done(session: Session) -> Watch | None:
    """The line that was put on or taken off a moment ago, as the address tells."""
    return service.find_watch(session, request.args.get("done", 0, type=int))


def _after(one: Watch) -> ResponseReturnValue:
    """To the page where the button was pressed: a person's, or the list."""
    back = local_path(request.form.get("back"))
    return redirect(back or url_for("organise.show_arrivals", done=one.id), 303)


def _plain(event: Event, day: date, people: tuple[Expected, ...]) -> dict[str, object]:
    here = [(one.id, one.arrival) for one in people if one.arrival]
    return {
        "day": day.isoformat(),
        "here": len(here),
        "awaited": len(people) - len(here),
        "arrivals": [
            {"visitor": id_, "gate": came.gate, "at": event.local(came.at).isoformat(timespec="seconds")}
            for id_, came in here
        ],
    }


def _tag(day: date, on_list: tuple[Watch, ...], people: tuple[Expected, ...]) -> str:
    """The same for the same people, arrivals and list, in whatever process and language."""
    steady = [
        day.isoformat(),
        [one.id for one in on_list],
        [
            (one.id, one.details.plain(), one.arrival and (one.arrival.at.isoformat(), one.arrival.gate))
            for one in people
        ],
    ]
    return hashlib.sha256(json.dumps(steady).encode()).hexdigest()[:32]
