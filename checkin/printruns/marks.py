"""Somebody says that badges are printed, or takes it back: facts that are added, never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, insert, literal, select, update
from sqlalchemy.orm import Session, aliased

from checkin.badges.model import Badge
from checkin.badges.tables import BadgeRow
from checkin.database import changed, table_of
from checkin.jobs.model import ENDED
from checkin.journal import service as journal
from checkin.printruns.model import NotOverError, Outcome, Run
from checkin.printruns.queries import find_mark
from checkin.printruns.tables import BadgePrintedRow, PrintItemRow, PrintRunRow


def mark_printed(session: Session, run: Run, *, now: datetime, by: str, actor: str) -> int | None:
    """Somebody holds these badges: note it of each that the run printed; how many. None if it was said already.

    Journalled. Raises NotOverError.
    """
    if run.job.state not in ENDED:
        raise NotOverError(run.id)
    said = update(PrintRunRow).where(PrintRunRow.id == run.id, PrintRunRow.marked_at.is_(None)).values(marked_at=now)
    if not changed(session.execute(said)):
        return None
    printed = (PrintItemRow.run_id == run.id, PrintItemRow.outcome == Outcome.PRINTED)
    facts = select(PrintItemRow.badge_id, literal(run.id), literal(now, BadgePrintedRow.at.type), literal(by))
    table = table_of(BadgePrintedRow)
    marked = changed(
        session.execute(insert(table).from_select(["badge_id", "run_id", "at", "by"], facts.where(*printed)))
    )
    _record(session, run, "print.mark", now=now, actor=actor, detail={"badges": marked})
    return marked


def unmark(session: Session, run: Run, *, now: datetime, by: str, actor: str) -> int | None:
    """They are not printed after all; what other runs and the desk said stands. None if there is nothing to take back.

    Journalled.
    """
    back = update(PrintRunRow).where(PrintRunRow.id == run.id, PrintRunRow.marked_at.is_not(None))
    if not changed(session.execute(back.values(marked_at=None))):
        return None
    fact, undo, table = aliased(BadgePrintedRow), aliased(BadgePrintedRow), table_of(BadgePrintedRow)
    facts = select(fact.badge_id, fact.run_id, fact.id, literal(now, BadgePrintedRow.at.type), literal(by)).where(
        fact.run_id == run.id, fact.undoes.is_(None), ~exists().where(undo.undoes == fact.id)
    )
    undone = changed(session.execute(insert(table).from_select(["badge_id", "run_id", "undoes", "at", "by"], facts)))
    _record(session, run, "print.unmark", now=now, actor=actor, detail={"badges": undone})
    return undone


def mark_one(session: Session, badge: Badge, *, now: datetime, by: str, actor: str) -> bool:
    """This very issue was printed at the desk. False if that is known. Journalled."""
    issue = (BadgeRow.number == badge.number, BadgeRow.issue == badge.issue)
    # Held, so that of two who say it at once the later one hears that it is known.
    badge_id = session.execute(select(BadgeRow.id).where(*issue).with_for_update(key_share=True)).scalar_one()
    if find_mark(session, badge) is not None:
        return False
    session.add(BadgePrintedRow(badge_id=badge_id, at=now, by=by))
    subject, detail = f"visitor:{badge.visitor_id}", {"issue": badge.issue}
    journal.record(session, now=now, actor=actor, action="badge.mark_printed", subject=subject, detail=detail)
    return True


def _record(session: Session, run: Run, action: str, *, now: datetime, actor: str, detail: dict[str, object]) -> None:
    journal.record(session, now=now, actor=actor, action=action, subject=f"print:{run.id}", detail=detail)
