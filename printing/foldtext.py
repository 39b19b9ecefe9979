"""What stands on the half of a page that folds behind: steps or a map of the venue, and the words of a ruler."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from printing.mistakes import shown
from printing.picture import Picture, PictureError, open_picture
from printing.reading import Notes, Table
from printing.text import Text, unprintable

STEPS: Final = 4  # as many as there are little pictures


class Both(NamedTuple):
    """The same words in English and Urdu."""

    english: str
    urdu: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Fold:
    title: Both
    steps: tuple[Both, ...]
    ruler: Both
    map: Picture | None


def read_fold(template: Table, folder: Path) -> Fold:
    """The table `[fold]` of a folded template; mistakes are noted."""
    template.has("fold")
    raw = template.raw.get("fold")
    notes: Notes = template.notes
    if not isinstance(raw, dict):
        notes.add("[fold]", "This table is missing.", "Copy it from the shipped a4-fold.toml: a title, steps, a ruler.")
        raw = {}
    table = Table(raw, "[fold]", notes if raw else Notes())
    title = _both(table, "title")
    ruler = _both(table, "ruler")
    steps = []
    rows = table.tables("step")
    if len(rows) != STEPS and raw:
        table.note("step", f"It has {len(rows)} steps.", f"Write [[fold.step]] {STEPS} times, one for each picture.")
    for number, row in enumerate(rows[:STEPS], start=1):
        row.place = notes.place_of("fold.step", number)
        steps.append(_both(row, "text"))
        row.note_unknown()
    picture = _map(table, folder) if table.has("map") else None
    table.note_unknown()
    return Fold(title=title, steps=tuple(steps), ruler=ruler, map=picture)


def _both(table: Table, key: str) -> Both:
    both = Both(table.text(key), table.text(f"{key}_ur"))
    for name, words in zip((key, f"{key}_ur"), both, strict=True):
        if missing := unprintable(Text(words, rtl=name.endswith("_ur"))):
            mend = "Leave them out, or write them otherwise."
            table.note(name, f"No font here has {shown(''.join(dict.fromkeys(missing)))}.", mend)
    return both


def _map(table: Table, folder: Path) -> Picture | None:
    name = table.text("map")
    if not name.strip():
        return None
    try:
        return open_picture(folder, name)
    except PictureError as error:
        table.note("map", f"{shown(name)}: {error.problem}", error.mend)
        return None
