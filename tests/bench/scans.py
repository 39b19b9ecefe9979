"""Scans over HTTP: rates, latencies and CPU of the real server, against the same view without a database."""

from __future__ import annotations

import json
import os
import random
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import psutil
from sqlalchemy import text

from checkin.badges.keys import KeyRing
from checkin.badges.queries import badge_of
from checkin.badges.service import token_of
from checkin.badges.tables import BadgeRow
from checkin.settings import ROOT
from tests.bench import load
from tests.bench.table import Line
from tests.checkin.admission.many import fill
from tests.factories import make_device
from tests.journeys.hall import Hall, make_hall
from tests.postgres import Server, fresh_database

PEOPLE = 20_000
GATES = 12
SECONDS = 20.0
PORT_TRIES_S = 30


@dataclass(frozen=True)
class Figures:
    rate: float
    median: float
    p99: float
    cpu_ms: float
    answered: int
    refused: int
    memory_mb: float


class Stage:
    """An installation full of badges, and tablets that send scans of them."""

    def __init__(self, folder: Path, *, database_url: str = "", people: int = PEOPLE) -> None:
        self.hall: Hall = make_hall(folder / "instance", database_url=database_url)
        self.database = self.hall.database
        fill(self.database, self.hall.event, people)
        gates = [gate.slug for gate in self.hall.event.gates if gate.zone == self.hall.event.first_zone]
        with self.database.transaction() as session:
            made = [make_device(session, self.hall.event, gates[n % len(gates)], f"T{n}") for n in range(GATES)]
            rows = session.query(BadgeRow).filter(BadgeRow.revoked_at.is_(None))
            keys = KeyRing(self.hall.settings.token_master)
            self.tokens = [token_of(self.hall.event, keys, badge_of(row)) for row in rows]
        self.devices = [token for token, _ in made]
        self.opens = self.hall.event.opens_at(self.hall.event.show_days[0])
        self.dice = random.Random(5)  # noqa: S311

    def item(self) -> dict[str, object]:
        """A scan of anybody, at any moment of the first day."""
        at = self.opens + timedelta(seconds=self.dice.randrange(8 * 3600))
        return {
            "id": str(uuid.UUID(int=self.dice.getrandbits(128), version=4)),
            "token": self.dice.choice(self.tokens),
            "scanned_at": self.hall.event.local(at).isoformat(timespec="milliseconds"),
            "clock": "sure",
            "source": "camera",
            "direction": "in",
            "shown": {"verdict": "admitted", "reason": None, "confirmed": False},
        }

    def requests(self, scans: int) -> Iterator[bytes]:
        """Batches of so many scans, each from one of the tablets, for as long as somebody asks."""
        while True:
            token = self.dice.choice(self.devices)
            body = json.dumps({"scans": [self.item() for _ in range(scans)]}).encode()
            yield load.request("/api/v1/scans", {"Authorization": f"Bearer {token}"}, body)

    @contextmanager
    def serving(
        self, kind: str, *options: str, tls: ssl.SSLContext | None = None
    ) -> Iterator[tuple[tuple[str, int], psutil.Process]]:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            address: tuple[str, int] = door.getsockname()
        settings = self.hall.settings
        environment = {
            **os.environ,
            "CHECKIN_INSTANCE": str(settings.instance),
            "CHECKIN_DATABASE_URL": settings.database_url,
            "CHECKIN_SECRET_KEY": settings.secret_key,
            "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
            "CHECKIN_CLOCK_SHIFT": str(settings.clock_shift.total_seconds()),
        }
        command = [sys.executable, "-m", "tests.bench.serving", kind, str(address[1]), *options]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            _wait(address, tls)
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait(60)


def measure_one(
    stage: Stage, kind: str, clients: int, *options: str, scans: int = 1, seconds: float = SECONDS
) -> Figures:
    """One kind of server under so many clients, after a short warm-up."""
    made = stage.requests(scans)
    prepared = [next(made) for _ in range(int(seconds * 3_000 / scans))]
    with stage.serving(kind, *options) as (address, server):
        warm = [iter([next(made) for _ in range(20)]) for _ in range(clients)]
        load.run(address, warm)
        before = cpu_seconds(server)
        result = load.run(address, load.shared(prepared, clients), seconds=seconds)
        if result.cut_off:
            raise ConnectionResetError(f"the server sent {result.cut_off} clients away")
        used = cpu_seconds(server) - before
        memory = max(one.memory_full_info().uss for one in family(server)) / 1e6
    stored = result.statuses.get(200, 0) * scans
    return Figures(
        rate=result.rate * scans,
        median=result.at(0.5),
        p99=result.at(0.99),
        cpu_ms=used * 1000 / max(1, stored),
        answered=stored,
        refused=sum(number for status, number in result.statuses.items() if status != 200),
        memory_mb=memory,
    )


def measure(folder: Path) -> Iterator[Line]:
    """Every line of the table about scans, on SQLite and on PostgreSQL."""
    (folder / "sqlite").mkdir()
    stage = Stage(folder / "sqlite")
    bare = {clients: measure_one(stage, "no-database", clients) for clients in (8, 64)}
    plain = measure_one(stage, "plain", 8)
    yield from _on_sqlite(stage, bare, plain)
    yield from _batches(stage)
    stage.hall.database.close()
    (folder / "postgresql").mkdir()
    with Server(durable=True) as server, fresh_database(on=server) as url:
        yield from _on_postgresql(Stage(folder / "postgresql", database_url=url), server, bare)


def _on_sqlite(stage: Stage, bare: dict[int, Figures], plain: Figures) -> Iterator[Line]:
    few, many = measure_one(stage, "ours", 8), measure_one(stage, "ours", 64)
    view = "the same view without a database"
    yield Line("scans, SQLite, 8 clients", few.rate, "a second", reference=(view, bare[8].rate), least_ratio=0.45)
    yield Line("… against an ORM view", few.rate, "a second", reference=("a plain ORM view", plain.rate), least_ratio=4)
    yield Line("… 99 of 100 answered within", few.p99, "ms", 30, ("an ORM view", plain.p99))
    yield Line("… processor time of all processes a scan", few.cpu_ms, "ms", 1.1, (view, bare[8].cpu_ms))
    yield Line("scans, SQLite, 64 clients", many.rate, "a second", reference=(view, bare[64].rate), least_ratio=0.5)
    yield Line("… 99 of 100 answered within", many.p99, "ms", 120, (view, bare[64].p99))
    yield Line("… refused", many.refused, "scans", 0)
    yield Line("memory of the serving process", many.memory_mb, "MB", 120)


def _on_postgresql(stage: Stage, server: Server, bare: dict[int, Figures]) -> Iterator[Line]:
    view = "the same view without a database"
    measure_one(stage, "ours", 8, seconds=5.0)
    with stage.database.transaction() as session:
        session.execute(text("ANALYZE"))  # as autovacuum does within a minute of a morning
    for clients in (8, 64):
        before = server.cpu_seconds()
        found = measure_one(stage, "ours", clients)
        used = (server.cpu_seconds() - before) * 1000 / found.answered
        what = f"scans, PostgreSQL, {clients} clients"
        yield Line(what, found.rate, "a second", reference=(view, bare[clients].rate), least_ratio=0.3)
        yield Line("… 99 of 100 answered within", found.p99, "ms")
        yield Line("… processor time of the database a scan", used, "ms", 0.3)


def _batches(stage: Stage) -> Iterator[Line]:
    """Outboxes of a thousand scans come from two tablets, while four gates send a scan ten times a second."""
    made, live = stage.requests(1000), stage.requests(1)
    large = [next(made) for _ in range(160)]
    few = [[next(live) for _ in range(600)] for _ in range(4)]
    is_over = Event()
    results: list[load.Result] = []

    def gate(requests: list[bytes]) -> None:
        def paced() -> Iterator[bytes]:
            for one in requests:
                if is_over.wait(0.1):
                    return
                yield one

        results.append(load.run(address, [paced()]))

    with stage.serving("ours") as (address, _):
        load.run(address, load.shared(large[:2], 2))
        gates = [Thread(target=gate, args=(requests,)) for requests in few]
        for one in gates:
            one.start()
        found = load.run(address, load.shared(large[2:], 2), seconds=SECONDS)
        is_over.set()
        for one in gates:
            one.join()
    alive = load.Result(seconds=[second for one in results for second in one.seconds])
    yield Line("batches of 1,000", found.rate * 1000, "scans a second", least=8_000)
    yield Line("… live scans meanwhile, 99 of 100 answered within", alive.at(0.99), "ms", 60)


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def cpu_seconds(process: psutil.Process) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in family(process))


def _wait(address: tuple[str, int], tls: ssl.SSLContext | None) -> None:
    until = time.monotonic() + PORT_TRIES_S
    while True:
        try:
            plain = socket.create_connection(address, timeout=1)
            with tls.wrap_socket(plain, server_hostname="localhost") if tls else plain as door:
                door.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if door.recv(12).endswith(b"200"):
                    return
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(0.1)
