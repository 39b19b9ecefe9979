"""How what changes while the expo runs is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class EpochRow(Base):
    """Which life of the database this is: new after a restore, so that tablets offer again what they sent before."""

    __tablename__ = "epoch"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ServerStartRow(Base):
    """How far each instance folder has counted, at starts and arrivals: the folder keeps it too, and must agree."""

    __tablename__ = "server_start"

    instance: Mapped[str] = mapped_column(String(32), primary_key=True)
    starts: Mapped[int]


class MachineRow(Base):
    """What a machine began its latest start with: digests alone, to be compared with the others'."""

    __tablename__ = "machine"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    event: Mapped[str] = mapped_column(String(64))
    templates: Mapped[str] = mapped_column(String(64))
    secret_key: Mapped[str] = mapped_column(String(64))
    token_master: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HoldRow(Base):
    """An organiser holds a gate or a category: nobody passes until it is released."""

    __tablename__ = "hold"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    message: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ChangeRow(Base):
    """What organisers changed over the event file, a gate or the hours of a day. Only added to; the newest holds."""

    __tablename__ = "programme_change"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Counted for each thing: of two who change one at once, the later finds the number taken.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(8))
    # JSON: what holds instead of the file, `{}` for the file alone, and what the file said then, `{}` for nothing.
    instead: Mapped[str] = mapped_column(Text)
    file: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(64))
