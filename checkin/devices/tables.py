"""How devices and pairing codes are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class DeviceRow(Base):
    """A paired tablet."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    # SHA-256 of 256 random bits: whoever reads the database cannot speak for a tablet.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    gate: Mapped[str] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8))
    paired_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    battery: Mapped[float | None]
    outbox: Mapped[int | None]
    app: Mapped[str] = mapped_column(String(40), default="")
    offset_ms: Mapped[int | None]
    # Since when the tablet has owed scans without a break; None while it owes none.
    first_owed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How a retired tablet ended: `put_away` keeps the badge key, `lost` moved to the next one.
    retired_as: Mapped[str | None] = mapped_column(String(16))
    # Of when its roster is, as the tablet says; and when it told that roster, names and keys are gone from it.
    roster_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PairingRow(Base):
    """A pairing code, kept as a hash: for one tablet and ten minutes, or for a whole set and up to a day."""

    __tablename__ = "pairing"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    gate: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How many tablets the code may pair, and has: an evening code pairs a whole set.
    most: Mapped[int] = mapped_column(default=1, server_default="1")
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    # Which tablet a code for one has paired; a set's tablets are many.
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"), unique=True)


class MoveRow(Base):
    """An organiser wants a tablet at another gate; the row goes when the tablet has said that it heard so."""

    __tablename__ = "device_move"

    # One for each tablet: what was wanted later takes its place.
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True, autoincrement=False)
    gate: Mapped[str] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(8))
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
