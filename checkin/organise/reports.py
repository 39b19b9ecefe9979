"""The page of reports in words: how each day stands, what was signed, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from checkin.event.model import Event
from checkin.mail.model import MailState, Problem
from checkin.mail.words import PROBLEMS
from checkin.organise.mails import STATES
from checkin.organise.words import moment, number, whole_day
from checkin.reports import policy
from checkin.reports.mailing import ReportMail
from checkin.reports.model import Change, Report, Version
from checkin.reports.words import OBSTACLES, TOTALS, waits

ALL_DAYS = "all"
_HEADLINES: Final = {
    "visitors": _l("Visitors"),
    "visits": _l("Visits"),
    "entries": _l("Entries"),
    "everyone": _l("Everyone"),
}
_OWN_PROBLEMS: Final = {
    Problem.ADDRESS: _l("There is no such address, or it takes no mail: mend “reports_to” in the event file’s [mail]."),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the list, or all of them. `can_close`: signing now would say something new."""

    key: str
    name: str
    visitors: str
    visits: str
    entries: str
    standing: str
    is_provisional: bool
    waits: tuple[str, ...]
    has_begun: bool
    changes: str
    can_close: bool
    revision: int


@dataclass(frozen=True, slots=True)
class Line:
    """A signed version."""

    number: int
    revision: int
    name: str
    visitors: str
    visits: str
    signed: str
    signer: str
    reason: str
    is_provisional: bool
    is_true: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Closing:
    """What the page says that asks once more. `against`: what stands against closing, and the tablets by name."""

    key: str
    name: str
    figures: tuple[tuple[str, str], ...]
    against: tuple[str, ...]
    waits: tuple[str, ...]
    revision: int
    changes: str
    is_news: bool
    has_begun: bool
    is_behind: bool


@dataclass(frozen=True, slots=True)
class MailLine:
    """A day's report to one organiser: where it stands, and why."""

    day: str
    address: str
    state: str
    at: str
    reason: str
    code: str
    needs_care: bool


def key_of(day: date | None) -> str:
    """How an address names a day, or all of them."""
    return day.isoformat() if day else ALL_DAYS


def days(event: Event, told: Iterable[Report], latest: Mapping[date | None, Version], language: str) -> tuple[Day, ...]:
    """A line for each of these reports of today's figures."""
    return tuple(_day(event, one, latest.get(one.day), language) for one in told)


def lines(event: Event, found: Iterable[Version], now: datetime, language: str) -> tuple[Line, ...]:
    """A line for each signed version."""
    return tuple(_line(event, one, now, language) for one in found)


def mail_lines(event: Event, found: Iterable[ReportMail], now: datetime, language: str) -> tuple[MailLine, ...]:
    """A line for each report that goes by mail."""
    return tuple(
        MailLine(
            day=whole_day(one.day, language),
            address=one.address,
            state=str(STATES[one.state]),
            at=moment(event, one.at, now, language),
            reason=str(_OWN_PROBLEMS.get(one.trouble.problem, PROBLEMS[one.trouble.problem])) if one.trouble else "",
            code=one.trouble.code if one.trouble else "",
            needs_care=one.state in {MailState.UNSURE, MailState.GIVEN_UP},
        )
        for one in found
    )


def closing(event: Event, report: Report, latest: Version | None, revision: int, language: str) -> Closing:
    """Everything that is asked before a day is closed."""
    keys = ("visitors", "visits", "entries", "everyone")
    return Closing(
        key=key_of(report.day),
        name=_name(report.day, language),
        figures=tuple((str(TOTALS[key]), number(report.totals[key] or 0)) for key in keys),
        against=tuple(str(OBSTACLES[one]) for one in policy.obstacles(event, report)),
        waits=tuple(waits(report)),
        revision=revision,
        changes=_changes(latest, report),
        is_news=latest is None or policy.is_news(event, latest, report),
        has_begun=policy.has_begun(event, report),
        is_behind=report.is_behind,
    )


def _day(event: Event, report: Report, latest: Version | None, language: str) -> Day:
    has_begun = policy.has_begun(event, report)
    return Day(
        key=key_of(report.day),
        name=_name(report.day, language),
        visitors=number(report.totals["visitors"] or 0),
        visits=number(report.totals["visits"] or 0),
        entries=number(report.totals["entries"] or 0),
        standing=_standing(event, report, latest) if has_begun else gettext("not begun"),
        is_provisional=has_begun and report.provisional,
        waits=tuple(waits(report)) if has_begun else (),
        has_begun=has_begun,
        changes=_changes(latest, report),
        can_close=has_begun and (latest is None or policy.is_news(event, latest, report)),
        revision=latest.revision if latest else 0,
    )


def _standing(event: Event, report: Report, latest: Version | None) -> str:
    if latest is not None:
        return str(gettext("closed, version %(number)s", number=latest.revision))
    if report.as_of < policy.closes_at(event, report):
        return str(gettext("running"))
    return str(gettext("provisional") if report.provisional else gettext("settled: it can be closed"))


def _line(event: Event, one: Version, now: datetime, language: str) -> Line:
    report = one.report
    return Line(
        number=one.number,
        revision=one.revision,
        name=_name(report.day, language),
        visitors=number(report.totals.get("visitors") or 0),
        visits=number(report.totals.get("visits") or 0),
        signed=moment(event, one.signed_at, now, language),
        signer=one.signer,
        reason=one.reason,
        is_provisional=report.provisional,
        is_true=one.is_true,
        mark=one.mark,
    )


def _changes(latest: Version | None, report: Report) -> str:
    """By how much the figures are others since the newest version was signed: the headlines, and how many more."""
    found = policy.changes(latest.report, report) if latest else ()
    told = [f"{_HEADLINES[one.key]} {_by(one)}" for one in found if one.section is None and one.key in _HEADLINES]
    more = len(found) - len(told)
    if more:
        told.append(ngettext("one more figure", "%(num)d more figures", more))
    return " · ".join(told)


def _by(one: Change) -> str:
    """`+3 (8,412 → 8,415)`, from left to right in Urdu too (Unicode's isolates)."""
    change = f"{one.after - one.before:+,} ({one.before:,} → {one.after:,})"
    return f"\N{LEFT-TO-RIGHT ISOLATE}{change}\N{POP DIRECTIONAL ISOLATE}"


def _name(day: date | None, language: str) -> str:
    return whole_day(day, language) if day else str(gettext("All days"))
