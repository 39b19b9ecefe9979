"""The server itself: stopped in the middle of work, killed in parts, with idle and half-spoken connections."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from checkin.devices.service import pair
from tests.checkin.printruns.workers import wait_until
from tests.journeys.hall import Hall, make_hall

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's children in files")
CLIENTS = 20


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Hall]:
    """A server that runs, in as many processes as the test's parameter says."""
    monkeypatch.setenv("CHECKIN_WEB_PROCESSES", str(getattr(request, "param", 1)))
    hall = make_hall(tmp_path / "instance")
    hall.start()
    yield hall
    hall.stop()
    hall.database.close()


class Tablet(threading.Thread):
    """Sends one scan after the other over one connection, until that is closed."""

    def __init__(self, hall: Hall, device: str, badge: str) -> None:
        super().__init__()
        self.hall, self.device, self.badge = hall, device, badge
        self.answers: dict[int, list[str]] = defaultdict(list)
        self.ends_with = ""
        self.start()

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=60)
        headers = {"Authorization": f"Bearer {self.device}", "Content-Type": "application/json"}
        while not self.ends_with:
            scan = {"id": str(uuid.uuid4()), "token": self.badge, "scanned_at": self.hall.now().isoformat()}
            try:
                line.request("POST", "/api/v1/scans", json.dumps({"scans": [scan | {"source": "camera"}]}), headers)
                answer = line.getresponse()
                answer.read()
            except TimeoutError:
                self.ends_with = "no answer"
            except (OSError, http.client.HTTPException):
                self.ends_with = "closed"
            else:
                self.answers[answer.status].append(scan["id"])
        line.close()


def connected(hall: Hall, said: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", hall.port), timeout=60)
    line.sendall(said)
    return line


def serving(hall: Hall) -> list[int]:
    """The processes that answer requests."""
    assert hall.process is not None
    mine = Path(f"/proc/{hall.process.pid}/task/{hall.process.pid}/children").read_text("ascii").split()
    return [int(pid) for pid in mine if b"jobs" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


def is_gone(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def paired(hall: Hall) -> str:
    """The token of a new tablet."""
    code = hall.pairing_code("Rush", "gate-1")
    with hall.database.transaction() as session:
        made = pair(session, hall.event, code, app="tests", now=hall.now())
    assert made is not None
    return made[0]


def is_open(hall: Hall) -> bool:
    try:
        connected(hall, b"").close()
    except OSError:
        return False
    return True


def test_a_server_that_is_stopped_in_a_rush_keeps_every_scan_that_it_acknowledged(hall: Hall) -> None:
    device = paired(hall)
    tablets = [Tablet(hall, device, badge) for badge in hall.people(CLIENTS)]
    wait_until(lambda: all(len(tablet.answers[200]) > 2 for tablet in tablets))
    process, log = hall.process, hall.instance / "server.log"
    assert process is not None
    process.terminate()
    for tablet in tablets:
        tablet.join(60)

    assert (0, {"closed"}) == (process.wait(60), {tablet.ends_with for tablet in tablets})
    acknowledged = {scan for tablet in tablets for scan in tablet.answers[200]}
    assert acknowledged <= {scan.id for scan in hall.scans()}
    assert "Traceback" not in log.read_text()


def test_a_scan_under_way_is_stored_and_answered_before_the_server_ends(hall: Hall) -> None:
    device, (badge,) = paired(hall), hall.people(1)
    process = hall.process
    assert process is not None
    with hall.database.transaction() as session:
        session.execute(text("SELECT 1"))  # from here on the server's writer waits for us
        tablet = Tablet(hall, device, badge)
        for _ in range(10):  # whoever came after the tablet has been answered
            with connected(hall, b"GET /healthz HTTP/1.0\r\n\r\n") as line:
                assert b" 200 " in line.recv(4096)
        process.terminate()
        wait_until(lambda: not is_open(hall))
        assert {} == tablet.answers
    tablet.join(60)

    assert (0, "closed", [200]) == (process.wait(60), tablet.ends_with, list(tablet.answers))
    assert tablet.answers[200] == [scan.id for scan in hall.scans()]


def test_connections_that_say_nothing_do_not_hold_up_the_end(hall: Hall) -> None:
    head = b"%s HTTP/1.1\r\nHost: hall\r\n"
    silent = connected(hall, b"")
    half = connected(hall, head % b"POST /api/v1/scans" + b'Content-Length: 100\r\n\r\n{"scans"')
    kept = connected(hall, head % b"GET /healthz" + b"\r\n")
    assert kept.recv(4096).startswith(b"HTTP/1.1 200")
    hall.stop()

    for line in (silent, half, kept):
        line.close()
    assert "refused to gracefully stop" not in (hall.instance / "server.log").read_text()


@pytest.mark.parametrize("hall", [1, 2], indirect=True, ids=["one process", "two processes"])
def test_a_serving_process_that_dies_is_started_again_and_the_log_says_so(hall: Hall) -> None:
    first, *others = serving(hall)
    count = 1 + len(others)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: first not in serving(hall) and len(serving(hall)) == count)
    with connected(hall, b"GET /readyz HTTP/1.0\r\n\r\n") as line:
        assert b" 200 " in line.recv(4096)
    assert set(others) < set(serving(hall))
    assert "Unexpected exit from worker-1" in (hall.instance / "server.log").read_text()


@pytest.mark.parametrize("hall", [2], indirect=True, ids=["two processes"])
def test_the_serving_processes_end_with_the_one_that_started_them(hall: Hall) -> None:
    children = serving(hall)
    assert 2 == len(children)
    hall.kill()
    wait_until(lambda: all(is_gone(process) for process in children))
