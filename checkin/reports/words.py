"""What figures are called, in the language that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask_babel import force_locale, get_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from checkin.reports.model import Name, Obstacle, Report, Row, Section, Version, Wait

TITLES: Final = {
    Section.DAY: _l("Days"),
    Section.HOUR: _l("Hours of the day"),
    Section.GATE: _l("Gates"),
    Section.ZONE: _l("Zones"),
    Section.CATEGORY: _l("Everyone by category"),
    Section.CLUSTER: _l("SME clusters"),
    Section.COUNTRY: _l("Countries"),
    Section.SECTOR: _l("Sectors"),
    Section.CITY: _l("Cities"),
    Section.GENDER: _l("Women and men"),
}
PEOPLE: Final = {
    Section.HOUR: _l("First entries"),
    Section.CATEGORY: _l("People"),
    Section.CLUSTER: _l("People"),
}
ENTRIES: Final = _l("Entries")
NOTES: Final = {
    Section.HOUR: _l("First entries: visitors by the hour of their first admission of a day. Entries: each time."),
    Section.GATE: _l("A visitor counts at each gate that let them in, so gates do not add up to all visitors."),
    Section.ZONE: _l("Each zone counts its own. The first zone is the expo itself."),
    Section.CATEGORY: _l("People of every category. Those who are no visitors stand here only."),
    Section.CLUSTER: _l("People of the cluster’s exhibitors who were admitted."),
    Section.COUNTRY: _l("Where visitors say that they live or work."),
    Section.SECTOR: _l("Visitors may name several sectors, so these do not add up to all visitors."),
    Section.CITY: _l("As visitors wrote it."),
    Section.GENDER: _l("As far as visitors told it."),
}
TOTALS: Final = {
    "visitors": _l("Visitors"),
    "trade": _l("Trade visitors"),
    "public": _l("Public visitors"),
    "visits": _l("Visits (a visitor on a day)"),
    "entries": _l("Footfall: entries of visitors"),
    "first_time": _l("Visitors here for the first time"),
    "returning": _l("Visitors who were here before"),
    "inside": _l("Inside (an estimate)"),
    "everyone": _l("Everyone, all categories"),
    "everyone_entries": _l("Entries of everyone"),
    "women": _l("Women"),
    "gender_told": _l("Visitors who told their gender"),
    "national": _l("Visitors from Pakistan"),
    "foreign": _l("Visitors from abroad"),
    "country_told": _l("Visitors who told their country"),
}
REGISTERED: Final = {
    "visitors": _l("Registered visitors so far"),
    "trade": _l("Registered trade visitors"),
    "public": _l("Registered public visitors"),
    "everyone": _l("Everyone registered"),
}
GENDERS: Final = {"female": _l("Women"), "male": _l("Men"), "other": _l("Other")}
OBSTACLES: Final = {
    Obstacle.RUNNING: _l("The day is not over yet: people may still come in."),
    Obstacle.WAITING: _l("Tablets may still hold scans of it."),
    Obstacle.KEPT: _l("Late scans of a retired tablet wait for your decision, and are not counted."),
}


def both(words: Callable[[], str]) -> Name:
    """What `words` says, in English and in Urdu."""
    with force_locale("en"):
        english = words()
    with force_locale("ur"):
        return Name(english, words())


def each(words: Callable[[], Iterable[str]]) -> list[Name]:
    """Each sentence of `words` in both languages."""
    with force_locale("en"):
        english = list(words())
    with force_locale("ur"):
        return [Name(*pair) for pair in zip(english, words(), strict=True)]


def said(words: object) -> Name:
    """Lazy words in both languages."""
    return both(lambda: str(words))


def people_of(section: Section) -> object:
    """What the people of a table are called."""
    return PEOPLE.get(section, TOTALS["visitors"])


def language() -> str:
    """The language that words come in now."""
    return "ur" if str(get_locale()) == "ur" else "en"


def row_name(section: Section, row: Row) -> str:
    """The name of a line: as the event file or the visitor has it, or what its key stands for."""
    tongue = language()
    match section:
        case Section.DAY:
            return str(format_date(date.fromisoformat(row.key), "EEEE d MMMM", locale=tongue))
        case Section.HOUR:
            return f"{row.key}:00–{row.key}:59"
        case Section.GENDER:
            return str(GENDERS.get(row.key) or gettext("Not told"))
        case _:
            return ((row.name.ur or row.name.en) if tongue == "ur" else row.name.en) or str(gettext("Not told"))


def title(report: Report) -> str:
    """`Saturday 24 January 2026`, or the show days at once."""
    if report.day is None:
        return str(gettext("All show days, %(days)s", days=_days(report)))
    return str(format_date(report.day, "EEEE d MMMM y", locale=language()))


def moment(report: Report, at: datetime) -> str:
    """`24 January, 19:20:05` on the wall clock of the venue."""
    local = at.astimezone(ZoneInfo(report.time_zone))
    day = format_date(local.date(), "d MMMM", locale=language())
    return str(gettext("%(day)s, %(clock)s", day=day, clock=f"{local:%H:%M:%S}"))


def local_text(report: Report, moment: datetime) -> str:
    """A moment on the venue's wall clock, ISO 8601 with its offset."""
    return moment.astimezone(ZoneInfo(report.time_zone)).isoformat(timespec="seconds")


def apart(report: Report) -> str:
    """Who came and is no visitor, by category."""
    rows = [row for row in report.tables[Section.CATEGORY] if row.key in report.apart and row.people]
    told = " · ".join(f"{row_name(Section.CATEGORY, row)} {row.people:,}" for row in rows)
    return str(gettext("Not visitors, told apart: %(categories)s.", categories=told or gettext("none")))


def basis(report: Report) -> list[str]:
    """What was counted, until when, and what is not in it: a sentence each."""
    told = [
        gettext("Counted as of %(moment)s.", moment=moment(report, report.as_of))
        if report.last_scan_at is None
        else gettext(
            "Counted as of %(moment)s. The last scan that counts was made on %(scan)s.",
            moment=moment(report, report.as_of),
            scan=moment(report, report.last_scan_at),
        )
    ]
    told += waits(report)
    if report.is_behind:
        told.append(gettext("Many stored scans are still being counted: these figures will grow."))
    told += [
        ngettext(
            "One late scan of %(tablet)s waits for a decision and is not counted.",
            "%(num)d late scans of %(tablet)s wait for a decision and are not counted.",
            one.scans,
            tablet=isolated(one.device),
        )
        for one in report.kept
    ]
    told.append(
        ngettext(
            "One discrepancy on all days: a gate showed something else than what holds. Counted is what holds.",
            "%(num)d discrepancies on all days: gates showed something else than what holds. Counted is what holds.",
            report.discrepancies,
        )
        if report.discrepancies
        else gettext("No discrepancies: every gate showed what holds.")
    )
    return [str(one) for one in told]


def waits(report: Report) -> list[str]:
    """Which tablets are waited for, and why."""
    return [_wait(report, one) for one in report.waiting]


def meaning() -> list[str]:
    """The definitions, as trade fairs are audited."""
    return [
        str(gettext("Visitors: different people, trade and public, who were admitted. Each counts once.")),
        str(gettext("Visits: a visitor on a day. Who comes on two days is one visitor and two visits.")),
        str(gettext("Footfall: each time a visitor was let in. These are entries, not people.")),
        str(gettext("Exhibitors, crew and media are no visitors; they are told apart.")),
    ]


def standing(report: Report, version: Version | None) -> str:
    """`Signed, version 2`, and whether the figures are provisional."""
    if version is None:
        return str(gettext("Provisional") if report.provisional else gettext("Not signed"))
    words = gettext("Signed · version %(number)s", number=version.revision)
    return f"{words} · {gettext('Provisional')}" if report.provisional else str(words)


def signed_words(version: Version) -> list[str]:
    """Who signed it, when, and why in spite of what stood against it."""
    report = version.report
    told = [
        gettext(
            "Closed and signed by %(name)s on %(moment)s.",
            name=isolated(version.signer),
            moment=moment(report, version.signed_at),
        )
    ]
    if version.reason:
        told.append(gettext("Closed all the same: %(reason)s", reason=isolated(version.reason)))
    return [str(one) for one in told]


def isolated(name: str) -> str:
    """A name in a sentence of the other direction, kept from turning the sentence round (Unicode's isolates)."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def _wait(report: Report, one: Wait) -> str:
    since = moment(report, one.since)
    if one.is_silent:
        words = gettext(
            "Provisional: %(tablet)s has been silent since %(since)s.", tablet=isolated(one.device), since=since
        )
    else:
        words = ngettext(
            "Provisional: %(tablet)s has owed one scan since %(since)s.",
            "Provisional: %(tablet)s has owed %(num)d scans since %(since)s.",
            one.outbox,
            tablet=isolated(one.device),
            since=since,
        )
    return str(words)


def _days(report: Report) -> str:
    first, last = report.days[0], report.days[-1]
    shape = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    last_words = format_date(last, "d MMMM y", locale=language())
    return str(last_words) if first == last else f"{format_date(first, shape, locale=language())}–{last_words}"
