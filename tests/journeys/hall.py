"""A hall to break things in: one installation whose server is started, killed and put back, with badges and tablets."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from checkin.__main__ import BROWSERS
from checkin.admission import discrepancies
from checkin.admission.discrepancies import Discrepancy
from checkin.admission.tables import ScanRow
from checkin.attendance import service as attendance
from checkin.badges.keys import KeyRing
from checkin.badges.service import issue, token_of
from checkin.database import Database
from checkin.devices.service import open_pairing
from checkin.event.load import load_event
from checkin.migrations.upgrade import upgrade
from checkin.settings import Settings
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Source
from tests.conftest import DAY_ONE
from tests.gate.acting import kept, learned
from tests.gate.fake_camera import ARGUMENTS
from tests.journeys.conftest import ROOT, free_port, wait_for

PHONE = {"width": 390, "height": 844}


@dataclass
class Hall:
    """One installation at 10:30 of day 1. The server runs between `start` and `stop` or `kill`; no worker."""

    instance: Path
    settings: Settings
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.database = Database(self.settings.database_url)
        self.event = load_event(self.settings.event_file)
        self.shift = DAY_ONE - datetime.now(UTC)
        upgrade(self.database)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def start(self) -> None:
        environment = os.environ | {
            "CHECKIN_INSTANCE": str(self.instance),
            "CHECKIN_DATABASE_URL": self.settings.database_url,
            "CHECKIN_CLOCK_SHIFT": str(self.shift.total_seconds()),
        }
        words = [sys.executable, "-m", "checkin.launch", "run", "--no-worker"]
        words += ["--host", "127.0.0.1", "--port", str(self.port)]
        log = self.instance / "server.log"
        with log.open("a") as out:
            self.process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        wait_for(self.url + "/readyz", self.process, log)

    def stop(self) -> None:
        """Ends the server as Ctrl-C does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def kill(self) -> None:
        """Ends the server as a power cut does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)
        self.process = None

    def keep_copy(self, copy: Path) -> None:
        """Copies the database as a backup does."""
        with (
            sqlite3.connect(self.settings.database_url.removeprefix("sqlite:///")) as source,
            sqlite3.connect(copy) as to,
        ):
            source.backup(to)

    def put_back(self, copy: Path) -> None:
        """Puts a copy in the place of the database, while no server runs."""
        assert self.process is None
        self.database.close()
        path = Path(self.settings.database_url.removeprefix("sqlite:///"))
        for beside in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            beside.unlink(missing_ok=True)
        path.write_bytes(copy.read_bytes())

    def people(self, count: int) -> list[str]:
        """Registers people and answers the tokens of their badges."""
        keys = KeyRing(self.settings.token_master)
        tokens = []
        with self.database.transaction() as session:
            for number in range(count):
                details = Details(name=f"Visitor {number}", category="trade-visitor")
                visitor = visitors.add(
                    session, details, source=Source.ONLINE, secret=self.settings.secret_key, now=self.now()
                )
                badge = issue(session, self.event, visitor, now=self.now(), by="online")
                tokens.append(token_of(self.event, keys, badge))
        return tokens

    def pairing_code(self, name: str, gate: str) -> str:
        with self.database.transaction() as session:
            return open_pairing(session, name=name, gate=gate, now=self.now(), by="test")

    def scans(self) -> list[ScanRow]:
        with self.database.snapshot() as session:
            return list(session.query(ScanRow).order_by(ScanRow.scanned_at))

    def counted(self) -> tuple[int, int]:
        """Visitors and entries of day 1."""
        with self.database.snapshot() as session:
            counted = attendance.count(session, self.event, day=self.event.day_of(DAY_ONE), now=self.now())
        return counted.visitors, counted.entries

    def discrepancies(self) -> list[Discrepancy]:
        with self.database.snapshot() as session:
            return discrepancies.found(session, self.event)


def make_hall(instance: Path, words: str = "", instead: str = "", *, database_url: str = "") -> Hall:
    """A hall with the example's event; `words` of the file may be told `instead`. Its own SQLite, or `database_url`."""
    instance.mkdir()
    example = (ROOT / "instance" / "event.example.toml").read_text("utf-8")
    assert words in example
    (instance / "event.toml").write_text(example.replace(words, instead) if words else example, "utf-8")
    chosen = {"CHECKIN_INSTANCE": str(instance), "CHECKIN_DATABASE_URL": database_url}
    return Hall(instance, Settings.load(chosen))


def open_tablet(browser: Browser, folder: Path, clip: Path) -> BrowserContext:
    """A browser process of its own, whose memory is `folder`."""
    return browser.browser_type.launch_persistent_context(
        folder,
        executable_path=next(filter(None, map(shutil.which, BROWSERS))),
        args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={clip}"],
        viewport=PHONE,
    )


def kill_browser(folder: Path) -> None:
    """Ends every process of the browser whose memory is `folder`, as a flat battery does."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and str(folder).encode() in command_of(process):
            os.kill(int(process.name), signal.SIGKILL)


def command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:  # it ended meanwhile
        return b""


def pair(page: Page, hall: Hall, name: str, gate: str) -> None:
    """Pairs and waits until the tablet has its roster and opens without a network."""
    page.goto(f"{hall.url}/gate/#pair={hall.pairing_code(name, gate)}")
    page.wait_for_selector("#start")
    kept(page)
    learned(page)
