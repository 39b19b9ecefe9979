"""`flask visitors import`: a list from a file, looked at first and stored when asked to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from checkin import clock
from checkin.imports import service, tasks
from checkin.imports.columns import match
from checkin.imports.model import MOST_BYTES, BadFileError, Decision, Fault, Field, Head, Import, Matching, RowState
from checkin.imports.problems import as_csv, column_of
from checkin.imports.sheets import ENCODINGS, read_head
from checkin.imports.words import LIKENESSES, fault_words, mistake_words
from checkin.jobs import service as jobs
from checkin.jobs.model import Job, JobState
from checkin.web import database, site

group = AppGroup("visitors", help="People: bring in a list of them.")
ACTOR = "command line"
MOST_TOLD = 20


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes/--dry-run", "is_real", default=False, help="Store them; without it the file is only looked at.")
@click.option("--category", default="", help="For rows that name none, by its slug in the event file.")
@click.option("--column", "columns", multiple=True, metavar="HEADING=FIELD", help="This column is that field.")
@click.option("--encoding", type=click.Choice(list(ENCODINGS)), help="Of a text file, where it is found out wrongly.")
@click.option("--doubles", type=click.Choice(["skip", "register"]), help="What becomes of people who seem known.")
@click.option("--problems", type=click.Path(dir_okay=False, path_type=Path), help="Write all mistakes here, as CSV.")
def import_file(
    *,
    file: Path,
    is_real: bool,
    category: str,
    columns: tuple[str, ...],
    encoding: str | None,
    doubles: str | None,
    problems: Path | None,
) -> None:
    """Register the people in FILE (CSV or XLSX), each with a badge. They must have agreed that you keep their details.

    Nothing is stored without --yes. The same file again registers nobody twice. Doubles are left out unless --doubles
    says what becomes of them. Exit status: 0 all, 1 not all (it says which), 2 refused.
    """
    if category and category not in site().event.category_by_slug:
        _refuse(f"There is no category {category!r}. There are: {', '.join(site().event.category_by_slug)}.")
    with force_locale("en"):
        head, content = _head(file, encoding or "")
        matching = _matching(head, columns, category)
        _tell_matching(head, matching)
        import_id = 0
        try:
            import_id = _checked(file, content, head, matching)
            is_whole = _review(import_id, Decision(doubles or ""), problems)
            if is_real:
                _register(import_id, Decision(doubles or ""))
            else:
                click.echo("Nothing was stored. Add --yes to register them.")
        finally:
            if import_id:
                _forget(import_id)
    if not is_whole:
        raise SystemExit(1)


def _head(file: Path, encoding: str) -> tuple[Head, bytes]:
    try:
        if file.stat().st_size > MOST_BYTES:
            _refuse(fault_words(Fault.TOO_LARGE))
        content = file.read_bytes()
        return read_head(content, encoding), content
    except OSError as error:
        _refuse(f"{file}: {error.strerror}.")
    except BadFileError as error:
        _refuse(fault_words(error.fault))


def _matching(head: Head, columns: tuple[str, ...], category: str) -> Matching:
    fields = match(head.headings)
    for given in columns:
        heading, _, name = given.rpartition("=")
        if heading not in head.headings:
            _refuse(f"There is no column {heading!r}. There are: {', '.join(filter(None, head.headings))}.")
        if name and name not in list(Field):
            _refuse(f"There is no field {name!r}. There are: {', '.join(Field)}; empty: the column is left out.")
        column = head.headings.index(heading)
        fields = {one: field for one, field in fields.items() if one != column and field != name}
        if name:
            fields[column] = Field(name)
    if Field.NAME not in fields.values():
        _refuse("No column is the name. Say which: --column 'HEADING=name'.")
    if Field.CATEGORY not in fields.values() and not category:
        _refuse("No column is the category. Say which, or give --category SLUG for all.")
    return Matching(fields=fields, category=category)


def _tell_matching(head: Head, matching: Matching) -> None:
    for column, heading in enumerate(head.headings):
        if heading:
            _tell(f"  {heading} → {matching.fields.get(column, 'not used')}")


def _checked(file: Path, content: bytes, head: Head, matching: Matching) -> int:
    """The import of this file, read and judged; its id."""
    now = clock.now()
    with database().transaction() as session:
        taken = service.take(
            session, content, head, file_name=file.name, matching=matching, now=now, by=ACTOR, actor=ACTOR
        )
        job = service.check(session, taken.id, head, matching, now=now, by=ACTOR, here=service.HERE)
    job = _done(job, "Looking")
    if job.state is not JobState.DONE:
        _forget(taken.id)
        _refuse(fault_words(Fault(job.note)) if job.note in list(Fault) else job.note or job.state)
    return taken.id


def _review(import_id: int, decision: Decision, problems: Path | None) -> bool:
    """Tell what was found; whether nothing has to be left out."""
    with database().snapshot() as session:
        found = service.get_import(session, import_id)
        wrong = list(service.wrong_rows(session, import_id))
        alike = service.doubles(session, import_id, after=-1, most=MOST_TOLD)
    counts = found.counts
    click.echo(
        f"{counts[RowState.READY]} new, {counts[RowState.KNOWN]} imported before, "
        f"{counts[RowState.DOUBLE]} perhaps known, {counts[RowState.WRONG]} with mistakes."
    )
    told = [
        f"row {line}, {column_of(found, one)}: {one.value + ': ' if one.value else ''}{mistake_words(one)}"
        for line, mistakes in wrong
        for one in mistakes
    ]
    _tell_some(told, len(told))
    if problems and wrong:
        problems.write_text(as_csv(found, wrong), "utf-8", newline="")
    told = [
        f"row {one.line}, {one.name}: {LIKENESSES[one.twin.likeness]} as in "
        + (f"row {one.twin.line}" if one.twin.line else f"{one.twin_name}, who is registered")
        for one in alike
    ]
    _tell_some(told, counts[RowState.DOUBLE])
    return not wrong and (not counts[RowState.DOUBLE] or decision is not Decision.NONE)


def _register(import_id: int, decision: Decision) -> None:
    now = clock.now()
    with database().transaction() as session:
        for likeness in service.undecided(session, import_id):
            service.decide_all(session, import_id, likeness, decision or Decision.SKIP)
        job = service.run(session, import_id, now=now, by=ACTOR, actor=ACTOR, here=service.HERE)
    job = _done(job, "Registering")
    click.echo(f"{job.done} registered.")
    if job.state is not JobState.DONE:
        _refuse(f"It stopped: {job.note or job.state}. The same command again goes on where it stopped.")


def _done(job: Job, label: str) -> Job:
    """The job after all of it was done here, with its progress where a terminal looks on."""
    task, told = (tasks.run if job.kind.startswith(service.RUN + service.HERE) else tasks.check), 0
    with click.progressbar(length=job.total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        is_more = True
        while is_more:
            is_more = task(site(), job.id)
            with database().snapshot() as session:
                job = jobs.get_job(session, job.id)
            bar.update(job.done - told)
            told = job.done
    return job


def _forget(import_id: int) -> None:
    """Nothing of the file stays behind."""
    with database().transaction() as session:
        found: Import = service.get_import(session, import_id)
        if not found.is_over:
            service.discard(session, import_id, now=clock.now(), actor=ACTOR)


def _tell_some(told: list[str], count: int) -> None:
    for line in told[:MOST_TOLD]:
        _tell(f"  {line}")
    if count > MOST_TOLD:
        _tell(f"  and {count - MOST_TOLD} more")


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _refuse(message: str) -> NoReturn:
    _tell(message)
    raise SystemExit(2)
