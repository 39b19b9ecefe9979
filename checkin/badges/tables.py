"""How badges are stored."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, Dates, UtcDateTime


class BadgeNumberRow(Base):
    """Which visitor a badge number belongs to, for life: both sides are unique, so no two people share one."""

    __tablename__ = "badge_number"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"), unique=True)


class BadgeRow(Base):
    """One issue of a badge."""

    __tablename__ = "badge"
    __table_args__ = (
        # Two desks that print the same visitor's next badge at once: one of them is told to look again.
        UniqueConstraint("number", "issue"),
        Index(None, "visitor_id"),
        Index(None, "revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"))
    number: Mapped[int] = mapped_column(ForeignKey("badge_number.number"))
    issue: Mapped[int]
    key_number: Mapped[int]
    category: Mapped[int]
    days: Mapped[tuple[date, ...]] = mapped_column(Dates)
    name: Mapped[str] = mapped_column(String(120))
    name_ur: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(160))
    designation: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(80))
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_because: Mapped[str] = mapped_column(String(200), default="")
    revision: Mapped[int] = mapped_column(BigInteger)


class BadgeRevisionRow(Base):
    """The one counter of changes to badges, so that a tablet can ask for what is new to it."""

    __tablename__ = "badge_revision"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(BigInteger)


class BadgeKeyRow(Base):
    """A key that has been taken into use. The newest signs, older ones verify; without a row key 0 signs."""

    __tablename__ = "badge_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class PrintedRow(Base):
    """What printed badges rely on in the event file: the event's slug and each printed category's number."""

    __tablename__ = "printed"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(64))
