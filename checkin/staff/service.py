"""What can be done with staff. Passwords come as hashes or proofs: `passwords` makes both outside the transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.journal.service import record
from checkin.staff.lockout import find_lock, forget_failures, settle_try
from checkin.staff.model import (
    EmailTaken,
    Ending,
    Invitation,
    InvitationGone,
    Invited,
    LockedUntil,
    Proof,
    Role,
    SecretHash,
    SignedIn,
    Staff,
    WrongPassword,
)
from checkin.staff.policy import INVITATION_LASTS, plain_email, plain_name
from checkin.staff.queries import (
    NoSuchStaffError,
    find_by_email,
    get_staff,
    has_organiser,
    members,
    staff_of,
)
from checkin.staff.queries import find_invitation as find_invitation_by_hash
from checkin.staff.queries import find_password as find_password_of
from checkin.staff.sessions import end_session, end_sessions, find_session, hash_of, new_secret, open_session
from checkin.staff.supervisor import check_supervisor_pin, set_supervisor_pin
from checkin.staff.tables import InvitationRow, StaffRow

__all__ = [
    "NoSuchStaffError",
    "accept",
    "add",
    "check_supervisor_pin",
    "end_access",
    "end_sessions",
    "find_invitation",
    "find_lock",
    "find_password",
    "find_session",
    "find_staff_by_email",
    "first_organiser_invitation",
    "get_staff",
    "invite",
    "invite_again",
    "members",
    "open_session",
    "set_supervisor_pin",
    "settle_try",
    "sign_in",
    "sign_out",
]

NOBODY = "nobody"


def add(
    session: Session, *, name: str, email: str, role: Role, password: SecretHash | None, actor: str, now: datetime
) -> Staff | EmailTaken:
    """Give a person access; without a password they cannot sign in before they accept an invitation.

    Someone whose access had ended comes back as themself, with nothing of their old password.
    """
    fields = {"name": plain_name(name), "role": role, "password_hash": password}
    fresh = insert(session, table_of(StaffRow)).values(email=plain_email(email), created_at=now, **fields)
    staff_id = session.scalar(fresh.on_conflict_do_nothing().returning(table_of(StaffRow).c.id)) or session.scalar(
        update(StaffRow)
        .where(StaffRow.email == plain_email(email), StaffRow.ended_at.is_not(None))
        .values(ended_at=None, **fields)
        .returning(StaffRow.id)
    )
    if staff_id is None:
        return EmailTaken()
    staff = get_staff(session, staff_id)
    record(session, now=now, actor=actor, action="staff.add", subject=staff.actor, detail={"role": role})
    return staff


def invite(session: Session, *, name: str, email: str, role: Role, actor: str, now: datetime) -> Invited | EmailTaken:
    """Give a person access, and make the link with which they choose a password."""
    staff = add(session, name=name, email=email, role=role, password=None, actor=actor, now=now)
    return staff if isinstance(staff, EmailTaken) else invite_again(session, staff.id, actor=actor, now=now)


def invite_again(session: Session, staff_id: int, *, actor: str, now: datetime) -> Invited:
    """A new link to choose a password, also for who forgot theirs; older links stop. Raises NoSuchStaffError."""
    staff = get_staff(session, staff_id)
    _close_invitations(session, staff_id, now)
    record(session, now=now, actor=actor, action="staff.invite", subject=staff.actor)
    return Invited(staff, _new_invitation(session, staff_id, staff.role, now))


def first_organiser_invitation(session: Session, now: datetime) -> str | None:
    """The code of a new link for the first organiser, older ones stop; None as soon as an organiser can sign in."""
    _close_invitations(session, None, now)
    return None if has_organiser(session) else _new_invitation(session, None, Role.ORGANISER, now)


def find_invitation(session: Session, code: str, now: datetime) -> Invitation | InvitationGone:
    """What the link with this code still offers, else why it offers nothing."""
    return find_invitation_by_hash(session, hash_of(code), now)


def accept(
    session: Session, code: str, password: SecretHash, *, name: str, email: str, now: datetime
) -> SignedIn | InvitationGone | EmailTaken:
    """Set the invited person's password and sign them in here, and nowhere else any more. One use wins.

    `name` and `email` are the first organiser's, who says who they are; nobody else's count. EmailTaken uses nothing
    up, so that they can try another address.
    """
    invitation = _claim(session, code, now)
    if isinstance(invitation, InvitationGone):
        return invitation
    staff = invitation.staff or add(
        session, name=name, email=email, role=invitation.role, password=None, actor=NOBODY, now=now
    )
    if isinstance(staff, EmailTaken):
        session.execute(update(InvitationRow).where(InvitationRow.code_hash == hash_of(code)).values(used_at=None))
        return staff
    return _welcome(session, staff, password, now)


def find_staff_by_email(session: Session, email: str) -> Staff | None:
    """Who has access under this address, if anyone."""
    row = find_by_email(session, plain_email(email))
    return None if row is None else staff_of(row)


def find_password(session: Session, email: str, now: datetime) -> SecretHash | LockedUntil | None:
    """What to prove for a sign-in: the stored hash, None for a stranger (prove it all the same), or a lock."""
    return find_lock(session, _lock_key(email), now) or find_password_of(session, plain_email(email))


def sign_in(
    session: Session, email: str, proof: Proof, *, now: datetime, old_token: str = ""
) -> SignedIn | WrongPassword | LockedUntil:
    """Open a new session if `proof` holds for this address, and end the browser's old one.

    The lock is judged here again: tries that were all sent before it closed gain nothing.
    """
    row = find_by_email(session, plain_email(email))
    right = proof.holds and row is not None and row.password_hash == proof.stored
    locked = settle_try(session, _lock_key(email), now, right=right)
    if locked:
        subject = "" if row is None else staff_of(row).actor
        record(session, now=now, actor=NOBODY, action="staff.locked", subject=subject)
        return locked
    if not right or row is None:
        return WrongPassword()
    if proof.renewed:
        row.password_hash = proof.renewed
    if old_token:
        end_session(session, old_token, now)
    staff = staff_of(row)
    record(session, now=now, actor=staff.actor, action="staff.sign_in")
    return SignedIn(open_session(session, staff, now), staff)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End the session of this token; nothing to do is fine."""
    live = find_session(session, token, now)
    if live is not None:
        end_session(session, token, now)
        record(session, now=now, actor=live.staff.actor, action="staff.sign_out")


def end_access(session: Session, staff_id: int, *, by: Staff, now: datetime) -> Ending:
    """End a person's access, sessions and links at once. Nobody ends their own, so one organiser always stays.

    Raises NoSuchStaffError.
    """
    staff = get_staff(session, staff_id)
    if staff.id == by.id:
        return Ending.YOURSELF
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(ended_at=now, password_hash=None))
    _close_invitations(session, staff_id, now)
    end_sessions(session, staff_id, now)
    record(session, now=now, actor=by.actor, action="staff.end", subject=staff.actor)
    return Ending.ENDED


def _welcome(session: Session, staff: Staff, password: SecretHash, now: datetime) -> SignedIn:
    session.execute(update(StaffRow).where(StaffRow.id == staff.id).values(password_hash=password))
    end_sessions(session, staff.id, now)
    forget_failures(session, _lock_key(staff.email))
    record(session, now=now, actor=staff.actor, action="staff.accept", detail={"role": staff.role})
    return SignedIn(open_session(session, staff, now), staff)


def _claim(session: Session, code: str, now: datetime) -> Invitation | InvitationGone:
    """The invitation, used up by this call and by no other."""
    invitation = find_invitation(session, code, now)
    if isinstance(invitation, InvitationGone):
        return invitation
    unused = (InvitationRow.code_hash == hash_of(code)) & InvitationRow.used_at.is_(None)
    won = session.scalar(update(InvitationRow).where(unused).values(used_at=now).returning(InvitationRow.code_hash))
    return InvitationGone.USED if won is None else invitation


def _new_invitation(session: Session, staff_id: int | None, role: Role, now: datetime) -> str:
    code = new_secret()
    session.add(
        InvitationRow(
            code_hash=hash_of(code), staff_id=staff_id, role=role, created_at=now, expires_at=now + INVITATION_LASTS
        )
    )
    session.flush()
    return code


def _close_invitations(session: Session, staff_id: int | None, now: datetime) -> None:
    whose = InvitationRow.staff_id.is_(None) if staff_id is None else InvitationRow.staff_id == staff_id
    session.execute(update(InvitationRow).where(whose, InvitationRow.used_at.is_(None)).values(used_at=now))


def _lock_key(email: str) -> str:
    return f"email:{plain_email(email)}"
