"""Sheets from files: the shipped ones, and an organiser's own label sheets."""

import re
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Final

from printing.mistakes import shown
from printing.reading import Notes, Table, read_document
from printing.sheet import Sheet, SheetError
from printing.template import TemplateError

_SHIPPED: Final = Path(__file__).parent / "sheets.toml"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_MOST_MM: Final = 1000
_MOST_PLACES: Final = 50


def find_sheets(own: Path | None = None) -> dict[str, Sheet]:
    """Every sheet by name: the shipped ones, and those of the file `own`, if it is there, which go before.

    Raises TemplateError with every mistake of that file.
    """
    return _shipped() | (_load(own) if own and own.exists() else {})


@cache
def _shipped() -> dict[str, Sheet]:
    return _load(_SHIPPED)


def _load(path: Path) -> dict[str, Sheet]:
    document, notes = read_document(path)
    raws = document.get("sheet", [])
    if not isinstance(raws, list) or not all(isinstance(raw, dict) for raw in raws):
        notes.add("[[sheet]]", "It is not a row of sheets.", "Write [[sheet]] in double brackets above each of them.")
        raws = []
    for name in document.keys() - {"sheet"}:
        notes.add(name, f"There is no setting {shown(name)} here.", "Move it below a line [[sheet]], or remove it.")
    found: dict[str, Sheet] = {}
    for number, raw in enumerate(raws, start=1):
        place = notes.place_of("sheet", number)
        sheet = _sheet(Table(raw, place, notes), place, notes)
        if sheet and sheet.name in found:
            notes.add(place, f"There are two sheets {shown(sheet.name)}.", "Give one of them another name.")
        if sheet:
            found[sheet.name] = sheet
    if notes.found:
        raise TemplateError(path, tuple(notes.found))
    return found


def _sheet(table: Table, place: str, notes: Notes) -> Sheet | None:
    before = len(notes.found)
    name, title = table.text("name"), table.text("title")
    if name and not _NAME.fullmatch(name):
        table.note("name", f"{shown(name)} is no short name.", 'Use a-z, 0-9 and dashes, as in "a4-labels".')
    width, height = table.number("width", 10, _MOST_MM), table.number("height", 10, _MOST_MM)
    columns, rows = (table.number(key, 1, _MOST_PLACES) for key in ("columns", "rows"))
    for key, count in (("columns", columns), ("rows", rows)):
        if count != int(count):
            table.note(key, f"{shown(count)} is no whole number.", f"Write how many there are: {key} = 2.")
    place_width, place_height = _pair(table, "place", None)
    gap_x, gap_y = _pair(table, "gap", (0.0, 0.0))
    left, top = table.number("left", 0, _MOST_MM), table.number("top", 0, _MOST_MM)
    cut_marks, turns_back = table.flag("cut_marks", default=False), table.flag("turns_back", default=False)
    table.note_unknown()
    if len(notes.found) > before:
        return None
    try:
        return Sheet(
            name=name,
            title=title,
            width_mm=width,
            height_mm=height,
            columns=int(columns),
            rows=int(rows),
            place_width_mm=place_width,
            place_height_mm=place_height,
            left_mm=left,
            top_mm=top,
            gap_x_mm=gap_x,
            gap_y_mm=gap_y,
            cut_marks=cut_marks,
            turns_back=turns_back,
        )
    except SheetError as error:
        notes.add(place, str(error), "Measure the sheet again: width, height, place, left, top and gap.")
        return None


def _pair(table: Table, key: str, default: tuple[float, float] | None) -> tuple[float, float]:
    """Two lengths, sideways and downwards."""
    if not table.has(key) and default is not None:
        return default
    match table.raw.get(key):
        case [float() | int() as one, float() | int() as other] if isfinite(one) and isfinite(other):
            return float(one), float(other)
    table.note(key, f"{key} is missing or no pair of lengths.", f"Write {key} = [90, 54]: sideways, then downwards.")
    return 0.0, 0.0
