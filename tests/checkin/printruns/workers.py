"""Real workers: the command that `run` and the hall start, on a test's installation."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from checkin.settings import ROOT, Settings

PATIENCE_S = 60


@contextmanager
def worker(settings: Settings, *, later: timedelta = timedelta()) -> Iterator[subprocess.Popen[bytes]]:
    """A worker whose clock runs ahead of the tests' by `later`: what another held, it finds silent since then."""
    environment = {
        **os.environ,
        "CHECKIN_INSTANCE": str(settings.instance),
        "CHECKIN_DATABASE_URL": settings.database_url,
        "CHECKIN_JOBS_URL": settings.jobs_url,
        "CHECKIN_FILES_URL": settings.files_url,
        "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
        "CHECKIN_SECRET_KEY": settings.secret_key,
        "CHECKIN_CLOCK_SHIFT": str((settings.clock_shift + later).total_seconds()),
    }
    command = (sys.executable, "-u", "-m", "flask", "--app", "wsgi", "jobs", "work")
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"Working on what is waiting. Stop with Ctrl-C.\n" == process.stdout.readline()
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_until(happened: Callable[[], bool]) -> None:
    """Look again and again, for a minute at most."""
    end = time.monotonic() + PATIENCE_S
    while not happened():
        assert time.monotonic() < end, "it did not happen within a minute"
        time.sleep(0.005)
