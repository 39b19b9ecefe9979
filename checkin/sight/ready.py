"""Whether this process can do its work: named checks, each of which tells what is wrong or None."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from checkin import clock
from checkin.database import Database
from checkin.settings import Settings
from checkin.sight.logs import kind_of
from checkin.sight.metrics import Look

LEAST_MB = 100  # below this a morning's scans may not fit
LOW_MB = 1_000
Check = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked at: `checks` that must hold, `warnings` that should, `looks` for figures of the moment."""

    checks: dict[str, Check] = field(default_factory=dict)
    warnings: dict[str, Check] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)

    def state(self) -> dict[str, dict[str, str]]:
        """Of each check whether it is `ok`, a `warning` or `failing`, and why."""
        found = {name: {"state": "ok"} for name in (*self.checks, *self.warnings)}
        for state, checks in (("warning", self.warnings), ("failing", self.checks)):  # what is worse has the last word
            for name, check in checks.items():
                problem = _problem(check)
                if problem is not None:
                    found[name] = {"state": state, "message": problem}
        return found


def standard(settings: Settings, database: Database) -> Sight:
    """What every installation looks at."""
    folders = folders_of(settings, database)
    return Sight(
        checks={
            "database": partial(cannot_write, database),
            "disk": partial(is_full, folders, LEAST_MB),
            "clock": lambda: None if clock.is_plausible() else "the clock is wrong by years",
        },
        warnings={"disk": partial(is_full, folders, LOW_MB)},
    )


def folders_of(settings: Settings, database: Database) -> dict[str, Path]:
    """Where this machine's disk is written to, by what for."""
    folders = {"instance": settings.instance}
    if database.is_sqlite and database.url.database:
        folders["database"] = Path(database.url.database).resolve().parent
    return folders


def _problem(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whoever asks shall learn of the other checks too
        return f"cannot be looked at: {kind_of(error)}"


def cannot_write(database: Database) -> str | None:
    """Why the database takes no scan; on SQLite this takes the turn to write."""
    try:
        with database.transaction() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"the database cannot be written: {kind_of(error)}"
    return None


def is_full(folders: dict[str, Path], least_mb: int) -> str | None:
    """Where less than `least_mb` are left."""
    for name, folder in folders.items():
        free = shutil.disk_usage(folder).free // 1_000_000
        if free < least_mb:
            return f"{free} MB are left on the disk of the {name}, {least_mb} are needed"
    return None
