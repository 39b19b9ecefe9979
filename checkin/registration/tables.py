"""How sent forms are remembered."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base


class SubmissionRow(Base):
    """A form that was sent, and the visitor it made.

    The primary key settles the race of a double submit: the second sender waits for the first one's
    transaction, finds the row taken and is shown the same visitor. `visitor_id` is empty only inside
    the transaction that takes the row.
    """

    __tablename__ = "submission"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitor.id", ondelete="CASCADE"))
