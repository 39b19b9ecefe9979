"""The journal as a file for a spreadsheet: ids and dotted words beside what they mean; no names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from checkin.attendance.answers import local_text
from checkin.cells import BOM, safe
from checkin.event.model import Event
from checkin.journal.model import Entry
from checkin.journal.words import PERSONAL

HEADINGS = ("number", "at", "who", "action", "words", "about", "personal_data", "detail")


def as_csv(event: Event, words: Mapping[str, str], batches: Iterable[Iterable[Entry]]) -> Iterator[str]:
    """UTF-8 with BOM, a piece for each batch; moments local with offset, no cell a formula."""
    yield BOM + _lines([HEADINGS])
    for batch in batches:
        yield _lines([safe(cell) for cell in _row(event, words, entry)] for entry in batch)


def _row(event: Event, words: Mapping[str, str], entry: Entry) -> tuple[str | int, ...]:
    return (
        entry.id,
        local_text(event, entry.at),
        entry.actor,
        entry.action,
        words.get(entry.action, entry.action),
        entry.subject,
        "yes" if entry.action in PERSONAL else "no",
        json.dumps(entry.detail, sort_keys=True, ensure_ascii=False) if entry.detail else "",
    )


def _lines(rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
