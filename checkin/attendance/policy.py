"""What a figure is asked of, and which tablets keep the figures of a day provisional. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from checkin.attendance.model import Waiting
from checkin.devices.model import Device
from checkin.devices.policy import SILENT_AFTER
from checkin.event.model import CountsAs, Event, EventDay

LONGEST_KEY = 64  # characters: what the sums have room for


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is asked of: `day`, or every show day when it is None; and the categories whose people are visitors.

    `others`: a category that does not count, when it alone is asked of; then its people stand where visitors do.
    `asked`: the day or days. `days`: those of them that count, which are show days. `told`: `asked` and all show days.
    """

    day: date | None
    show_days: tuple[date, ...]
    trade: tuple[str, ...]
    public: tuple[str, ...]
    others: tuple[str, ...] = ()

    @cached_property
    def asked(self) -> tuple[date, ...]:
        return self.show_days if self.day is None else (self.day,)

    @cached_property
    def days(self) -> tuple[date, ...]:
        return tuple(one for one in self.asked if one in self.show_days)

    @cached_property
    def told(self) -> tuple[date, ...]:
        return tuple(sorted({*self.show_days, *self.asked}))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        return self.trade + self.public + self.others


def scope_of(event: Event, day: date | None, category: str = "") -> Scope:
    """What is asked of `event` by a day, or by None for the whole of it; of one category alone, if one is named."""
    wanted = [one for one in event.categories if category in {"", one.slug}]
    trade, public, others = (
        tuple(one.slug for one in wanted if one.counts_as is kind)
        for kind in (CountsAs.TRADE, CountsAs.PUBLIC, CountsAs.NONE)
    )
    return Scope(
        day=day,
        show_days=tuple(show.date for show in event.show_days),
        trade=trade,
        public=public,
        others=others if category else (),
    )


def city_key(city: str) -> str:
    """What a city is counted under: `LAHORE` and ` lahore` are one."""
    return " ".join(city.split()).casefold()[:LONGEST_KEY]


def rules_of(event: Event) -> str:
    """What of the event file the shares depend on: with another answer everything is counted anew."""
    return " ".join((str(event.time_zone), *(show.date.isoformat() for show in event.show_days)))


def waiting(
    event: Event, devices: Iterable[Device], scanned: Collection[tuple[int, date]], days: Iterable[date], now: datetime
) -> tuple[Waiting, ...]:
    """The tablets that may still hold scans of `days`, the longest wait first. `scanned`: who scanned on which day.

    A tablet belongs to a day on which it scanned, and to today. It is waited for while it owes scans, or is silent. A
    retired tablet is not: what it still sends goes to quarantine.
    """
    today = event.day_of(now)
    wanted = [event.day_by_date[day] for day in days]
    found = []
    for device in devices:
        own = [day for day in wanted if day.date == today or (device.id, day.date) in scanned]
        if device.is_retired or not own:
            continue
        is_owing = bool(device.outbox)
        if is_owing or any(_is_silent(event, device, day, now) for day in own):
            seen = device.last_seen_at or device.paired_at
            found.append(
                Waiting(
                    device_id=device.id,
                    device=device.name,
                    since=(device.first_owed_at or seen) if is_owing else seen,
                    outbox=device.outbox or 0,
                    is_silent=not is_owing,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.since, one.device_id)))


def _is_silent(event: Event, device: Device, day: EventDay, now: datetime) -> bool:
    """Not heard for five minutes while the day runs; once it is over, not heard since it closed.

    Only a sign after closing proves that nothing of the day is left. A spare without a gate may sleep in its drawer.
    """
    if not device.gate or now < event.opens_at(day):
        return False
    seen = device.last_seen_at or device.paired_at
    return seen < min(now - SILENT_AFTER, event.closes_at(day))
