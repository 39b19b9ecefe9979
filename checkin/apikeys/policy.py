"""The rules of API keys: what they look like, when they open, and how often they may be used."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from typing import Final

from checkin.apikeys.model import ApiKey, Refused, Scope, Standing

PREFIX: Final = "checkin_"
"""Before each key, so that who finds one in a file, or a program that looks for lost secrets, knows what it is."""
NAME_LONGEST: Final = 80
LASTS_DAYS: Final = (7, 30, 90, 365)
USUAL_DAYS: Final = 30
TOUCH_EVERY: Final = timedelta(minutes=1)  # not a write for each request
MOST_A_MINUTE: Final = 120  # of one key, in one process: every half second
_MINUTE = timedelta(minutes=1)
_KEY = re.compile(rf"{PREFIX}([0-9a-f]{{8}})_[A-Za-z0-9_-]{{43}}")


def handle_of(text: str) -> str | None:
    """The part of a key by which it is found; None for what is no key of ours."""
    found = _KEY.fullmatch(text)
    return found[1] if found else None


def standing(key: ApiKey, now: datetime) -> Standing:
    """Whether the key opens anything at `now`."""
    if key.revoked_at is not None:
        return Standing.REVOKED
    return Standing.EXPIRED if now >= key.expires_at else Standing.LIVE


def why_not(key: ApiKey, scope: Scope, now: datetime) -> Refused | None:
    """Why this key, rightly given, does not open `scope`; None when it does."""
    match standing(key, now):
        case Standing.REVOKED:
            return Refused.REVOKED
        case Standing.EXPIRED:
            return Refused.EXPIRED
        case Standing.LIVE:
            return None if scope in key.scopes else Refused.SCOPE


class Pace:
    """How often each key was used in its minute, in one process."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        self._most = most
        self._used: dict[int, tuple[datetime, int]] = {}
        self._counting = threading.Lock()

    def wait(self, key_id: int, now: datetime) -> timedelta | None:
        """Count one use. How long to wait where it was one too many; None where it may go on."""
        with self._counting:
            began, uses = self._used.get(key_id, (now, 0))
            if not timedelta() <= now - began < _MINUTE:  # a clock that was put back begins anew
                began, uses = now, 0
            if uses >= self._most:
                return began + _MINUTE - now
            self._used[key_id] = began, uses + 1
        return None
