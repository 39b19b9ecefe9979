"""What a template must keep so that every badge of it can be worn, read and scanned: judged once, when it is loaded."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from printing.building import Placed
from printing.colour import BLACK, WHITE, contrast
from printing.elements import CATEGORY, ON_CATEGORY, Box, Element, Image, Photo, Pips, Qr, Rect, Side, Stack
from printing.lintname import longest_name_mm
from printing.mistakes import Mistake
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.qr import modules, quiet_zone_mm
from printing.reading import Notes

_LEAST_CONTRAST: Final = 4.5  # WCAG 2.2, 1.4.3
_LEAST_DOTS: Final = 4  # of the printer, for one module of the code
_LEAST_MODULE_MM: Final = 0.32  # what was read in every raster of facts/badges.md
_LEAST_CAPITAL_MM: Final = 2.2
_CAPITAL_EM: Final = 0.714
_MOST_INK: Final = 0.2  # of a side that is printed at home
_INCH_MM: Final = 25.4
_TOKEN: Final = "0" * 28
_NOUNS: Final = {Stack: "text", Qr: "QR code", Image: "picture", Photo: "photo", Pips: "row of days", Rect: "rectangle"}


class Frame(NamedTuple):
    """What is asked of a side as a whole."""

    kind: str
    width_mm: float
    height_mm: float
    safe_mm: float
    dpi: float

    @property
    def box(self) -> Box:
        return Box(0, 0, self.width_mm, self.height_mm)


def note_defects(notes: Notes, frame: Frame, sides: Mapping[Side, Sequence[Placed]], *, is_built: bool) -> None:
    """Note all that breaks a rule. `is_built`: every item could be read, so what is missing is truly missing.

    An item that could not be read is told of already, and not judged by the harmless values that stand in for it.
    """
    if frame.kind == "fold":
        _note_size(notes, frame)
        if Side.BACK not in sides:
            notes.add("back", "A folded badge has a back.", 'Write back = "same", or items under [[back]].')
    for side, every in sides.items():
        if side is Side.BACK and every is sides[Side.FRONT]:
            continue
        placed = [each for each in every if each.is_sound]
        found = [*_safe(frame, placed), *_over_each_other(placed), *_contrast(placed), *_codes(frame, placed)]
        if frame.kind == "roll":
            found += _pure_black(placed)
        if frame.kind == "fold":
            found += _ink(frame, side, placed)
        if is_built:
            found += _missing(side, placed)
            found += _names(placed)
        for mistake in found:
            notes.add(mistake.place, mistake.problem, mistake.mend)


def _note_size(notes: Notes, frame: Frame) -> None:
    wide, high = A4_WIDTH_MM / 2, A4_HEIGHT_MM / 2
    if (frame.width_mm, frame.height_mm) != (wide, high):
        problem = f"A quarter of A4 is {wide:g} × {high:g} mm, not {frame.width_mm:g} × {frame.height_mm:g}."
        notes.add("width", problem, f"Write width = {wide:g} and height = {high:g}.")


def _safe(frame: Frame, placed: Sequence[Placed]) -> Iterator[Mistake]:
    """All that matters stays away from the edges; what only decorates may run over them, but not where none prints."""
    safe = frame.box.grown(-frame.safe_mm)
    for place, element, _ in placed:
        may_bleed = frame.kind == "card" and isinstance(element, Rect | Image)
        if not may_bleed and not safe.holds(element.box):
            mend = f"Keep it {frame.safe_mm:g} mm away from every edge: left and top at least {frame.safe_mm:g}, "
            mend += f"its right end at most {safe.right:g}, its lower end at most {frame.height_mm - safe.bottom:g}."
            yield Mistake(place, f"The {_noun(element)} stands outside the safe area.", mend)


def _over_each_other(placed: Sequence[Placed]) -> Iterator[Mistake]:
    """Nothing that is read stands on or under another thing that is."""
    for (_, below, _), (place, element, _) in combinations(placed, 2):
        is_hidden = not isinstance(element, Rect) or bool(element.fill)
        if not isinstance(below, Rect) and is_hidden and _room(element).meets(_room(below)):
            what = f"The {_noun(element)} stands on the {_noun(below)} that comes before it"
            what += " (a QR code keeps four modules white around)." if isinstance(below, Qr) else "."
            mend = "Move one of the two, or make it smaller."
            if isinstance(element, Rect):
                mend = "Put the rectangle further up in the file, before what it shall lie under; or move it."
            yield Mistake(place, what, mend)


def _room(element: Element) -> Box:
    """The box, and around a code its quiet zone."""
    return element.box.grown(quiet_zone_mm(_TOKEN, element.box.width)) if isinstance(element, Qr) else element.box


def _contrast(placed: Sequence[Placed]) -> Iterator[Mistake]:
    for at, (place, element, _) in enumerate(placed):
        under = _under(placed[:at], element.box)
        if isinstance(element, Stack):
            for number, row in enumerate(element.all_rows, start=1):
                where = f"{place} · line {number}" if len(element.all_rows) > 1 else place
                yield from _unreadable(where, "colour", row.colour, under)
        elif isinstance(element, Pips):
            yield from _unreadable(place, "text_colour", element.text_colour, under)
            yield from _unreadable(place, "colour", element.colour, under)


def _under(below: Sequence[Placed], box: Box) -> set[str]:
    """Every colour that may lie under a box, paper included."""
    colours: set[str] = set()
    for _, element, _ in reversed(below):
        if isinstance(element, Rect) and element.fill and element.box.meets(box):
            colours.add(element.fill)
            if element.box.holds(box):
                return colours
    return colours | {WHITE}


def _unreadable(place: str, key: str, colour: str, under: set[str]) -> Iterator[Mistake]:
    for ground in sorted(under):
        if (colour == ON_CATEGORY) != (ground == CATEGORY):
            if ground == CATEGORY:
                problem = "It lies on the category's colour, which may be any."
                mend = f'Write {key} = "{ON_CATEGORY}": black or white, whichever reads. Or move it off.'
            else:
                problem = f'It is "{ON_CATEGORY}" and lies, in part at least, on {ground}.'
                mend = f'Move it wholly onto a rectangle with fill = "{CATEGORY}", or give it a colour of its own.'
            yield Mistake(f"{place} · {key}", problem, mend)
        elif ground != CATEGORY and (ratio := contrast(colour, ground)) < _LEAST_CONTRAST:
            mend = f"Make one darker or lighter until it is {_LEAST_CONTRAST} : 1; {_reading(ground)} would read."
            yield Mistake(f"{place} · {key}", f"{colour} on {ground} has a contrast of {ratio:.1f} : 1.", mend)


def _reading(ground: str) -> str:
    return max(BLACK, WHITE, key=lambda colour: contrast(colour, ground))


def _codes(frame: Frame, placed: Sequence[Placed]) -> Iterator[Mistake]:
    """Modules that the printer can print, and white around them."""
    count = len(modules(_TOKEN))
    least_mm = count * max(_LEAST_DOTS * _INCH_MM / frame.dpi, _LEAST_MODULE_MM)
    for at, (place, element, _) in enumerate(placed):
        if not isinstance(element, Qr):
            continue
        side_mm, room = element.box.width, _room(element)
        if side_mm < least_mm - 0.005:
            problem = f"Its {count} modules on {side_mm:g} mm are too small for {frame.dpi:g} dots to the inch."
            yield Mistake(f"{place} · side", problem, f"Make side at least {least_mm:.1f} mm; 25 or more scans well.")
        if not frame.box.holds(room):
            quiet_mm = quiet_zone_mm(_TOKEN, side_mm)
            mend = f"Move it {quiet_mm:.1f} mm away from the edges, or make it smaller."
            yield Mistake(place, "The white zone around the code does not fit onto the badge.", mend)
        if _under(placed[:at], room) != {WHITE}:
            mend = 'Move it, or put a rectangle with fill = "#ffffff" under it, four modules wider on each side.'
            yield Mistake(place, "The code and the zone around it are not on white.", mend)


def _pure_black(placed: Sequence[Placed]) -> Iterator[Mistake]:
    """A thermal printer has one colour: all others would become dots, or nothing."""
    for place, element, _ in placed:
        colours: list[str] = []
        match element:
            case Rect():
                colours = [element.fill, element.stroke]
            case Stack():
                colours = [row.colour for row in element.all_rows]
            case Pips():
                colours = [element.colour, element.text_colour]
            case Qr() | Image() | Photo():
                pass
        for colour in colours:
            if colour not in ("", BLACK, WHITE):
                mend = f"Write {BLACK} or {WHITE}."
                yield Mistake(place, f'"{colour}" cannot be printed on a roll, which is pure black.', mend)
        if isinstance(element, Photo):
            yield Mistake(place, "A photo cannot be printed on a roll, which is pure black.", "Remove it.")


def _ink(frame: Frame, side: Side, placed: Sequence[Placed]) -> Iterator[Mistake]:
    filled = (e.box.width * e.box.height for _, e, _ in placed if isinstance(e, Rect) and e.fill not in ("", WHITE))
    share = sum(filled) / (frame.width_mm * frame.height_mm)
    if share > _MOST_INK:
        problem = f"Rectangles fill {share:.0%} of the side; people print it at home, with their own ink."
        yield Mistake(f"[[{side}]]", problem, f"Keep it within {_MOST_INK:.0%}: use stroke in place of fill.")


def _missing(side: Side, placed: Sequence[Placed]) -> Iterator[Mistake]:
    """Lanyards flip: whichever side shows, it must be good for the gate."""
    if not any(isinstance(element, Qr) for _, element, _ in placed):
        mend = f'Add [[{side}]] with kind = "qr", left, top and side.'
        yield Mistake(f"[[{side}]]", f"The {side} has no QR code, and lanyards flip.", mend)
    if not any(_says_name(element) for _, element, _ in placed):
        mend = f'Add [[{side}]] with kind = "text" and field = "name".'
        yield Mistake(f"[[{side}]]", f"The {side} has no name, and lanyards flip.", mend)


def _names(placed: Sequence[Placed]) -> Iterator[Mistake]:
    """A name of sixty letters is whole, and its capitals can be read at arm's length."""
    least_mm = _LEAST_CAPITAL_MM / _CAPITAL_EM
    for place, element, _ in placed:
        if isinstance(element, Stack) and _says_name(element):
            size_mm = longest_name_mm(element)
            if size_mm < least_mm - 0.005:
                told = f"has capitals of {size_mm * _CAPITAL_EM:.1f} mm" if size_mm else "is cut"
                problem = f"A name of 60 letters {told} here; {_LEAST_CAPITAL_MM} mm is the least."
                mend = "Give it more width or height, a larger size, a smaller least, or fewer lines below it."
                yield Mistake(place, problem, mend)


def _says_name(element: Element) -> bool:
    return isinstance(element, Stack) and any("name" in row.wording.fields for row in element.all_rows)


def _noun(element: Element) -> str:
    return _NOUNS[type(element)]
