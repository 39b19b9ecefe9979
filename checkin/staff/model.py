"""The words of staff: who signs in, as what, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import NewType

SecretHash = NewType("SecretHash", str)
"""An Argon2id hash of a password or PIN, with its parameters; never the secret itself."""


class Role(StrEnum):
    """What a person may do. A role grants nothing of another: each view names all that it allows."""

    ORGANISER = "organiser"
    DESK = "desk"
    GATE = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who may sign in."""

    id: int
    name: str
    email: str
    role: Role

    @property
    def actor(self) -> str:
        """How the journal names this person."""
        return f"staff:{self.id}"


class Standing(StrEnum):
    """Whether a person can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person on the organisers' list of staff."""

    staff: Staff
    standing: Standing
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of comparing a typed secret with `stored`.

    `renewed`: the same secret hashed with today's parameters, where `stored` has older ones.
    """

    stored: SecretHash | None
    holds: bool
    renewed: SecretHash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSession:
    """A session in use, and when it was last noted."""

    staff: Staff
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The secret of the new session, which only the cookie may hold, and whose it is."""

    session_token: str
    staff: Staff


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """This e-mail and this password do not belong together; which of them is wrong is never told."""


@dataclass(frozen=True, slots=True)
class LockedUntil:
    """Too many wrong tries: until then even the right secret is refused."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that still works. `staff` is None for the first organiser, who says who they are."""

    role: Role
    staff: Staff | None


class InvitationGone(Enum):
    """Why an invitation link does not work."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Invited:
    """A person invited, and the code of the link: shown once, stored only as a hash."""

    staff: Staff
    code: str


@dataclass(frozen=True, slots=True)
class EmailTaken:
    """Someone else signs in with this e-mail address."""


class Ending(Enum):
    """What came of ending someone's access."""

    ENDED = "ended"
    YOURSELF = "yourself"
