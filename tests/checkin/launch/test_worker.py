"""The worker beside the server: there as long as the server is, whatever becomes of either."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs.model import JobState
from checkin.launch.serve import site_of
from checkin.launch.worker import working
from checkin.printruns import tasks
from checkin.settings import ROOT, Settings
from tests.checkin.printruns.runs import job_of, make_people, make_run
from tests.checkin.printruns.workers import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")


def workers(settings: Settings) -> list[int]:
    """The workers of this installation, by process id."""
    mine = f"CHECKIN_INSTANCE={settings.instance}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        try:
            is_worker = folder.name.isdigit() and b"--follow" in (folder / "cmdline").read_bytes().split(b"\0")
            if is_worker and mine in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_a_worker_that_is_killed_is_started_again_and_ends_with_the_server(
    app: Flask, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 2)
    run = make_run(database, event)
    with working(settings):
        wait_until(lambda: len(workers(settings)) == 1)
        (killed,) = workers(settings)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: workers(settings) not in ([], [killed]))
        tasks.queue(site_of(app), run)
        wait_until(lambda: job_of(database, run).state is JobState.DONE)
    assert [] == workers(settings)


def test_a_worker_is_told_what_its_server_was_told(settings: Settings, app: Flask, tmp_path: Path) -> None:
    told = replace(settings, files_url=(tmp_path / "shared").as_uri(), jobs_url=f"sqlite:///{tmp_path / 'queue'}")
    with working(told):
        wait_until(lambda: len(workers(settings)) == 1)
        lines = (Path("/proc") / str(workers(settings)[0]) / "environ").read_bytes().decode().split("\0")
    environ = dict(line.split("=", 1) for line in lines if "=" in line)
    assert told == replace(Settings.load(environ), clock_shift=told.clock_shift)


def test_a_worker_ends_when_its_server_is_killed(settings: Settings, app: Flask) -> None:
    code = (
        "import time; from checkin.settings import Settings; from checkin.launch.worker import working\n"
        "with working(Settings.load()):\n    time.sleep(600)"
    )
    environment = {**os.environ, "CHECKIN_INSTANCE": str(settings.instance)}
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:
        try:
            wait_until(lambda: len(workers(settings)) == 1)
        finally:
            server.kill()
    wait_until(lambda: workers(settings) == [])
