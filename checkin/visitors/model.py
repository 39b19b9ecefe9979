"""The words of a visitor: any registered person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
