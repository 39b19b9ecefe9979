"""How API keys are stored: no key is, only its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class ApiKeyRow(Base):
    """A key. Rows stay when a key is revoked: whoever still uses it is told so, and the journal names its id."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    # Unique: by it a key is found; the rest of the key is compared, and not looked up.
    handle: Mapped[str] = mapped_column(String(8), unique=True)
    text_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the whole key, 256 of whose bits are random
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(120))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
