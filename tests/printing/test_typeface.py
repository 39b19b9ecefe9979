"""Text in the file: fonts cut down to it, and letters that can be taken out again."""

import shutil
import subprocess
import unicodedata
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from printing.fonts import BOLD, NASTALIQ
from printing.pages import Pages
from printing.text import line
from printing.typeface import Typeface

URDU = [
    "محمد عبدالرحمٰن خان",
    "عائشہ صدیقی",
    "مُحَمَّد صِدِّیق",
    "پیچھے نستعلیق",
    "بیگم نصرت بھٹو",
    "غلام حُسین",
    "اللہ دتہ",
    "ثناء اللہ خان",
    "ڈاکٹر عبدالقدیر",
    "آمنہ بی بی",
    "مسئلہ رؤف",
]
LATIN = [
    "Gülnarə Əliyeva-Məmmədova",
    "Dato' Sri Mohd. Fadzil",
    "Ngũgĩ wa Thiong'o",
    "Ẹ́nìọlá AVATar To. Office ffi",
    "A&B <b>Co</b> {x} )>>",
]


def drawn(*texts: str, rtl: bool) -> bytes:
    written = BytesIO()
    pages = Pages(written, "")
    with pages.page(300, 40 * len(texts)) as pen:
        for at, words in enumerate(texts):
            pen.text(line(words, bold=True, rtl=rtl), 10, 40 * at + 20, 9, "#000000")
    pages.save()
    return written.getvalue()


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize(("words", "rtl"), [(words, True) for words in URDU] + [(words, False) for words in LATIN])
def test_a_pure_name_can_be_taken_out_of_the_file_as_it_was_typed(words: str, rtl: bool, tmp_path: Path) -> None:  # noqa: FBT001
    (tmp_path / "name.pdf").write_bytes(drawn(words, rtl=rtl))
    taken = subprocess.run(["pdftotext", tmp_path / "name.pdf", "-"], capture_output=True, text=True, check=True).stdout

    marks_off = "".join(
        letter for letter in taken if unicodedata.category(letter) != "Cf"
    )  # poppler's own direction marks
    assert words == " ".join(marks_off.split())


def test_the_file_brings_only_what_it_shows_and_is_sound() -> None:
    with pikepdf.open(BytesIO(drawn(*URDU, rtl=True))) as document:
        assert document.check_pdf_syntax() == []
        (font,) = [font for name, font in document.pages[0].Resources.Font.items() if name.startswith("/T")]
        file = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()

    assert 2_000 < len(file) < 40_000  # the outlines of the whole font are 144,308
    assert str(font.BaseFont).endswith("+NotoNastaliqUrdu-SemiBold")


def test_a_word_costs_few_bytes() -> None:
    few, many = (len(drawn(*URDU * times, rtl=True)) for times in (1, 11))

    assert (many - few) / (10 * len(URDU)) < 110  # the same names again bring no new glyph


def test_codes_follow_the_order_in_which_glyphs_are_met() -> None:
    def codes(*words: str) -> list[str]:
        typeface = Typeface(BOLD)
        return [
            typeface.word(shape) for each in words for piece in line(each, bold=True).pieces for shape in piece.words
        ]

    assert ["000100020002"] == codes("Abb")
    assert ["00010001", "000200010001"] == codes("bb", "Abb")


def test_a_cluster_of_many_glyphs_is_one_glyph_of_the_file() -> None:
    typeface = Typeface(NASTALIQ)
    (piece,) = line("پیچھے", rtl=True).pieces
    word = typeface.word(piece.words[0])

    clusters = piece.words[0].clusters
    assert any(len(cluster.glyphs) > 1 for cluster in clusters)
    assert 4 * len(clusters) == len(word.replace("> ", "").replace(" <", ""))
    assert len(set(clusters)) == len(typeface.widths)
