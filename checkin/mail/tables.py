"""How mails are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class MailRow(Base):
    """One mail, from the transaction that issued its badge until it has gone."""

    __tablename__ = "mail"
    __table_args__ = (
        # One issue of a badge has one mail, whoever asks for it and however often: never twice silently.
        UniqueConstraint("number", "issue", "kind"),
        Index(None, "state", "next_try_at"),
        Index(None, "visitor_id"),
        Index(None, "address", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(BigInteger)
    issue: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    again: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(16), default="")
    code: Mapped[str] = mapped_column(String(16), default="")
