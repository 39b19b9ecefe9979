"""Golden pictures: every shipped template with twelve hard names; `python -m tests.printing.golden` draws them anew.

Look at each new picture before it is kept: a picture that nobody has looked at proves only that nothing changed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from printing import Face, Template, find_templates, load_template, render_image
from tests.printing.faces import HARD_NAMES, make_face

FOLDER = Path(__file__).parent / "golden"
COLUMNS = 4
PIXELS_PER_MM = 2.0
COLOURS = 48
NAMES = (
    *("plain", "azerbaijani", "malay", "kenyan", "long", "urdu"),
    *("mixed", "markup", "letters", "joined", "marks", "spaces"),
)
BANDS = ("#e0a82e", "#0b6e4f", "#1d5bb8", "#b3261e", "#ffffff", "#10231b")


def faces() -> list[Face]:
    """The twelve: the hard name as itself, in Urdu's place and as the organisation by turns, each band in turn."""
    found = []
    for at, key in enumerate(NAMES):
        name = HARD_NAMES[key]
        more = ({}, {"organisation": name}, {"name_ur": name}, {"name_ur": "", "designation": ""})[at % 4]
        found.append(make_face(**{"name": name, "colour": BANDS[at % len(BANDS)]} | more))
    return found


def contact_sheet(template: Template) -> Image.Image:
    """All twelve fronts beside each other, in few colours."""
    width = round(template.width_mm * PIXELS_PER_MM)
    pictures = [Image.open(BytesIO(render_image(face, template, width_px=width))).convert("RGB") for face in faces()]
    wide, high = max(each.width for each in pictures), max(each.height for each in pictures)
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (wide + 4), rows * (high + 4)), "#777777")
    for at, picture in enumerate(pictures):
        sheet.paste(picture, (at % COLUMNS * (wide + 4) + 2, at // COLUMNS * (high + 4) + 2))
    return sheet


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, path in find_templates().items():
        sheet = contact_sheet(load_template(path))
        sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
