"""The words of a list of people: which are shown, and what is shown of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checkin.badges.model import Badge
from checkin.visitors.model import Visitor

UNDECLARED = "-"  # the country of whoever named none


class Standing(StrEnum):
    """What may hold of a person's badge."""

    LIVE = "live"
    REVOKED = "revoked"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Who is shown; what is empty or None leaves nobody out.

    `categories`: one of these. `country`: ISO 3166 alpha-2, or UNDECLARED. `city`: as `attendance.policy.city_key` has
    it, or UNDECLARED. `days`: on one of which they came, to whatever zone. `printed`: whether somebody said of the live
    badge that it is on paper.
    """

    categories: tuple[str, ...] = ()
    country: str = ""
    city: str = ""
    gender: str = ""
    sector: str = ""
    cluster: str = ""
    days: tuple[date, ...] = ()
    printed: bool | None = None
    state: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One person of a list. `badge`: the newest issue. `came`: the days on which they were let in."""

    visitor: Visitor
    badge: Badge | None
    is_printed: bool
    came: tuple[date, ...]
