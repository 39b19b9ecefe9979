"""An installation of its own for a simulation: a folder that is thrown away, and a server as `run` starts it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checkin.database import Database
from checkin.event.load import load_event
from checkin.event.model import Event
from checkin.settings import ROOT, Settings
from checkin.venue.simulation.stage import NotHereError
from checkin.venue.simulation.wire import Wire
from checkin.web import Site

START_S, END_S = 60, 30
_OURS = (
    "CHECKIN_DATABASE_URL",
    "CHECKIN_DATABASE_READ_URL",
    "CHECKIN_JOBS_URL",
    "CHECKIN_FILES_URL",
    "CHECKIN_SMTP_URL",
)


class OwnHall:
    """`url` serves `site`. What is to be looked into is kept: set `keep`."""

    def __init__(self, url: str, site: Site, folder: Path) -> None:
        self.url, self.site, self.folder = url, site, folder
        self.keep = False


@contextmanager
def own_hall(event_file: Path, gates: int) -> Iterator[OwnHall]:
    """A fresh installation of this event with at least so many gates, served until the block ends; then it is gone."""
    folder = Path(tempfile.mkdtemp(prefix="checkin-simulation-"))
    event = load_event(event_file)
    text = event_file.read_text("utf-8") + "".join(more_gates(event, gates))
    (folder / "event.toml").write_text(text, "utf-8")
    port = _free_port()
    settings = Settings.load({"CHECKIN_INSTANCE": str(folder)})
    database = Database(settings.database_url)
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(  # noqa: S603 - our own command
            (sys.executable, "-m", "checkin.launch", "run", "--host", "127.0.0.1", "--port", str(port)),
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if name not in _OURS}
            | {"CHECKIN_INSTANCE": str(folder)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    hall = OwnHall(f"http://127.0.0.1:{port}", Site(settings, database, load_event(folder / "event.toml")), folder)
    try:
        _wait(hall.url, server, log)
        yield hall
    finally:
        server.terminate()
        try:
            server.wait(END_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        database.close()
        if not hall.keep:
            shutil.rmtree(folder, ignore_errors=True)


def more_gates(event: Event, wanted: int) -> Iterator[str]:
    """What to write under an event file for gates into the first zone, until there are so many."""
    for number in range(len(event.gates) + 1, wanted + 1):
        slug = f"simulated-{number}"
        yield f'\n[[gate]]\nslug = "{slug}"\nname = "Gate {number}"\nzone = "{event.first_zone}"\ndirection = "in"\n'


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    with Wire(url) as wire:
        while server.poll() is None and time.monotonic() < until:
            if wire.ask("GET", "/healthz").status:
                return
            time.sleep(0.1)
    raise NotHereError(f"The server of the simulation did not start:\n{log.read_text('utf-8')}")
