"""How oddities are stored: those that follow from scans and from people, and what organisers said of any of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class _Odd:
    """What an oddity is; its key names it among its kind."""

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date] = mapped_column(Date)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[int | None]
    gate: Mapped[str] = mapped_column(String(64))
    other: Mapped[str] = mapped_column(String(64))


class OddityRow(_Odd, Base):
    """An oddity that follows from stored facts: written anew whenever those of its subject are counted anew."""

    __tablename__ = "oddity"
    __table_args__ = (Index(None, "kind", "at"), Index(None, "subject"))

    # A visitor's number or the id of a scan of nobody known, as in `tally_share`; `double 17` of who is alike.
    subject: Mapped[str] = mapped_column(String(36))


class SettledRow(_Odd, Base):
    """That somebody has looked at it: of two who settle one thing at once, the key says who was first.

    It says itself what it is about, so that a tablet that is back still stands in the list of what was settled.
    """

    __tablename__ = "oddity_settled"
    __table_args__ = (Index(None, "kind", "at"),)

    note: Mapped[str] = mapped_column(String(300))
    settled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(String(120))


class GateHeardRow(Base):
    """When the latest scan of a day was made at a gate, whatever became of it."""

    __tablename__ = "gate_heard"

    gate: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class LikenessRow(Base):
    """What a visitor could be known by again: their phone, their e-mail, their name with organisation.

    As a digest, with the likeness in front (`phone 3f…`): nobody's phone stands here a second time.
    """

    __tablename__ = "visitor_likeness"
    __table_args__ = (Index(None, "visitor_id"),)

    digest: Mapped[str] = mapped_column(String(40), primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True)


class ComparedRow(Base):
    """That a visitor was compared with everyone before, and after which of their corrections (0: none)."""

    __tablename__ = "visitor_compared"

    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    correction_id: Mapped[int] = mapped_column(Integer)
