"""The words of a visitor: any registered person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class Source(StrEnum):
    """How a visitor came to be registered."""

    ONLINE = "online"
    DESK = "desk"
    IMPORT = "import"
    DEMO = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a visitor told us: the fields of the contract, cleaned. Empty text means *not given*."""

    name: str
    category: str
    name_ur: str = ""
    organisation: str = ""
    designation: str = ""
    country: str = ""
    city: str = ""
    phone: str = ""
    email: str = ""
    gender: Gender = Gender.UNDISCLOSED
    sectors: tuple[str, ...] = ()
    cluster: str = ""
    stand: str = ""
    days: tuple[date, ...] = ()
    language: str = "en"
    group: str = ""
    consent_exhibitors: bool = False
    consent_news: bool = False
    consent_photo: bool = False

    def plain(self) -> dict[str, Any]:
        """Each field as JSON can hold it."""
        days = [day.isoformat() for day in self.days]
        return asdict(self) | {"gender": self.gender.value, "sectors": list(self.sectors), "days": days}

    def with_plain(self, fields: Mapping[str, Any]) -> Self:
        """These details with some fields as `plain` told them. Raises TypeError, ValueError on what it cannot have."""
        read: dict[str, Callable[[Any], Any]] = {"gender": Gender, "sectors": tuple, "days": _dates}
        return replace(self, **{name: read[name](told) if name in read else told for name, told in fields.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an organiser corrected of a person: the fields that were changed, as they were and as they became."""

    id: int
    visitor_id: int
    at: datetime
    by: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    undoes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two registrations that an organiser found to be one person: the double is counted as the kept one.

    `correction_id`: what was written into the kept one with it, if anything was. `revoked`: the double's badge was
    revoked with it. `separated_at`: since when it is taken back, None while it stands.
    """

    id: int
    double_id: int
    kept_id: int
    at: datetime
    by: str
    reason: str
    correction_id: int | None
    revoked: bool
    separated_at: datetime | None
    separated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A registered person. `link_version` goes up when the private link is renewed."""

    id: int
    registered_at: datetime
    consented_at: datetime
    source: Source
    link_version: int
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What tells whether somebody is registered already."""

    id: int
    name: str
    organisation: str
    phone: str
    email: str
    group: str


def _dates(texts: Iterable[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)
