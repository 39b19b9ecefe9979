"""Kill -9 under load: `python -m tests.faults.torture [ROUNDS]`, on both databases. The suite runs a few rounds.

Clients send scans to a real server and note what was acknowledged. At a random moment every process of the server dies
at once, on PostgreSQL every other time the database's too; then all starts again and the clients send again what they
had no answer for. At the end each acknowledged scan must be stored, as it was told, and every count must be right.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil

from checkin.admission.queries import entries_at
from checkin.attendance import audit
from checkin.attendance.counting import count_all
from tests.conftest import DAY_ONE
from tests.factories import make_device
from tests.journeys.hall import Hall, make_hall
from tests.postgres import Server, fresh_database

CLIENTS = 6
PEOPLE = 150
GATES = ("gate-1", "gate-2")


@dataclass
class Sender:
    """A tablet: it sends on until it is told to rest, and keeps what it has no answer for."""

    hall: Hall
    token: str
    badges: list[str]
    dice: random.Random
    acknowledged: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → badge, verdict
    waiting: list[dict[str, object]] = field(default_factory=list)
    answers: int = 0

    def run(self, is_over: threading.Event) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=20)
        while not is_over.is_set():
            self.waiting = self.waiting or self.new_scans()
            try:
                connection.request("POST", "/api/v1/scans", json.dumps({"scans": self.waiting}), self.headers)
                answer = connection.getresponse()
                body = json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                connection.close()
                is_over.wait(0.05)
                continue
            if answer.status == 200:
                self.note(body["judgements"])
                self.waiting = []
        connection.close()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def new_scans(self) -> list[dict[str, object]]:
        return [
            {
                "id": str(uuid.uuid4()),
                "token": self.dice.choice(self.badges),
                "scanned_at": (DAY_ONE + timedelta(seconds=self.dice.randrange(20_000))).isoformat(),
                "source": "camera",
            }
            for _ in range(self.dice.choice((1, 1, 1, 40)))
        ]

    def note(self, judgements: list[dict[str, object]]) -> None:
        self.answers += 1
        for scan, told in zip(self.waiting, judgements, strict=True):
            assert scan["id"] == told["id"]
            self.acknowledged[str(scan["id"])] = str(scan["token"]), str(told["verdict"])


def torture(hall: Hall, rounds: int, between: Callable[[int], None] = lambda _round: None) -> int:
    """Kill so many times; how many scans were acknowledged. AssertionError tells what was lost or counted wrong."""
    dice = random.Random(rounds)  # noqa: S311
    badges = hall.people(PEOPLE)
    with hall.database.transaction() as session:
        tokens = [make_device(session, hall.event, GATES[n % 2], f"Tablet {n}")[0] for n in range(CLIENTS)]
    hall.database.close()  # a database that is killed takes its connections along
    senders = [Sender(hall, token, badges, random.Random(n)) for n, token in enumerate(tokens)]  # noqa: S311
    is_over = threading.Event()
    threads = [threading.Thread(target=sender.run, args=(is_over,)) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        for number in range(rounds):
            hall.start()
            before = sum(sender.answers for sender in senders)
            is_over.wait(dice.uniform(0.4, 1.6))
            while sum(sender.answers for sender in senders) - before < CLIENTS:
                is_over.wait(0.05)
            kill_all(hall)
            between(number)
        hall.start()
        is_over.wait(1.0)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        hall.stop()
    verify(hall, senders)
    return sum(len(sender.acknowledged) for sender in senders)


def kill_all(hall: Hall) -> None:
    """Every process of the server at once, as when the power is cut."""
    assert hall.process is not None
    first = psutil.Process(hall.process.pid)
    first.suspend()  # it must not start a new child meanwhile
    for process in [*first.children(recursive=True), first]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    hall.process.wait(20)
    hall.process = None


def verify(hall: Hall, senders: list[Sender]) -> None:
    for _ in count_all(hall.database, hall.event):  # where much waits, figures say that they are behind
        pass
    stored = {row.id: row for row in hall.scans()}
    for sender in senders:
        for scan, (_, verdict) in sender.acknowledged.items():
            assert scan in stored, "an acknowledged scan is lost"
            assert verdict == stored[scan].verdict, "a stored judgement is another than was told"
    sent = {scan for sender in senders for scan in sender.acknowledged}
    sent |= {str(scan["id"]) for sender in senders for scan in sender.waiting}
    assert set(stored) <= sent, "something is stored that nobody sent"
    entries = [row for row in stored.values() if row.verdict in {"admitted", "re-entry"}]
    came = {row.visitor_id for row in entries if row.visitor_id is not None}
    assert (len(came), len(entries)) == hall.counted(), "the counts are not the scans'"
    with hall.database.snapshot() as session:
        found = audit.check(session)
        assert ((), ()) == (found.missing, found.surplus), "admissions differ from the facts"
        assert [] == list(audit.check_figures(session, hall.event)), "the sums differ from the facts"
        at_gates = [entries_at(session, gate, hall.event.day_of(DAY_ONE)) for gate in GATES]
    assert sum(at_gates) == len(entries)


def on_sqlite(folder: Path, rounds: int) -> int:
    return torture(make_hall(folder / "instance"), rounds)


def on_postgresql(folder: Path, rounds: int) -> int:
    """Every other time the database dies with the server, without a word."""

    def kill_database(number: int) -> None:
        if number % 2 == 0:
            server.kill()
            server.start()

    with Server(durable=True) as server, fresh_database(on=server) as url:
        hall = make_hall(folder / "instance", database_url=url)
        try:
            return torture(hall, rounds, kill_database)
        finally:
            hall.database.close()


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for act in (on_sqlite, on_postgresql):
        with tempfile.TemporaryDirectory() as folder:
            scans = act(Path(folder), rounds)
        print(f"{act.__name__}: {rounds} kills, {scans:,} scans acknowledged, none lost, none doubled, counts right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
