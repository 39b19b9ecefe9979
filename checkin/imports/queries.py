"""Reading imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from checkin.imports.model import (
    Decision,
    Double,
    Field,
    Import,
    Kind,
    Likeness,
    Matching,
    Mistake,
    Problem,
    RowState,
    Stage,
    Twin,
)
from checkin.imports.tables import ImportFileRow, ImportRowRow, ImportRunRow
from checkin.jobs import service as jobs
from checkin.jobs.model import Job
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Gender


class NoSuchImportError(LookupError):
    """No import has this id."""


def get_import(session: Session, import_id: int) -> Import:
    """The import with this id. Raises NoSuchImportError."""
    row = session.get(ImportRunRow, import_id)
    if row is None:
        raise NoSuchImportError(import_id)
    return import_of(session, row, jobs.get_job(session, row.job_id) if row.job_id else None)


def import_of_job(session: Session, job_id: int) -> Import | None:
    """The import that this job is of, unless it has another one by now."""
    row = session.scalar(select(ImportRunRow).where(ImportRunRow.job_id == job_id))
    return None if row is None else import_of(session, row, jobs.get_job(session, job_id))


def id_of_job(session: Session, job_id: int) -> int | None:
    """As `import_of_job`, the number alone."""
    return session.scalar(select(ImportRunRow.id).where(ImportRunRow.job_id == job_id))


def latest_imports(session: Session, *, most: int = 20) -> tuple[Import, ...]:
    """The newest imports, newest first, at most `most`."""
    rows = session.scalars(select(ImportRunRow).order_by(ImportRunRow.id.desc()).limit(most)).all()
    found = jobs.by_ids(session, [row.job_id for row in rows if row.job_id])
    return tuple(import_of(session, row, found.get(row.job_id or 0)) for row in rows)


def content_of(session: Session, import_id: int) -> bytes:
    """The file. Raises NoSuchImportError when it is gone."""
    row = session.get(ImportFileRow, import_id)
    if row is None:
        raise NoSuchImportError(import_id)
    return row.content


def undecided(session: Session, import_id: int) -> dict[Likeness, tuple[int, int]]:
    """By likeness: how many doubles there are, and of how many nobody has decided yet."""
    row = ImportRowRow
    asked = (
        select(row.likeness, row.decision, func.count())
        .where(row.import_id == import_id, row.state == RowState.DOUBLE)
        .group_by(row.likeness, row.decision)
    )
    found: dict[Likeness, tuple[int, int]] = {}
    for likeness, decision, count in session.execute(asked):
        total, open_ = found.get(Likeness(likeness), (0, 0))
        found[Likeness(likeness)] = (total + count, open_ + (0 if decision else count))
    return {likeness: found[likeness] for likeness in Likeness if likeness in found}


def doubles(session: Session, import_id: int, *, after: int, most: int) -> tuple[Double, ...]:
    """The doubles behind the row `after`, in the order of the file, each with whom it is like."""
    rows = session.scalars(
        _rows(import_id, RowState.DOUBLE).where(ImportRowRow.seq > after).order_by(ImportRowRow.seq).limit(most)
    ).all()
    lines = {row.twin_line for row in rows if row.twin_line is not None}
    there = select(ImportRowRow).where(ImportRowRow.import_id == import_id, ImportRowRow.line.in_(lines))
    by_line = {row.line: details_of(row.details) for row in session.scalars(there)}
    by_id = visitors.by_ids(session, {row.twin_id for row in rows if row.twin_id is not None})
    return tuple(_double(row, by_line, by_id) for row in rows)


def wrong_rows(session: Session, import_id: int) -> Iterator[tuple[int, tuple[Mistake, ...]]]:
    """The number in the file and the mistakes of each wrong row, in order."""
    for row in session.scalars(_rows(import_id, RowState.WRONG).order_by(ImportRowRow.seq)):
        mistakes = (
            Mistake(
                field=Field(one["field"]),
                problem=Problem(one["problem"]),
                value=one.get("value", ""),
                allowed=one.get("allowed", ""),
            )
            for one in row.mistakes
        )
        yield row.line, tuple(mistakes)


def people_of(session: Session, import_id: int, *, most: int) -> tuple[Details, ...]:
    """The first people that would be registered, to look at."""
    rows = session.scalars(_rows(import_id, RowState.READY).order_by(ImportRowRow.seq).limit(most))
    return tuple(details_of(row.details) for row in rows)


def counts_of(session: Session, import_id: int) -> tuple[dict[RowState, int], dict[Decision, int]]:
    """How many rows are in each state; and of how many doubles what was decided."""
    row = ImportRowRow
    asked = select(row.state, row.decision, func.count()).where(row.import_id == import_id)
    counts, decided = dict.fromkeys(RowState, 0), dict.fromkeys(Decision, 0)
    for state, decision, count in session.execute(asked.group_by(row.state, row.decision)):
        counts[RowState(state)] += count
        if state == RowState.DOUBLE:
            decided[Decision(decision)] += count
    return counts, decided


def as_json(details: Details) -> dict[str, Any]:
    """Details as a row keeps them; empty ones are left out."""
    told = {one.name: value for one in fields(details) if (value := getattr(details, one.name))}
    return told | ({"days": [day.isoformat() for day in details.days]} if details.days else {})


def details_of(kept: Mapping[str, Any]) -> Details:
    """What `as_json` kept."""
    more = dict(kept)
    days = tuple(date.fromisoformat(day) for day in more.pop("days", ()))
    gender = Gender(more.pop("gender", Gender.UNDISCLOSED))
    return Details(days=days, gender=gender, sectors=tuple(more.pop("sectors", ())), **more)


def import_of(session: Session, row: ImportRunRow, job: Job | None) -> Import:
    """The row as an import."""
    stage = Stage(row.stage)
    if row.counts:
        counts = {state: row.counts.get(state, 0) for state in RowState}
        decided = {decision: row.counts.get(decision or "undecided", 0) for decision in Decision}
    else:
        counts, decided = counts_of(session, row.id)
    return Import(
        id=row.id,
        stage=stage,
        file_name=row.file_name,
        kind=Kind(row.kind),
        encoding=row.encoding,
        headings=tuple(row.headings),
        matching=Matching(
            fields={int(column): Field(field) for column, field in row.fields.items()}, category=row.category
        ),
        job=job,
        counts=counts,
        decided=decided,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )


def _rows(import_id: int, state: RowState) -> Select[ImportRowRow]:
    return select(ImportRowRow).where(ImportRowRow.import_id == import_id, ImportRowRow.state == state)


def _double(row: ImportRowRow, by_line: Mapping[int, Details], by_id: Mapping[int, Details]) -> Double:
    details = details_of(row.details)
    twin = Twin(likeness=Likeness(row.likeness), line=row.twin_line, visitor_id=row.twin_id)
    other = by_id.get(row.twin_id or 0) or by_line.get(row.twin_line or 0)
    return Double(
        seq=row.seq,
        line=row.line,
        name=details.name,
        organisation=details.organisation,
        phone=details.phone,
        email=details.email,
        decision=Decision(row.decision),
        twin=twin,
        twin_name=other.name if other else "",
        twin_organisation=other.organisation if other else "",
    )
