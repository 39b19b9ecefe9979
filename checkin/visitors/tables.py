"""How visitors are stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from checkin.database import Base, Dates, UtcDateTime
from checkin.visitors.folding import LONGEST


class VisitorRow(Base):
    """One registered person."""

    __tablename__ = "visitor"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(16))
    link_version: Mapped[int] = mapped_column(default=0)
    # SHA-256 of the private link: whoever reads the database cannot open anyone's page with it.
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_ur: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(160))
    designation: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    gender: Mapped[str] = mapped_column(String(16))
    cluster: Mapped[str] = mapped_column(String(64))
    stand: Mapped[str] = mapped_column(String(40))
    days: Mapped[tuple[date, ...]] = mapped_column(Dates)
    language: Mapped[str] = mapped_column(String(2))
    group: Mapped[str] = mapped_column(String(120))
    consent_exhibitors: Mapped[bool]
    consent_news: Mapped[bool]
    consent_photo: Mapped[bool]
    sectors: Mapped[list[VisitorSectorRow]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (
        Index(None, "category"),
        Index(None, "country"),
        Index(None, "group"),
        Index(None, "name"),
        Index(None, "phone"),
        # SQLite would give a deleted visitor's id, and so their private link, to the next one.
        {"sqlite_autoincrement": True},
    )


class VisitorSectorRow(Base):
    """A line of business that a visitor named. A table of its own, so that sectors can be counted."""

    __tablename__ = "visitor_sector"

    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True)
    sector: Mapped[str] = mapped_column(String(64), primary_key=True)


class VisitorWordRow(Base):
    """A word that a visitor is found by, as `folding` has it: written in the transaction that writes the visitor.

    Words are looked up by their beginnings, so PostgreSQL has to order them as the bytes do, like SQLite.
    """

    __tablename__ = "visitor_word"
    __table_args__ = (Index(None, "visitor_id"),)

    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"), primary_key=True
    )
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True)


class CorrectionRow(Base):
    """That an organiser corrected a person: the fields that were changed, as they were and as they became.

    A fact is added, never changed; taking one back is one too.
    """

    __tablename__ = "visitor_correction"
    __table_args__ = (Index(None, "visitor_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The correction that this one takes back; unique, since it can be taken back once.
    undoes: Mapped[int | None] = mapped_column(ForeignKey("visitor_correction.id", ondelete="CASCADE"), unique=True)


class PartyMemberRow(Base):
    """Whose page shows this visitor too: a family on one phone, a delegation. Nobody is of two parties."""

    __tablename__ = "party_member"

    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"), index=True)


class MergeRow(Base):
    """That an organiser found two registrations to be one person: the double, and whom it is kept as.

    A fact is added, never changed; taking it back is one too (`SeparationRow`).
    """

    __tablename__ = "visitor_merge"
    __table_args__ = (Index(None, "double_id"), Index(None, "kept_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    double_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    kept_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200))
    # What was written into the kept one with it, and whether the double's badge was revoked with it.
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("visitor_correction.id", ondelete="SET NULL"))
    revoked: Mapped[bool]


class SeparationRow(Base):
    """That a merge was taken back: two people after all. Once, since the merge is the key."""

    __tablename__ = "visitor_separation"
    __table_args__ = (Index(None, "at"),)

    merge_id: Mapped[int] = mapped_column(
        ForeignKey("visitor_merge.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))


class DoubleRow(Base):
    """As whom somebody is counted who is a double: what the merges that stand come to, never in two steps.

    So whoever counts or judges asks once. Written with the facts it follows from.
    """

    __tablename__ = "visitor_double"
    __table_args__ = (Index(None, "kept_id"),)

    # Nobody is counted as two people: of two organisers who merge one double at once, the second is told.
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey("visitor.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kept_id: Mapped[int] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
