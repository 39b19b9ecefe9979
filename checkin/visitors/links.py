"""The private link of a visitor's badge page: derived, so that it can be sent again and renewed, and never stored."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

LINK_BITS = 128


def private_link(secret: str, visitor_id: int, version: int) -> str:
    """The link of this visitor: 128 bits of HMAC-SHA256 in 22 URL-safe characters."""
    digest = hmac.digest(secret.encode(), f"badge-link-v1:{visitor_id}:{version}".encode(), hashlib.sha256)
    return urlsafe_b64encode(digest[: LINK_BITS // 8]).decode().rstrip("=")


def link_hash(link: str) -> str:
    """What the database keeps of a link: its SHA-256 in hexadecimal."""
    return hashlib.sha256(link.encode()).hexdigest()
