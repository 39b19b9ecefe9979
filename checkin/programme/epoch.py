"""The epoch: which life of the database this is. New after a restore, so that tablets offer again what they sent.

Nobody tells us when a database file is put back by hand. So the database and the instance folder each keep a counter,
and both go up together: at every start of a server, and with every transaction that takes something of a tablet in.
A counter put back with its database differs from the folder's at the next start. When in doubt the epoch is new: a
tablet that offers again what is known costs a little time, one that keeps quiet costs scans.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.programme.tables import EpochRow, ServerStartRow

FILE = "starts.json"
_WRITING = threading.Lock()  # threads of this process share one name for the file beside


@dataclass(frozen=True, slots=True)
class _Counter:
    """What an instance folder remembers: its own name in the database, and how far it has counted."""

    instance: str
    starts: int


class NoEpochError(LookupError):
    """The database has no epoch yet; `flask --app wsgi database upgrade` gives it one."""


def current_epoch(session: Session) -> str:
    """32 hexadecimal digits, the same for one life of the database. Raises NoEpochError before any upgrade."""
    epoch: str | None = session.scalar(select(EpochRow.epoch))
    if epoch is None:
        raise NoEpochError("run `flask --app wsgi database upgrade`")
    return epoch


def ensure_epoch(session: Session, now: datetime) -> None:
    """Give a new database its first epoch; harmless when it has one."""
    first = insert(session, table_of(EpochRow)).values(id=1, epoch=secrets.token_hex(16), since=now)
    session.execute(first.on_conflict_do_nothing(index_elements=["id"]))


def renew_epoch(session: Session, now: datetime) -> str:
    """Begin a new epoch, as after a restore: every tablet offers again what it has sent."""
    epoch = secrets.token_hex(16)
    row = insert(session, table_of(EpochRow)).values(id=1, epoch=epoch, since=now)
    session.execute(row.on_conflict_do_update(index_elements=["id"], set_={"epoch": epoch, "since": now}))
    return epoch


def note_start(session: Session, folder: Path, now: datetime) -> bool:
    """Count one start of a server on this instance folder; True if the counters disagreed and the epoch is new.

    The folder's file is written once the transaction has committed. A crash between the two leaves them apart, and
    that is a new epoch at the next start, never a missed one.
    """
    kept, is_damaged = _read(folder)
    if kept is None:
        # A folder without a counter belongs to a new installation, or to a database that came from elsewhere.
        agrees = not is_damaged and not session.scalar(select(func.count()).select_from(ServerStartRow))
        kept = _Counter(secrets.token_hex(16), 0)
    else:
        row = session.get(ServerStartRow, kept.instance)
        agrees = row is not None and row.starts == kept.starts
    ensure_epoch(session, now)
    if not agrees:
        renew_epoch(session, now)
    counter = _Counter(kept.instance, kept.starts + 1)
    counted = insert(session, table_of(ServerStartRow)).values(instance=counter.instance, starts=counter.starts)
    session.execute(counted.on_conflict_do_update(index_elements=["instance"], set_={"starts": counter.starts}))
    _after_commit(session, folder, counter, is_synced=True)
    return not agrees


def note_arrival(session: Session, folder: Path) -> None:
    """Count one transaction that takes something in, before its answer goes out. Nothing to do before a first start.

    So a database that is put back to a moment of this very run differs from the folder too.
    """
    kept, _ = _read(folder)
    if kept is None:
        return
    row = update(ServerStartRow).where(ServerStartRow.instance == kept.instance)
    starts = session.scalar(row.values(starts=ServerStartRow.starts + 1).returning(ServerStartRow.starts))
    if starts is not None:
        _after_commit(session, folder, _Counter(kept.instance, starts), is_synced=False)


def _after_commit(session: Session, folder: Path, counter: _Counter, *, is_synced: bool) -> None:
    def keep(_session: Session) -> None:
        # The facts are stored already: a folder that cannot be written makes a new epoch later, and no harm now.
        with suppress(OSError), _WRITING:
            _write(folder, counter, is_synced=is_synced)

    event.listen(session, "after_commit", keep, once=True)


def _read(folder: Path) -> tuple[_Counter | None, bool]:
    """The folder's counter, and whether there is one that cannot be read."""
    try:
        content = json.loads((folder / FILE).read_text("ascii"))
        return _Counter(str(content["instance"]), int(content["starts"])), False
    except FileNotFoundError:
        return None, False
    except (OSError, ValueError, KeyError, TypeError):
        return None, True


def _write(folder: Path, counter: _Counter, *, is_synced: bool) -> None:
    """Replace the file as a whole. Only starts wait for the disk: a power cut in between is a new epoch, no more."""
    beside = folder / f"{FILE}.{os.getpid()}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump({"instance": counter.instance, "starts": counter.starts}, file)
        if is_synced:
            file.flush()
            os.fsync(file.fileno())
    beside.replace(folder / FILE)
