"""What can be done with the journal: write into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from checkin.journal.tables import JournalRow


def record(
    session: Session,
    *,
    now: datetime,
    actor: str,
    action: str,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one entry to the transaction at hand: what was done and its record are kept together or not at all."""
    session.add(JournalRow(at=now, actor=actor, action=action, subject=subject, detail=dict(detail or {})))
