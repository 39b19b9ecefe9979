"""What is counted and timed, for Prometheus. Below every capability, so that each may tell its own.

Where metrics are wanted the launcher names a folder before this is imported: each process then counts in files there,
and whichever is asked adds them up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from checkin.settings import COUNTS

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SCANS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)

_own = CollectorRegistry()
_requests = Counter("checkin_http_requests", "Requests answered.", ("page", "method", "status"), registry=_own)
_durations = Histogram(
    "checkin_http_request_duration_seconds", "Until the answer began.", ("page",), buckets=_SECONDS, registry=_own
)
_scans = Counter("checkin_scans", "Scans stored.", ("gate", "verdict"), registry=_own)
_batches = Histogram("checkin_writer_batch_scans", "Scans of one transaction.", buckets=_SCANS, registry=_own)
_commits = Histogram(
    "checkin_writer_batch_duration_seconds", "To judge, store and commit them.", buckets=_SECONDS, registry=_own
)
_queue = Gauge(
    "checkin_writer_waiting_scans", "Scans that wait for the writer.", registry=_own, multiprocess_mode="livesum"
)
_slow = Counter("checkin_slow_statements", "Statements of the database that took too long.", registry=_own)
_connections = Gauge("checkin_database_connections_in_use", "Of the pools.", registry=_own, multiprocess_mode="livesum")


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that is looked up when Prometheus asks; `values` by the value of `label`, or one under ''."""

    name: str
    help: str
    values: Mapping[str, float]
    label: str = field(default="state")


Look = Callable[[], Iterable[Figure]]


def observe_request(page: str, method: str, status: int, seconds: float) -> None:
    """One request is answered."""
    counter, histogram = _of_request(page, method, status // 100)
    counter.inc()
    histogram.observe(seconds)


def observe_batch(scans: int, seconds: float) -> None:
    """The writer has committed so many scans, from taking them up to their commit."""
    _batches.observe(scans)
    _commits.observe(seconds)


def count_scans(stored: Iterable[tuple[str, str]]) -> None:
    """Scans are stored for the first time: gate and verdict of each."""
    for gate, verdict in stored:
        _of_scan(gate, verdict).inc()


def set_waiting(scans: int) -> None:
    """So many scans wait for this process's writer."""
    _queue.set(scans)


def set_connections(in_use: int) -> None:
    """So many connections to the database are in use by this process."""
    _connections.set(in_use)


def count_slow() -> None:
    """A statement was slow."""
    _slow.inc()


def forget_the_dead() -> None:
    """A process begins: what dead ones had waiting or in use counts no more. Their counters go on counting."""
    if COUNTS in os.environ:
        for path in Path(os.environ[COUNTS]).glob("gauge_live*_*.db"):
            pid = path.stem.rsplit("_", 1)[1]
            if not _is_alive(int(pid)):
                mark_process_dead(pid)  # type: ignore[no-untyped-call]


def exposed(figures: Iterable[Figure]) -> bytes:
    """All of it in Prometheus's text format, of every process, with `figures`."""
    registry = CollectorRegistry()
    if COUNTS in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_own)
    registry.register(_LookedUp(tuple(figures)))
    return generate_latest(registry)


class _LookedUp(Collector):
    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for figure in self._figures:
            is_plain = set(figure.values) == {""}
            family = GaugeMetricFamily(figure.name, figure.help, labels=() if is_plain else (figure.label,))
            for label, value in figure.values.items():
                family.add_metric([] if is_plain else [label], value)
            yield family


@lru_cache(maxsize=4096)
def _of_request(page: str, method: str, hundreds: int) -> tuple[Counter, Histogram]:
    return _requests.labels(page, method, f"{hundreds}xx"), _durations.labels(page)


@lru_cache(maxsize=4096)
def _of_scan(gate: str, verdict: str) -> Counter:
    return _scans.labels(gate, verdict)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
