"""The demo as a process of its own: a morning that has passed, people who go on arriving, and nothing left behind."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from checkin.admission.tables import ScanRow
from checkin.database import Database
from checkin.event.load import load_event
from checkin.event.model import Event
from checkin.launch import demo
from checkin.settings import ROOT
from checkin.venue.simulation.model import Kind, Size
from checkin.venue.simulation.scenario import build
from tests.journeys.conftest import free_port

# The doors have just been opened: the rush is still to come.
START = """
from datetime import timedelta
from pathlib import Path
from checkin.launch import demo
demo.FOLDER, demo.PEOPLE, demo.HOURS_OPEN = Path({folder!r}), {people}, timedelta(minutes=6)
demo.run("127.0.0.1", {port})
"""


@pytest.fixture(params=[300])
def started(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    folder, log = tmp_path / "demo", tmp_path / "demo.log"
    words = [sys.executable, "-c", START.format(folder=str(folder), port=free_port(), people=request.param)]
    with log.open("w") as out:
        process = subprocess.Popen(words, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    yield process, folder, log
    process.kill()
    process.wait()


def until(true: Callable[[], object], what: str, log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.2)
    pytest.fail(f"{what}:\n{log.read_text('utf-8')}")


def test_the_demo_is_a_living_first_morning(started: tuple[subprocess.Popen[bytes], Path, Path]) -> None:
    process, folder, log = started
    began = time.monotonic()
    until(lambda: "Serving on" in log.read_text("utf-8"), "it does not serve", log)
    took = timedelta(seconds=time.monotonic() - began)
    said = log.read_text("utf-8")
    assert "it is 10:06 on its first day" in said
    assert "--quiet" in said
    for page in ("/badge/", "/invitation/", "/register"):
        address = re.search(rf"http://\S+{page}?\S*", said)
        assert address is not None
        with urllib.request.urlopen(address[0], timeout=30) as answer:  # noqa: S310 - our own server
            assert 200 == answer.status
    event = load_event(folder / "event.toml")
    now = event.opens_at(event.show_days[0]) + timedelta(minutes=6) + took
    database = Database(f"sqlite:///{folder / 'checkin.sqlite3'}")

    def scans(*where: object) -> int:
        with database.snapshot() as session:
            return session.scalar(select(func.count()).select_from(ScanRow).where(*where)) or 0  # type: ignore[arg-type]

    until(lambda: scans(ScanRow.verdict == "admitted") > 40, "nobody came this morning", log)
    until(lambda: scans(ScanRow.scanned_at > now), "nobody comes any more", log)
    assert 0 == scans(ScanRow.scanned_at > now + timedelta(minutes=5))
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) > 1
    process.terminate()
    assert 0 == process.wait(30)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert [] == alive
    database.close()


@pytest.mark.long("the living morning ends with all of its children")
@pytest.mark.parametrize("started", [40], indirect=True)
def test_who_arrives_ends_with_a_demo_that_is_killed(started: tuple[subprocess.Popen[bytes], Path, Path]) -> None:
    process, _, log = started
    until(lambda: "Serving on" in log.read_text("utf-8"), "it does not serve", log)
    until(lambda: len(psutil.Process(process.pid).children()) > 2, "nobody arrives", log)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert [] == alive


def test_in_a_quiet_demo_nobody_arrives_after_its_start(event: Event) -> None:
    played = build(event, Size(visitors=60, scans=180, days=1), 1, health_every=timedelta(minutes=30))
    now = event.opens_at(event.show_days[0]) + timedelta(hours=2)
    quiet, living = (demo._from(played, now, quiet=quiet).messages for quiet in (True, False))  # noqa: SLF001
    assert quiet
    assert max(message.at for message in quiet) <= now
    assert set(quiet) < set(living)
    assert not [one for one in living if one.kind is Kind.HEALTH and one.at <= now]
    assert [one for one in living if one.kind is Kind.HEALTH]
