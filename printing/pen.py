"""What drawing is done with: millimetres, y upwards, from the lower left corner of the side at hand.

It writes PDF operators straight into reportlab's page: its own drawing methods cost several times as much, and cannot
draw shaped text.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from printing.colour import operands
from printing.fonts import BOLD, NASTALIQ, REGULAR
from printing.qr import qr_path
from printing.typeface import Typeface

if TYPE_CHECKING:
    from printing.picture import Picture
    from printing.text import Line

_ROUND: Final = 0.4477  # how far a corner's handles stand from it: 1 - 0.5523, of a circle in four Bézier curves
_FONTS: Final = (REGULAR, BOLD, NASTALIQ)
Point = tuple[float, float]


class Pen:
    """Draws on one canvas; `typefaces` gathers what fonts the document will have to bring."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.typefaces = {font: (f"T{at}", Typeface(font)) for at, font in enumerate(_FONTS)}
        self.write = canvas.addLiteral

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        stroke_mm: float = 0.3,
        radius: float = 0.0,
    ) -> None:
        """A rectangle, its corners round where a radius is given."""
        radius = min(radius, width / 2, height / 2)
        path = f"{x:.3f} {y:.3f} {width:.3f} {height:.3f} re" if radius <= 0 else _rounded(x, y, width, height, radius)
        self._paint(path, fill, stroke, stroke_mm)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        stroke_mm: float = 0.3,
    ) -> None:
        """A circle around a point."""
        self._paint(_rounded(x - radius, y - radius, 2 * radius, 2 * radius, radius), fill, stroke, stroke_mm)

    def line(self, points: Sequence[Point], *, stroke: str, width_mm: float, dash_mm: float = 0.0) -> None:
        """A line through points, dashed where a dash is given."""
        path = " ".join(f"{x:.3f} {y:.3f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points))
        dash = f"[{dash_mm:.3f}] 0 d " if dash_mm else ""
        self.write(f"q {operands(stroke)[1]} {width_mm:.3f} w {dash}{path} S Q")

    def polygon(self, points: Sequence[Point], *, fill: str) -> None:
        """A filled shape."""
        path = " ".join(f"{x:.3f} {y:.3f} {'l' if at else 'm'}" for at, (x, y) in enumerate(points))
        self._paint(f"{path} h", fill, None, 0)

    def text(self, line: "Line", x: float, y: float, size_mm: float, colour: str) -> None:
        """A line of text from x with its baseline at y."""
        said = [operands(colour)[0], "BT"]
        for piece in line.pieces:
            name, typeface = self.typefaces[piece.font]
            at = x + piece.x_em * size_mm
            said.append(f"/{name} {size_mm:.3f} Tf 1 0 0 1 {at:.3f} {y:.3f} Tm")
            said.append(f"[<{''.join(map(typeface.word, piece.words))}>] TJ")
        self.write(" ".join([*said, "ET"]))

    def qr(self, text: str, left: float, bottom: float, side: float) -> None:
        """The dark modules of a code in a square, as one path with one fill in DeviceGray black; no quiet zone."""
        modules, path = qr_path(text)
        scale = f"{side / modules:.5f}"
        self.write(f"q 0 g {scale} 0 0 {scale} {left:.3f} {bottom:.3f} cm {path} f Q")

    def picture(self, picture: "Picture", x: float, y: float, width: float, height: float) -> None:
        """A picture stretched into a rectangle."""
        self.canvas.drawImage(ImageReader(BytesIO(picture.content)), x, y, width, height)

    @contextmanager
    def moved(self, x: float, y: float, *, turned: bool = False) -> Iterator[None]:
        """Draw from another corner; turned, upside down, with the corner at the upper right of what is drawn."""
        way = "-1 0 0 -1" if turned else "1 0 0 1"
        self.write(f"q {way} {x:.3f} {y:.3f} cm")
        yield
        self.write("Q")

    def _paint(self, path: str, fill: str | None, stroke: str | None, stroke_mm: float) -> None:
        colours = operands(fill)[0] if fill else ""
        lines = f"{operands(stroke)[1]} {stroke_mm:.3f} w" if stroke else ""
        way = {(True, True): "B", (True, False): "f", (False, True): "S"}.get((bool(fill), bool(stroke)), "n")
        self.write(f"{colours} {lines} {path} {way}")


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> str:
    right, top, near = x + width, y + height, radius * _ROUND
    return (
        f"{x + radius:.3f} {y:.3f} m {right - radius:.3f} {y:.3f} l "
        f"{right - near:.3f} {y:.3f} {right:.3f} {y + near:.3f} {right:.3f} {y + radius:.3f} c "
        f"{right:.3f} {top - radius:.3f} l "
        f"{right:.3f} {top - near:.3f} {right - near:.3f} {top:.3f} {right - radius:.3f} {top:.3f} c "
        f"{x + radius:.3f} {top:.3f} l "
        f"{x + near:.3f} {top:.3f} {x:.3f} {top - near:.3f} {x:.3f} {top - radius:.3f} c "
        f"{x:.3f} {y + radius:.3f} l "
        f"{x:.3f} {y + near:.3f} {x + near:.3f} {y:.3f} {x + radius:.3f} {y:.3f} c h"
    )
