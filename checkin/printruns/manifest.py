"""Who is on which page: for a spreadsheet, and for whoever hands out a company's badges."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby

from checkin.cells import BOM, safe
from checkin.event.model import Event
from checkin.printruns.model import Line, Outcome, part_file
from printing import Cover, CoverWords

HEADINGS = ("short_code", "name", "organisation", "category", "result", "file", "page", "place", "reason")
NO_COMPANY = "No organisation"


def as_csv(event: Event, lines: Iterable[Line]) -> str:
    """UTF-8 text with BOM, a line for each badge in the order of the pile; no cell is taken for a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for one in lines:
        is_printed = one.outcome is Outcome.PRINTED
        where = (part_file(one.part), one.page, one.place) if is_printed else ("", "", "")
        who = (one.short_code, safe(one.name), safe(one.organisation), _category(event, one.category))
        writer.writerow((*who, one.outcome, *where, safe(one.reason)))
    return out.getvalue()


def covers(event: Event, lines: Iterable[Line]) -> Iterator[Cover]:
    """One cover sheet for each company's printed badges; `lines` stand in order of companies."""
    printed = (one for one in lines if one.outcome is Outcome.PRINTED)
    for company, group in groupby(printed, key=lambda one: one.organisation):
        rows = ((one.name, _category(event, one.category), one.short_code, f"{one.part}/{one.page}") for one in group)
        yield Cover(title=company or NO_COMPANY, lines=tuple(rows))


def cover_words(event: Event) -> CoverWords:
    """What stands on every cover sheet."""
    return CoverWords(event=event.name, head=("Name", "Category", "Short code", "Part / page"))


def _category(event: Event, number: int) -> str:
    category = event.category_by_number.get(number)
    return category.name if category else str(number)
