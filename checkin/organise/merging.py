"""Two registrations side by side, ready to show: what differs, what may be kept, and what a merge would come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from checkin.admission.history import number_of_scans
from checkin.badges.model import BadgeState
from checkin.badges.shortcode import short_code
from checkin.event.model import Event
from checkin.organise.words import isolated, moment
from checkin.people.queries import days_here
from checkin.registration.calendar import short_day
from checkin.registration.correction_form import CorrectionForm
from checkin.registration.merging import Good, Side, may_stay, side
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Gender, Merge

KEPT, DOUBLE = "kept", "double"
PICK: Final = "keep-"  # before a field's name in the form
_CONSENTS = frozenset({"consent_exhibitors", "consent_news", "consent_photo"})
_NOTHING: tuple[object, ...] = ("", [], Gender.UNDISCLOSED.value)


@dataclass(frozen=True, slots=True)
class Apart:
    """A field in which the two differ: both sides in words, and which of them is picked."""

    name: str
    label: str
    kept: str
    double: str
    picked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One of the two, as the page shows them."""

    id: int
    name: str
    name_ur: str
    registered: str
    code: str
    badge: str
    came: str
    scans: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A merge, as pages tell it: who was merged into whom, by whom, and whether it stands."""

    id: int
    kept_id: int
    kept: str
    double_id: int
    double: str
    code: str
    badge: str
    at: str
    by: str
    reason: str
    separated: str


def picks(kept: Side, double: Side, asked: Mapping[str, str]) -> dict[str, str]:
    """Of each field, whose value is kept: as the form says, else the fuller one, else the newer one.

    The category stays the kept one's, whose badge says it; of a consent that only one of them gave, the *no*.
    """
    mine, theirs = kept.visitor.details.plain(), double.visitor.details.plain()
    newer = DOUBLE if double.visitor.registered_at > kept.visitor.registered_at else KEPT
    found = {}
    for name, value in mine.items():
        told = asked.get(f"{PICK}{name}")
        if told in {KEPT, DOUBLE}:
            found[name] = told
        elif name == "category":
            found[name] = KEPT
        elif name in _CONSENTS:
            found[name] = DOUBLE if value and not theirs[name] else KEPT
        elif name != "days" and (value in _NOTHING) != (theirs[name] in _NOTHING):
            found[name] = DOUBLE if value in _NOTHING else KEPT
        else:
            found[name] = newer
    return found


def wanted(kept: Side, double: Side, picked: Mapping[str, str]) -> Details:
    """Who they are from now on."""
    theirs = double.visitor.details.plain()
    return kept.visitor.details.with_plain({name: theirs[name] for name, who in picked.items() if who == DOUBLE})


def apart(form: CorrectionForm, kept: Side, double: Side, picked: Mapping[str, str]) -> list[Apart]:
    """The fields in which they differ. `form` lends its words."""
    found = form.apart(kept.visitor.details.plain(), double.visitor.details.plain())
    return [Apart(name, label, one, other, picked[name]) for name, label, one, other in found]


def beside(session: Session, event: Event, one: Side, now: datetime, language: str) -> Beside:
    """One of the two, with what the gates have seen of them."""
    visitor = one.visitor
    scans = number_of_scans(session, visitors.whole(session, visitor.id))
    return Beside(
        id=visitor.id,
        name=visitor.details.name,
        name_ur=visitor.details.name_ur,
        registered=moment(event, visitor.registered_at, now, language),
        code=short_code(one.badge.number) if one.badge else "",
        badge=badge_words(one, now),
        came=", ".join(short_day(day, language) for day in days_here(session, [visitor.id]).get(visitor.id, ())),
        scans=ngettext("%(num)s scan", "%(num)s scans", scans),
    )


def badge_words(one: Side, now: datetime) -> str:
    """Whether their badge is good."""
    if one.badge is None:
        return str(gettext("no badge yet"))
    is_good = one.badge.state_at(now) is BadgeState.LIVE
    return str(gettext("good") if is_good else gettext("revoked"))


def days_both(session: Session, kept: Side, double: Side) -> tuple[date, ...]:
    """The days that were counted as visits of two people."""
    ids = [kept.visitor.id, double.visitor.id]
    came = days_here(session, ids)
    return tuple(sorted(set(came.get(ids[0], ())) & set(came.get(ids[1], ()))))


def offered(event: Event, kept: Side, double: Side, to_be: Details, now: datetime) -> list[tuple[str, str]]:
    """What can become of the badges, with words; the first is the best."""
    mine, theirs = may_stay(event, kept, to_be, now), may_stay(event, double, to_be, now)
    one, other = (_code(side) for side in (kept, double))
    both = gettext("Both, %(one)s and %(other)s: whichever they hold lets them in, as one person", one=one, other=other)
    found = [(Good.BOTH.value, both)] if mine and theirs else []
    if mine:
        found.append((Good.KEPT.value, gettext("Only %(code)s; the other one is revoked", code=one)))
    found.append((Good.NEW.value, gettext("A new badge; the ones that are out are refused")))
    return [(value, str(words)) for value, words in found]


def _code(one: Side) -> str:
    """Their short code in a sentence, never broken at its dashes."""
    return isolated(short_code(one.badge.number).replace("-", "\N{NON-BREAKING HYPHEN}")) if one.badge else "–"


def told(session: Session, event: Event, merge: Merge, now: datetime, language: str) -> Told:
    """A merge in words."""
    mine, theirs = side(session, merge.kept_id), side(session, merge.double_id)
    separated = ""
    if merge.separated_at is not None:
        at = moment(event, merge.separated_at, now, language)
        separated = gettext("Separated again %(moment)s by %(name)s", moment=at, name=isolated(merge.separated_by))
    return Told(
        id=merge.id,
        kept_id=merge.kept_id,
        kept=mine.visitor.details.name,
        double_id=merge.double_id,
        double=theirs.visitor.details.name,
        code=short_code(theirs.badge.number) if theirs.badge else "",
        badge=badge_words(theirs, now),
        at=moment(event, merge.at, now, language),
        by=merge.by,
        reason=merge.reason,
        separated=separated,
    )
