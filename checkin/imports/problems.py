"""What is wrong in a file, as a list for a spreadsheet: row, column, what stands there, what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask_babel import gettext

from checkin.cells import BOM, safe
from checkin.imports.model import Import, Mistake
from checkin.imports.words import FIELDS, mistake_words


def as_csv(found: Import, wrong: Iterable[tuple[int, Sequence[Mistake]]]) -> str:
    """UTF-8 text with BOM, in the language at hand, a line for each mistake; no cell is taken for a formula."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow((gettext("Line"), gettext("Column"), gettext("What stands there"), gettext("What to do")))
    for line, mistakes in wrong:
        for one in mistakes:
            writer.writerow((line, safe(column_of(found, one)), safe(one.value), mistake_words(one)))
    return out.getvalue()


def column_of(found: Import, mistake: Mistake) -> str:
    """`C: Mobile`: the column as the spreadsheet letters it and as the file heads it; else the field's name."""
    columns = found.matching.columns_of(mistake.field)
    if not columns:
        return str(FIELDS[mistake.field])
    heading = found.headings[columns[0]] if columns[0] < len(found.headings) else ""
    return f"{letters_of(columns[0])}: {heading}" if heading else letters_of(columns[0])


def letters_of(column: int) -> str:
    """0 → `A`, 26 → `AA`."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters
