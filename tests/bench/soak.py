"""A soak: `python -m tests.bench.soak [MINUTES]`. Granian and gunicorn under load, without and with TLS.

Both run at once on databases of their own, so that a noisy machine disturbs them alike. At the end each is told to stop
while scans come in; whatever it acknowledged must be stored.
"""

from __future__ import annotations

import json
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.model import Names
from tests.bench import load
from tests.bench.scans import Stage, cpu_seconds, family
from tests.checkin.venue.certificates import make_machine

CLIENTS = 8
EVERY_S = 1.0


@dataclass(frozen=True)
class Soaked:
    """What one server was like. `memory_mb`: of all its processes, shared pages once (PSS), at a tenth and at the end.

    `lost`: scans that were acknowledged and are not stored.
    """

    rate: float
    median: float
    p99: float
    worst: float
    cpu_ms: float
    memory_mb: tuple[float, float]
    refused: int
    stored: int
    lost: int


def soak(stage: Stage, seconds: float, *options: str, tls: ssl.SSLContext | None = None) -> Soaked:
    """So long under load, then told to stop under load."""
    acknowledged: set[str] = set()
    memory: list[float] = []
    requests = stage.requests(1)

    def heard(request: bytes, status: int) -> None:
        if status == 200:
            acknowledged.update(one["id"] for one in json.loads(request.partition(load.HEAD_END)[2])["scans"])

    with stage.serving("ours", *options, tls=tls) as (address, server), ThreadPoolExecutor(1) as clients:
        load.run(address, [_some(requests, 200)], tls=tls)
        before = cpu_seconds(server)
        running = clients.submit(load.run, address, [stage.requests(1) for _ in range(CLIENTS)], tls=tls, heard=heard)
        until = time.monotonic() + seconds
        while time.monotonic() < until and not running.done():
            memory.append(sum(one.memory_full_info().pss for one in family(server)) / 1e6)
            time.sleep(min(EVERY_S, seconds / 20))
        used = cpu_seconds(server) - before
        server.terminate()  # under load
        result = running.result(60)
    stored = {row.id for row in stage.hall.scans()}
    return Soaked(
        rate=result.rate,
        median=result.at(0.5),
        p99=result.at(0.99),
        worst=result.at(1),
        cpu_ms=used * 1000 / max(1, len(result.seconds)),
        memory_mb=(memory[len(memory) // 10], memory[-1]),
        refused=sum(number for status, number in result.statuses.items() if status != 200),
        stored=len(stored),
        lost=len(acknowledged - stored),
    )


def _some(requests: Iterator[bytes], number: int) -> Iterator[bytes]:
    return (next(requests) for _ in range(number))


def certified(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A folder with a certificate, and what trusts it."""
    made = Folder(folder / "tls")
    service.init(made, make_machine(), Names(), title="Soak", now=datetime.now(UTC))
    context = ssl.create_default_context(cafile=str(made.authority))
    context.check_hostname = False  # it is of the machine's own name
    return made.path, context


def pair(folder: Path, seconds: float, *, with_tls: bool) -> dict[str, Soaked]:
    """Granian and gunicorn, both at once."""
    stages: dict[str, Stage] = {}
    for name in ("granian", "gunicorn"):
        (folder / name).mkdir()
        stages[name] = Stage(folder / name, people=5_000)

    def one(name: str) -> Soaked:
        tls, context = certified(folder / name) if with_tls else (None, None)
        options = [*(["--gunicorn"] if name == "gunicorn" else []), *(["--tls", str(tls)] if tls else [])]
        try:
            return soak(stages[name], seconds, *options, tls=context)
        finally:
            stages[name].hall.database.close()

    with ThreadPoolExecutor(len(stages)) as both:
        return dict(zip(stages, both.map(one, stages), strict=True))


def main() -> int:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print("| server | scans a second | median, p99, worst ms | CPU a scan | memory at a tenth, at the end | lost |")
    print("| --- | --- | --- | --- | --- | --- |")
    lost = 0
    for with_tls in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            for name, it in sorted(pair(Path(folder), minutes * 60, with_tls=with_tls).items()):
                times, (early, late) = f"{it.median:.0f}, {it.p99:.0f}, {it.worst:.0f}", it.memory_mb
                what = f"{name}, {'TLS' if with_tls else 'plain'}"
                print(
                    f"| {what} | {it.rate:,.0f} | {times} | {it.cpu_ms:.2f} ms | {early:.0f}, {late:.0f} MB "
                    f"| {it.lost} of {it.stored:,}, {it.refused} refused |",
                    flush=True,
                )
                lost += it.lost
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
