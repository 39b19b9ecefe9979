"""The words of an import: a list that somebody keeps in a spreadsheet becomes registered visitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from checkin.jobs.model import Job

MOST_BYTES = 16_000_000  # of a file
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_LETTERS = 32_767  # of a cell: as many as Excel's own take


class Field(StrEnum):
    """What a column may hold: a visitor's fields as the contract names them."""

    NAME = "name"
    NAME_UR = "name_ur"
    ORGANISATION = "organisation"
    DESIGNATION = "designation"
    CATEGORY = "category"
    COUNTRY = "country"
    CITY = "city"
    PHONE = "phone"
    EMAIL = "email"
    GENDER = "gender"
    SECTORS = "sectors"
    CLUSTER = "cluster"
    STAND = "stand"
    DAYS = "days"
    LANGUAGE = "language"
    GROUP = "group"
    CONSENT = "consent"
    CONSENT_EXHIBITORS = "consent_exhibitors"
    CONSENT_NEWS = "consent_news"
    CONSENT_PHOTO = "consent_photo"


class Kind(StrEnum):
    """What kind of file it is, by what stands in it."""

    CSV = "csv"
    XLSX = "xlsx"


class Fault(StrEnum):
    """Why a file cannot be taken at all."""

    EMPTY = "empty"
    NO_PEOPLE = "no people"  # headings alone
    NO_TABLE = "no table"
    ENCRYPTED = "encrypted"
    OLD_EXCEL = "old excel"
    OTHER_ZIP = "other zip"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_COLUMNS = "too many columns"
    HUGE_CELL = "huge cell"


class BadFileError(Exception):
    """This file cannot be taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Problem(StrEnum):
    """What is wrong with a cell."""

    MISSING = "missing"
    NO_LETTERS = "no letters"
    NOT_URDU = "not urdu"
    TOO_LONG = "too long"
    UNKNOWN = "unknown"
    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    OTHER_DAY = "other day"
    YES_OR_NO = "yes or no"
    NO_CONSENT = "no consent"
    BROKEN_CELL = "broken cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One cell that is wrong. `value` is what stands in it, `allowed` what may: the limit, or the dates."""

    field: Field
    problem: Problem
    value: str = ""
    allowed: str = ""


class RowState(StrEnum):
    """What is to be done with a row, or was."""

    READY = "ready"
    WRONG = "wrong"
    DOUBLE = "double"  # its decision says whether it is registered all the same
    KNOWN = "known"  # this very row was imported before
    DONE = "done"


class Likeness(StrEnum):
    """What a row has in common with another, or with somebody registered. The closest comes first."""

    LINE = "line"  # all of it
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"  # and organisation


class Decision(StrEnum):
    NONE = ""
    SKIP = "skip"
    REGISTER = "register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Whom a row is like: the row at `line` of the file, or a registered visitor."""

    likeness: Likeness
    line: int | None = None
    visitor_id: int | None = None


class Stage(StrEnum):
    MATCHING = "matching"
    CHECKING = "checking"
    REVIEW = "review"
    RUNNING = "running"
    DONE = "done"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a file looks like: how it is to be read, its headings, and the first rows below them."""

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    line: int = 1
    headings: tuple[str, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Which column (from 0) is which field; `category` is for rows that name none."""

    fields: Mapping[int, Field] = field(default_factory=dict)
    category: str = ""

    def columns_of(self, wanted: Field) -> tuple[int, ...]:
        """The columns that hold this field, in order."""
        return tuple(sorted(column for column, given in self.fields.items() if given is wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import. `counts` are those of its rows; they stay when the rows are gone."""

    id: int
    stage: Stage
    file_name: str
    kind: Kind
    encoding: str
    headings: tuple[str, ...]
    matching: Matching
    job: Job | None
    counts: Mapping[RowState, int]
    decided: Mapping[Decision, int]  # of its doubles
    made_at: datetime
    made_by: str
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.stage in {Stage.DONE, Stage.DISCARDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A row that is like another, with what a person needs in order to decide."""

    seq: int
    line: int
    name: str
    organisation: str
    phone: str
    email: str
    decision: Decision
    twin: Twin
    twin_name: str
    twin_organisation: str
