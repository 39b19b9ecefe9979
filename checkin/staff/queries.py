"""Reading staff."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from checkin.staff.model import (
    Invitation,
    InvitationGone,
    LiveSession,
    Member,
    Role,
    SecretHash,
    Staff,
    Standing,
)
from checkin.staff.policy import is_session_live
from checkin.staff.tables import InvitationRow, SessionRow, StaffRow, SupervisorPinRow

# Made once, and read past the ORM: every page and every look at a live board asks it.
_LIVE_SESSION = (
    select(SessionRow.expires_at, SessionRow.last_seen_at, StaffRow.id, StaffRow.name, StaffRow.email, StaffRow.role)
    .join(StaffRow, StaffRow.id == SessionRow.staff_id)
    .where(SessionRow.token_hash == bindparam("hash"), SessionRow.ended_at.is_(None), StaffRow.ended_at.is_(None))
)


class NoSuchStaffError(LookupError):
    """No member of staff has this id, or their access has ended."""


def get_staff(session: Session, staff_id: int) -> Staff:
    """The person with this id whose access has not ended. Raises NoSuchStaffError."""
    row = session.get(StaffRow, staff_id)
    if row is None or row.ended_at is not None:
        raise NoSuchStaffError(staff_id)
    return staff_of(row)


def find_by_email(session: Session, email: str) -> StaffRow | None:
    """The row of whoever may sign in with this address (in its plain form), read afresh and held until commit."""
    return session.scalar(
        select(StaffRow)
        .where(StaffRow.email == email, StaffRow.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_password(session: Session, email: str) -> SecretHash | None:
    """The stored hash for this address (in its plain form): None for strangers, the invited and those who left."""
    found = session.scalar(select(StaffRow.password_hash).where(StaffRow.email == email, StaffRow.ended_at.is_(None)))
    return None if found is None else SecretHash(found)


def has_organiser(session: Session) -> bool:
    """Whether an organiser can sign in."""
    return (
        session.scalar(
            select(StaffRow.id)
            .where(StaffRow.role == Role.ORGANISER, StaffRow.password_hash.is_not(None), StaffRow.ended_at.is_(None))
            .limit(1)
        )
        is not None
    )


def members(session: Session) -> tuple[Member, ...]:
    """Everyone who ever had access, by name; those whose access ended come last."""
    seen = func.max(SessionRow.last_seen_at)
    rows = session.execute(
        select(StaffRow, seen)
        .outerjoin(SessionRow, SessionRow.staff_id == StaffRow.id)
        .group_by(StaffRow.id)
        .order_by(StaffRow.ended_at.is_not(None), StaffRow.name, StaffRow.id)
    )
    return tuple(
        Member(staff=staff_of(row), standing=_standing(row), last_seen_at=last_seen_at) for row, last_seen_at in rows
    )


def find_live_session(session: Session, token_hash: str, now: datetime) -> LiveSession | None:
    """The session with this hash, if it may still be used at `now`."""
    found = session.connection().execute(_LIVE_SESSION, {"hash": token_hash}).one_or_none()
    if found is None or not is_session_live(found.expires_at, found.last_seen_at, now):
        return None
    staff = Staff(id=found.id, name=found.name, email=found.email, role=Role(found.role))
    return LiveSession(staff=staff, last_seen_at=found.last_seen_at)


def find_invitation(session: Session, code_hash: str, now: datetime) -> Invitation | InvitationGone:
    """What the link with this hash still offers at `now`, else why it offers nothing."""
    row = session.get(InvitationRow, code_hash)
    if row is None:
        return InvitationGone.UNKNOWN
    if row.used_at is not None:
        return InvitationGone.USED
    if now >= row.expires_at:
        return InvitationGone.EXPIRED
    if row.staff_id is not None:
        return Invitation(Role(row.role), get_staff(session, row.staff_id))
    # The first organiser's link is worth nothing as soon as there is one, however they came.
    return InvitationGone.USED if has_organiser(session) else Invitation(Role(row.role), None)


def find_supervisor_pin(session: Session) -> SecretHash | None:
    """The stored hash of the supervisor's PIN, if one was set."""
    found = session.scalar(select(SupervisorPinRow.pin_hash))
    return None if found is None else SecretHash(found)


def find_supervisor_pin_set_at(session: Session) -> datetime | None:
    """Since when the supervisor's PIN holds, if one was set."""
    return session.scalar(select(SupervisorPinRow.set_at))


def staff_of(row: StaffRow) -> Staff:
    """The row as a person."""
    return Staff(id=row.id, name=row.name, email=row.email, role=Role(row.role))


def _standing(row: StaffRow) -> Standing:
    if row.ended_at is not None:
        return Standing.ENDED
    return Standing.INVITED if row.password_hash is None else Standing.ACTIVE
