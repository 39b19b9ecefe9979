"""When a mail is tried again, and when no more: facts in, decision out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from checkin.mail.model import Accepted, MailState, Never, NotNow, Outcome, Problem, Trouble, Unknown

# Waits after each try that was put off; with the last of them four and a half days have passed (RFC 5321, 4.5.4.1).
WAITS = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60, 24 * 60)
)
SERVER_WAIT = timedelta(minutes=1)  # no mail's own fault: the next of those that wait may try in a minute
MOST_A_DAY = 60  # to one address: a delegation may share one; a stranger's mailbox is not to be flooded from a form
STALE_AFTER = timedelta(minutes=10)  # longer than any talk with the server: four answers of a minute each


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of a mail after a try."""

    state: MailState
    trouble: Trouble | None = None
    next_try_at: datetime | None = None


def standing_after(outcome: Outcome, *, tries: int, now: datetime) -> Standing:
    """Where a mail stands after its try number `tries`."""
    match outcome:
        case Accepted():
            return Standing(MailState.SENT)
        case Unknown(trouble):
            return Standing(MailState.UNSURE, trouble)
        case Never(trouble):
            return Standing(MailState.GIVEN_UP, trouble)
        case NotNow(trouble) if is_servers_fault(trouble.problem):
            return Standing(MailState.WAITING, trouble, now + SERVER_WAIT)
        case NotNow(trouble):
            if tries > len(WAITS):
                return Standing(MailState.GIVEN_UP, trouble)
            return Standing(MailState.WAITING, trouble, now + WAITS[tries - 1])
        case _:
            assert_never(outcome)


def is_servers_fault(problem: Problem) -> bool:
    """Whether the next mail would meet the same: then trying it now is of no use."""
    return problem in {Problem.NO_CONNECTION, Problem.CERTIFICATE, Problem.NO_TLS, Problem.SIGN_IN, Problem.SENDER}
