"""How print runs are stored, and that badges were printed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class PrintRunRow(Base):
    """A run: what was chosen and how it is printed. How far it is, its job says."""

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), unique=True)
    which: Mapped[str] = mapped_column(String(16))
    category: Mapped[str] = mapped_column(String(64))
    template: Mapped[str] = mapped_column(String(64))
    sheet: Mapped[str] = mapped_column(String(64))
    order: Mapped[str] = mapped_column(String(16))
    both_sides: Mapped[bool]
    first: Mapped[int]
    folder: Mapped[str] = mapped_column(String(400))
    badges: Mapped[int]
    parts: Mapped[int]
    # Set by whoever says *these are printed*, emptied by whoever takes it back: of two at once, one does it.
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PrintPartRow(Base):
    """One PDF of a run. A worker holds it while it draws; a holder that is not heard of loses it."""

    __tablename__ = "print_part"

    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    holder: Mapped[str] = mapped_column(String(40), default="")
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    badges: Mapped[int]


class PrintItemRow(Base):
    """One badge of a run: fixed when the run is made, so that whoever resumes it prints the same ones."""

    __tablename__ = "print_item"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "part"], ["print_part.run_id", "print_part.part"]),
        Index(None, "run_id", "part"),
        Index(None, "badge_id"),
    )

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int]
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id", ondelete="CASCADE"))
    outcome: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(300), default="")
    page: Mapped[int | None]
    place: Mapped[int | None]


class BadgePrintedRow(Base):
    """The fact that somebody said: this badge is printed. A fact is added, never changed; an undo is one too."""

    __tablename__ = "badge_printed"
    __table_args__ = (Index(None, "badge_id"), Index(None, "run_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("print_run.id"))  # none: said at the desk
    # The fact that this one takes back; unique, since it can be taken back once.
    undoes: Mapped[int | None] = mapped_column(ForeignKey("badge_printed.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
