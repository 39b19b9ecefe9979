"""The words of API keys: what another system may ask, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a key opens. A scope grants nothing of another."""

    ATTENDANCE_READ = "attendance:read"
    METRICS_READ = "metrics:read"


class Standing(StrEnum):
    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, without its secret. `handle`: the part of it that may be shown, and by which it is found."""

    id: int
    name: str
    handle: str
    scopes: frozenset[Scope]
    made_at: datetime
    made_by: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, and its text: shown once, stored only as a hash."""

    key: ApiKey
    text: str


class Refused(StrEnum):
    """Why a key opens nothing."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SCOPE = "scope"
