"""Reading jobs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.jobs.model import STALE, UNDER_WAY, Job, JobState
from checkin.jobs.tables import JobRow


class NoSuchJobError(LookupError):
    """No job has this id."""


def get_job(session: Session, job_id: int) -> Job:
    """The job with this id. Raises NoSuchJobError."""
    row = session.get(JobRow, job_id)
    if row is None:
        raise NoSuchJobError(job_id)
    return job_of(row)


def latest(session: Session, *, most: int = 50) -> tuple[Job, ...]:
    """The newest jobs, newest first, at most `most`."""
    return tuple(job_of(row) for row in session.scalars(select(JobRow).order_by(JobRow.id.desc()).limit(most)))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Job]:
    """The jobs with these ids, by id."""
    return {row.id: job_of(row) for row in session.scalars(select(JobRow).where(JobRow.id.in_(list(ids))))}


def numbers(session: Session) -> tuple[dict[JobState, int], datetime | None]:
    """How many jobs are in each state, and since when the one has been waiting that was longest in nobody's hands."""
    rows = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    counted = dict.fromkeys(JobState, 0) | {JobState(state): count for state, count in rows}
    return counted, session.scalar(select(func.min(JobRow.heartbeat_at)).where(JobRow.state == JobState.WAITING))


def stale(session: Session, kinds: Collection[str], now: datetime) -> tuple[Job, ...]:
    """Jobs under way that nobody has been heard of: never queued, or their worker is gone. Oldest first."""
    rows = session.scalars(
        select(JobRow)
        .where(JobRow.state.in_(list(UNDER_WAY)), JobRow.kind.in_(list(kinds)), JobRow.heartbeat_at < now - STALE)
        .order_by(JobRow.id)
    )
    return tuple(job_of(row) for row in rows)


def job_of(row: JobRow) -> Job:
    """The row as a job."""
    return Job(
        id=row.id,
        kind=row.kind,
        state=JobState(row.state),
        total=row.total,
        done=row.done,
        failed=row.failed,
        note=row.note,
        heartbeat_at=row.heartbeat_at,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
    )
