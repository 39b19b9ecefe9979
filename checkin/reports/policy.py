"""What stands against closing a day, what has changed since, and the signature. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from checkin.event.model import Event, EventDay
from checkin.reports.model import Change, Name, Obstacle, Report, Row, Section, Version

TOTALS: Final = (
    *("visitors", "trade", "public", "visits", "entries", "first_time", "returning", "inside"),
    *("everyone", "everyone_entries", "women", "gender_told", "national", "foreign", "country_told"),
)
MAIL_WAITS: Final = timedelta(minutes=20)  # after closing, for tablets to send what they hold; then it goes provisional
MAIL_IS_NEWS: Final = timedelta(days=7)  # a server that was off for longer sends that day's report no more


def key_of(secret: str) -> bytes:
    """The key that signs reports, from the installation's secret: HKDF-SHA256 (RFC 5869, no salt), 32 bytes."""
    extracted = hmac.digest(bytes(32), secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, b"report-key-v1\x01", hashlib.sha256)


def signature_of(key: bytes, content: str) -> str:
    """HMAC-SHA256 of the frozen text, in hexadecimal."""
    return hmac.digest(key, content.encode(), hashlib.sha256).hex()


def holds(key: bytes, content: str, signature: str) -> bool:
    """Whether this text was signed with this key."""
    return hmac.compare_digest(signature_of(key, content).encode(), signature.encode())


def obstacles(event: Event, report: Report) -> tuple[Obstacle, ...]:
    """What stands against freezing this report at the moment of its figures."""
    found = (
        (Obstacle.RUNNING, report.as_of < closes_at(event, report)),
        (Obstacle.WAITING, bool(report.waiting)),
        (Obstacle.KEPT, bool(report.kept)),
    )
    return tuple(obstacle for obstacle, is_there in found if is_there)


def closes_at(event: Event, report: Report) -> datetime:
    """When the last of its days closes."""
    return max(event.closes_at(event.day_by_date[day]) for day in report.days)


def has_begun(event: Event, report: Report) -> bool:
    """Whether the first of its days has opened by the moment of its figures."""
    return report.as_of >= min(event.opens_at(event.day_by_date[day]) for day in report.days)


def changes(before: Report, after: Report) -> tuple[Change, ...]:
    """Every figure of scans that differs, totals first. A row that is missing counts as nobody.

    How many are registered, when it was counted and which tablets wait are no figures of scans.
    """
    totals = (Change(None, key, before.totals.get(key) or 0, after.totals.get(key) or 0) for key in TOTALS)
    rows = (change for section in Section for change in _changes_in(section, before, after))
    return tuple(one for one in (*totals, *rows) if one.before != one.after)


def is_news(event: Event, latest: Version, report: Report) -> bool:
    """Whether another version is worth signing: figures changed, what stood against it is gone, or it was spoilt."""
    is_settled = bool(latest.reason) and not obstacles(event, report)
    return bool(changes(latest.report, report)) or is_settled or not latest.is_true


def is_mail_due(event: Event, day: EventDay, report: Report) -> bool:
    """Whether the day's report is to go out: once it is closed and settled, or some minutes later as it stands."""
    since = report.as_of - event.closes_at(day)
    return timedelta() <= since <= MAIL_IS_NEWS and (since >= MAIL_WAITS or not report.provisional)


def _changes_in(section: Section, before: Report, after: Report) -> Iterator[Change]:
    old, new = ({row.key: row for row in one.tables.get(section, ())} for one in (before, after))
    for key in {**old, **new}:
        one, other = (rows.get(key, _nobody(key)) for rows in (old, new))
        yield Change(section, key, one.people, other.people)
        if one.people == other.people:  # one line is enough for a gate
            yield Change(section, key, one.entries or 0, other.entries or 0)


def _nobody(key: str) -> Row:
    return Row(key, Name(""), 0)
