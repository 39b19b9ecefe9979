"""The words of a job: work in the background that is counted, can be paused, and outlives its worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

STALE: Final = timedelta(seconds=60)
"""Whoever works on a job is heard of more often than this; after it, another worker takes the job up."""
QUEUE_TABLES: Final = "huey"
"""What the names of the queue's tables begin with, where it is on PostgreSQL."""


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY: Final = frozenset({JobState.WAITING, JobState.RUNNING})
STOPPED: Final = frozenset({JobState.PAUSED, JobState.FAILED})  # and can go on
ENDED: Final = frozenset({JobState.DONE, JobState.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. `done` and `failed` count towards `total`; `note` says in words what stopped it."""

    id: int
    kind: str
    state: JobState
    total: int
    done: int
    failed: int
    note: str
    heartbeat_at: datetime
    made_at: datetime
    made_by: str
    ended_at: datetime | None
