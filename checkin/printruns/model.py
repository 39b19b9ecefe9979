"""The words of a print run: badges chosen once, drawn in parts, marked printed when somebody has held them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checkin.jobs.model import Job

KIND = "print"
"""A run that the workers draw."""
KIND_HERE = "print here"
"""A run that a command draws, in a folder that only its machine knows: no worker takes it up."""


class NotOverError(Exception):
    """This can be said and done of a run only when it is over: done or cancelled."""


class Which(StrEnum):
    """Which live badges of the chosen category."""

    ALL = "all"
    UNPRINTED = "unprinted"
    CHANGED = "changed"  # an earlier issue was marked printed, the one that is good now was not
    PEOPLE = "people"  # those that were named


class Order(StrEnum):
    NAME = "name"
    CATEGORY = "category"
    COMPANY = "company"  # with a cover sheet for each


class PartState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Problem(StrEnum):
    """What somebody has to mend before a paused run can go on; opens the note of its job."""

    DISK_FULL = "disk full"
    CANNOT_WRITE = "cannot write"
    TEMPLATE = "template"


class Outcome(StrEnum):
    """What became of one badge of a run."""

    WAITING = "waiting"
    PRINTED = "printed"
    SKIPPED = "skipped"  # replaced or revoked since the run was made: it would be a dead badge
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which badges; `category` is a slug, empty for all; `numbers` are badge numbers, for PEOPLE alone."""

    which: Which = Which.ALL
    category: str = ""
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How they are printed. `sheet` is empty for a page each; `first` is the first free place, from 0."""

    template: str
    sheet: str = ""
    order: Order = Order.NAME
    both_sides: bool = False
    first: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One badge that a run would print; `is_again`: this very issue was marked printed before."""

    badge_id: int
    number: int
    category: int
    name: str
    name_ur: str
    organisation: str
    designation: str
    city: str
    is_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would print: the badges in the order of the pile, and how many stand on a page."""

    choice: Choice
    layout: Layout
    chosen: tuple[Chosen, ...]
    places: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Characters of somebody's badge that no font has: they would be left out of the print."""

    name: str
    number: int
    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Somebody said that a badge is printed."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One PDF of a run, numbered from 1."""

    number: int
    state: PartState
    badges: int

    @property
    def file(self) -> str:
        return part_file(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A print run; its `job` says how far it is. `folder` is empty where the files lie in the instance folder."""

    id: int
    job: Job
    choice: Choice
    layout: Layout
    folder: str
    badges: int
    parts: int
    marked_at: datetime | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the manifest."""

    short_code: str
    name: str
    organisation: str
    category: int
    outcome: Outcome
    reason: str
    part: int
    page: int | None
    place: int | None


def part_file(number: int) -> str:
    """`part-001.pdf`."""
    return f"part-{number:03}.pdf"
