"""Statements that take too long, told with their text and without their parameters."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPICursor

from checkin.engines import TOLD
from checkin.sight import metrics
from checkin.sight.requests import MORE

LONGEST = 2_000  # of a statement's text: a list of a thousand ids says no more than its beginning
_log = logging.getLogger(__name__)


def watch(engines: Iterable[Engine], slow_ms: int) -> None:
    """Tell of each statement on `engines` that takes longer than `slow_ms`, waiting for a lock included, failed or not.

    The events that stand in for the driver's call cost a fast statement about two microseconds; those before and after
    it cost eleven, since SQLAlchemy then prepares what they are told.
    """
    slow_s = slow_ms / 1000
    for engine in engines:
        for name in ("do_execute", "do_executemany", "do_execute_no_params"):
            event.listen(engine, name, _timed(getattr(engine.dialect, name), slow_s))
        engine.update_execution_options(**{TOLD: partial(_tell_if, slow_s)})


def _timed(execute: Any, slow_s: float) -> Any:  # noqa: ANN401 - each of the three has a signature of its own
    """One of the dialect's ways to execute, with an eye on the clock."""

    def timed(cursor: DBAPICursor, statement: str, *rest: Any) -> bool:  # noqa: ANN401
        began = time.perf_counter()
        try:
            execute(cursor, statement, *rest)
        finally:
            _tell_if(slow_s, statement, time.perf_counter() - began, cursor.rowcount)
        return True  # SQLAlchemy need not do it any more

    return timed


def _tell_if(slow_s: float, statement: str, seconds: float, rows: int) -> None:
    if seconds <= slow_s:
        return
    metrics.count_slow()
    text = " ".join(statement.split())
    more: dict[str, object] = {"ms": round(seconds * 1000, 1), "statement": text[:LONGEST]}
    if rows >= 0:
        more["rows"] = rows
    _log.warning("slow statement", extra={MORE: more})
