"""How scans and what follows from them are stored. Scans, undos and overrides are facts: only ever added."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class ScanRow(Base):
    """One scan, as it was sent, with the judgement it was given on arrival. Neither ever changes.

    Only `shown_*` may be filled later, once, when a tablet first sends a scan and then tells what it showed.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index(None, "visitor_id", "day"),
        Index(None, "gate", "day"),
        Index(None, "day", "zone"),
        Index(None, "scanned_at"),
    )

    # Made by the tablet, so that a resend is harmless: two arrivals of one scan are settled here.
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # tablets ask for what came since
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent: Mapped[str] = mapped_column(Text)
    clock: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(8))
    gate: Mapped[str] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(4))
    day: Mapped[date] = mapped_column(Date)
    zone: Mapped[str] = mapped_column(String(64))
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id"))
    number: Mapped[int | None] = mapped_column(BigInteger)
    issue: Mapped[int | None]
    told_issue: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(String(16))
    check: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(String(200))
    first_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_gate: Mapped[str | None] = mapped_column(String(64))
    previous_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    previous_gate: Mapped[str | None] = mapped_column(String(64))
    previous_direction: Mapped[str | None] = mapped_column(String(4))
    shown_verdict: Mapped[str | None] = mapped_column(String(8))
    shown_reason: Mapped[str | None] = mapped_column(String(16))
    shown_confirmed: Mapped[bool | None]
    # Who held the tablet: the staff number typed at the start of a shift, if one was.
    staff: Mapped[str | None] = mapped_column(String(8))


class AdmissionRow(Base):
    """A visitor's first entry of a day in a zone: the earliest by scan moment, then scan id."""

    __tablename__ = "admission"
    __table_args__ = (Index(None, "day", "zone"),)

    # One row however many gates scan the same badge at once: this key is why nobody is counted twice.
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    zone: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"))
    gate: Mapped[str] = mapped_column(String(64))


class _Correction:
    """A fact about a stored scan, coined by whoever made it, so that a resend is harmless."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    by: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(512))


class UndoRow(_Correction, Base):
    """Staff took a scan back: it no longer counts, and stays stored."""

    __tablename__ = "undo"


class OverrideRow(_Correction, Base):
    """A supervisor let a refused person in: the scan counts as an entry, and is reported apart."""

    __tablename__ = "override"


class ConflictRow(Base):
    """A known scan id that came with other content: kept beside, changing nothing. Each content once."""

    __tablename__ = "scan_conflict"

    scan_id: Mapped[str] = mapped_column(ForeignKey("scan.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    sent: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuarantineRow(Base):
    """What a retired tablet still sent: kept for an organiser to release or discard. Each content once."""

    __tablename__ = "scan_quarantine"

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # What an organiser decided of it, once: `released` or `discarded`, when and by whom.
    settled_as: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(80))


class RecountRow(Base):
    """Whose figures have to be counted anew: a visitor's, or those of one scan of nobody known.

    Added in the transaction that changes a fact, taken away in the one that counts it. There may be several alike.
    """

    __tablename__ = "recount"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    visitor_id: Mapped[int | None]
    scan_id: Mapped[str | None] = mapped_column(String(36))
