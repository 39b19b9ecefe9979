"""What a tablet is told when the supervisor's PIN was wrong."""

from __future__ import annotations

import math
from datetime import datetime

from flask import make_response
from flask.typing import ResponseReturnValue

from checkin.staff.model import LockedUntil
from checkin.web import error_answer


def wrong_pin(locked: LockedUntil | None, now: datetime) -> ResponseReturnValue:
    """403, or 429 with when to try again once too many were wrong."""
    if locked is None:
        return error_answer(403, "This is not the supervisor's PIN.", reason="pin")
    answer = make_response(error_answer(429, "Too many wrong PINs. Wait, then try again.", reason="pin"))
    answer.headers["Retry-After"] = str(max(1, math.ceil((locked.until - now).total_seconds())))
    return answer
