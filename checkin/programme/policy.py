"""The event as it runs: the file, with what organisers changed laid over it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any, TypeVar

from checkin.event.model import Direction, Event, EventDay, Gate
from checkin.programme.model import Conflict, Kind, Overlay, Refusal

Laid = TypeVar("Laid", bound=Overlay)
MIDNIGHT = time(0)
"""As a closing time: the end of the day."""


def newest_of(changes: Iterable[Laid]) -> dict[tuple[Kind, str], Laid]:
    """The change of each thing that holds."""
    newest: dict[tuple[Kind, str], Laid] = {}
    for change in changes:
        known = newest.get((change.kind, change.slug))
        if known is None or change.number > known.number:
            newest[change.kind, change.slug] = change
    return newest


def overlaid(event: Event, changes: Iterable[Overlay]) -> tuple[Event, tuple[Conflict, ...]]:
    """The event with every change over it, and where they disagree.

    What a change says holds, whatever the file says later, as long as it still fits: a zone that has left the file
    cannot be entered. What does not fit rests, and the file holds.
    """
    conflicts: list[Conflict] = []
    gates = {gate.slug: gate for gate in event.gates}
    days = {day.date.isoformat(): day for day in event.days}
    # Always in one order, so that added gates stand where they stood: gate-7 before gate-10.
    for change in sorted(newest_of(changes).values(), key=lambda one: (len(one.slug), one.slug)):
        if change.kind is Kind.GATE:
            found = _gate(event, gates.get(change.slug), change, conflicts)
            if found is not None:
                gates[change.slug] = found
        elif change.instead:
            known = days.get(change.slug)
            if known is None:
                conflicts.append(_whole(change))
            else:
                days[change.slug] = _day(known, change, conflicts)
    running = replace(
        event,
        gates=tuple(gate for gate in gates.values() if gate.closed_at is None),
        closed_gates=tuple(gate for gate in gates.values() if gate.closed_at is not None),
        days=tuple(days.values()),
    )
    return running, tuple(conflicts)


def told(gate: Gate) -> dict[str, Any]:
    """A gate's settings as a change keeps them."""
    closed = {} if gate.closed_at is None else {"closed_at": gate.closed_at.astimezone(UTC).isoformat()}
    return {
        "name": gate.name,
        "name_ur": gate.name_ur,
        "zone": gate.zone,
        "direction": gate.direction.value,
        "categories": list(gate.categories),
        **closed,
    }


def hours_told(day: EventDay) -> dict[str, Any]:
    """A day's hours as a change keeps them."""
    return {"opens": day.opens.isoformat(), "closes": day.closes.isoformat()}


def differing(wanted: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that are not as in the file: all of them where it knows no such thing."""
    return {name: value for name, value in wanted.items() if name not in file or file[name] != value}


def has_way_in(event: Event) -> bool:
    """Whether any open gate leads in."""
    return any(gate.direction is not Direction.OUT for gate in event.gates)


def is_name_taken(event: Event, slug: str, name: str) -> bool:
    """Whether another open gate is called so already: people could not tell the two apart."""
    return any(gate.slug != slug and gate.name.casefold() == name.casefold() for gate in event.gates)


def find_hours_refusal(event: Event, day: EventDay, opens: time, closes: time, now: datetime) -> Refusal | None:
    """Why a day that runs as `day` cannot have these hours, if it cannot.

    What has happened stays as it was: a day that is over, an opening that has been, a closing that lies behind.
    """
    if is_over(event, day, now):
        return Refusal.DAY_IS_OVER
    wanted = replace(day, opens=opens, closes=closes)
    if opens != day.opens and now >= event.opens_at(day):
        return Refusal.HAS_OPENED
    if closes == day.closes:  # also of a day that closes after midnight, as only a file can say it
        return None if event.closes_at(wanted) == event.closes_at(day) else Refusal.CLOSES_FIRST
    if closes <= opens and closes != MIDNIGHT:
        return Refusal.CLOSES_FIRST
    return Refusal.HAS_PASSED if event.closes_at(wanted) <= now else None


def is_over(event: Event, day: EventDay, now: datetime) -> bool:
    """Whether a day and its hours lie behind: on its own date it may still be made longer."""
    return now >= event.closes_at(day) and event.day_of(now) > day.date


def _gate(event: Event, file: Gate | None, change: Overlay, conflicts: list[Conflict]) -> Gate | None:
    if not change.instead:
        return None
    if file is None and change.file:
        conflicts.append(_whole(change))
        return None
    base = {} if file is None else told(file)
    instead = {
        name: value
        for name, value in change.instead.items()
        if _fits(name, value, [zone.slug for zone in event.zones], event.category_by_slug)
    }
    if file is None and len(instead) < len(change.instead):
        conflicts.append(_whole(change))
        return None
    conflicts += _disagreeing(change, base, instead)
    return _built(change.slug, base | instead)


def _built(slug: str, settings: Mapping[str, Any]) -> Gate:
    closed_at = settings.get("closed_at")
    return Gate(
        slug=slug,
        name=settings["name"],
        name_ur=settings["name_ur"],
        zone=settings["zone"],
        direction=Direction(settings["direction"]),
        categories=tuple(settings["categories"]),
        closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
    )


def _fits(name: str, value: Any, zones: Collection[str], categories: Collection[str]) -> bool:  # noqa: ANN401 - JSON's
    if name == "zone":
        return value in zones
    return name != "categories" or all(category in categories for category in value)


def _day(file: EventDay, change: Overlay, conflicts: list[Conflict]) -> EventDay:
    base = hours_told(file)
    hours = base | dict(change.instead)
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    was_overnight = file.closes <= file.opens
    fits = closes > opens or closes == MIDNIGHT or was_overnight
    conflicts += _disagreeing(change, base, change.instead if fits else {})
    return replace(file, opens=opens, closes=closes) if fits else file


def _disagreeing(change: Overlay, file: Mapping[str, Any], held: Mapping[str, Any]) -> Iterable[Conflict]:
    """The settings of a change of which the file says something new, or that do not fit it any more."""
    for name, here in change.instead.items():
        is_new = name in file and name in change.file and file[name] != change.file[name]
        came = name in file and not change.file  # the file got a gate of the same short name since
        if name not in held or ((is_new or came) and file[name] != here):
            yield Conflict(
                kind=change.kind, slug=change.slug, setting=name, here=here, file=file.get(name), holds=name in held
            )


def _whole(change: Overlay) -> Conflict:
    return Conflict(kind=change.kind, slug=change.slug, setting="", here=change.instead, file=None, holds=False)
