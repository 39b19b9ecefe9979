"""Gates and categories in words: what stands where, who came through, and what is held by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from checkin.admission.queries import entries_at
from checkin.devices.model import Device
from checkin.devices.service import all_devices
from checkin.event.model import Category, Event, Gate
from checkin.journal.queries import doers
from checkin.organise.tablets import Tablet, tablets
from checkin.organise.words import moment, number, way
from checkin.programme.model import Hold, HoldKind
from checkin.programme.service import holds
from checkin.staff.queries import members

HELD: Final = "programme.hold"
"""The journal's word for a hold that began: it knows who began it."""
_Key = tuple[HoldKind, str]


@dataclass(frozen=True, slots=True)
class Held:
    """A hold. `message`: as the gate shows it, `message_ur` empty where no Urdu was given; `by` empty if unknown."""

    kind: HoldKind
    slug: str
    name: str
    message: str
    message_ur: str
    since: str
    by: str
    number: int


@dataclass(frozen=True, slots=True)
class GateLine:
    """A gate, its tablets and how many have entered there today. `closed`: since when it is closed, empty if open."""

    slug: str
    name: str
    zone: str
    direction: str
    tablets: tuple[Tablet, ...]
    entries: str
    held: Held | None
    closed: str


@dataclass(frozen=True, slots=True)
class CategoryLine:
    category: Category
    held: Held | None


@dataclass(frozen=True, slots=True)
class Gates:
    """The whole page. `held` has also what the event no longer knows: it can still be released."""

    held: tuple[Held, ...]
    gates: tuple[GateLine, ...]
    closed: tuple[GateLine, ...]
    categories: tuple[CategoryLine, ...]


def gates(session: Session, event: Event, now: datetime, language: str) -> Gates:
    """All that the page of the gates shows."""
    held = {(one.kind, one.slug): one for one in all_held(session, event, now, language)}
    working = [device for device in all_devices(session) if not device.is_retired]
    return Gates(
        held=tuple(held.values()),
        gates=tuple(_gate(session, event, gate, working, held, now, language) for gate in event.gates),
        closed=tuple(_gate(session, event, gate, working, held, now, language) for gate in event.closed_gates),
        categories=tuple(
            CategoryLine(category, held.get((HoldKind.CATEGORY, category.slug))) for category in event.categories
        ),
    )


def all_held(session: Session, event: Event, now: datetime, language: str) -> tuple[Held, ...]:
    """What is held now, the longest first, and by whom."""
    found = holds(session)
    if not found:
        return ()
    actors = doers(session, HELD, found[0].since)
    names = {member.staff.actor: member.staff.name for member in members(session)}
    return tuple(
        _held(event, one, names.get(actors.get((subject_of(one.kind, one.slug), one.since), ""), ""), now, language)
        for one in found
    )


def subject_of(kind: HoldKind, slug: str) -> str:
    """How the journal names what is held; a long slug is cut to what it takes."""
    return f"{kind}:{slug}"[:64]


def find_name(event: Event, kind: HoldKind, slug: str, language: str) -> str | None:
    """The name of a gate, a closed one too, or category of the event."""
    known: dict[str, Gate] | dict[str, Category]
    known = event.every_gate if kind is HoldKind.GATE else event.category_by_slug
    found = known.get(slug)
    return found.named(language) if found else None


def _held(event: Event, one: Hold, by: str, now: datetime, language: str) -> Held:
    message, _, message_ur = one.message.partition("\n")
    return Held(
        kind=one.kind,
        slug=one.slug,
        name=find_name(event, one.kind, one.slug, language) or one.slug,
        message=message,
        message_ur=message_ur,
        since=moment(event, one.since, now, language),
        by=by,
        number=one.number,
    )


def _gate(
    session: Session,
    event: Event,
    gate: Gate,
    working: list[Device],
    held: dict[_Key, Held],
    now: datetime,
    language: str,
) -> GateLine:
    zone = next(zone for zone in event.zones if zone.slug == gate.zone)
    mine = [device for device in working if device.gate == gate.slug]
    return GateLine(
        slug=gate.slug,
        name=gate.named(language),
        zone=zone.named(language),
        direction=way(gate.direction),
        tablets=tablets(event, mine, now=now, language=language),
        entries=number(entries_at(session, gate.slug, event.day_of(now))),
        held=held.get((HoldKind.GATE, gate.slug)),
        closed=moment(event, gate.closed_at, now, language) if gate.closed_at else "",
    )
