"""What can be done with API keys: make one, ask what one opens, note its use, revoke it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.apikeys.model import ApiKey, Made, Refused, Scope
from checkin.apikeys.policy import PREFIX, TOUCH_EVERY, handle_of, why_not
from checkin.apikeys.queries import NoSuchKeyError, all_keys, find_row, get_key, key_of
from checkin.apikeys.tables import ApiKeyRow
from checkin.database import changed
from checkin.journal.service import record

__all__ = [
    "NoSuchKeyError",
    "all_keys",
    "find",
    "get_by_handle",
    "get_key",
    "is_touch_due",
    "lock_key",
    "make",
    "revoke",
    "touch",
]
_NOBODYS = "0" * 64  # no text has this hash


def make(
    session: Session, *, name: str, scopes: Collection[Scope], lasts: timedelta, by: str, actor: str, now: datetime
) -> Made:
    """A new key. `by` is who made it as the page shows it. Journalled."""
    handle = secrets.token_hex(4)
    text = f"{PREFIX}{handle}_{secrets.token_urlsafe(32)}"
    row = ApiKeyRow(
        name=name,
        handle=handle,
        text_hash=_hash_of(text),
        scopes=sorted(scopes),
        made_at=now,
        made_by=by,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    told = {"scopes": sorted(scopes), "days": lasts.days}
    record(session, now=now, actor=actor, action="key.make", subject=f"key:{row.id}", detail=told)
    return Made(key_of(row), text)


def find(session: Session, text: str, scope: Scope, now: datetime) -> ApiKey | Refused:
    """The key that this text is, if it opens `scope` at `now`; else why not. Compared in constant time."""
    handle = handle_of(text)
    row = find_row(session, handle) if handle else None
    if not hmac.compare_digest(_hash_of(text), row.text_hash if row else _NOBODYS) or row is None:
        return Refused.UNKNOWN
    key = key_of(row)
    return why_not(key, scope, now) or key


def lock_key(session: Session, text: str) -> str | None:
    """What wrong tries are counted by: the key that was tried, or all strangers; None for what is no key at all."""
    handle = handle_of(text)
    if handle is None:
        return None
    return f"api-key:{handle}" if find_row(session, handle) else "api-key:strangers"


def get_by_handle(session: Session, handle: str) -> ApiKey:
    """The key with this handle. Raises NoSuchKeyError."""
    row = find_row(session, handle)
    if row is None:
        raise NoSuchKeyError(handle)
    return key_of(row)


def is_touch_due(key: ApiKey, now: datetime) -> bool:
    """Whether this use should be noted: once a minute is enough."""
    return key.last_used_at is None or now - key.last_used_at >= TOUCH_EVERY


def touch(session: Session, key: ApiKey, now: datetime) -> None:
    """Note that the key is in use."""
    session.execute(update(ApiKeyRow).where(ApiKeyRow.id == key.id).values(last_used_at=now))


def revoke(session: Session, key_id: int, *, actor: str, now: datetime) -> bool:
    """End a key at once; of two who do so at once one gets True. Journalled. Raises NoSuchKeyError."""
    get_key(session, key_id)
    live = update(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
    done = bool(changed(session.execute(live.values(revoked_at=now))))
    if done:
        record(session, now=now, actor=actor, action="key.revoke", subject=f"key:{key_id}")
    return done


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
