"""Print runs as organisers read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from checkin.badges.shortcode import short_code
from checkin.badges.templates import DESK, PHONE, get_sheet, template_paths
from checkin.event.model import Event
from checkin.jobs.model import ENDED, STOPPED, UNDER_WAY, Job, JobState
from checkin.organise.words import isolated, moment, number
from checkin.printruns.model import (
    KIND_HERE,
    Choice,
    Chosen,
    Layout,
    Order,
    Outcome,
    Plan,
    Problem,
    Run,
    Unreadable,
    Which,
)
from checkin.settings import Settings
from printing import SheetError, TemplateError, load_template

MOST_NAMES = 12
_STATES = {
    JobState.WAITING: _l("Waiting"),
    JobState.RUNNING: _l("Drawing"),
    JobState.PAUSED: _l("Paused"),
    JobState.DONE: _l("Ready"),
    JobState.FAILED: _l("Stopped"),
    JobState.CANCELLED: _l("Cancelled"),
}
_WHICH = {
    Which.ALL: _l("All badges"),
    Which.UNPRINTED: _l("Not printed yet"),
    Which.CHANGED: _l("Changed since they were printed"),
    Which.PEOPLE: _l("Chosen people"),
}
_ORDERS = {Order.NAME: _l("by name"), Order.CATEGORY: _l("by category"), Order.COMPANY: _l("by company")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run, ready to show. `is_here`: a command draws it, in a folder of its own."""

    id: int
    title: str
    what: str
    paper: str
    made: str
    state: JobState
    state_words: str
    note: str
    detail: str
    total: int
    gone: int
    counts: str
    marked: str
    folder: str
    is_here: bool
    is_under_way: bool
    is_stopped: bool
    is_over: bool
    is_deleted: bool
    has_covers: bool


def shown(event: Event, settings: Settings, run: Run, *, now: datetime, language: str) -> Shown:
    """This run in words."""
    job = run.job
    note, detail = _note(job)
    return Shown(
        id=run.id,
        title=gettext("Print run %(number)s", number=run.id),
        what=what(event, run.choice, language),
        paper=paper(settings, run.layout),
        made=gettext(
            "%(moment)s by %(name)s", moment=moment(event, job.made_at, now, language), name=isolated(job.made_by)
        ),
        state=job.state,
        state_words=str(_STATES[job.state]),
        note=note,
        detail=detail,
        total=run.badges,
        gone=job.done + job.failed,
        counts=gettext("%(done)s of %(total)s badges", done=number(job.done + job.failed), total=number(run.badges)),
        marked=moment(event, run.marked_at, now, language) if run.marked_at else "",
        folder=run.folder,
        is_here=job.kind == KIND_HERE,
        is_under_way=job.state in UNDER_WAY,
        is_stopped=job.state in STOPPED,
        is_over=job.state in ENDED,
        is_deleted=run.deleted_at is not None,
        has_covers=run.layout.order is Order.COMPANY and job.state is JobState.DONE,
    )


def what(event: Event, choice: Choice, language: str) -> str:
    """Which badges, in words."""
    category = event.category_by_slug.get(choice.category)
    which = str(_WHICH[choice.which])
    return f"{which} · {category.named(language)}" if category else which


def paper(settings: Settings, layout: Layout) -> str:
    """On what, and in which order, in words."""
    try:
        sheet = get_sheet(settings, layout.sheet)
    except (SheetError, TemplateError):  # it was renamed since
        sheet = None
    title = sheet.title if sheet else layout.sheet
    said = [_title(settings, layout.template), *([title] if title else []), str(_ORDERS[layout.order])]
    return " · ".join(said + ([gettext("both sides")] if layout.both_sides else []))


def lost(found: dict[Outcome, int]) -> list[str]:
    """What a run did not print, in words."""
    told = []
    if found[Outcome.SKIPPED]:
        told.append(
            ngettext(
                "One badge was left out: it was replaced or revoked since.",
                "%(num)s badges were left out: they were replaced or revoked since.",
                found[Outcome.SKIPPED],
            )
        )
    if found[Outcome.FAILED]:
        told.append(
            ngettext(
                "One badge cannot be drawn. The manifest says whose, and why.",
                "%(num)s badges cannot be drawn. The manifest says whose, and why.",
                found[Outcome.FAILED],
            )
        )
    return told


def templates(settings: Settings) -> list[tuple[str, str]]:
    """The templates to print with, by name and title; the desk's first."""
    names = sorted(template_paths(settings).keys() - {PHONE}, key=lambda name: (name != DESK, name))
    return [(name, _title(settings, name)) for name in names]


def people(chosen: Sequence[Chosen]) -> list[tuple[str, str]]:
    """The first names of these, each with the short code."""
    return [(one.name, short_code(one.number)) for one in chosen[:MOST_NAMES]]


def missing(found: Sequence[Unreadable]) -> list[tuple[str, str]]:
    """Whose badge lacks which characters: the first of them."""
    return [(one.name, ", ".join(map(_spelt, one.characters))) for one in found[:MOST_NAMES]]


def again(plan: Plan) -> list[Chosen]:
    """Those of a plan that are marked printed already."""
    return [one for one in plan.chosen if one.is_again]


def _spelt(character: str) -> str:
    return f"{character} (U+{ord(character[0]):04X})"


def _note(job: Job) -> tuple[str, str]:
    """What stopped it, in words for the organiser, and what the machine said."""
    problem, _, detail = job.note.partition(": ")
    if not job.note:
        return "", ""
    if problem == Problem.DISK_FULL:
        return gettext("The disk is full. Free some space, then resume. What is drawn stays."), ""
    if problem == Problem.CANNOT_WRITE:
        return gettext("The files cannot be written. Mend that, then resume. What is drawn stays."), detail
    if problem == Problem.TEMPLATE:
        return gettext("The template does not fit. Mend it, then resume. What is drawn stays."), detail
    return gettext("Something went wrong. Tell whoever looks after the system, then try to resume."), job.note


def _title(settings: Settings, name: str) -> str:
    path = template_paths(settings).get(name)
    if path is None:
        return name
    return _title_of(path, path.stat().st_mtime_ns) or gettext("%(name)s: has mistakes", name=name)


@lru_cache(maxsize=64)
def _title_of(path: Path, _changed: int) -> str:
    """As the file says; empty when it cannot be used."""
    try:
        return load_template(path).title
    except TemplateError:
        return ""
