"""How imports are stored, with what the file held: personal data, gone when the import is over or a day old."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from checkin.database import Base, UtcDateTime


class ImportRunRow(Base):
    """An import: what was matched with what, and how far it is."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    # Who checks it now: of two workers that were told to, the later one goes on and the earlier one finds it out.
    holder: Mapped[str] = mapped_column(String(40), default="")
    file_name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(8))
    encoding: Mapped[str] = mapped_column(String(16))
    headings: Mapped[list[str]] = mapped_column(JSON)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)  # column, from 0 → field
    category: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)  # what stays when the rows are gone
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(String(80))
    actor: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportFileRow(Base):
    """The file as it came: in the database, where the workers of every machine find it."""

    __tablename__ = "import_file"

    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRowRow(Base):
    """A row of the file, read and judged. It names visitors by number alone: they may be erased meanwhile."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index(None, "import_id", "state", "seq"),
        Index(None, "import_id", "party", "seq"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(16), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    mistakes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    submission: Mapped[str] = mapped_column(String(64), default="")
    party: Mapped[str] = mapped_column(String(120), default="")
    likeness: Mapped[str] = mapped_column(String(16), default="")
    twin_line: Mapped[int | None]
    twin_id: Mapped[int | None]
    visitor_id: Mapped[int | None]
    leader_id: Mapped[int | None]
