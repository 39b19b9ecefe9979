"""How the watch list is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class WatchRow(Base):
    """Whose arrival is waited for: a delegation, a category, or one person. Ended, it stays to be taken up again.

    `which`: the group as visitors have it, the category's slug, or the visitor's number.
    """

    __tablename__ = "watch"
    # Two organisers who put the same delegation on the list at once make one line.
    __table_args__ = (UniqueConstraint("kind", "which"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    which: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
