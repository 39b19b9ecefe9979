"""Who does which kind of job. `create_app` fills it, so that jobs know no capability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from checkin.web import Site

Task: TypeAlias = Callable[[Site, int], bool]
"""Does a piece of the job with this id; True when there is more: it is queued again, behind the others.

A piece takes seconds, not minutes: jobs take turns by it, and what a killed worker had in hand is done again. The
task itself asks `jobs.service.begin` first and ends with `finish`. It may raise: the job then fails and says so.
"""
Periodic: TypeAlias = Callable[[Site], None]
"""Called about once a minute in each worker, and when it starts; two workers may do so at once."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The tasks by the kind of job, and what is done every minute by name."""

    tasks: dict[str, Task] = field(default_factory=dict)
    every_minute: dict[str, Periodic] = field(default_factory=dict)
