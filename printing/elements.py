"""The parts that a side of a badge is made of, as a template describes them; millimetres, y up from the lower left."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from printing.picture import Picture

CATEGORY: Final = "category"  # the colour of the face's category
ON_CATEGORY: Final = "on-category"  # black or white, whichever reads on it
EVENT_FIELDS: Final = ("event_name", "event_name_ur", "dateline", "category", "category_ur")
PERSON_FIELDS: Final = ("name", "name_ur", "organisation", "designation", "place", "short_code")
FIELDS: Final = (*EVENT_FIELDS, *PERSON_FIELDS)
_NEAR_MM: Final = 0.01


class Side(StrEnum):
    """One side of a badge."""

    FRONT = "front"
    BACK = "back"


class Box(NamedTuple):
    """A rectangle that stands upright."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def top(self) -> float:
        return self.bottom + self.height

    def grown(self, by: float) -> "Box":
        """The box with `by` more on each side."""
        return Box(self.left - by, self.bottom - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, other: "Box") -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.left - _NEAR_MM <= other.left
            and self.bottom - _NEAR_MM <= other.bottom
            and other.right <= self.right + _NEAR_MM
            and other.top <= self.top + _NEAR_MM
        )

    def meets(self, other: "Box") -> bool:
        """Whether they share more than an edge."""
        return (
            self.left + _NEAR_MM < other.right
            and other.left + _NEAR_MM < self.right
            and self.bottom + _NEAR_MM < other.top
            and other.bottom + _NEAR_MM < self.top
        )


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What a line says: fields of the face joined, or a text of the template; texts are never formats."""

    fields: tuple[str, ...] = ()
    literal: str = ""
    rtl: bool = False
    join: str = " · "
    upper: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    """One text of a stack; it may break into `most_lines`. Sizes are the em, gaps stand above."""

    wording: Wording
    size_mm: float
    colour: str
    bold: bool
    gap_mm: float
    most_lines: int
    least: float
    tracking_em: float


@dataclass(frozen=True, kw_only=True)
class Rect:
    box: Box
    fill: str
    stroke: str
    stroke_mm: float
    radius_mm: float


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Texts under each other, and `beside` them others at the right, which take at most a share of the width."""

    box: Box
    rows: tuple[Row, ...]
    beside: tuple[Row, ...] = ()
    share: float = 0.4
    align: str = "start"
    valign: str = "top"

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return (*self.rows, *self.beside)


@dataclass(frozen=True, kw_only=True)
class Qr:
    box: Box


@dataclass(frozen=True, kw_only=True)
class Image:
    box: Box
    picture: Picture


@dataclass(frozen=True, kw_only=True)
class Photo:
    box: Box


@dataclass(frozen=True, kw_only=True)
class Pips:
    """The show days: filled and ticked where the badge enters, else hollow."""

    box: Box
    size_mm: float
    colour: str
    text_colour: str
    across: bool
    align: str


Element = Rect | Stack | Qr | Image | Photo | Pips


def is_personal(element: Element) -> bool:
    """Whether it differs from person to person, apart from what a category has in common."""
    match element:
        case Stack():
            return any(field in PERSON_FIELDS for row in element.all_rows for field in row.wording.fields)
        case Qr() | Photo():
            return True
        case Rect() | Image() | Pips():
            return False


@dataclass(frozen=True)
class Layers:
    """One side's elements in two layers, without changing what lies over what."""

    art: tuple[Element, ...] = ()
    person: tuple[Element, ...] = ()


def layered(elements: Sequence[Element]) -> Layers:
    """What is the same for many, and the person's; what lies over a person's element is drawn with it."""
    art: list[Element] = []
    person: list[Element] = []
    for element in elements:
        is_over = any(element.box.meets(below.box) for below in person)
        (person if is_over or is_personal(element) else art).append(element)
    return Layers(tuple(art), tuple(person))
