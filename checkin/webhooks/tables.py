"""How webhooks and their messages are stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class WebhookRow(Base):
    """An address. Rows stay when it is removed: a message that is noted at this very moment still finds it."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(500))
    topics: Mapped[list[str]] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(43))
    is_on: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeliveryRow(Base):
    """One message to one webhook, from the transaction in which it happened until it arrived or was given up."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (Index(None, "state", "next_try_at"), Index(None, "webhook_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    message: Mapped[str] = mapped_column(String(40), unique=True)  # receivers know a repeat by it
    topic: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)  # as it is signed and sent, with each try the same
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(16), default="")


class ToldRow(Base):
    """What was told last of something that is looked at every minute; of two who look at once, one tells."""

    __tablename__ = "webhook_told"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    what: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
