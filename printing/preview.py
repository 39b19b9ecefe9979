"""What a template makes of ordinary and of hard names, as pictures and as PDF, before anything is printed."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Final

from PIL import Image

from printing.document import print_badges, render_badge, render_image
from printing.image import picture_of
from printing.samples import sample_faces
from printing.template import Side, Template

_DOTS_PER_MM: Final = 8
_BETWEEN_PX: Final = 32
_GROUND: Final = "#8b8b86"
_PAGE_PX: Final = 1400


def write_preview(template: Template, folder: Path) -> tuple[Path, ...]:
    """Write one picture of all samples, one of each, and their PDF; the files, the one to look at first in front."""
    folder.mkdir(parents=True, exist_ok=True)
    faces = sample_faces()
    width_px = round(template.width_mm * _DOTS_PER_MM)
    sides = (Side.FRONT, Side.BACK) if template.has_own_back else (Side.FRONT,)
    written: list[Path] = []
    pictures: list[bytes] = []
    for number, (title, face) in enumerate(faces.items(), start=1):
        for side in sides:
            name = f"{number:02}-{title.lower().replace(' ', '-')}" + ("-back" if side is Side.BACK else "")
            pictures.append(render_image(face, template, width_px=width_px, side=side))
            written.append(_save(folder / f"{template.name}-{name}.png", pictures[-1]))
    if template.is_folded:
        page = picture_of(render_badge(next(iter(faces.values())), template), width_px=_PAGE_PX)
        written.insert(0, _save(folder / f"{template.name}-page.png", page))
    together = BytesIO()
    print_badges(list(faces.values()), template, together, both_sides=True)
    written.insert(0, _save(folder / f"{template.name}.pdf", together.getvalue()))
    return (_save(folder / f"{template.name}.png", _beside_each_other(pictures)), *written)


def _save(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _beside_each_other(pictures: Sequence[bytes]) -> bytes:
    """All of one size in a grid that is about as wide as a screen."""
    images = list(_opened(pictures))
    width, height = images[0].size
    columns = max(1, round((len(images) * 1.6 * height / width) ** 0.5))
    rows = ceil(len(images) / columns)
    size = (columns * (width + _BETWEEN_PX) + _BETWEEN_PX, rows * (height + _BETWEEN_PX) + _BETWEEN_PX)
    grid = Image.new("RGB", size, _GROUND)
    for at, image in enumerate(images):
        corner = (
            _BETWEEN_PX + at % columns * (width + _BETWEEN_PX),
            _BETWEEN_PX + at // columns * (height + _BETWEEN_PX),
        )
        grid.paste(image, corner)
    written = BytesIO()
    grid.save(written, "PNG")
    return written.getvalue()


def _opened(pictures: Sequence[bytes]) -> Iterator[Image.Image]:
    for content in pictures:
        with Image.open(BytesIO(content)) as image:
            yield image.convert("RGB")
