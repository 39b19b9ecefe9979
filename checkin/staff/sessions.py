"""Sessions of staff: kept in the database, so that each can be ended at once. The browser holds a secret alone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.staff.model import LiveSession, Staff
from checkin.staff.policy import SESSION_LASTS, TOUCH_EVERY
from checkin.staff.queries import find_live_session
from checkin.staff.tables import SessionRow


def new_secret() -> str:
    """256 random bits in 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is stored of a random secret: its SHA-256. Nobody guesses 256 bits, so it need not be slow."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_session(session: Session, staff: Staff, now: datetime) -> str:
    """Sign this person in, without asking for a password, and return the token for the cookie."""
    token = new_secret()
    session.add(
        SessionRow(
            token_hash=hash_of(token),
            staff_id=staff.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    session.flush()
    return token


def find_session(session: Session, token: str, now: datetime) -> LiveSession | None:
    """Whose session this token opens at `now`, if it still does."""
    return find_live_session(session, hash_of(token), now)


def is_touch_due(live: LiveSession, now: datetime) -> bool:
    """Whether this use should be noted: once a minute is enough."""
    return now - live.last_seen_at >= TOUCH_EVERY


def touch_session(session: Session, token: str, now: datetime) -> None:
    """Note that the session is in use."""
    live = (SessionRow.token_hash == hash_of(token)) & SessionRow.ended_at.is_(None)
    session.execute(update(SessionRow).where(live).values(last_seen_at=now))


def end_session(session: Session, token: str, now: datetime) -> None:
    """End the session of this token, if there is one."""
    live = (SessionRow.token_hash == hash_of(token)) & SessionRow.ended_at.is_(None)
    session.execute(update(SessionRow).where(live).values(ended_at=now))


def end_sessions(session: Session, staff_id: int, now: datetime) -> None:
    """End every session of this person: the next click of each browser is refused."""
    live = (SessionRow.staff_id == staff_id) & SessionRow.ended_at.is_(None)
    session.execute(update(SessionRow).where(live).values(ended_at=now))
