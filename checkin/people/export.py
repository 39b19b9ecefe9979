"""People as a file for a spreadsheet: the contract's columns, as an import takes them, and more behind them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from checkin.attendance.answers import local_text
from checkin.badges.shortcode import short_code
from checkin.cells import BOM, safe
from checkin.event.model import Event
from checkin.people.model import Listed
from checkin.visitors.model import Details

TOLD = (
    *("name", "name_ur", "organisation", "designation", "category", "country", "city", "phone", "email", "gender"),
    *("sectors", "cluster", "stand", "days", "language", "group"),
    *("consent_exhibitors", "consent_news", "consent_photo"),
)
MORE = ("short_code", "issue", "badge", "printed", "came", "registered_at", "source")


def as_csv(event: Event, batches: Iterable[Iterable[Listed]], now: datetime) -> Iterator[str]:
    """UTF-8 with BOM, a piece for each batch; lists joined by `;`, moments local with offset, no cell a formula."""
    yield BOM + _lines([(*TOLD, *MORE)])
    for batch in batches:
        yield _lines(
            [_cell(value) for value in (*_told(one.visitor.details), *_more(event, one, now))] for one in batch
        )


def _told(details: Details) -> list[object]:
    plain = details.plain()
    return [plain[name] for name in TOLD]


def _more(event: Event, one: Listed, now: datetime) -> tuple[object, ...]:
    badge = one.badge
    return (
        short_code(badge.number) if badge else "",
        badge.issue if badge else "",
        badge.state_at(now).value if badge else "",
        "yes" if one.is_printed else "no",
        [day.isoformat() for day in one.came],
        local_text(event, one.visitor.registered_at),
        one.visitor.source.value,
    )


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(safe(";".join(value) if isinstance(value, list) else str(value)))


def _lines(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
