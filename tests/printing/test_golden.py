"""What badges look like: as the kept pictures, which people have looked at."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from printing import find_templates, load_template
from tests.printing.golden import COLOURS, FOLDER, contact_sheet

CLEARLY = 8  # of 255: a shade of green that one would notice beside the other
SHARE = 0.002  # of all pixels; letters of the A6 badge smaller by a fiftieth change 0.008


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ clearly."""
    apart = ImageChops.difference(one, other).convert("L").histogram()
    return sum(apart[CLEARLY:]) / sum(apart)


def test_every_template_has_its_picture() -> None:
    assert set(find_templates()) == {path.stem for path in FOLDER.glob("*.png")}


@pytest.mark.parametrize("name", sorted(find_templates()))
def test_a_template_draws_hard_names_as_in_its_kept_picture(name: str) -> None:
    drawn = contact_sheet(load_template(find_templates()[name]))
    drawn = drawn.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    with Image.open(FOLDER / f"{name}.png") as kept:
        assert kept.size == drawn.size
        assert difference(kept.convert("RGB"), drawn) < SHARE
