"""The words of an event: what `event.toml` says, as frozen dataclasses. Pure; no clock, no files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo


class DayKind(StrEnum):
    """Only show days count; on the others a category enters if its `days` name them."""

    BUILD_UP = "build_up"
    SHOW = "show"
    BREAKDOWN = "breakdown"


class Direction(StrEnum):
    """Which way a gate leads. A `both` gate leaves the choice to the device."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


class ReEntry(StrEnum):
    """Whether a visitor may enter again on the same day."""

    ALLOW = "allow"
    REFUSE = "refuse"


class CountsAs(StrEnum):
    """Whether a category's people are visitors, as trade fairs are audited."""

    TRADE = "trade"
    PUBLIC = "public"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Anything with a slug and a name in English and, where given, Urdu."""

    slug: str
    name: str
    name_ur: str = ""

    def named(self, language: str) -> str:
        """The name in `language` (`en` or `ur`); English where Urdu was not given."""
        return (self.name_ur or self.name) if language == "ur" else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDay:
    """One local date of the event, with its opening hours in local time."""

    date: date
    kind: DayKind = DayKind.SHOW
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Named):
    """A part of the hall that is counted by itself. The event's first zone is the expo itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Named):
    """A place where badges are scanned. `categories`: slugs that may pass; empty means all.

    `closed_at`: since when an organiser keeps it closed.
    """

    zone: str
    direction: Direction = Direction.BOTH
    categories: tuple[str, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Named):
    """A kind of visitor. `number` is printed in every badge's token and may never change.

    `days`: dates on which it may enter; empty means every show day.
    `early_minutes`: how long before *opens* it may enter.
    `public`: people may choose it themselves at `/register`.
    """

    number: int
    colour: str
    public: bool = False
    counts_as: CountsAs = CountsAs.NONE
    days: tuple[date, ...] = ()
    early_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector(Named):
    """A line of business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster(Named):
    """An SME cluster that exhibits together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What the public form asks besides name, category and consent, by the visitor's field names.

    `require`: those of `ask` that may not be left empty.
    """

    ask: tuple[str, ...] = ("name_ur", "organisation", "designation", "country", "city", "phone", "email", "sectors")
    require: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailing:
    """Who the mails of the event come from, and where answers go (empty: to the sender).

    `reports_to`: who is sent each day's report when the day has closed.
    """

    sender: str
    reply_to: str = ""
    reports_to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Event(Named):
    """The whole expo, as its file describes it. Look-ups by slug raise KeyError on an unknown one.

    `gates`: the open ones. `closed_gates`: what organisers closed, kept to be named and opened again; a file has none.
    """

    venue: str
    venue_ur: str = ""
    time_zone: ZoneInfo
    public_url: str
    capacity: int | None = None
    re_entry: ReEntry = ReEntry.ALLOW
    again_after_minutes: int = 10
    names_on_tablets: bool = True
    days: tuple[EventDay, ...]
    zones: tuple[Zone, ...]
    gates: tuple[Gate, ...]
    closed_gates: tuple[Gate, ...] = ()
    categories: tuple[Category, ...]
    sectors: tuple[Sector, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    register: Register = Register()
    mailing: Mailing | None = None

    @cached_property
    def category_by_number(self) -> dict[int, Category]:
        return {category.number: category for category in self.categories}

    @cached_property
    def category_by_slug(self) -> dict[str, Category]:
        return {category.slug: category for category in self.categories}

    @cached_property
    def gate_by_slug(self) -> dict[str, Gate]:
        return {gate.slug: gate for gate in self.gates}

    @cached_property
    def every_gate(self) -> dict[str, Gate]:
        """Open and closed gates by slug: to name where somebody was scanned."""
        return {gate.slug: gate for gate in (*self.gates, *self.closed_gates)}

    def find_gate(self, slug: str, at: datetime) -> Gate | None:
        """The gate that was open at a moment: one that was closed later had still been."""
        gate = self.every_gate.get(slug)
        return gate if gate and (gate.closed_at is None or at < gate.closed_at) else None

    @cached_property
    def day_by_date(self) -> dict[date, EventDay]:
        return {day.date: day for day in self.days}

    @cached_property
    def show_days(self) -> tuple[EventDay, ...]:
        return tuple(day for day in self.days if day.kind is DayKind.SHOW)

    @property
    def first_zone(self) -> str:
        """The slug of the zone that is the expo itself."""
        return self.zones[0].slug

    @property
    def erase_at(self) -> datetime:
        """When tablets erase roster, names and keys by themselves: a day after the last day's closing."""
        return max(self.closes_at(day) for day in self.days) + timedelta(days=1)

    def local(self, moment: datetime) -> datetime:
        """`moment` (aware) on the wall clock of the venue."""
        return moment.astimezone(self.time_zone)

    def day_of(self, moment: datetime) -> date:
        """The event day of a moment: its local date, whatever the clock of the server says."""
        return self.local(moment).date()

    def opens_at(self, day: EventDay) -> datetime:
        """When `day` opens, in UTC-comparable form."""
        return datetime.combine(day.date, day.opens, self.time_zone)

    def closes_at(self, day: EventDay) -> datetime:
        """When `day` closes; a closing time at or before opening belongs to the next morning."""
        closes = datetime.combine(day.date, day.closes, self.time_zone)
        return closes if day.closes > day.opens else closes + timedelta(days=1)

    def days_of(self, category: Category, chosen: tuple[date, ...] = ()) -> tuple[date, ...]:
        """The dates on which a person of `category` may enter.

        An empty `category.days` means every show day; `chosen` (a visitor's own days) narrows it.
        """
        allowed = category.days or tuple(day.date for day in self.show_days)
        return tuple(d for d in allowed if not chosen or d in chosen)
