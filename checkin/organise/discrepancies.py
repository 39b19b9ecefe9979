"""Oddities ready to show: who, where and when, and what is odd about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from checkin.admission import discrepancies
from checkin.admission.discrepancies import Discrepancy
from checkin.admission.model import Reason, Verdict
from checkin.admission.tables import ScanRow
from checkin.badges.model import Badge
from checkin.badges.queries import newest_of
from checkin.badges.shortcode import short_code
from checkin.devices.queries import all_devices
from checkin.event.model import Event
from checkin.imports.model import Likeness
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.queries import Place, scans
from checkin.organise.oddity_words import ALIKE
from checkin.organise.tablets import gate_name
from checkin.organise.words import moment, number
from checkin.visitors import service as visitors
from checkin.visitors.model import Details

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One oddity, ready to show. `told`: what is odd about it. `other_id`, `other`: who is alike, if that is it."""

    kind: Kind
    key: str
    at: str
    gate: str
    tablet: str
    visitor_id: int | None
    name: str
    code: str
    told: tuple[str, ...]
    other_id: int | None = None
    other: str = ""


def lines(session: Session, event: Event, found: Collection[Oddity], *, now: datetime, language: str) -> list[Line]:
    """A line for each of these oddities, of whatever kinds, in their order."""
    facts = _Facts(session, event, found, now, language)
    return [facts.line(one) for one in found]


def key_text(place: Place) -> str:
    """Where a page goes on, as an address has it."""
    return f"{place[0].isoformat()}_{place[1]}"


def read_key(text: str | None) -> Place | None:
    """The place in an address; None for anything else, so that the list begins at its beginning."""
    at, _, key = (text or "").partition("_")
    try:
        found = datetime.fromisoformat(at)
    except ValueError:
        return None
    return None if found.tzinfo is None or not key.isprintable() else (found, key)


class _Facts:
    """What the lines of some oddities say, read with a few statements for all of them."""

    def __init__(self, session: Session, event: Event, found: Collection[Oddity], now: datetime, language: str) -> None:
        self._event, self._now, self._language = event, now, language
        people = {one.visitor_id for one in found if one.visitor_id is not None}
        twins = {_twin(one)[0] for one in found if one.kind is Kind.DOUBLE}
        self._people: Mapping[int, Details] = visitors.by_ids(session, people | twins)
        self._badges: Mapping[int, Badge] = newest_of(session, people)
        self._tablets = {one.id: one.name for one in all_devices(session)}
        ids = {one.key for one in found} | {one.other for one in found if one.kind is Kind.TWO_GATES}
        self._scans: Mapping[str, tuple[ScanRow, str]] = scans(session, ids)
        shown = [one.key for one in found if one.kind is Kind.SHOWN]
        told = discrepancies.found(session, event, among_scans=shown, most=len(shown)) if shown else []
        self._shown = {one.scan_id: one for one in told}

    def line(self, one: Oddity) -> Line:
        details, badge = self._people.get(one.visitor_id or 0), self._badges.get(one.visitor_id or 0)
        other_id, likeness = _twin(one) if one.kind is Kind.DOUBLE else (None, None)
        return Line(
            kind=one.kind,
            key=one.key,
            at=self._moment(one.at),
            gate=gate_name(self._event, one.gate, self._language) if one.gate else "",
            tablet=self._tablets.get(one.device_id or 0, ""),
            visitor_id=one.visitor_id,
            name=self._name(details),
            code=short_code(badge.number) if badge else "",
            told=(str(ALIKE[likeness]),) if likeness else tuple(self._told(one)),
            other_id=other_id,
            other=self._name(self._people.get(other_id or 0)),
        )

    def _told(self, one: Oddity) -> Iterator[str]:  # noqa: C901, PLR0912 - a case for each kind
        scan, _ = self._scans.get(one.key, (None, ""))
        match one.kind:
            case Kind.SHOWN:
                if (found := self._shown.get(one.key)) is not None:
                    yield from self._shown_words(found)
            case Kind.TWO_GATES:
                earlier, _ = self._scans.get(one.other, (None, ""))
                if earlier is not None:
                    yield gettext(
                        "%(seconds)s seconds before: %(place)s",
                        seconds=round((one.at - earlier.scanned_at).total_seconds()),
                        place=self._place(earlier.gate, earlier.scanned_at),
                    )
            case Kind.OLD_BADGE:
                if scan is not None and scan.issue is not None and scan.told_issue is not None:
                    yield gettext("issue %(old)s was shown, %(new)s is good", old=scan.issue, new=scan.told_issue)
            case Kind.TOO_SOON:
                if scan is not None and scan.previous_at is not None:
                    before = self._place(scan.previous_gate or "", scan.previous_at)
                    yield gettext("came in before: %(place)s", place=before)
            case Kind.SILENT:
                owed = int(one.other)
                yield (
                    ngettext("owes one scan", "owes %(number)s scans", owed, number=number(owed))
                    if owed
                    else gettext("not heard since then")
                )
            case Kind.QUIET_GATE:
                yield gettext("no scan since then")
            case Kind.CLOCK:
                unsure = int(one.other or 0)
                yield (
                    ngettext(
                        "one scan that day whose minute cannot be proved",
                        "%(number)s scans that day whose minute cannot be proved",
                        unsure,
                        number=number(unsure),
                    )
                    if unsure
                    else gettext("more than two minutes off")
                )
            case Kind.NO_MAIN_GATE:
                zone = next((one_.named(self._language) for one_ in self._event.zones if one_.slug == one.other), "")
                yield gettext("let into %(zone)s", zone=zone or one.other)
            case Kind.QUARANTINE:
                waits = int(one.other)
                yield ngettext("one scan waits", "%(number)s scans wait", waits, number=number(waits))

    def _shown_words(self, one: Discrepancy) -> Iterator[str]:
        yield gettext("the gate showed: %(words)s", words=said(one.shown_verdict, one.shown_reason))
        yield gettext("what holds: %(words)s", words=said(one.verdict, one.reason))
        if one.other_at is not None:
            yield gettext("entry before it: %(place)s", place=self._place(one.other_gate, one.other_at))
        yield from _notes(one)

    def _place(self, gate: str, at: datetime) -> str:
        name = gate_name(self._event, gate, self._language) if gate else gettext("no gate")
        return str(gettext("%(gate)s, %(moment)s", gate=name, moment=self._moment(at)))

    def _moment(self, at: datetime) -> str:
        return moment(self._event, at, self._now, self._language)

    def _name(self, details: Details | None) -> str:
        if details is None:
            return ""
        return (details.name_ur or details.name) if self._language == "ur" else details.name


def said(verdict: Verdict, reason: Reason | None) -> str:
    """A verdict in words."""
    word = str(_VERDICTS[verdict])
    return gettext("%(verdict)s: %(reason)s", verdict=word, reason=_REASONS[reason]) if reason else word


def _twin(one: Oddity) -> tuple[int, Likeness]:
    """Who is alike, and by what."""
    twin, _, likeness = one.other.partition(" ")
    return int(twin), Likeness(likeness)


def _notes(one: Discrepancy) -> Iterator[str]:
    if one.is_overtaken:
        yield gettext("the earlier entry arrived later")
    if one.is_undone:
        yield gettext("undone since")
    if one.is_overridden:
        yield gettext("let in by a supervisor")
