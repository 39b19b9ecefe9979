"""Figures of this machine and this process, looked up when Prometheus asks."""

from __future__ import annotations

import platform
import shutil
import tomllib
from collections.abc import Iterator
from functools import cache

from sqlalchemy.pool import QueuePool

from checkin import clock
from checkin.database import Database
from checkin.settings import ROOT, Settings
from checkin.sight import metrics
from checkin.sight.metrics import Figure
from checkin.sight.ready import folders_of


def of_machine(settings: Settings, database: Database) -> Iterator[Figure]:
    """The disk, the clock, and what runs here."""
    metrics.set_connections(in_use(database))
    free = {name: float(shutil.disk_usage(folder).free) for name, folder in folders_of(settings, database).items()}
    yield Figure("checkin_disk_free_bytes", "Left where something is written.", free, label="folder")
    yield Figure("checkin_clock_plausible", "0 when the clock is wrong by years.", {"": clock.is_plausible()})
    yield Figure("checkin_build_info", f"Python {platform.python_version()}.", {version(): 1.0}, label="version")


def in_use(database: Database) -> int:
    """How many connections this process has in use."""
    return sum(engine.pool.checkedout() for engine in database.engines if isinstance(engine.pool, QueuePool))


@cache
def version() -> str:
    """The version of this software."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
