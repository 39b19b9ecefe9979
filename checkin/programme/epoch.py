"""The epoch: which life of the database this is. New after a restore, so that tablets offer again what they sent.

Nobody tells us when a database file is put back by hand. So the database and the instance folder each keep a counter of
the server's starts, and the folder remembers the last fact of a tablet that was stored. At the next start the counters
must agree, and the database must have that fact: one put back has not. When in doubt the epoch is new: a tablet that
offers again what is known costs a little time, one that keeps quiet costs scans.

Several processes and machines may write to one database, each folder for itself: facts are only ever added, so any
stored one that any process of the folder remembered last must still be there.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.programme.tables import EpochRow, ServerStartRow

FILE = "starts.json"
LAST_FILE = "last_fact"
LAST_WIDTH = 128  # always as long, so that a write never leaves the rest of another behind
IsStored = Callable[[Session, str], bool]
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


def note_start(session: Session, folder: Path, now: datetime, is_stored: IsStored) -> bool:
    """Count one start of a server on this instance folder; True if something disagreed and the epoch is new.

    `is_stored` tells whether this database has a fact that `remember` was given. The folder's file is written once the
    transaction has committed. A crash between the two leaves them apart, and that is a new epoch at the next start,
    never a missed one.
    """
    kept, is_damaged = _read(folder)
    if kept is None:
        # A folder without a counter belongs to a new installation, or to a database that came from elsewhere.
        agrees = not is_damaged and not session.scalar(select(func.count()).select_from(ServerStartRow))
        kept = _Counter(secrets.token_hex(16), 0)
    else:
        row = session.get(ServerStartRow, kept.instance)
        agrees = row is not None and row.starts == kept.starts
    last = _last_fact(folder)
    agrees = agrees and (last is None or is_stored(session, last))
    ensure_epoch(session, now)
    if not agrees:
        renew_epoch(session, now)
    counter = _Counter(kept.instance, kept.starts + 1)
    counted = insert(session, table_of(ServerStartRow)).values(instance=counter.instance, starts=counter.starts)
    session.execute(counted.on_conflict_do_update(index_elements=["instance"], set_={"starts": counter.starts}))
    _after_commit(session, folder, counter, forgets=not agrees)
    return not agrees


def remember(folder: Path, fact: str) -> None:
    """Keep in the folder that `fact`, as `scan ID`, is stored: after its commit, before its answer goes out.

    A few microseconds: the file is overwritten in place and no disk is waited for. A power cut may leave an older fact,
    which is stored too, or a torn one, which is stored nowhere and makes a new epoch.
    """
    # The fact itself is stored already: a folder that cannot be written makes a new epoch later, and no harm now.
    with suppress(OSError):
        handle = os.open(folder / LAST_FILE, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, fact.encode("ascii", "replace").ljust(LAST_WIDTH))
        finally:
            os.close(handle)


def _last_fact(folder: Path) -> str | None:
    """What the folder remembers; None when it remembers nothing yet."""
    try:
        return (folder / LAST_FILE).read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    except OSError:
        return ""  # stored nowhere


def _after_commit(session: Session, folder: Path, counter: _Counter, *, forgets: bool) -> None:
    def keep(_session: Session) -> None:
        # What cannot be written now makes a new epoch at the next start, and no harm now.
        with suppress(OSError), _WRITING:
            _write(folder, counter)
            if forgets:
                (folder / LAST_FILE).unlink(missing_ok=True)

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


def _write(folder: Path, counter: _Counter) -> None:
    """Replace the file as a whole, and wait for the disk."""
    beside = folder / f"{FILE}.{os.getpid()}"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump({"instance": counter.instance, "starts": counter.starts}, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / FILE)
