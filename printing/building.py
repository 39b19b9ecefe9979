"""A template's tables made into elements: each kind with its own settings, each mistake noted with its mend."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from printing.colour import BLACK, DEEP_GREEN, INK
from printing.elements import (
    CATEGORY,
    FIELDS,
    ON_CATEGORY,
    Box,
    Element,
    Image,
    Photo,
    Pips,
    Qr,
    Rect,
    Row,
    Stack,
    Wording,
)
from printing.mistakes import instead_of, shown
from printing.picture import Picture, PictureError, open_picture
from printing.reading import Notes, Table
from printing.text import Text, unprintable

_MOST_ELEMENTS: Final = 60
_MOST_ROWS: Final = 12
_SIZES_MM: Final = (1.4, 60)  # smaller is not read, larger is no badge
_DOTS_PER_MM: Final = 24  # of a picture: 600 to the inch


class Placed(NamedTuple):
    """An element, and how its writer is told of it."""

    place: str
    element: Element
    is_sound: bool  # whether all its settings could be read


class Builder:
    """Makes the elements of the sides of one template."""

    def __init__(self, notes: Notes, folder: Path, width_mm: float, height_mm: float, *, is_pure_black: bool) -> None:
        self._notes = notes
        self._folder = folder
        self._width_mm = width_mm
        self._height_mm = height_mm
        self._is_pure_black = is_pure_black
        self._pictures: dict[str, Picture] = {}
        self._kinds: Final[dict[str, Callable[[Table], Element | None]]] = {
            "rect": self._rect,
            "text": self._text,
            "stack": self._stack,
            "qr": self._qr,
            "image": self._image,
            "photo": self._photo,
            "pips": self._pips,
        }

    def side(self, name: str, raw: object) -> list[Placed]:
        """The elements of `[[front]]` or `[[back]]`, in the order of the file."""
        if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
            self._notes.add(f"[[{name}]]", "It is not a row of items.", f"Write [[{name}]] above each of its items.")
            return []
        if len(raw) > _MOST_ELEMENTS:
            mend = f"Keep it within {_MOST_ELEMENTS}."
            self._notes.add(f"[[{name}]]", f"It has {len(raw)} items.", mend)
        placed = []
        for number, item in enumerate(raw[:_MOST_ELEMENTS], start=1):
            kind = item.get("kind")
            place = self._notes.place_of(name, number, kind if isinstance(kind, str) and kind in self._kinds else "")
            if not isinstance(kind, str) or kind not in self._kinds:
                problem = f"There is no kind {shown(kind)}." if "kind" in item else "kind is missing."
                mend = instead_of(kind if isinstance(kind, str) else "", self._kinds)
                self._notes.add(f"{place} · kind", problem, mend)
                continue
            before = len(self._notes.found)
            table = Table(item, place, self._notes)
            table.has("kind")
            element = self._kinds[kind](table)
            table.note_unknown()
            if element:
                placed.append(Placed(place, element, is_sound=len(self._notes.found) == before))
        return placed

    def _box(self, table: Table, *, is_square: bool = False) -> Box:
        left = table.number("left", 0, self._width_mm)
        top = table.number("top", 0, self._height_mm)
        width = table.number("side" if is_square else "width", 0.1, max(self._width_mm, self._height_mm))
        height = width if is_square else table.number("height", 0.1, max(self._width_mm, self._height_mm))
        for key, end, most in (("left", left + width, self._width_mm), ("top", top + height, self._height_mm)):
            if end > most + 0.01:
                edge = "right" if key == "left" else "lower"
                mend = f"Make it smaller by {end - most:g} mm, or move it."
                table.note(key, f"It reaches {end - most:g} mm over the {edge} edge.", mend)
        return Box(left, self._height_mm - top - height, width, height)

    def _rect(self, table: Table) -> Element:
        rect = Rect(
            box=self._box(table),
            fill=table.colour("fill", (CATEGORY,), default=""),
            stroke=table.colour("stroke", (CATEGORY,), default=""),
            stroke_mm=table.number("stroke_width", 0.1, 10, 0.3),
            radius_mm=table.number("radius", 0, 50, 0),
        )
        if not table.has("fill") and not table.has("stroke"):
            table.note("", "It draws nothing.", 'Give it a fill = "#…" or a stroke = "#…".')
        return rect

    def _text(self, table: Table) -> Element:
        box = self._box(table)
        row = self._row(table, box)
        align, valign = self._alignment(table)
        return Stack(box=box, rows=(row,), align=align, valign=valign)

    def _stack(self, table: Table) -> Element:
        box = self._box(table)
        rows, beside = (self._rows(table, key, box) for key in ("lines", "beside"))
        if not rows:
            table.note("lines", "It says nothing.", 'Write lines = [ { field = "name", size = 8 } ].')
        share = table.number("beside_share", 0.1, 0.9, 0.4)
        align, valign = self._alignment(table)
        return Stack(box=box, rows=rows, beside=beside, share=share, align=align, valign=valign)

    def _rows(self, table: Table, key: str, box: Box) -> tuple[Row, ...]:
        lines = table.tables(key)
        if len(lines) > _MOST_ROWS:
            table.note(key, f"It has {len(lines)} lines.", f"Keep it within {_MOST_ROWS}.")
        rows = []
        for line in lines[:_MOST_ROWS]:
            rows.append(self._row(line, box))
            line.note_unknown()
        return tuple(rows)

    def _row(self, table: Table, box: Box) -> Row:
        size = table.number("size", *_SIZES_MM)
        if size > box.height + 0.01:
            mend = f"Make size at most {box.height:g}, or height larger."
            table.note("size", f"Letters of {size:g} mm do not fit into a height of {box.height:g} mm.", mend)
        return Row(
            wording=self._wording(table),
            size_mm=size,
            colour=table.colour("colour", (ON_CATEGORY,), default=BLACK if self._is_pure_black else INK),
            bold=table.flag("bold", default=False),
            gap_mm=table.number("gap", 0, 50, 1.5),
            most_lines=int(table.number("most_lines", 1, 2, 2)),
            least=table.number("least", 0.3, 1, 0.55),
            tracking_em=table.number("tracking", 0, 0.5, 0),
        )

    def _wording(self, table: Table) -> Wording:
        ways = [key for key in ("field", "fields", "text", "text_ur") if table.has(key)]
        upper = table.flag("upper", default=False)
        if len(ways) != 1:
            problem = "It says nothing." if not ways else f"{' and '.join(ways)} stand both here."
            table.note("", problem, 'Write one of them: field = "name", fields = [ … ], text = "…" or text_ur = "…".')
            return Wording(literal="…")
        match ways[0]:
            case "field":
                field = table.choice("field", FIELDS)
                return Wording(fields=(field or "name",), rtl=field.endswith("_ur"), upper=upper)
            case "fields":
                fields = table.choices("fields", FIELDS)
                return Wording(fields=fields or ("name",), join=table.text("join", " · "), upper=upper)
            case key:
                words = table.text(key)
                is_urdu = key == "text_ur"
                if missing := unprintable(Text(words, rtl=is_urdu)):
                    mend = "Leave them out, or write them otherwise."
                    table.note(key, f"No font here has {shown(''.join(dict.fromkeys(missing)))}.", mend)
                return Wording(literal=words, rtl=is_urdu, upper=upper)

    @staticmethod
    def _alignment(table: Table) -> tuple[str, str]:
        align = table.choice("align", ("start", "center"), "start")
        return align, table.choice("valign", ("top", "middle", "bottom"), "top")

    def _qr(self, table: Table) -> Element:
        return Qr(box=self._box(table, is_square=True))

    def _photo(self, table: Table) -> Element:
        return Photo(box=self._box(table))

    def _image(self, table: Table) -> Element | None:
        box = self._box(table)
        name = table.text("file")
        if not name.strip():
            return None
        try:
            picture = self._pictures.get(name) or open_picture(
                self._folder,
                name,
                longest_px=max(200, round(max(box.width, box.height) * _DOTS_PER_MM)),
                is_pure_black=self._is_pure_black,
            )
        except PictureError as error:
            table.note("file", f"{shown(name)}: {error.problem}", error.mend)
            return None
        self._pictures[name] = picture
        return Image(box=inside(box, picture), picture=picture)

    def _pips(self, table: Table) -> Element:
        plain = BLACK if self._is_pure_black else ""
        return Pips(
            box=self._box(table),
            size_mm=table.number("size", *_SIZES_MM),
            colour=table.colour("colour", default=plain or DEEP_GREEN),
            text_colour=table.colour("text_colour", (ON_CATEGORY,), default=plain or INK),
            across=table.choice("direction", ("down", "across"), "down") == "across",
            align=table.choice("align", ("start", "center"), "start"),
        )


def inside(box: Box, picture: Picture) -> Box:
    """The largest place for a picture in the middle of a box."""
    scale = min(box.width / picture.width_px, box.height / picture.height_px)
    width, height = picture.width_px * scale, picture.height_px * scale
    return Box(box.left + (box.width - width) / 2, box.bottom + (box.height - height) / 2, width, height)
