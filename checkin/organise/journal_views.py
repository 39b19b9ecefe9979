"""HTTP for the journal: who did what and when, filtered by the address, leafed through, downloaded. Journalled itself.

People's names never stand in it: what an entry is about is an id, shown as a link to its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from checkin import clock
from checkin.database import Database
from checkin.devices.queries import all_devices
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.journal.model import Entry, Filters
from checkin.journal.queries import latest
from checkin.journal.words import ACTIONS, ACTORS, PERSONAL, SUBJECTS, action_words, subject_words
from checkin.organise import journal_filters
from checkin.organise.journal_file import as_csv
from checkin.organise.noting import note
from checkin.organise.people_filters import read_before
from checkin.organise.views import bp
from checkin.organise.words import whole_day
from checkin.programme.service import current_event
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.staff.queries import members
from checkin.web import chosen_language, database, site

PAGE, CHUNK = 50, 1_000
_PAGES = {
    "visitor": ("organise.show_person", "visitor_id"),
    "print": ("organise.show_run", "run_id"),
    "import": ("organise.show_import", "import_id"),
    "device": ("organise.show_devices", ""),
    "gate": ("organise.show_gates", ""),
    "day": ("organise.show_gates", ""),
    "staff": ("staff.people", ""),
    "watch": ("organise.show_arrivals", ""),
    "key": ("organise.show_api_keys", ""),
    "webhook": ("organise.show_webhooks", ""),
}


@bp.get("/organise/journal")
@required(Role.ORGANISER)
def show_journal() -> ResponseReturnValue:
    """The entries that the address lets through, newest first; `?before=` tells where to go on."""
    told = journal_filters.asked(request.args)
    if any(request.args.get(name) == "" for name in journal_filters.LABELS):
        return redirect(url_for("organise.show_journal", **told), 303)  # type: ignore[arg-type]
    before = read_before(request.args.get("before"))
    with database().snapshot() as session:
        actors, event = _actors(session), current_event(session, site().event).event
        filters, right, wrong = journal_filters.read(event, told, actors)
        found = latest(session, PAGE + 1, filters, before=before)
    note("journal.view", right)
    shown, language = found[:PAGE], chosen_language()
    page = render_template(
        "organise/journal.html",
        days=list(_by_day(shown, event, actors, language)),
        told=told,
        labels=journal_filters.LABELS,
        actors=actors,
        actions=ACTIONS,
        personal=journal_filters.PERSONAL_DATA,
        subjects=SUBJECTS,
        wrong=wrong,
        is_later=before is not None,
        next=shown[-1].id if len(found) > PAGE else None,
    )
    return page, 400 if wrong else 200


@bp.post("/organise/journal/export")
@required(Role.ORGANISER)
def export_journal() -> ResponseReturnValue:
    """All that the address lets through, as a file that is written while it is read. Journalled."""
    told, now = journal_filters.asked(request.args), clock.now()
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        filters, right, wrong = journal_filters.read(event, told, _actors(session))
    if wrong:
        abort(400)
    with database().transaction() as session:
        journal.record(session, now=now, actor=current_staff().actor, action="journal.export", detail=right)
    words = {action: action_words(action) for action in ACTIONS}
    lines = as_csv(event, words, _batches(database(), filters))
    name = f"journal-{event.local(now):%Y-%m-%d-%H%M}.csv"
    return Response(lines, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})


class _Line:
    """One entry, ready to show."""

    def __init__(self, entry: Entry, event: Event, actors: dict[str, str]) -> None:
        self.clock = f"{event.local(entry.at):%H:%M:%S}"
        self.actor, self.who = entry.actor, actors.get(entry.actor, entry.actor)
        self.is_known = entry.actor in actors
        self.action, self.what = entry.action, action_words(entry.action)
        self.is_personal = entry.action in PERSONAL
        self.about, self.address = subject_words(entry.subject), _address(entry.subject)
        self.details = [(name, _told(value)) for name, value in entry.detail.items()]
        self.like_it = dict(zip(("about", "number"), entry.subject.split(":", 1), strict=False)) if self.address else {}


def _by_day(
    entries: tuple[Entry, ...], event: Event, actors: dict[str, str], language: str
) -> Iterator[tuple[str, list[_Line]]]:
    """The entries under the local dates on which they happened, in their order."""
    for day, some in groupby(entries, lambda entry: event.day_of(entry.at)):
        yield whole_day(day, language), [_Line(entry, event, actors) for entry in some]


def _actors(session: Session) -> dict[str, str]:
    """Who can be in the journal, by how it names them. Staff have their names on this page; the journal has ids."""
    staff = {member.staff.actor: member.staff.name for member in members(session)}
    tablets = {f"device:{one.id}": subject_words(f"device:{one.id}") for one in all_devices(session)}
    return staff | {actor: str(words) for actor, words in ACTORS.items()} | tablets


def _address(subject: str) -> str:
    """The page of what an entry is about; empty where there is none."""
    kind, _, which = subject.partition(":")
    if not which or kind not in _PAGES:
        return ""
    endpoint, argument = _PAGES[kind]
    return url_for(endpoint, **({argument: int(which)} if argument else {}))  # type: ignore[arg-type]


def _told(value: object) -> str:
    """Details are words of the code, the same in both languages."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _batches(reading: Database, filters: Filters) -> Iterator[tuple[Entry, ...]]:
    """Everything, some at a time: no snapshot stays open while a slow line takes the file."""
    before: int | None = None
    while True:
        with reading.reports() as session:
            some = latest(session, CHUNK, filters, before=before)
        yield some
        if len(some) < CHUNK:
            return
        before = some[-1].id
