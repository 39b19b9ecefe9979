"""The worker beside the server: a process of its own, so that drawing never makes a gate wait. Started again when it
dies; it ends with the server, whatever ends that.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from checkin.settings import ROOT, Settings

_COMMAND = (sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work", "--follow")
_REST_S = 2.0  # a worker that cannot start does not keep the machine busy
_LAST_WORDS_S = 15.0  # the piece at hand gets this long


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """Have a worker for this installation while the block lasts."""
    is_over = threading.Event()
    environment = {
        **os.environ,
        "CHECKIN_INSTANCE": str(settings.instance),
        "CHECKIN_DATABASE_URL": settings.database_url,
        "CHECKIN_READ_DATABASE_URL": settings.read_database_url,
        "CHECKIN_JOBS_URL": settings.jobs_url,
        "CHECKIN_FILES_URL": settings.files_url,
        "CHECKIN_SECRET_KEY": settings.secret_key,
        "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
        "CHECKIN_CLOCK_SHIFT": str(settings.clock_shift.total_seconds()),
        "CHECKIN_SMTP_URL": os.environ.get("CHECKIN_SMTP_URL", "") if settings.smtp else "",  # a demo sends no mails
    }
    changing, worker = threading.Lock(), _start(environment)

    def keep() -> None:
        nonlocal worker
        while True:
            worker.wait()
            is_over.wait(_REST_S)
            with changing:
                if is_over.is_set():
                    return
                _end(worker)
                worker = _start(environment)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        with changing:
            is_over.set()
        _end(worker)
        try:
            worker.wait(_LAST_WORDS_S)
        except subprocess.TimeoutExpired:
            worker.kill()  # what it had in hand is done again
        keeper.join()


def _start(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C is for the server, which lets the worker finish its piece. The pipe to its standard
    # input ends with this process, even by kill -9.
    is_windows = os.name == "nt"
    return subprocess.Popen(  # noqa: S603 - our own command
        _COMMAND,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        start_new_session=not is_windows,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) if is_windows else 0,
    )


def _end(worker: subprocess.Popen[bytes]) -> None:
    """Ask it to end after the piece at hand."""
    if worker.stdin:
        with suppress(OSError):
            worker.stdin.close()
    if os.name != "nt":  # there, this would kill it
        worker.terminate()
