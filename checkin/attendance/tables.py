"""How sums are stored: narrow tables, so that no figure grows slower with the scans. Facts stand in `admission`.

Each row is named by the key of its sum; a sum that came down to nothing may stay as a row of zeros.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime

_BY_KEY = {"sqlite_with_rowid": False}  # the key is all there is: no second tree beside it


class TallyScanRow(Base):
    """Scans of an hour of the venue's clock. `category` is empty of nobody known."""

    __tablename__ = "tally_scan"
    __table_args__ = (_BY_KEY,)

    # Day and gate first: a gate's own count of today reads a few rows that lie together.
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    gate: Mapped[str] = mapped_column(String(64), primary_key=True)
    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    zone: Mapped[str] = mapped_column(String(64), primary_key=True)
    direction: Mapped[str] = mapped_column(String(4), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(8), primary_key=True)
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    scans: Mapped[int]
    # Accepted or overridden, and not undone.
    counted: Mapped[int]
    discrepancies: Mapped[int]


class TallyPeopleRow(Base):
    """People of a day, once for each key. `newcomers`: those for whom no earlier show day has this key.

    So newcomers of the show days add up to the distinct people of the whole event.
    """

    __tablename__ = "tally_people"
    __table_args__ = (_BY_KEY,)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    category: Mapped[str] = mapped_column(String(64), primary_key=True)
    people: Mapped[int]
    newcomers: Mapped[int]


class TallyShareRow(Base):
    """What was counted of a subject: a visitor's number, or the id of a scan of nobody known."""

    __tablename__ = "tally_share"
    __table_args__ = (_BY_KEY,)

    subject: Mapped[str] = mapped_column(String(36), primary_key=True)
    facts: Mapped[str] = mapped_column(Text)


class TallyStateRow(Base):
    """One row: by which rules the sums were counted, and when something last was."""

    __tablename__ = "tally_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Of the code, and of the event file: with another one of these everything is counted anew.
    version: Mapped[int]
    rules: Mapped[str] = mapped_column(Text)
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
