"""A real server process on an installation of its own, and a real browser with a camera that we hold."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import DAY_ONE

ROOT = Path(__file__).parents[2]


@dataclass
class Server:
    """A running installation: where it answers, and the first organiser's invitation."""

    url: str
    invitation: str
    instance: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(instance: Path) -> Iterator[Server]:
    """The server as `run` starts it, at 10:30 of day 1, until the block ends."""
    port = free_port()
    shift = (DAY_ONE - datetime.now(UTC)).total_seconds()
    environment = os.environ | {"CHECKIN_INSTANCE": str(instance), "CHECKIN_CLOCK_SHIFT": str(shift)}
    log = instance / "server.log"
    words = [sys.executable, "-m", "checkin.launch", "run", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url + "/readyz", process, log)
        found = re.search(r"http://\S+/invitation/\S+", log.read_text("utf-8"))
        yield Server(url, found[0] if found else "", instance)
    finally:
        process.terminate()
        assert 0 == process.wait(20), log.read_text("utf-8")


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - our own server on this machine
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not start:\n{log.read_text('utf-8')}")


@pytest.fixture
def server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with the example's event; `indirect` parameters are words of the file and what stands there instead."""
    instance = tmp_path / "instance"
    instance.mkdir()
    example = (ROOT / "instance" / "event.example.toml").read_text("utf-8")
    words, instead = getattr(request, "param", ("", ""))
    assert words in example
    (instance / "event.toml").write_text(example.replace(words, instead) if words else example, "utf-8")
    with running(instance) as server:
        yield server
