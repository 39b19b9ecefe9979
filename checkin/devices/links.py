"""The pairing link: its code stands behind `#`, which browsers never send and servers never log."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from checkin.badges.token import ALPHABET

CODE_LENGTH = 12  # 60 bits: beyond guessing while a code lives, and short enough to type


def pairing_link(base: str, code: str) -> str:
    """What the tablet opens."""
    return f"{base.rstrip('/')}/gate/#pair={code}"


def hash_of(secret: str) -> str:
    """What the database keeps of a code or a tablet's token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def set_code(secret: str, opened_at: datetime) -> str:
    """The code of the set that was opened at this moment: derived, so that any organiser can show it again.

    Only its hash is stored: whoever reads the database alone cannot pair with it.
    """
    digest = hmac.digest(secret.encode(), f"tablet-set-v1:{opened_at.isoformat()}".encode(), hashlib.sha256)
    return "".join(ALPHABET[byte & 31] for byte in digest[:CODE_LENGTH])
