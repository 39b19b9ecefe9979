"""Each day's report to each organiser, once: noted when the day has closed, claimed by one worker, settled.

The states and the rules of retrying are those of all mails (`mail.policy`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checkin.database import changed, insert, table_of
from checkin.journal import service as journal
from checkin.mail.model import MailState, Outcome, Problem, Trouble
from checkin.mail.policy import SERVER_WAIT, STALE_AFTER, is_servers_fault, standing_after
from checkin.reports.tables import ReportMailRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMail:
    """One day's report on its way to one address."""

    id: int
    day: date
    address: str
    state: MailState
    tries: int
    at: datetime
    trouble: Trouble | None


def note(session: Session, day: date, addresses: Iterable[str], now: datetime) -> None:
    """Note that this day's report goes to these addresses; once to each, whoever says it and however often."""
    for address in addresses:
        row = insert(session, table_of(ReportMailRow)).values(
            day=day,
            address=address,
            state=MailState.WAITING,
            tries=0,
            made_at=now,
            next_try_at=now,
            problem="",
            code="",
        )
        session.execute(row.on_conflict_do_nothing(index_elements=["day", "address"]))


def all_mails(session: Session) -> tuple[ReportMail, ...]:
    """Every mail, the newest day first."""
    rows = session.scalars(select(ReportMailRow).order_by(ReportMailRow.day.desc(), ReportMailRow.id))
    return tuple(_mail(row) for row in rows)


def find_due(session: Session, now: datetime) -> ReportMail | None:
    """The mail that has waited longest for its time to come, if any has."""
    due = select(ReportMailRow).where(ReportMailRow.state == MailState.WAITING, ReportMailRow.next_try_at <= now)
    row = session.scalar(due.order_by(ReportMailRow.next_try_at, ReportMailRow.id).limit(1))
    return None if row is None else _mail(row)


def claim(session: Session, mail: ReportMail, now: datetime) -> bool:
    """Take a mail in hand, right before the server is told of it. False when another worker has."""
    due = (ReportMailRow.id == mail.id, ReportMailRow.state == MailState.WAITING, ReportMailRow.next_try_at <= now)
    return bool(
        changed(session.execute(update(ReportMailRow).where(*due).values(state=MailState.SENDING, claimed_at=now)))
    )


def settle(session: Session, mail: ReportMail, outcome: Outcome, *, claimed_at: datetime, now: datetime) -> None:
    """Write down what became of a try. Journalled when it went out; no address stands there."""
    trouble = getattr(outcome, "trouble", None)
    tries = mail.tries + (0 if trouble and is_servers_fault(trouble.problem) else 1)
    standing = standing_after(outcome, tries=tries, now=now)
    held = (MailState.SENDING, MailState.UNSURE)
    mine = (ReportMailRow.id == mail.id, ReportMailRow.state.in_(held), ReportMailRow.claimed_at == claimed_at)
    session.execute(
        update(ReportMailRow)
        .where(*mine)
        .values(
            state=standing.state,
            tries=tries,
            claimed_at=None,
            next_try_at=standing.next_try_at or now,
            sent_at=now if standing.state is MailState.SENT else None,
            problem=standing.trouble.problem if standing.trouble else "",
            code=standing.trouble.code if standing.trouble else "",
        )
    )
    if standing.state is MailState.SENT:
        journal.record(
            session,
            now=now,
            actor="server",
            action="report.mail",
            detail={"day": mail.day.isoformat(), "mail": mail.id},
        )


def put_off_all(session: Session, trouble: Trouble, now: datetime) -> None:
    """The server cannot be used: whatever is due waits a little, and no mail is the worse for it."""
    due = (ReportMailRow.state == MailState.WAITING, ReportMailRow.next_try_at <= now)
    values = {"next_try_at": now + SERVER_WAIT, "problem": trouble.problem, "code": trouble.code}
    session.execute(update(ReportMailRow).where(*due).values(values))


def note_stale(session: Session, now: datetime) -> int:
    """Claims whose worker is gone become *unsure*: their mail may be on its way, so nothing sends it again."""
    gone = (ReportMailRow.state == MailState.SENDING, ReportMailRow.claimed_at < now - STALE_AFTER)
    values = {"state": MailState.UNSURE, "problem": Problem.STALE, "code": ""}
    return changed(session.execute(update(ReportMailRow).where(*gone).values(values)))


def _mail(row: ReportMailRow) -> ReportMail:
    return ReportMail(
        id=row.id,
        day=row.day,
        address=row.address,
        state=MailState(row.state),
        tries=row.tries,
        at=row.sent_at or row.made_at,
        trouble=Trouble(Problem(row.problem), row.code) if row.problem else None,
    )
