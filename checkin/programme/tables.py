"""How what changes while the expo runs is stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class HoldRow(Base):
    """An organiser holds a gate or a category: nobody passes until it is released."""

    __tablename__ = "hold"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    message: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
