"""The rules of signing in: how long a lock holds, how long a session lives, which secrets are good enough."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

FREE_TRIES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
FAILURES_FORGOTTEN_AFTER = timedelta(hours=24)

INVITATION_LASTS = timedelta(days=7)
SESSION_IDLE = timedelta(hours=12)  # longer than a show day: nobody is thrown out while they work
SESSION_LASTS = timedelta(hours=24)
TOUCH_EVERY = timedelta(minutes=1)  # not a write for each page

PASSWORD_SHORTEST = 10
PASSWORD_LONGEST = 200
EMAIL_LONGEST = 254  # RFC 5321, with its erratum 1690
NAME_LONGEST = 120
_PIN = re.compile(r"[0-9]{6,10}")
_EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")


class PasswordProblem(Enum):
    """Why a password is refused."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    IS_YOU = "the name or e-mail address"


class PinProblem(Enum):
    """Why a PIN is refused."""

    NOT_DIGITS = "not 6 to 10 digits"
    TOO_EASY = "too easy to guess"


def lock_lasts(failures: int) -> timedelta:
    """How long the last of `failures` wrong tries locks: nothing, from the fifth on 1 minute, doubling to 1 hour."""
    if failures < FREE_TRIES:
        return timedelta()
    doublings = min(failures - FREE_TRIES, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def failures_after(failures: int, last_failed_at: datetime, now: datetime) -> int:
    """How many wrong tries count once there is one more at `now`: after a quiet day only this one."""
    return 1 if now - last_failed_at > FAILURES_FORGOTTEN_AFTER else failures + 1


def is_session_live(expires_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session that nobody ended may still be used."""
    return now < expires_at and now < last_seen_at + SESSION_IDLE


def plain_email(email: str) -> str:
    """The one form in which an e-mail address is stored and looked up."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def is_email(email: str) -> bool:
    """Whether this can name a person who signs in; a hall without internet may well use `desk1@expo.local`."""
    return len(email) <= EMAIL_LONGEST and _EMAIL.fullmatch(email) is not None


def plain_name(name: str) -> str:
    """A name without control characters and needless spaces."""
    return " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in name).split())


def plain_password(password: str) -> str:
    """The same password however the keyboard composes it (NFKC, as NIST SP 800-63B-4 section 3.1.1.2 asks)."""
    return unicodedata.normalize("NFKC", password)


def password_problem(password: str, *, name: str, email: str) -> PasswordProblem | None:
    """What is wrong with a new password, if anything. Length is what counts; no rules about signs and capitals."""
    plain = plain_password(password)
    if len(plain) < PASSWORD_SHORTEST:
        return PasswordProblem.TOO_SHORT
    if len(plain) > PASSWORD_LONGEST:
        return PasswordProblem.TOO_LONG
    own = (name, email, email.partition("@")[0])
    if _letters(plain) in {_letters(word) for word in own}:
        return PasswordProblem.IS_YOU
    return None


def plain_pin(pin: str) -> str:
    """A PIN in ASCII digits, whichever digits the keyboard has (۱۲۳, १२३)."""
    return "".join(str(unicodedata.decimal(c, c)) for c in pin.strip())


def pin_problem(pin: str) -> PinProblem | None:
    """What is wrong with a new PIN, if anything: steps (123456, 987654), repeats (123123) and two digits alone."""
    plain = plain_pin(pin)
    if _PIN.fullmatch(plain) is None:
        return PinProblem.NOT_DIGITS
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(plain)}
    half = len(plain) // 2
    if len(steps) == 1 or len(set(plain)) <= 2 or plain[:half] * 2 == plain:  # noqa: PLR2004 - as said above
        return PinProblem.TOO_EASY
    return None


def _letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
