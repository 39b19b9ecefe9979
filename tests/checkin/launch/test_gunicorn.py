"""`wsgi:app` under gunicorn, for whoever prefers it: nothing is started or opened before it forks."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from checkin.devices.service import pair
from tests.factories import make_item
from tests.journeys.conftest import ROOT, free_port, wait_for
from tests.journeys.hall import Hall, make_hall

GUNICORN = shutil.which("gunicorn", path=str(Path(sys.executable).parent))
QUIET = """
import threading
import wsgi
engines = wsgi.app.extensions["checkin"].database.engines
print([thread.name for thread in threading.enumerate()], [engine.pool.checkedin() for engine in engines])
"""


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return make_hall(tmp_path / "instance")


def environment(hall: Hall) -> dict[str, str]:
    return {
        **os.environ,
        "CHECKIN_INSTANCE": str(hall.instance),
        "CHECKIN_CLOCK_SHIFT": str(hall.shift.total_seconds()),
    }


def test_the_entry_begins_no_thread_and_opens_no_connection(hall: Hall) -> None:
    hall.database.close()
    command = [sys.executable, "-c", QUIET]
    done = subprocess.run(command, cwd=ROOT, env=environment(hall), capture_output=True, text=True, check=True)
    assert "['MainThread'] [0, 0]" == done.stdout.strip()


def send(hall: Hall, device: str, badge: str) -> str:
    """One scan over a connection of its own; its id, once it is stored."""
    scan = make_item(badge, hall.now())
    headers = {"Authorization": f"Bearer {device}", "Content-Type": "application/json"}
    body = json.dumps({"scans": [scan]}).encode()
    asked = urllib.request.Request(f"{hall.url}/api/v1/scans", body, headers)  # noqa: S310 - our own server
    urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310
    return str(scan["id"])


@pytest.mark.long("launch/test_server.py has two processes that fork")
@pytest.mark.skipif(GUNICORN is None, reason="gunicorn is not for Windows")
def test_two_processes_that_were_forked_with_all_of_it_loaded_store_scans(hall: Hall) -> None:
    hall.port = free_port()
    log = hall.instance / "server.log"
    words = ["--preload", "--worker-class", "gthread", "--threads", "4", "--workers", "2"]
    command = [str(GUNICORN), *words, "--bind", f"127.0.0.1:{hall.port}", "wsgi:app"]
    with log.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environment(hall), stderr=out) as server:
        try:
            wait_for(f"{hall.url}/readyz", server, log)
            code = hall.pairing_code("Tablet", "gate-1")
            with hall.database.transaction() as session:
                paired = pair(session, hall.event, code, app="tests", now=hall.now())
            assert paired is not None
            sent = {send(hall, paired[0], badge) for badge in hall.people(24)}
        finally:
            server.terminate()
            assert 0 == server.wait(60), log.read_text()
    assert sent == {scan.id for scan in hall.scans()}
    hall.database.close()
