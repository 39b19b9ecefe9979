from itertools import product

import pytest
from PIL import Image

from printing import Paper, render_badge
from printing.colour import contrast, reading_on
from tests.printing.faces import make_face, raster

STEPS = range(0, 256, 15)
COLOURS = ["#e0a82e", "#1d5bb8", "#0b6e4f", "#b3261e", "#767676", "#777777", "#ffffff", "#000000", "#ffff00"]


def band_of(colour: str, paper: Paper) -> Image.Image:
    picture = raster(render_badge(make_face(colour=colour), paper), 100)
    left_mm, bottom_mm = (10, 10) if paper is Paper.A6 else (118, 9)
    edges_mm = (left_mm, picture.height / 100 * 25.4 - bottom_mm - 8, left_mm + 80, 0)
    left, top, right, _ = (round(edge / 25.4 * 100) for edge in edges_mm)
    return picture.crop((left, top, right, top + 30))


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_text_on_any_band_reads_at_4_5_to_1() -> None:
    for red, green, blue in product(STEPS, repeat=3):
        background = f"#{red:02x}{green:02x}{blue:02x}"
        assert contrast(reading_on(background), background) >= 4.5


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("colour", COLOURS)
def test_the_printed_band_has_its_colour_and_readable_words(colour: str, paper: Paper) -> None:
    counted = band_of(colour, paper).getcolors(100_000)
    assert counted
    common = [f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in sorted(counted, reverse=True)[:2]]

    assert colour == common[0]
    assert contrast(common[0], common[1]) >= 4.5


def test_a_white_band_is_still_a_band_on_white_paper() -> None:
    picture = raster(render_badge(make_face(colour="#ffffff"), Paper.A6), 150).convert("L")
    top = round((148 - 21) / 25.4 * 150)

    assert picture.crop((0, top - 3, picture.width, top + 4)).getextrema()[0] < 100
