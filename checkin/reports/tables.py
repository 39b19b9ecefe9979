"""How signed reports and their mails are stored. A report is only ever added: a change of figures is a new revision."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class ReportRow(Base):
    """One signed version. `content` is the very text that was signed: figures, who, when and why."""

    __tablename__ = "report"
    # Two organisers who close at once: one of them makes the revision, the other is told.
    __table_args__ = (UniqueConstraint("scope", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(10))  # a date, or `all`
    revision: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportMailRow(Base):
    """One day's report to one organiser."""

    __tablename__ = "report_mail"
    # However many machines look at the clock, and however often: a day's report goes to an address once.
    __table_args__ = (UniqueConstraint("day", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(String(16), default="")
    code: Mapped[str] = mapped_column(String(16), default="")
