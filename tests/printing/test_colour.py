from itertools import product

import pytest

from printing.colour import contrast, operands, reading_on

STEPS = range(0, 256, 15)


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_text_on_any_band_reads_at_4_5_to_1() -> None:
    for red, green, blue in product(STEPS, repeat=3):
        background = f"#{red:02x}{green:02x}{blue:02x}"
        assert contrast(reading_on(background), background) >= 4.5


def test_greys_are_written_in_device_gray_so_that_a_black_ribbon_prints_them() -> None:
    assert ("0 g", "0 G") == operands("#000000")
    assert ("1 g", "1 G") == operands("#ffffff")
    assert ("0.043 0.239 0.180 rg", "0.043 0.239 0.180 RG") == operands("#0b3d2e")
