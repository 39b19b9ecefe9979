"""What was changed over the event file, in words: the hours, who changed what, where the file disagrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final, assert_never

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from checkin.event.model import DayKind, Direction, Event, EventDay
from checkin.organise.words import moment, way, whole_day
from checkin.programme.model import Change, Conflict, Kind, Programme, Refusal, What
from checkin.programme.policy import is_over, newest_of
from checkin.staff.queries import members

_KINDS: Final = {
    DayKind.BUILD_UP: _l("building up"),
    DayKind.SHOW: _l("show day"),
    DayKind.BREAKDOWN: _l("taking down"),
}
_SETTINGS: Final = {
    "name": _l("Name"),
    "name_ur": _l("Name in Urdu"),
    "zone": _l("Zone"),
    "direction": _l("Way"),
    "categories": _l("Who may pass"),
    "opens": _l("Opens"),
    "closes": _l("Closes"),
}


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A day with its hours. `file`: what the event file says, where that is something else."""

    slug: str
    name: str
    kind: str
    hours: str
    file: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change. `settings`: what it was of, as it was, as it became."""

    kind: str
    slug: str
    number: int
    name: str
    what: str
    settings: tuple[tuple[str, str, str], ...]
    at: str
    by: str
    can_be_undone: bool


@dataclass(frozen=True, slots=True)
class ConflictLine:
    kind: str
    slug: str
    words: str


def hours(event: Event, file: Event, now: datetime, language: str) -> tuple[HoursLine, ...]:
    """Every day of the event, as it runs and as the file has it."""
    lines = []
    for day, written in zip(event.days, file.days, strict=True):
        is_other = (day.opens, day.closes) != (written.opens, written.closes)
        lines.append(
            HoursLine(
                slug=day.date.isoformat(),
                name=whole_day(day.date, language),
                kind=str(_KINDS[day.kind]),
                hours=_span(day),
                file=_span(written) if is_other else "",
                is_over=is_over(event, day, now),
            )
        )
    return tuple(lines)


def history(
    session: Session, event: Event, found: tuple[Change, ...], now: datetime, language: str
) -> tuple[ChangeLine, ...]:
    """Every change, the latest first; the newest of each thing can be undone."""
    names = {member.staff.actor: member.staff.name for member in members(session)}
    newest = newest_of(found)
    before = {(one.kind, one.slug, one.number + 1): one for one in found}
    return tuple(
        _line(event, one, before.get((one.kind, one.slug, one.number)), newest, names, now, language)
        for one in reversed(found)
    )


def conflicts(programme: Programme, language: str) -> tuple[ConflictLine, ...]:
    """Where the file says something else than it said when a thing was changed, and which of the two holds."""
    return tuple(
        ConflictLine(one.kind, one.slug, _conflict(programme.event, one, language)) for one in programme.conflicts
    )


def name_of(event: Event, kind: Kind, slug: str, language: str) -> str:
    """What people call a gate or a day."""
    if kind is Kind.GATE:
        gate = event.every_gate.get(slug)
        return gate.named(language) if gate else slug
    day = next((day for day in event.days if day.date.isoformat() == slug), None)
    return whole_day(day.date, language) if day else slug


def refused(refusal: Refusal) -> str:
    """Why a change was not made, and what to do."""
    match refusal:
        case Refusal.STALE:
            return str(gettext("Somebody changed this meanwhile. Nothing of yours was saved: look, and save again."))
        case Refusal.NAME_TAKEN:
            return str(gettext("Another gate is called so already. Please choose another name."))
        case Refusal.LAST_WAY_IN:
            return str(gettext("It is the last open gate that leads in. To stop people for a while, hold it instead."))
        case Refusal.IN_USE:
            return str(gettext("People were scanned at this gate, or a tablet stands there. Close it instead."))
        case Refusal.DAY_IS_OVER:
            return str(gettext("This day is over: its hours stay as they were."))
        case Refusal.HAS_OPENED:
            return str(gettext("The day has opened already: only its closing can be changed."))
        case Refusal.CLOSES_FIRST:
            return str(gettext("The day would close before it opens. Please choose a later closing."))
        case Refusal.HAS_PASSED:
            return str(gettext("That closing has passed already. Please choose a later one."))
        case Refusal.NOTHING_NEW:
            return str(gettext("Nothing was changed: it is so already."))
        case _:
            assert_never(refusal)


def _line(
    event: Event,
    one: Change,
    before: Change | None,
    newest: Mapping[tuple[Kind, str], Change],
    names: Mapping[str, str],
    now: datetime,
    language: str,
) -> ChangeLine:
    was = {} if before is None else dict(before.file) | dict(before.instead)
    was, became = was or dict(one.file), dict(one.file) | dict(one.instead)
    return ChangeLine(
        kind=one.kind,
        slug=one.slug,
        number=one.number,
        name=name_of(event, one.kind, one.slug, language),
        what=_what(one.what),
        settings=tuple(
            (str(words), _value(event, name, was.get(name), language), _value(event, name, became.get(name), language))
            for name, words in _SETTINGS.items()
            if was.get(name) != became.get(name)
        ),
        at=moment(event, one.at, now, language),
        by=names.get(one.by, ""),
        can_be_undone=newest[one.kind, one.slug] is one,
    )


def _span(day: EventDay) -> str:
    """`10:00–19:00`, in this order on an Urdu page too."""
    return f"\N{LEFT-TO-RIGHT ISOLATE}{day.opens:%H:%M}–{day.closes:%H:%M}\N{POP DIRECTIONAL ISOLATE}"


def _what(what: What) -> str:
    match what:
        case What.ADD:
            return str(gettext("added"))
        case What.CHANGE | What.HOURS:
            return str(gettext("changed"))
        case What.CLOSE:
            return str(gettext("closed"))
        case What.OPEN:
            return str(gettext("opened again"))
        case What.UNDO:
            return str(gettext("undone"))
        case _:
            assert_never(what)


def _value(event: Event, setting: str, value: Any, language: str) -> str:  # noqa: ANN401 - a setting's, from JSON
    if value is None:
        return ""
    if setting == "zone":
        return next((zone.named(language) for zone in event.zones if zone.slug == value), str(value))
    if setting == "direction":
        return way(Direction(value))
    if setting == "categories":
        known = event.category_by_slug
        names = [known[slug].named(language) if slug in known else slug for slug in value]
        return ", ".join(names) or str(gettext("everybody"))
    return f"{time.fromisoformat(value):%H:%M}" if setting in {"opens", "closes"} else str(value)


def _conflict(event: Event, one: Conflict, language: str) -> str:
    name = name_of(event, one.kind, one.slug, language)
    if not one.setting:
        name = one.here.get("name") or name
        return str(
            gettext("%(name)s was set here, but does not fit the event file any more: it is not in use.", name=name)
        )
    words = {
        "name": name,
        "setting": str(_SETTINGS[one.setting]),
        "here": _value(event, one.setting, one.here, language),
        "file": _value(event, one.setting, one.file, language),
    }
    if one.holds:
        return str(
            gettext(
                "%(name)s · %(setting)s: here %(here)s, in the event file now %(file)s. What is set here holds.",
                **words,
            )
        )
    return str(
        gettext(
            "%(name)s · %(setting)s: %(here)s does not fit the event file any more. The file’s %(file)s holds.", **words
        )
    )
