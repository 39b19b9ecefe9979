"""What can be done with an import: take the file, match its columns, decide on doubles, register, discard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from checkin.database import changed
from checkin.imports.model import Decision, Head, Import, Likeness, Matching, RowState, Stage
from checkin.imports.queries import (
    NoSuchImportError,
    content_of,
    counts_of,
    doubles,
    get_import,
    id_of_job,
    import_of_job,
    latest_imports,
    people_of,
    undecided,
    wrong_rows,
)
from checkin.imports.tables import ImportFileRow, ImportRowRow, ImportRunRow
from checkin.jobs import service as jobs
from checkin.jobs.model import UNDER_WAY, Job
from checkin.journal import service as journal

__all__ = [
    "NoSuchImportError",
    "content_of",
    "doubles",
    "get_import",
    "id_of_job",
    "import_of_job",
    "latest_imports",
    "people_of",
    "undecided",
    "wrong_rows",
]

CHECK, RUN = "import check", "import"
"""Jobs that the workers do."""
HERE = " here"
"""Behind either: a job that a command does itself; no worker takes it up."""
KEPT_FOR: Final = timedelta(days=1)
_NAME_LONGEST: Final = 120


class NotNowError(Exception):
    """This can be done with an import in another stage only: somebody else was faster."""


class UndecidedError(Exception):
    """Nobody has said yet what becomes of some doubles."""


def take(
    session: Session,
    content: bytes,
    head: Head,
    *,
    file_name: str,
    matching: Matching,
    now: datetime,
    by: str,
    actor: str,
) -> Import:
    """Keep a file that was looked at, to be matched. Journalled, without its name: that may be a person's."""
    row = ImportRunRow(
        stage=Stage.MATCHING,
        file_name=file_name[-_NAME_LONGEST:],
        kind=head.kind,
        encoding=head.encoding,
        headings=list(head.headings),
        fields=_kept(matching),
        category=matching.category,
        counts={},
        made_at=now,
        made_by=by,
        actor=actor,
    )
    session.add(row)
    session.flush()
    session.add(ImportFileRow(import_id=row.id, content=content))
    detail = {"kind": head.kind, "bytes": len(content)}
    journal.record(session, now=now, actor=actor, action="import.take", subject=f"import:{row.id}", detail=detail)
    session.flush()
    return get_import(session, row.id)


def check(
    session: Session, import_id: int, head: Head, matching: Matching, *, now: datetime, by: str, here: str = ""
) -> Job:
    """Let it be read with these columns, whatever was read before; once committed, enqueue the job.

    Raises NotNowError once it is registered from.
    """
    row = _row_in(session, import_id, Stage.MATCHING, Stage.REVIEW)
    _forget_rows(session, import_id)
    row.stage, row.encoding, row.headings = Stage.CHECKING, head.encoding, list(head.headings)
    row.fields, row.category = _kept(matching), matching.category
    return _job(session, row, CHECK + here, head.rows, now, by)


def begin_check(session: Session, import_id: int, holder: str) -> None:
    """Whoever holds it reads it from its beginning; what a killed worker left of it goes."""
    _row_in(session, import_id, Stage.CHECKING).holder = holder
    _forget_rows(session, import_id)


def is_checked_by(session: Session, import_id: int, holder: str) -> bool:
    """Whether this holder still checks it; nobody else begins until this transaction ends."""
    row = hold(session, import_id)
    return row is not None and row.stage == Stage.CHECKING and row.holder == holder


def end_check(session: Session, import_id: int, *, now: datetime) -> None:
    """All rows are judged: a person looks at them."""
    row = _row_in(session, import_id, Stage.CHECKING)
    row.stage = Stage.REVIEW
    if row.job_id:
        jobs.finish(session, row.job_id, now)


def match_again(session: Session, import_id: int) -> None:
    """Back to the columns; what was read and decided is forgotten. Raises NotNowError."""
    row = _row_in(session, import_id, Stage.REVIEW, Stage.CHECKING)
    _forget_rows(session, import_id)
    row.stage, row.holder = Stage.MATCHING, ""


def decide(session: Session, import_id: int, decisions: Mapping[int, Decision]) -> None:
    """What becomes of these doubles, by their `seq`. Raises NotNowError."""
    _row_in(session, import_id, Stage.REVIEW)
    for decision in set(decisions.values()):
        some = [seq for seq, decided in decisions.items() if decided is decision]
        _decide(session, import_id, decision, ImportRowRow.seq.in_(some))


def decide_all(session: Session, import_id: int, likeness: Likeness, decision: Decision) -> None:
    """What becomes of every double of this kind of which nobody has decided. Raises NotNowError."""
    _row_in(session, import_id, Stage.REVIEW)
    _decide(session, import_id, decision, (ImportRowRow.likeness == likeness) & (ImportRowRow.decision == ""))


def run(session: Session, import_id: int, *, now: datetime, by: str, actor: str, here: str = "") -> Job:
    """Let it be registered; once committed, enqueue the job. Raises NotNowError, UndecidedError."""
    row = _row_in(session, import_id, Stage.REVIEW)
    if any(count for _, count in undecided(session, import_id).values()):
        raise UndecidedError(import_id)
    counts, decided = counts_of(session, import_id)
    total, skipped = counts[RowState.READY] + decided[Decision.REGISTER], decided[Decision.SKIP]
    row.stage, row.actor = Stage.RUNNING, actor
    detail = {"people": total, "skipped": skipped, "wrong": counts[RowState.WRONG], "known": counts[RowState.KNOWN]}
    journal.record(session, now=now, actor=actor, action="import.run", subject=f"import:{import_id}", detail=detail)
    return _job(session, row, RUN + here, total, now, by)


def finish(session: Session, import_id: int, *, now: datetime) -> None:
    """All of it is registered. Journalled. Of the file stays what was wrong in it, without what stood there.

    Nothing happens where it is over, or somebody discarded it meanwhile.
    """
    row = hold(session, import_id)
    if row is None or row.stage != Stage.RUNNING:
        return
    _end(session, row, Stage.DONE, now)
    if row.job_id:
        jobs.finish(session, row.job_id, now)
    mistakes = select(ImportRowRow.seq, ImportRowRow.mistakes).where(ImportRowRow.import_id == import_id)
    for seq, wrong in session.execute(mistakes.where(ImportRowRow.state == RowState.WRONG)).all():
        bare = [{name: text for name, text in one.items() if name != "value"} for one in wrong]
        one = (ImportRowRow.import_id == import_id, ImportRowRow.seq == seq)
        session.execute(update(ImportRowRow).where(*one).values(mistakes=bare, details={}))
    others = (ImportRowRow.import_id == import_id, ImportRowRow.state != RowState.WRONG)
    session.execute(delete(ImportRowRow).where(*others))


def discard(session: Session, import_id: int, *, now: datetime, actor: str) -> None:
    """End it and forget the file; who is registered already stays. Journalled. Raises NotNowError when it is over."""
    row = _row_in(session, import_id, *(stage for stage in Stage if stage not in {Stage.DONE, Stage.DISCARDED}))
    if row.job_id:
        jobs.cancel(session, row.job_id, now)
    row.actor = actor
    _end(session, row, Stage.DISCARDED, now)
    _forget_rows(session, import_id)


def forget_old(session: Session, now: datetime) -> None:
    """Discard what nobody went on with for a day, and forget what was wrong in files of a day ago."""
    old = now - KEPT_FOR
    over = (ImportRunRow.stage == Stage.DONE, ImportRunRow.ended_at < old)
    session.execute(delete(ImportRowRow).where(ImportRowRow.import_id.in_(select(ImportRunRow.id).where(*over))))
    left = (ImportRunRow.stage.not_in([Stage.DONE, Stage.DISCARDED]), ImportRunRow.made_at < old)
    for row in session.scalars(select(ImportRunRow).where(*left)).all():
        job = jobs.get_job(session, row.job_id) if row.job_id else None
        if job is None or row.stage != Stage.RUNNING or job.state not in UNDER_WAY or job.heartbeat_at < old:
            discard(session, row.id, now=now, actor="server")


def hold(session: Session, import_id: int) -> ImportRunRow | None:
    """The import's row, locked until this transaction ends; None when there is none any more."""
    return session.scalar(select(ImportRunRow).where(ImportRunRow.id == import_id).with_for_update())


def _row_in(session: Session, import_id: int, *stages: Stage) -> ImportRunRow:
    row = hold(session, import_id)
    if row is None:
        raise NoSuchImportError(import_id)
    if row.stage not in stages:
        raise NotNowError(row.stage)
    return row


def _job(session: Session, row: ImportRunRow, kind: str, total: int, now: datetime, by: str) -> Job:
    if row.job_id:
        jobs.cancel(session, row.job_id, now)
    job = jobs.make(session, kind=kind, total=total, now=now, by=by)
    row.job_id = job.id
    session.flush()
    return job


def _decide(session: Session, import_id: int, decision: Decision, which: object) -> None:
    doubles_ = (ImportRowRow.import_id == import_id, ImportRowRow.state == RowState.DOUBLE)
    changed(session.execute(update(ImportRowRow).where(*doubles_, which).values(decision=decision)))  # type: ignore[arg-type]


def _end(session: Session, row: ImportRunRow, stage: Stage, now: datetime) -> None:
    counts, decided = counts_of(session, row.id)
    row.counts = {state.value: count for state, count in counts.items()}
    row.counts |= {decision or "undecided": count for decision, count in decided.items()}
    row.stage, row.ended_at = stage, now
    action = "import.done" if stage is Stage.DONE else "import.discard"
    journal.record(session, now=now, actor=row.actor, action=action, subject=f"import:{row.id}", detail=row.counts)
    session.execute(delete(ImportFileRow).where(ImportFileRow.import_id == row.id))
    session.flush()


def _forget_rows(session: Session, import_id: int) -> None:
    session.execute(delete(ImportRowRow).where(ImportRowRow.import_id == import_id))


def _kept(matching: Matching) -> dict[str, str]:
    return {str(column): field.value for column, field in matching.fields.items()}
