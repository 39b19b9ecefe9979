from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, features

import printing
from printing import missing_characters
from printing.bidi import visual_runs
from printing.fit import ELLIPSIS, fit, graphemes
from printing.fonts import BOLD, NASTALIQ, REGULAR, Font, Shape, shape
from printing.pages import Pages
from printing.text import Line, Piece, Text, clean, line, printable
from tests.printing.faces import make_face, raster

NAMES_UR = ["عائشہ صدیقی", "محمد عبدالرحمٰن خان", "پیچھے نستعلیق", "تجارتی وزیٹر", "ڈیسک پر بھیجیں", "مُحَمَّد صِدِّیق"]


def seen(piece: Piece) -> str:
    """The letters of a piece from left to right, as they stand on paper."""
    return "".join(cluster.text for word in piece.words for cluster in word.clusters)


def typed_in(drawn: Line) -> str:
    """The letters of a line that reads one way, as they were typed."""
    letters = "".join(map(seen, drawn.pieces))
    return letters[::-1] if drawn.pieces[0].font is NASTALIQ else letters


def words_of(text: str, *, width_mm: float, size_mm: float) -> list[str]:
    block = fit(Text(text), width_mm, size_mm, bold=True)
    return [typed_in(each) for each in block.lines]


def ink(picture: Image.Image) -> Image.Image:
    """What is dark, cut to its edges, in white on black."""
    dark = picture.convert("L").point(lambda value: 255 if value < 128 else 0)
    return dark.crop(dark.getbbox())


@pytest.mark.skipif(not features.check("raqm"), reason="this Pillow has no raqm to compare with")
@pytest.mark.parametrize("words", NAMES_UR)
def test_urdu_is_shaped_as_pillow_with_raqm_shapes_it(words: str) -> None:
    written = BytesIO()
    pages = Pages(written, "")
    with pages.page(3600, 1500) as pen:
        pen.text(line(words, rtl=True), 300, 600, 300, "#000000")
    pages.save()
    ours = ink(raster(written.getvalue(), 50.8))
    font = ImageFont.truetype(Path(printing.__file__).parent / "fonts" / "NotoNastaliqUrdu-SemiBold.ttf", 600)
    reference = Image.new("L", (7200, 3000), 255)
    ImageDraw.Draw(reference).text((600, 600), words, font=font, fill=0, direction="rtl", language="ur")
    theirs = ink(reference)

    assert ours.size == pytest.approx(theirs.size, abs=4)
    theirs = theirs.resize(ours.size)
    both, either = (
        sum(operation(ours, theirs).histogram()[128:]) for operation in (ImageChops.darker, ImageChops.lighter)
    )
    assert both / either >= 0.97  # measured 0.979 to 0.985: the rest is anti-aliasing


@pytest.mark.parametrize(
    ("typed", "rtl", "expected"),
    [
        ("Ali Khan", False, ["Ali Khan"]),
        ("علی خان", True, ["علی خان"]),
        ("Ali علی Khan", False, ["Ali ", "علی", " Khan"]),
        ("علی Ali خان", True, [" خان", "Ali", "علی "]),
        ("خان 2026", True, ["2026", "خان "]),
        ("علی 12-14 خان", True, [" خان", "14", "-", "12", "علی "]),  # as Arabic has it (W2)
        ("Hall 5 علی 7 B", False, ["Hall 5 ", "7", "علی ", " B"]),
        ("(علی)", True, ["(علی)"]),
    ],
)
def test_runs_stand_in_the_order_of_the_bidirectional_algorithm(typed: str, rtl: bool, expected: list[str]) -> None:  # noqa: FBT001
    assert expected == [run.text for run in visual_runs(typed, rtl=rtl)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("A\x00l\x07i\r\n Khan ", "Ali Khan"),
        ("\u202eAli\u202c \u2067x\u2069\u200e", "Ali x"),
        ("𝓐𝓵𝓲 ｆｕｌｌ", "Ali full"),
        ("e\u0301", "é"),
        ("A" + "\u0302" * 50, "Â" + "\u0302" * 3),
        ("می\u200cخواہم", "می\u200cخواہم"),
        ("\u3000 \t", ""),
        ("Ali\ud800", "Ali"),
    ],
)
def test_cleaning_keeps_letters_and_drops_what_steers_the_text(typed: str, expected: str) -> None:
    assert expected == clean(typed)


def test_characters_that_no_font_has_are_told_once_and_left_out() -> None:
    face = make_face(name="Ali 王小王 😀", organisation="कंपनी 王")

    assert missing_characters(face)[:3] == ("王", "小", "😀")
    assert "क" in missing_characters(face)
    assert missing_characters(make_face()) == ()
    assert printable(Text(face.name), bold=True) == "Ali"


def test_every_script_of_the_first_expo_is_covered() -> None:
    name = "Əöüğışç Ngũgĩ Dato' Ṣafīyah Тахир ٹڈڑںےہھئؤۂ گچپژ ۰۱۲۳۴۵۶۷۸۹، ۔ ؟ سنڌي ڳڻ پښتو ۍ"

    assert missing_characters(make_face(name=name)) == ()


def test_each_run_takes_the_font_that_has_it() -> None:
    drawn = line("Ali علی 5", bold=True)

    assert ["Ali ", "5", "یلع"] == [seen(piece).replace(" یلع", "یلع") for piece in drawn.pieces]
    assert [piece.font is NASTALIQ for piece in drawn.pieces] == [False, False, True]


def test_a_name_shrinks_first_then_breaks_in_two_even_lines_then_ends_in_an_ellipsis() -> None:
    assert words_of("Ayesha Siddiqui", width_mm=91, size_mm=10) == ["Ayesha Siddiqui"]
    assert words_of("Gülnarə Əliyeva-Məmmədova", width_mm=91, size_mm=10) == ["Gülnarə Əliyeva-", "Məmmədova"]
    cut = words_of("Wahid " * 60, width_mm=91, size_mm=10)
    assert len(cut) == 2
    assert cut[1].endswith(ELLIPSIS)


@pytest.mark.parametrize("text", ["W" * 300, "Ali " * 80, "محمد علی " * 40, "ب" * 300, "x" * 20 + " y"])
def test_a_fitted_text_is_never_wider_than_its_room(text: str) -> None:
    for width_mm in (20, 51, 91):
        assert fit(Text(text), width_mm, 10).width_mm <= width_mm + 1e-6


def test_an_ellipsis_never_parts_a_letter_from_its_marks() -> None:
    assert ["e\u0323\u0301", "x", "می\u200c"[0], "ی\u200c", "خ"] == graphemes("e\u0323\u0301xمی\u200cخ")
    for width_mm in range(20, 60, 3):
        last = words_of("ẹ\u0301" * 90, width_mm=width_mm, size_mm=10)[-1]
        assert last.endswith("ẹ\u0301" + ELLIPSIS)


def test_urdu_wraps_in_typed_order() -> None:
    block = fit(Text("محمد عبدالرحمٰن خان درانی یوسفزئی المخدوم", rtl=True), 50, 9)

    first, second = map(typed_in, block.lines)
    assert first.startswith("محمد عبدالرحمٰن")
    assert second.endswith("المخدوم")


def test_brackets_in_an_urdu_line_turn_round_and_stand_in_place() -> None:
    pieces = line("علی (خان)", rtl=True).pieces

    assert [")", "ناخ", "(", " یلع"] == [seen(piece) for piece in pieces]
    left, right = (pieces[at].words[0].clusters[0].glyphs[0].number for at in (0, 2))
    opening, closing = (shape(bracket, pieces[0].font, False).clusters[0].glyphs[0].number for bracket in "()")  # noqa: FBT003
    assert (opening, closing) == (left, right)


def placed(words: tuple[Shape, ...]) -> list[tuple[int, int, int]]:
    """Every glyph of a run and where it stands, in thousandths of an em."""
    found, x = [], 0
    for word in words:
        for cluster, move in zip(word.clusters, word.moves, strict=True):
            found += [(number, x + right, up) for number, right, up in cluster.glyphs]
            x += cluster.width + move
    return found


@pytest.mark.parametrize("font", [BOLD, REGULAR, NASTALIQ], ids=lambda font: font.name)
def test_a_line_of_single_words_stands_as_if_it_were_shaped_as_a_whole(font: Font) -> None:
    latin = ["To Yusuf T. Vali", "Wanjiru V. A. Thiong'o", "Əliyeva AV To"]
    for words in NAMES_UR if font is NASTALIQ else latin:
        (piece,) = line(words, bold=font is BOLD, rtl=font is NASTALIQ).pieces
        assert placed((shape(words, font, font is NASTALIQ),)) == placed(piece.words)
