"""Two web machines and two workers on one PostgreSQL; one of each is killed. Nothing that was acknowledged is lost."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from checkin import clock
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.database import Database
from checkin.event.load import load_event
from checkin.event.model import Direction, Event
from checkin.jobs.model import STALE, JobState
from checkin.jobs.queue import enqueue
from checkin.printruns.model import KIND, Outcome, PartState, Run
from checkin.printruns.tables import PrintPartRow
from checkin.settings import ROOT, Settings
from tests.checkin.printruns.runs import job_of, make_run, outcomes
from tests.checkin.printruns.workers import wait_until
from tests.checkin.staff.people import PASSWORD, add_staff
from tests.conftest import DAY_ONE
from tests.factories import SECRET, make_badge, make_device, token_of
from tests.faults.test_print_run_killed import drawn_codes
from tests.journeys.conftest import free_port, wait_for
from tests.postgres import fresh_database

BADGES, TABLETS = 120, 4
PATIENCE_S = 60
pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends whole groups of processes, as a power cut does")


@dataclass
class Machine:
    """One machine: a folder of its own, and what all machines of the expo are told alike."""

    folder: Path
    told: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self, *words: str, later: timedelta = timedelta()) -> None:
        shift = float(self.told["CHECKIN_CLOCK_SHIFT"]) + later.total_seconds()
        told = self.told | {"CHECKIN_INSTANCE": str(self.folder), "CHECKIN_CLOCK_SHIFT": str(shift)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=ROOT,
                env=os.environ | told,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def serve(self) -> None:
        self.start("checkin.launch", "run", "--host", "127.0.0.1", "--port", str(self.port), "--no-worker")

    def work(self, *, later: timedelta = timedelta()) -> None:
        self.start("flask", "--app", "wsgi", "jobs", "work", later=later)

    def wait_until_ready(self) -> None:
        assert self.process
        wait_for(f"{self.url}/readyz", self.process, self.log)

    def commands(self) -> list[list[str]]:
        """The command lines of its processes."""
        assert self.process
        first = psutil.Process(self.process.pid)
        return [one.cmdline() for one in (first, *first.children(recursive=True))]

    def cut_power(self) -> None:
        """Every process of it ends at once, without a word."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Expo:
    """What is known of the expo without asking any machine."""

    settings: Settings
    database: Database
    event: Event
    machines: Callable[[str], Machine]


@pytest.fixture
def expo(tmp_path: Path) -> Iterator[Expo]:
    made: list[Machine] = []
    with fresh_database() as url:
        told = {
            "CHECKIN_DATABASE_URL": url,
            "CHECKIN_FILES_URL": (tmp_path / "shared").as_uri(),
            "CHECKIN_SECRET_KEY": SECRET,
            "CHECKIN_TOKEN_MASTER": bytes(range(32)).hex(),
            "CHECKIN_CLOCK_SHIFT": str((DAY_ONE - datetime.now(UTC)).total_seconds()),
        }

        def machine(name: str) -> Machine:
            folder = tmp_path / name
            folder.mkdir()
            shutil.copyfile(ROOT / "instance" / "event.example.toml", folder / "event.toml")
            made.append(Machine(folder, told))
            return made[-1]

        settings = Settings.load(told | {"CHECKIN_INSTANCE": str(machine("test").folder)})
        clock.shift(settings.clock_shift)
        database = Database(url)
        yield Expo(settings, database, load_event(settings.event_file), machine)
        for one in made:
            one.cut_power()
        database.close()
        clock.shift(timedelta())


class Tablet(threading.Thread):
    """Posts its scans one by one to whichever machine answers, until each is acknowledged, and may ask twice."""

    def __init__(self, token: str, machines: list[Machine], scans: list[dict[str, str]]) -> None:
        super().__init__(daemon=True)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._machines = machines
        self._dice = random.Random(token)  # noqa: S311 - the same each time
        self.scans = scans
        self.acknowledged: list[str] = []
        self.failures = 0

    def run(self) -> None:
        end = time.monotonic() + PATIENCE_S
        for scan in self.scans:
            where = self._dice.randrange(len(self._machines))
            while not self._post(scan, self._machines[where]) and time.monotonic() < end:
                where = (where + 1) % len(self._machines)  # the same scan, to the other one
            if self._dice.random() < 0.1:
                self._post(scan, self._machines[1 - where])

    def _post(self, scan: dict[str, str], machine: Machine) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=5)
        try:
            line.request("POST", "/api/v1/scans", json.dumps({"scans": [scan]}), self._headers)
            answer = line.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            self.failures += 1
            time.sleep(0.05)
            return False
        finally:
            line.close()
        if answer.status != 200:
            return False
        (judged,) = json.loads(told)["judgements"]
        assert scan["id"] == judged["id"]
        self.acknowledged.append(scan["id"])
        return True


class Browser:
    """An organiser's browser: one jar of cookies for all machines, since they are one site."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, url: str, **form: str) -> str:
        body = urllib.parse.urlencode(form).encode() if form else None
        with self._opener.open(url, body, timeout=20) as answer:
            return str(answer.read().decode())

    def sign_in(self, machine: Machine, email: str, *, send_to: Machine) -> None:
        """The form comes from one machine and goes to the other."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(f"{machine.url}/sign-in"))
        assert token
        self.get(f"{send_to.url}/sign-in", csrf_token=token[1], email=email, password=PASSWORD)


def moments(first: datetime) -> tuple[datetime, datetime]:
    """In at five past ten and again at half past, so that it is one visitor and two entries."""
    return first, first + timedelta(minutes=20)


def prepare(expo: Expo) -> tuple[list[tuple[str, list[dict[str, str]]]], Run]:
    """Badges, tablets with the scans that they will send, and a print run of all badges that nobody has begun."""
    dice = random.Random(5)  # noqa: S311 - the same each time
    scans: list[list[dict[str, str]]] = [[] for _ in range(TABLETS)]
    with expo.database.transaction() as session:
        for number in range(BADGES):
            token = token_of(expo.event, make_badge(session, expo.event, name=f"Visitor {number:04}"))
            for moment in moments(DAY_ONE - timedelta(minutes=25)):
                item = {"id": str(uuid.uuid4()), "token": token, "scanned_at": moment.isoformat()}
                scans[dice.randrange(TABLETS)].append(item | {"source": "camera", "direction": "in"})
        expo_gates = [one for one in expo.event.gates if one.zone == expo.event.first_zone and not one.categories]
        gates = [gate.slug for gate in expo_gates if gate.direction is not Direction.OUT]
        tokens = [
            make_device(session, expo.event, gates[number % len(gates)], name=f"Tablet {number}")[0]
            for number in range(TABLETS)
        ]
        add_staff(session, "sana@example.com")
    for some in scans:
        dice.shuffle(some)
    return list(zip(tokens, scans, strict=True)), make_run(expo.database, expo.event, about=10)


def holders(expo: Expo) -> list[int]:
    """The processes that draw a part at this moment."""
    with expo.database.snapshot() as session:
        running = select(PrintPartRow.holder).where(PrintPartRow.state == PartState.RUNNING)
        return [int(holder.split("-")[0]) for holder in session.scalars(running)]


def parts_done(expo: Expo) -> int:
    with expo.database.snapshot() as session:
        done = select(PrintPartRow.part).where(PrintPartRow.state == PartState.DONE)
        return len(session.scalars(done).all())


def test_a_web_machine_and_a_worker_are_killed_and_nothing_is_lost_or_doubled(expo: Expo, tmp_path: Path) -> None:
    given, run = prepare(expo)
    webs, workers = [expo.machines("web-1"), expo.machines("web-2")], [expo.machines("work-1"), expo.machines("work-2")]
    for web in webs:  # at once: they bring the database up together
        web.serve()
    for web in webs:
        web.wait_until_ready()
    organiser = Browser()
    organiser.sign_in(webs[0], "sana@example.com", send_to=webs[1])

    tablets = [Tablet(token, webs, scans) for token, scans in given]
    for tablet in tablets:
        tablet.start()
    assert all("jobs" not in words for web in webs for words in web.commands())  # others do the background work
    for worker in workers:
        worker.work()
    enqueue(expo.settings, KIND, run.job.id, copies=2)
    total = 2 * BADGES
    wait_until(lambda: sum(len(tablet.acknowledged) for tablet in tablets) > total // 4)
    webs[0].cut_power()
    wait_until(lambda: parts_done(expo) >= 2 and len(holders(expo)) >= 1)
    victim = next((one for one in workers if one.process and one.process.pid in holders(expo)), workers[0])
    victim.cut_power()
    assert JobState.RUNNING is job_of(expo.database, run).state
    victim.work(later=STALE + timedelta(seconds=5))  # started again; a minute has gone by there
    for tablet in tablets:
        tablet.join(PATIENCE_S)

    sent = {scan["id"] for _, scans in given for scan in scans}
    badges = {scan["token"] for _, scans in given for scan in scans}
    assert sent == {scan_id for tablet in tablets for scan_id in tablet.acknowledged}
    assert 0 < sum(tablet.failures for tablet in tablets)  # or nobody was at the machine that was killed
    with expo.database.snapshot() as session:
        stored = Counter(session.scalars(select(ScanRow.id)).all())
        admitted = session.scalars(select(AdmissionRow.visitor_id)).all()
    assert stored == Counter(str(one) for one in sent)
    assert len(badges) == len(admitted) == len(set(admitted))

    def counted() -> tuple[int, int]:
        told = json.loads(organiser.get(f"{webs[1].url}/api/v1/attendance?day={expo.event.day_of(DAY_ONE)}"))
        return told["visitors"], told["entries"]

    wait_until(lambda: counted() == (len(badges), len(sent)))

    wait_until(lambda: job_of(expo.database, run).state is JobState.DONE)
    assert {Outcome.PRINTED: BADGES} == outcomes(expo.database, run)
    drawn = drawn_codes(tmp_path / "shared" / "print" / str(run.id))
    assert (BADGES, {1}) == (len(drawn), set(drawn.values()))

    webs[0].serve()
    webs[0].wait_until_ready()
    for web in webs:
        assert f"Print run {run.id}" in organiser.get(f"{web.url}/organise/print/{run.id}")
        assert "differs from" not in web.log.read_text("utf-8")
    organiser.get(f"{webs[0].url}/api/v1/attendance")
