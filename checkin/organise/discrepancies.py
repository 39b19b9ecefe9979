"""Discrepancies in words: what a gate showed, and what holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.admission.discrepancies import Discrepancy
from checkin.admission.model import Reason, Verdict
from checkin.badges.shortcode import short_code
from checkin.event.model import Event
from checkin.organise.tablets import gate_name
from checkin.organise.words import moment

_VERDICTS: Final = {
    Verdict.ADMITTED: _l("let in"),
    Verdict.RE_ENTRY: _l("let in again"),
    Verdict.LEFT: _l("left"),
    Verdict.REFUSED: _l("refused"),
}
_REASONS: Final = {
    Reason.FORGED: _l("not a badge of this expo"),
    Reason.UNKNOWN: _l("not on the list"),
    Reason.REVOKED: _l("badge withdrawn"),
    Reason.REPLACED: _l("old badge"),
    Reason.HELD: _l("entry was held"),
    Reason.NOT_TODAY: _l("not valid that day"),
    Reason.NOT_YET: _l("not open yet"),
    Reason.WRONG_GATE: _l("not for this gate"),
    Reason.ALREADY_IN: _l("already in"),
    Reason.MALFORMED: _l("the scan could not be read"),
    Reason.CONFLICT: _l("two scans got mixed up"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One discrepancy, ready to show. `other`: the gate and time of the entry before it, if there was one."""

    at: str
    gate: str
    tablet: str
    name: str
    code: str
    shown: str
    judged: str
    other: str
    notes: tuple[str, ...]


def lines(event: Event, found: Iterable[Discrepancy], *, now: datetime, language: str) -> tuple[Line, ...]:
    """A line for each discrepancy."""
    return tuple(_line(event, one, now, language) for one in found)


def key_text(key: tuple[datetime, str]) -> str:
    """The key of a page as an address has it."""
    return f"{key[0].isoformat()}_{key[1]}"


def read_key(text: str | None) -> tuple[datetime, str] | None:
    """The key in an address; None for anything else, so that the list begins at its beginning."""
    at, _, scan_id = (text or "").partition("_")
    try:
        found = datetime.fromisoformat(at), str(uuid.UUID(scan_id))
    except ValueError:
        return None
    return None if found[0].tzinfo is None else found


def _line(event: Event, one: Discrepancy, now: datetime, language: str) -> Line:
    other = ""
    if one.other_at is not None:
        at, gate = moment(event, one.other_at, now, language), gate_name(event, one.other_gate, language)
        other = gettext("%(gate)s, %(moment)s", gate=gate, moment=at)
    name = (one.visitor_name_ur or one.visitor_name) if language == "ur" else one.visitor_name
    return Line(
        at=moment(event, one.scanned_at, now, language),
        gate=gate_name(event, one.gate, language) if one.gate else gettext("no gate"),
        tablet=one.device_name,
        name=name or gettext("nobody known"),
        code="" if one.number is None else short_code(one.number),
        shown=said(one.shown_verdict, one.shown_reason),
        judged=said(one.verdict, one.reason),
        other=other,
        notes=tuple(_notes(one)),
    )


def said(verdict: Verdict, reason: Reason | None) -> str:
    """A verdict in words."""
    word = str(_VERDICTS[verdict])
    return gettext("%(verdict)s: %(reason)s", verdict=word, reason=_REASONS[reason]) if reason else word


def _notes(one: Discrepancy) -> list[str]:
    notes = []
    if one.is_overtaken:
        notes.append(gettext("the earlier entry arrived later"))
    if one.is_undone:
        notes.append(gettext("undone since"))
    if one.is_overridden:
        notes.append(gettext("let in by a supervisor"))
    return notes
