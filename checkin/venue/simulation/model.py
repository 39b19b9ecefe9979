"""The words of a simulation: who comes, what they hold before a camera, and what their tablets send, in its order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

from checkin.event.model import Event
from checkin.visitors.model import Details


class Held(Enum):
    """What stands before the camera, or is typed."""

    BADGE = auto()
    SHORT_CODE = auto()
    MISTYPED = auto()  # a short code whose check character is wrong
    FORGED = auto()  # a text that no key of ours signed
    NOBODYS = auto()  # a genuine token with a number that is nobody's
    NEVER_PRINTED = auto()  # a genuine token of an issue that was never printed


class Lane(StrEnum):
    """A tablet's two ways to the server: what is scanned now, and what waited, side by side."""

    LIVE = "live"
    OUTBOX = "outbox"


class Kind(Enum):
    """What a message is for."""

    LIVE = auto()
    BATCH = auto()
    AGAIN = auto()  # sent once more as it was, perhaps with what the screen had shown
    CONFLICT = auto()  # a known id with other content
    CORRECTION = auto()
    HEALTH = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a simulation is: people, scans that differ, show days from the first one on."""

    visitors: int
    scans: int
    days: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One made-up person. `reprinted_at`: issue 1 replaced issue 0. `revoked_at`: the newest issue ended."""

    place: int
    details: Details
    reprinted_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def newest(self) -> int:
        """The number of the newest issue."""
        return 0 if self.reprinted_at is None else 1

    def worn_at(self, moment: datetime) -> int:
        """Which issue they wear at `moment`."""
        return 0 if self.reprinted_at is None or moment < self.reprinted_at else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What is read. `guest`: whose, where it is anyone's. `text`: of a forgery. `number`: one that is nobody's."""

    held: Held
    guest: int | None = None
    issue: int = 0
    text: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Somebody stands before a gate's tablet at a moment."""

    at: datetime
    gate: str
    direction: str
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a screen showed before the server had answered."""

    verdict: str
    reason: str | None


NOTHING = Shown(verdict="", reason=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One scan as its tablet keeps it. `made_at`: the true moment; `scanned_at`: as the tablet works it out.

    `gate`, `direction`: None where the tablet leaves them out. `is_broken`: its moment cannot be read.
    `screen`: what the tablet shows by itself; told with the scan where it `waited` for the network.
    """

    id: str
    made_at: datetime
    scanned_at: datetime
    clock: str
    source: str
    tablet: int
    gate: str | None
    direction: str | None
    code: Code
    staff: str | None = None
    is_broken: bool = False
    screen: Shown = NOTHING
    waited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An undo or an override of the scan at `scan`, made on `tablet` at a moment by its corrected clock."""

    id: str
    is_undo: bool
    scan: int
    tablet: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A tablet has no network from `begins` until `ends`. It may start anew in it: then what it scanned before can not
    be dated surely, and stands `astray` of the true moment.
    """

    begins: datetime
    ends: datetime
    restarts: datetime | None = None
    astray: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tablet:
    """One tablet: where it stands, how wrong its own clock is, and when it had no network. Cuts never overlap."""

    place: int
    gate: str
    direction: str
    clock_error: timedelta
    cuts: tuple[Cut, ...] = ()

    def cut_at(self, moment: datetime) -> Cut | None:
        """The cut that `moment` lies in, if any."""
        return next((cut for cut in self.cuts if cut.begins <= moment < cut.ends), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One request of a tablet at a moment of the simulation. `scans`: places in the scenario's list.

    `loses_answer`: the network breaks before the answer comes, and the tablet sends it again.
    `outbox`: how many scans it owes, in a message of health.
    """

    at: datetime
    tablet: int
    lane: Lane
    kind: Kind
    scans: tuple[int, ...] = ()
    shown: Shown | None = None
    correction: int = -1
    outbox: int = 0
    loses_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything that happens; the same for the same event, size and seed."""

    event: Event
    size: Size
    seed: int
    guests: tuple[Guest, ...]
    tablets: tuple[Tablet, ...]
    scans: tuple[Scan, ...]
    corrections: tuple[Correction, ...]
    messages: tuple[Message, ...] = field(repr=False)
