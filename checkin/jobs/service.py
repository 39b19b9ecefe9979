"""What can be done with jobs. Every change of state is one UPDATE that names the states it may come from.

Of two who change a job at once the database lets one: the functions that return a bool say whether it was this one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.database import changed
from checkin.jobs.model import STOPPED, UNDER_WAY, Job, JobState
from checkin.jobs.queries import NoSuchJobError, by_ids, get_job, job_of, latest, numbers, stale
from checkin.jobs.tables import JobRow

__all__ = [
    "NoSuchJobError",
    "advance",
    "beat",
    "begin",
    "by_ids",
    "cancel",
    "fail",
    "finish",
    "get_job",
    "latest",
    "make",
    "numbers",
    "pause",
    "resume",
    "stale",
    "take_up",
]
NOTE_LONGEST = 600


def make(session: Session, *, kind: str, total: int, now: datetime, by: str) -> Job:
    """A new job, waiting. Once the transaction is committed, `queue.enqueue` it; else the sweep finds it."""
    row = JobRow(
        kind=kind,
        state=JobState.WAITING,
        total=total,
        done=0,
        failed=0,
        note="",
        heartbeat_at=now,
        made_at=now,
        made_by=by,
    )
    session.add(row)
    session.flush()
    return job_of(row)


def begin(session: Session, job_id: int, now: datetime) -> bool:
    """A worker looks at the job: it runs. False when it was paused, cancelled or is over: then leave it alone."""
    return _move(session, job_id, UNDER_WAY, JobState.RUNNING, now=now)


def beat(session: Session, job_id: int, now: datetime) -> None:
    """Say that somebody is working on it."""
    session.execute(update(JobRow).where(JobRow.id == job_id).values(heartbeat_at=now))


def advance(session: Session, job_id: int, *, done: int = 0, failed: int = 0, now: datetime) -> None:
    """Count what was done, or undone when negative, and say that somebody is working on it.

    Also when the job was paused meanwhile: what is done is done.
    """
    counts = {"done": JobRow.done + done, "failed": JobRow.failed + failed, "heartbeat_at": now}
    session.execute(update(JobRow).where(JobRow.id == job_id).values(counts))


def pause(session: Session, job_id: int, *, now: datetime, note: str = "") -> bool:
    """Let it rest until somebody resumes it; `note` says what has to be mended first."""
    return _move(session, job_id, UNDER_WAY, JobState.PAUSED, now=now, note=note)


def resume(session: Session, job_id: int, now: datetime) -> bool:
    """Let it go on: once the transaction is committed, `queue.enqueue` it."""
    return _move(session, job_id, STOPPED, JobState.WAITING, now=now)


def cancel(session: Session, job_id: int, now: datetime) -> bool:
    """End it for good; what is done stays."""
    return _move(session, job_id, UNDER_WAY | STOPPED, JobState.CANCELLED, now=now, ended_at=now)


def finish(session: Session, job_id: int, now: datetime) -> bool:
    """All of it is done."""
    return _move(session, job_id, UNDER_WAY | {JobState.PAUSED}, JobState.DONE, now=now, ended_at=now)


def fail(session: Session, job_id: int, *, now: datetime, note: str) -> bool:
    """It cannot go on; `note` says why. It can be resumed when that is mended."""
    return _move(session, job_id, UNDER_WAY, JobState.FAILED, now=now, note=note)


def take_up(session: Session, job: Job, now: datetime) -> bool:
    """A stale job is to be queued again; of two sweeps one does it."""
    same = (JobRow.id == job.id, JobRow.heartbeat_at == job.heartbeat_at)
    return bool(changed(session.execute(update(JobRow).where(*same).values(heartbeat_at=now))))


def _move(
    session: Session,
    job_id: int,
    before: Collection[JobState],
    after: JobState,
    *,
    now: datetime,
    note: str = "",
    ended_at: datetime | None = None,
) -> bool:
    change = update(JobRow).where(JobRow.id == job_id, JobRow.state.in_(list(before)))
    values = {"state": after, "note": note[:NOTE_LONGEST], "heartbeat_at": now, "ended_at": ended_at}
    return bool(changed(session.execute(change.values(values))))
