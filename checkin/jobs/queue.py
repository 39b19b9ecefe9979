"""The queue, for whoever only adds to it."""

from __future__ import annotations

import logging

from checkin.settings import Settings

_log = logging.getLogger(__name__)


def enqueue(settings: Settings, kind: str, job_id: int, *, copies: int = 1) -> None:
    """Ask the workers to look at a job, after the transaction that made or resumed it was committed.

    `copies` lets so many workers share it. What cannot be queued (a full disk, a server that is down) is only late:
    the sweep finds it.
    """
    # Huey and all its drivers take 10 MB: a server that queues nothing does without.
    from checkin.jobs.messages import opened  # noqa: PLC0415
    from checkin.jobs.storages import DOWN  # noqa: PLC0415

    try:
        with opened(settings, _nobody_works_here) as queue:
            for _ in range(copies):
                queue.put(kind, job_id)
    except DOWN as error:
        _log.warning("job %d was not queued, the next sweep finds it: %s", job_id, type(error).__name__)


def _nobody_works_here(_kind: str, _job_id: int) -> None:
    raise RuntimeError("this end of the queue only adds to it")
