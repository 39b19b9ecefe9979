"""Badge templates: how a face is drawn, read from TOML and checked as a whole, so that what loads can be printed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from printing.building import Builder, Placed
from printing.elements import Element, Layers, Side, layered
from printing.foldtext import Fold, read_fold
from printing.lint import Frame, note_defects
from printing.mistakes import TemplateError
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.reading import Table, read_document

__all__ = ["Side", "Template", "TemplateError", "find_templates", "load_template"]

_SHIPPED: Final = Path(__file__).parent / "templates"
_SIZES_MM: Final = (30.0, 420.0)
# How near to the edge what matters may stand, at the least: cards are cut and lie in holders, home printers leave a
# rim of up to 6.35 mm, and a roll of 62 mm is printed 58.9 mm wide.
_SAFE_MM: Final = {"card": 5.0, "fold": 6.5, "roll": 1.55}


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """How a face is drawn; `name` is the file's, without its ending. Width and height are one side's."""

    name: str
    title: str
    kind: str
    width_mm: float
    height_mm: float
    has_back: bool
    fold: Fold | None
    _layers: dict[Side, Layers]

    @property
    def is_folded(self) -> bool:
        """Whether both sides stand on one page, to be folded."""
        return self.kind == "fold"

    @property
    def page_mm(self) -> tuple[float, float]:
        """The width and height of the page that the badge has for itself."""
        return (A4_WIDTH_MM, A4_HEIGHT_MM) if self.is_folded else (self.width_mm, self.height_mm)

    def sides(self) -> list[tuple[Side, float, float, bool]]:
        """What stands on that page: side, x and y of its lower left corner in mm, and whether it stands on its head."""
        front = (Side.FRONT, self.width_mm if self.is_folded else 0.0, 0.0, False)
        return [front, (Side.BACK, 0.0, 0.0, False)] if self.is_folded else [front]

    @property
    def has_own_back(self) -> bool:
        """Whether the back looks other than the front."""
        return self.has_back and self._layers[Side.BACK] != self._layers[Side.FRONT]

    def art(self, side: Side) -> tuple[Element, ...]:
        """What is the same for every badge of a category, in drawing order."""
        return self._layers[side].art

    def person(self, side: Side) -> tuple[Element, ...]:
        """What is the person's, in drawing order."""
        return self._layers[side].person


def find_templates(folder: Path | None = None) -> dict[str, Path]:
    """Every template by name: the shipped ones, and those of `folder`, which go before."""
    folders = [_SHIPPED, *([folder] if folder else [])]
    return {path.stem: path for each in folders for path in sorted(each.glob("*.toml"))}


def load_template(path: Path) -> Template:
    """The template of a file. Raises TemplateError with every mistake at once."""
    document, notes = read_document(path)
    table = Table(document, "", notes)
    title = table.text("title")
    kind = table.choice("kind", _SAFE_MM)
    least_mm = _SAFE_MM.get(kind, 0.0)
    width, height = table.number("width", *_SIZES_MM), table.number("height", *_SIZES_MM)
    frame = Frame(
        kind=kind,
        width_mm=width,
        height_mm=height,
        safe_mm=table.number("safe", least_mm, 40, least_mm),
        dpi=table.number("dpi", 100, 2400, 300),
    )
    is_framed = not notes.found  # without a true size nothing can be said of what stands where
    room = (width, height) if is_framed else (_SIZES_MM[1], _SIZES_MM[1])
    builder = Builder(notes, path.parent, *room, is_pure_black=kind == "roll")
    if not table.has("front"):
        notes.add("[[front]]", "The front is missing.", "Write [[front]] above each of its items.")
    sides: dict[Side, list[Placed]] = {Side.FRONT: builder.side("front", document.get("front", []))}
    back: object = document.get("back", "same")
    if isinstance(back, str):
        if table.choice("back", ("same", "none"), "same") == "same":
            sides[Side.BACK] = sides[Side.FRONT]
    elif table.has("back"):
        sides[Side.BACK] = builder.side("back", back)
    fold = read_fold(table, path.parent) if kind == "fold" else None
    table.note_unknown()
    if is_framed:
        note_defects(notes, frame, sides, is_built=not notes.found)
    if notes.found:
        raise TemplateError(path, tuple(notes.found))
    return Template(
        name=path.stem,
        title=title,
        kind=kind,
        width_mm=width,
        height_mm=height,
        has_back=Side.BACK in sides,
        fold=fold,
        _layers={side: layered([each.element for each in placed]) for side, placed in sides.items()},
    )
