"""A lock that grows with wrong tries. It guards a key: an e-mail address here, `pin:device:7` at a gate.

Three steps, so that no transaction waits for a hash: `find_lock` in a snapshot, the slow check outside,
`settle_try` in a transaction. The last one judges: of many tries sent at once, those after the fifth wrong one
come to nothing, the right secret too.

There is no lock per address on the network: the whole hall shares one.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.staff.model import LockedUntil
from checkin.staff.policy import FAILURES_FORGOTTEN_AFTER, failures_after, lock_lasts
from checkin.staff.tables import FailureRow


def find_lock(session: Session, key: str, now: datetime) -> LockedUntil | None:
    """Whether `key` is locked at `now`."""
    row = session.get(FailureRow, _hash(key))
    return None if row is None else _lock(row, now)


def settle_try(session: Session, key: str, now: datetime, *, right: bool) -> LockedUntil | None:
    """Note one try. None: it counts as it is. LockedUntil: refuse it, `right` or not; a wrong one may have locked."""
    if not right:
        fresh = insert(session, table_of(FailureRow)).values(key_hash=_hash(key), failures=0, last_failed_at=now)
        session.execute(fresh.on_conflict_do_nothing())
    row = session.scalar(
        select(FailureRow)
        .where(FailureRow.key_hash == _hash(key))
        .with_for_update()  # tries sent at once are counted one after the other
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    if locked := _lock(row, now):
        return locked
    if right:
        session.delete(row)
        return None
    row.failures = failures_after(row.failures, row.last_failed_at, now)
    row.last_failed_at = now
    session.execute(delete(FailureRow).where(FailureRow.last_failed_at < now - FAILURES_FORGOTTEN_AFTER))
    return _lock(row, now)


def forget_failures(session: Session, key: str) -> None:
    """Open the lock of `key`, for someone who has proved themself in another way."""
    session.execute(delete(FailureRow).where(FailureRow.key_hash == _hash(key)))


def _lock(row: FailureRow, now: datetime) -> LockedUntil | None:
    until = row.last_failed_at + lock_lasts(row.failures)
    return LockedUntil(until) if now < until else None


def _hash(key: str) -> str:
    return hashlib.sha256(f"sign-in-failure-v1:{key}".encode()).hexdigest()
