"""Reading API keys."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.apikeys.model import ApiKey, Scope
from checkin.apikeys.tables import ApiKeyRow


class NoSuchKeyError(LookupError):
    """No API key has this id or this handle."""


def get_key(session: Session, key_id: int) -> ApiKey:
    """The key with this id. Raises NoSuchKeyError."""
    row = session.get(ApiKeyRow, key_id)
    if row is None:
        raise NoSuchKeyError(key_id)
    return key_of(row)


def find_row(session: Session, handle: str) -> ApiKeyRow | None:
    """The row of the key with this handle."""
    return session.scalar(select(ApiKeyRow).where(ApiKeyRow.handle == handle))


def all_keys(session: Session) -> tuple[ApiKey, ...]:
    """Every key that there ever was, the newest first."""
    return tuple(key_of(row) for row in session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.id.desc())))


def key_of(row: ApiKeyRow) -> ApiKey:
    """The row as a key. A scope that this version does not know opens nothing."""
    return ApiKey(
        id=row.id,
        name=row.name,
        handle=row.handle,
        scopes=frozenset(Scope(scope) for scope in row.scopes if scope in set(Scope)),
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
