"""What can be done with mails: note one to send, claim it, say what became of it, ask for it again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.badges.model import Badge
from checkin.database import changed, insert, table_of
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.mail.model import Kind, Mail, MailState, Outcome, Problem, Trouble
from checkin.mail.policy import MOST_A_DAY, SERVER_WAIT, STALE_AFTER, is_servers_fault, standing_after
from checkin.mail.queries import count, count_to, find_due, get_mail, is_server_resting, latest, mails_of, troubled
from checkin.mail.tables import MailRow
from checkin.visitors.model import Visitor

__all__ = [
    "claim",
    "count",
    "drop",
    "find_due",
    "get_mail",
    "is_server_resting",
    "latest",
    "mails_of",
    "note_badge",
    "note_stale",
    "put_off_all",
    "send_again",
    "settle",
    "troubled",
]


class MayBeDoubleError(Exception):
    """The visitor has this mail, or may have it: whoever sends it again must say so."""


def note_badge(session: Session, event: Event, visitor: Visitor, badge: Badge, *, now: datetime) -> None:
    """Note, in the transaction that issued this badge, that it is to be mailed; once, however often it is said.

    Nothing is noted where the event sends no mails or the visitor gave no address.
    """
    address = visitor.details.email
    if event.mailing is None or not address:
        return
    is_flood = count_to(session, address, since=now - timedelta(days=1)) >= MOST_A_DAY
    row = insert(session, table_of(MailRow)).values(
        visitor_id=visitor.id,
        number=badge.number,
        issue=badge.issue,
        kind=Kind.BADGE,
        address=address,
        state=MailState.GIVEN_UP if is_flood else MailState.WAITING,
        tries=0,
        again=0,
        made_at=now,
        next_try_at=now,
        problem=Problem.TOO_MANY if is_flood else "",
        code="",
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["number", "issue", "kind"]))


def claim(session: Session, mail_id: int, *, now: datetime) -> bool:
    """Take a mail in hand, right before the server is told of it. False when somebody else has, or it is not due."""
    due = (MailRow.id == mail_id, MailRow.state == MailState.WAITING, MailRow.next_try_at <= now)
    mine = update(MailRow).where(*due).values(state=MailState.SENDING, claimed_at=now)
    return bool(changed(session.execute(mine)))


def settle(session: Session, mail: Mail, outcome: Outcome, *, claimed_at: datetime | None, now: datetime) -> None:
    """Write down what became of a try, claimed at `claimed_at` (None: it never came to talking).

    Also where the claim was thought stale meanwhile: whoever talked to the server knows better.
    """
    trouble = getattr(outcome, "trouble", None)
    tries = mail.tries + (0 if trouble and is_servers_fault(trouble.problem) else 1)
    standing = standing_after(outcome, tries=tries, now=now)
    held = [MailRow.state.in_((MailState.SENDING, MailState.UNSURE)), MailRow.claimed_at == claimed_at]
    if claimed_at is None:
        held = [MailRow.state == MailState.WAITING]
    session.execute(
        update(MailRow)
        .where(MailRow.id == mail.id, *held)
        .values(
            state=standing.state,
            tries=tries,
            claimed_at=None,
            next_try_at=standing.next_try_at or now,
            sent_at=now if standing.state is MailState.SENT else MailRow.sent_at,
            problem=standing.trouble.problem if standing.trouble else "",
            code=standing.trouble.code if standing.trouble else "",
        )
    )


def drop(session: Session, mail_id: int) -> None:
    """Let a mail that waits go: its badge was replaced or revoked, or the expo is over."""
    overtaken = (MailRow.id == mail_id, MailRow.state == MailState.WAITING)
    session.execute(update(MailRow).where(*overtaken).values(state=MailState.DROPPED, problem="", code=""))


def put_off_all(session: Session, trouble: Trouble, *, now: datetime) -> None:
    """The server cannot be used: whatever is due waits a little, and no mail is the worse for it."""
    due = (MailRow.state == MailState.WAITING, MailRow.next_try_at <= now)
    values = {"next_try_at": now + SERVER_WAIT, "problem": trouble.problem, "code": trouble.code}
    session.execute(update(MailRow).where(*due).values(values))


def note_stale(session: Session, now: datetime) -> int:
    """Claims whose worker is gone become *unsure*: their mail may be on its way, so nothing sends it again by itself.

    How many there were.
    """
    gone = (MailRow.state == MailState.SENDING, MailRow.claimed_at < now - STALE_AFTER)
    values = {"state": MailState.UNSURE, "tries": MailRow.tries + 1, "problem": Problem.STALE, "code": ""}
    return changed(session.execute(update(MailRow).where(*gone).values(values)))


def send_again(session: Session, mail: Mail, *, address: str, even_if_double: bool, now: datetime, actor: str) -> None:
    """Let a mail wait for its turn anew, to `address`. Journalled. Raises MayBeDoubleError unless that was allowed.

    Harmless for one that waits already: it is tried at once.
    """
    if mail.may_be_double and not even_if_double:
        raise MayBeDoubleError(mail.id)
    # The state stands in WHERE: of two who ask at once one is heard, and a mail that went out meanwhile is left alone.
    heard = session.execute(
        update(MailRow)
        .where(MailRow.id == mail.id, MailRow.state == mail.state, MailRow.again == mail.again)
        .values(
            state=MailState.WAITING,
            address=address,
            tries=0,
            # Receiving servers know a message by its id and may swallow a second one.
            again=MailRow.again + (1 if mail.may_be_double else 0),
            claimed_at=None,
            next_try_at=now,
            problem="",
            code="",
        )
    )
    if changed(heard):
        subject, detail = f"visitor:{mail.visitor_id}", {"issue": mail.issue, "was": mail.state.value}
        journal.record(session, now=now, actor=actor, action="mail.send_again", subject=subject, detail=detail)
