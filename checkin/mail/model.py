"""The words of mail: one message that carries a badge to the address its visitor gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a mail is about."""

    BADGE = "badge"


class MailState(StrEnum):
    """Where a mail stands. `unsure`: the server may have taken it, so nobody but a person sends it again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


class Problem(StrEnum):
    """Why a mail has not gone. Our own words: what a server answers often repeats the address."""

    NO_CONNECTION = "no_connection"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    ADDRESS = "address"
    CONTENT = "content"
    NOT_NOW = "not_now"
    BROKE_OFF = "broke_off"
    NO_ANSWER = "no_answer"
    STALE = "stale"
    CANNOT_DRAW = "cannot_draw"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, and the server's own code for it where it gave one (`550 5.1.1`)."""

    problem: Problem
    code: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has taken the message: it is on its way, and no longer ours."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """This message was not taken now; later it may be."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Never:
    """This message will not be taken, however often it is tried."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Unknown:
    """The message went out whole and no answer came: it may have been taken."""

    trouble: Trouble


Outcome = Accepted | NotNow | Never | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail of one issue of a badge. `again`: how often an organiser has asked for it once more."""

    id: int
    visitor_id: int
    number: int
    issue: int
    kind: Kind
    address: str
    state: MailState
    tries: int
    again: int
    made_at: datetime
    next_try_at: datetime
    claimed_at: datetime | None
    sent_at: datetime | None
    trouble: Trouble | None

    @property
    def may_be_double(self) -> bool:
        """Whether the visitor has this mail already, or may have it."""
        return self.state in {MailState.SENT, MailState.SENDING, MailState.UNSURE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many mails stand where."""

    waiting: int = 0
    sending: int = 0
    sent: int = 0
    unsure: int = 0
    given_up: int = 0
    dropped: int = 0
