"""The parts of a run, and who draws them: of many workers the database lets one have each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from checkin.database import changed
from checkin.jobs import service as jobs
from checkin.jobs.model import STALE
from checkin.printruns.model import Outcome, PartState, Run
from checkin.printruns.tables import PrintItemRow, PrintPartRow, PrintRunRow

_FREE: Final = {"state": PartState.WAITING, "holder": "", "heard_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one badge of a part, by its place in the run."""

    seq: int
    outcome: Outcome
    reason: str = ""
    page: int | None = None
    place: int | None = None


def claim_part(session: Session, run_id: int, holder: str, now: datetime) -> int | None:
    """Take the next part that nobody draws, or whose holder is not heard of any more; None when there is none."""
    part = PrintPartRow
    lost = and_(part.state == PartState.RUNNING, part.heard_at < now - STALE)
    while True:
        found = session.execute(
            select(part.part, part.holder, part.state)
            .where(part.run_id == run_id, or_(part.state == PartState.WAITING, lost))
            .order_by(part.part)
            .limit(1)
        ).first()
        if found is None:
            return None
        same = (part.run_id == run_id, part.part == found.part, part.holder == found.holder, part.state == found.state)
        taken = update(part).where(*same).values(state=PartState.RUNNING, holder=holder, heard_at=now)
        if changed(session.execute(taken)):
            return int(found.part)


def beat_part(session: Session, run: Run, part: int, holder: str, now: datetime) -> None:
    """Say that the holder still draws this part."""
    session.execute(update(PrintPartRow).where(*_held(run.id, part, holder)).values(heard_at=now))
    jobs.beat(session, run.job.id, now)


def release_part(session: Session, run_id: int, part: int, holder: str) -> None:
    """The holder could not draw it: whoever resumes the run takes it again."""
    session.execute(update(PrintPartRow).where(*_held(run_id, part, holder)).values(_FREE))


def free_parts(session: Session, run_id: int) -> None:
    """Nobody draws any part: who did is known to be gone. Were it not, it would find its parts taken, and harm none."""
    running = (PrintPartRow.run_id == run_id, PrintPartRow.state == PartState.RUNNING)
    session.execute(update(PrintPartRow).where(*running).values(_FREE))


def finish_part(session: Session, run: Run, part: int, holder: str, results: Sequence[Result], now: datetime) -> bool:
    """Note what became of each badge of a part. False when somebody else has taken it, or the files are not wanted."""
    # Held until the commit: whoever deletes the files at this moment waits for ours.
    wanted = select(PrintRunRow.id).where(PrintRunRow.id == run.id, PrintRunRow.deleted_at.is_(None))
    done = update(PrintPartRow).where(*_held(run.id, part, holder)).values(state=PartState.DONE, heard_at=now)
    if session.scalar(wanted.with_for_update(read=True)) is None or not changed(session.execute(done)):
        return False
    session.execute(
        update(PrintItemRow),
        [
            {"run_id": run.id, "seq": one.seq, "outcome": one.outcome, "reason": one.reason[:300]}
            | {"page": one.page, "place": one.place}
            for one in results
        ],
    )
    failed = sum(one.outcome is Outcome.FAILED for one in results)
    jobs.advance(session, run.job.id, done=len(results) - failed, failed=failed, now=now)
    return True


def is_drawn(session: Session, run_id: int) -> bool:
    """Whether every part of the run is done."""
    open_parts = exists().where(PrintPartRow.run_id == run_id, PrintPartRow.state != PartState.DONE)
    return not session.scalar(select(open_parts))


def _held(run_id: int, part: int, holder: str) -> tuple[ColumnElement[bool], ...]:
    row = PrintPartRow
    return row.run_id == run_id, row.part == part, row.holder == holder, row.state == PartState.RUNNING
