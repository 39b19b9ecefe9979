"""Imports as organisers read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from checkin.event.model import Event
from checkin.imports.columns import match
from checkin.imports.model import Decision, Fault, Field, Head, Import, Kind, Matching, RowState, Stage
from checkin.imports.problems import letters_of
from checkin.imports.sheets import ENCODINGS
from checkin.imports.words import FIELDS, fault_words
from checkin.jobs.model import STOPPED, UNDER_WAY, JobState
from checkin.organise.words import isolated, moment, number

_STAGES = {
    Stage.MATCHING: _l("Columns to match"),
    Stage.CHECKING: _l("Is being looked at"),
    Stage.REVIEW: _l("To be decided"),
    Stage.RUNNING: _l("Is being registered"),
    Stage.DONE: _l("Done"),
    Stage.DISCARDED: _l("Discarded"),
}
_DELIMITERS = {",": _l("commas"), ";": _l("semicolons"), "\t": _l("tabs"), "|": _l("bars")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An import, ready to show."""

    id: int
    title: str
    file_name: str
    made: str
    stage: Stage
    state: JobState
    state_words: str
    note: str
    total: int
    gone: int
    counts: str
    is_under_way: bool
    is_stopped: bool
    is_over: bool
    registered: int
    will: int
    known: int
    doubles: int
    skipped: int
    wrong: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column to match: its letters, its heading, what stands in it first, and which field it is."""

    index: int
    letters: str
    heading: str
    samples: tuple[str, ...]
    field: str


def shown(event: Event, found: Import, *, now: datetime, language: str) -> Shown:
    """This import in words."""
    job, counts = found.job, found.counts
    has_job = job is not None and found.stage in {Stage.CHECKING, Stage.RUNNING}
    total, gone = (job.total, job.done) if job is not None else (0, 0)
    return Shown(
        id=found.id,
        title=gettext("Import %(number)s", number=found.id),
        file_name=found.file_name,
        made=gettext(
            "%(moment)s by %(name)s", moment=moment(event, found.made_at, now, language), name=isolated(found.made_by)
        ),
        stage=found.stage,
        state=_state(found),
        state_words=str(_STAGES[found.stage]),
        note=_note(found) if has_job else "",
        total=max(total, gone, 1),
        gone=gone,
        counts=gettext("%(done)s of %(total)s lines", done=number(gone), total=number(max(total, gone))),
        is_under_way=has_job and job is not None and job.state in UNDER_WAY,
        is_stopped=has_job and job is not None and job.state in STOPPED,
        is_over=found.is_over,
        registered=counts[RowState.DONE],
        will=counts[RowState.READY] + found.decided[Decision.REGISTER],
        known=counts[RowState.KNOWN],
        doubles=counts[RowState.DOUBLE],
        skipped=found.decided[Decision.SKIP],
        wrong=counts[RowState.WRONG],
    )


def columns(head: Head, matching: Matching) -> list[Column]:
    """Every column of the file that holds anything."""
    return [
        Column(
            index=index,
            letters=letters_of(index),
            heading=heading,
            samples=tuple(row[index] for row in head.samples if row[index].strip())[:3],
            field=matching.fields.get(index, ""),
        )
        for index, heading in enumerate(head.headings)
        if heading or any(row[index].strip() for row in head.samples)
    ]


def guessed(head: Head) -> Matching:
    """The columns as their headings tell them."""
    return Matching(fields=match(head.headings))


def fields() -> list[tuple[str, str]]:
    """What a column may be."""
    return [("", gettext("Not used")), *((field.value, str(FIELDS[field])) for field in Field)]


def reading(head: Head) -> str:
    """How the file is read, in words."""
    if head.kind is Kind.XLSX:
        return str(gettext("Excel workbook (XLSX)"))
    encoding, delimiter = ENCODINGS[head.encoding], str(_DELIMITERS[head.delimiter])
    return str(gettext("Text in %(encoding)s, cut at %(delimiter)s", encoding=encoding, delimiter=delimiter))


def summary(one: Shown) -> list[str]:
    """What became of the lines, or would."""
    will = ngettext("One person will be registered.", "%(num)s people will be registered.", one.will)
    did = ngettext("One person was registered.", "%(num)s people were registered.", one.registered)
    lines = (
        (1, did if one.is_over else will),
        (
            one.known,
            ngettext(
                "One line was imported before and stays as it is.",
                "%(num)s lines were imported before and stay as they are.",
                one.known,
            ),
        ),
        (
            one.skipped,
            ngettext(
                "One line is left out, since somebody decided so.",
                "%(num)s lines are left out, since somebody decided so.",
                one.skipped,
            ),
        ),
        (
            one.wrong,
            ngettext(
                "One line is left out, since something in it is wrong.",
                "%(num)s lines are left out, since something in them is wrong.",
                one.wrong,
            ),
        ),
    )
    return [str(words) for count, words in lines if count]


def _state(found: Import) -> JobState:
    """For the colour of its sign."""
    if found.stage is Stage.DONE:
        return JobState.DONE
    if found.job is not None and found.stage in {Stage.CHECKING, Stage.RUNNING}:
        return found.job.state
    return JobState.CANCELLED if found.stage is Stage.DISCARDED else JobState.WAITING


def _note(found: Import) -> str:
    """What stopped it."""
    if found.job is None or found.job.state is not JobState.FAILED:
        return ""
    if found.job.note in list(Fault):
        return fault_words(Fault(found.job.note))
    return str(gettext("Something went wrong on our side, and it has been noted. Please try again."))
