"""Reading mails."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.mail.model import Counts, Kind, Mail, MailState, Problem, Trouble
from checkin.mail.policy import is_servers_fault
from checkin.mail.tables import MailRow


class NoSuchMailError(LookupError):
    """No mail has this id."""


def get_mail(session: Session, mail_id: int) -> Mail:
    """The mail with this id. Raises NoSuchMailError."""
    row = session.get(MailRow, mail_id)
    if row is None:
        raise NoSuchMailError(mail_id)
    return mail_of(row)


def find_due(session: Session, now: datetime) -> int | None:
    """The mail that has waited longest for its time to come, if any has."""
    return session.scalar(
        select(MailRow.id)
        .where(MailRow.state == MailState.WAITING, MailRow.next_try_at <= now)
        .order_by(MailRow.next_try_at, MailRow.id)
        .limit(1)
    )


def is_server_resting(session: Session, now: datetime) -> bool:
    """Whether the server failed all mails a moment ago: then not every new one tries it again."""
    failed = MailRow.problem.in_([problem for problem in Problem if is_servers_fault(problem)])
    resting = (MailRow.state == MailState.WAITING, failed, MailRow.next_try_at > now)
    return session.scalar(select(MailRow.id).where(*resting).limit(1)) is not None


def count(session: Session) -> Counts:
    """How many mails stand where."""
    rows = session.execute(select(MailRow.state, func.count()).group_by(MailRow.state))
    return Counts(**{str(state): number for state, number in rows})


def count_to(session: Session, address: str, *, since: datetime) -> int:
    """How many mails were noted for this address since then."""
    noted = select(func.count()).where(MailRow.address == address, MailRow.made_at >= since)
    return session.scalar(noted) or 0


def troubled(session: Session, *, most: int) -> tuple[Mail, ...]:
    """Mails that need a person first, then those put off; newest first, at most `most`."""
    needs_person = MailRow.state.in_((MailState.GIVEN_UP, MailState.UNSURE))
    rows = session.scalars(
        select(MailRow)
        .where(needs_person | ((MailRow.state == MailState.WAITING) & (MailRow.problem != "")))
        .order_by(needs_person.desc(), MailRow.id.desc())
        .limit(most)
    )
    return tuple(mail_of(row) for row in rows)


def latest(session: Session, *, most: int) -> tuple[Mail, ...]:
    """The newest mails, newest first, at most `most`."""
    return tuple(mail_of(row) for row in session.scalars(select(MailRow).order_by(MailRow.id.desc()).limit(most)))


def mails_of(session: Session, visitor_id: int) -> tuple[Mail, ...]:
    """The mails of a visitor, newest first."""
    rows = session.scalars(select(MailRow).where(MailRow.visitor_id == visitor_id).order_by(MailRow.id.desc()))
    return tuple(mail_of(row) for row in rows)


def mail_of(row: MailRow) -> Mail:
    """The row as a mail."""
    return Mail(
        id=row.id,
        visitor_id=row.visitor_id,
        number=row.number,
        issue=row.issue,
        kind=Kind(row.kind),
        address=row.address,
        state=MailState(row.state),
        tries=row.tries,
        again=row.again,
        made_at=row.made_at,
        next_try_at=row.next_try_at,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        trouble=Trouble(Problem(row.problem), row.code) if row.problem else None,
    )
