"""Badges by the ten thousand, each way in a process of its own, and one badge over HTTP."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checkin.visitors.links import private_link
from checkin.visitors.tables import VisitorRow
from tests.bench.table import Line
from tests.journeys.hall import Hall, make_hall

FEW, MANY, REFERENCE = 1_000, 50_000, 250
SPEED = 5_000


def measure(folder: Path) -> Iterator[Line]:
    naive = alone("naive", REFERENCE)
    reference = ("Paragraph and PNG", naive["ms"])
    ours = alone("parts", SPEED)
    bar = min(1.8, naive["ms"] / 10)
    yield Line("a badge with Urdu on A6, processor time", ours["ms"], "ms", bar, reference)
    yield Line(
        "a badge with Urdu on A6, size", ours["bytes"] / 1000, "kB", 2.5, ("Paragraph and PNG", naive["bytes"] / 1000)
    )
    one, two = wall(1), wall(2)
    yield Line("two processes for twice the badges", two, "s", one * 2 / 1.6, ("one process for half", one))
    few, many = alone("parts", FEW), alone("parts", MANY)
    same = ("1,000 badges", few["mb"])
    yield Line("peak memory of 50,000 badges", many["mb"], "MB", min(150.0, few["mb"] * 1.15), same)
    yield from over_http(folder)


def alone(way: str, count: int) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "tests.bench.way", way, str(count)], capture_output=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def wall(processes: int) -> float:
    began = time.perf_counter()
    running = [
        subprocess.Popen([sys.executable, "-m", "tests.bench.way", "parts", str(SPEED)], stdout=subprocess.DEVNULL)
        for _ in range(processes)
    ]
    if any(process.wait() for process in running):
        raise RuntimeError("a process of the benchmark failed")
    return time.perf_counter() - began


def over_http(folder: Path) -> Iterator[Line]:
    """One badge as the visitor's phone asks for it, from a running server."""
    hall = make_hall(folder / "badges")
    hall.start()
    try:
        links = made_links(hall, 40)
        for what, ending, bar in (("PDF for the home printer", ".pdf", 40), ("PNG for the phone", ".png", None)):
            times = []
            for link in links:
                began = time.perf_counter()
                with urllib.request.urlopen(f"{hall.url}/badge/{link}{ending}") as answer:  # noqa: S310 - our own server
                    answer.read()
                times.append((time.perf_counter() - began) * 1000)
            yield Line(f"one badge over HTTP, {what}, median", statistics.median(times), "ms", bar)
    finally:
        hall.stop()
        hall.database.close()


def made_links(hall: Hall, count: int) -> list[str]:
    """The private links of people who have just registered."""
    hall.people(count)
    with hall.database.snapshot() as session:
        found = session.query(VisitorRow).limit(count)
        return [private_link(hall.settings.secret_key, row.id, row.link_version) for row in found]
