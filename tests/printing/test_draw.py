"""What every template that comes with the system promises of the badges that it makes."""

from functools import cache
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops

from printing import Face, Pip, Side, print_badges, render_badge
from printing.colour import contrast
from printing.elements import Pips, Qr, Rect, Stack
from printing.template import Template
from tests.printing.faces import (
    HARD_NAMES,
    NAMES,
    TOKEN,
    inked_rows,
    is_ink,
    make_face,
    make_hard_face,
    raster,
    read_codes,
    shipped,
    side_of,
)

DPI = 200
MANY_DAYS = tuple(Pip(label=f"Day number {number}", valid=number % 3 == 0) for number in range(14))
COLOURED = [name for name in NAMES if name != "roll-62"]
# Bands by their colour: pale, dark, and where black and white read about alike.
COLOURS = ["#e0a82e", "#1d5bb8", "#0b6e4f", "#767676", "#777777", "#ffffff", "#000000", "#ffff00"]
LONG = ["Long words ", "W", "بہت لمبا نام ", "ب"]
Edges = tuple[float, float, float, float]


def pixels(length_mm: float) -> int:
    return round(length_mm / 25.4 * DPI)


def elements(template: Template) -> list[object]:
    return [*template.art(Side.FRONT), *template.person(Side.FRONT)]


def edges(template: Template, kind: type) -> list[Edges]:
    """Left, top, right and bottom of each element of a kind, in mm from the upper left corner."""
    boxes = [each.box for each in elements(template) if isinstance(each, kind)]  # type: ignore[attr-defined]
    return [(box.left, template.height_mm - box.top, box.right, template.height_mm - box.bottom) for box in boxes]


def person_edges(template: Template) -> Edges:
    """Where the name stands, and what belongs to it."""
    (stack,) = [
        each
        for each in template.person(Side.FRONT)
        if isinstance(each, Stack) and each.rows[0].wording.fields == ("name",)
    ]
    box = stack.box
    return box.left, template.height_mm - box.top, box.right, template.height_mm - box.bottom


def around(edges: Edges, by_mm: float) -> Edges:
    left, top, right, bottom = edges
    return left - by_mm, top - by_mm, right + by_mm, bottom + by_mm


def cut(picture: Image.Image, edges: Edges) -> Image.Image:
    return picture.crop(tuple(pixels(edge) for edge in edges))


def is_plain(picture: Image.Image) -> bool:
    """Whether each row or each column has one colour: backgrounds run through, letters do not."""
    grey = picture.convert("L")
    rows = [grey.crop((0, y, grey.width, y + 1)).getextrema() for y in range(grey.height)]
    columns = [grey.crop((x, 0, x + 1, grey.height)).getextrema() for x in range(grey.width)]
    return any(all(high - low <= 2 for low, high in lines) for lines in (rows, columns))


def rims(picture: Image.Image, rim_mm: float) -> list[Image.Image]:
    """The four edges of a side; the last row and column are cut pixels, and corners belong to left and right."""
    wide, high, rim = picture.width - 1, picture.height - 1, pixels(rim_mm)
    left, right = picture.crop((0, 0, rim, high)), picture.crop((wide - rim, 0, wide, high))
    return [left, right, picture.crop((rim, 0, wide - rim, rim)), picture.crop((rim, high - rim, wide - rim, high))]


def faces_of_trouble() -> list[Face]:
    """Everything a person may be called, and everything an organiser may write, at length."""
    wordy = [
        make_face(**dict.fromkeys(("event_name", "event_name_ur", "dateline", "category", "category_ur"), text * 40))
        for text in LONG
    ]
    return [
        *(make_hard_face(name) for name in HARD_NAMES.values()),
        *wordy,
        make_face(days=MANY_DAYS, short_code="W" * 30),
    ]


@cache
def troubled(name: str) -> tuple[Image.Image, ...]:
    """All of them on one template, rasterised once for the tests below."""
    return tuple(side_of(face, name, DPI) for face in faces_of_trouble())


@pytest.mark.parametrize("name", NAMES)
def test_every_code_reads_back_whatever_the_badge_says(name: str) -> None:
    read = [[code.text for code in read_codes(picture)] for picture in troubled(name)]

    assert [[TOKEN]] * len(read) == read


@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_page_reads_back_at_both_resolutions_of_the_issue(name: str, dpi: int) -> None:
    codes = read_codes(raster(render_badge(make_face(), shipped(name)), dpi))

    assert [TOKEN] * (2 if name == "a4-fold" else 1) == [code.text for code in codes]


@pytest.mark.parametrize("name", NAMES)
def test_four_white_modules_stand_around_the_code_whatever_the_badge_says(name: str) -> None:
    ((left, top, right, bottom),) = edges(shipped(name), Qr)
    quiet_mm = (right - left) / 25 * 4 - 0.15
    outer_left, outer_top, outer_right, outer_bottom = around((left, top, right, bottom), quiet_mm)
    away = 0.25  # the last pixel of the code itself
    sides = [
        (outer_left, outer_top, left - away, outer_bottom),
        (right + away, outer_top, outer_right, outer_bottom),
        (outer_left, outer_top, outer_right, top - away),
        (outer_left, bottom + away, outer_right, outer_bottom),
    ]
    for picture in troubled(name):
        assert [False] * 4 == [is_ink(picture, side, DPI) for side in sides]


@pytest.mark.parametrize("name", ["a6", "a4-fold"])
def test_the_code_of_a_lanyard_is_35_to_38_mm_wide(name: str) -> None:
    ((left, _, right, _),) = edges(shipped(name), Qr)
    (code,) = read_codes(side_of(make_face(), name, 300))

    assert 35 <= right - left <= 38
    assert right - left == pytest.approx((code.position.top_right.x - code.position.top_left.x) / 300 * 25.4, abs=0.6)


@pytest.mark.parametrize("name", ["4x3", "a6", "cr80", "phone"])
def test_nothing_but_background_stands_in_the_outer_5_mm_of_a_card(name: str) -> None:
    for picture in troubled(name):
        assert [True] * 4 == [is_plain(rim) for rim in rims(picture, 4.8)]


def test_nothing_at_all_stands_where_a_roll_is_not_printed() -> None:
    for picture in troubled("roll-62"):
        assert [False] * 4 == [rim.convert("L").getextrema()[0] < 250 for rim in rims(picture, 1.5)]


def test_home_printers_find_nothing_in_the_outer_6_5_mm_nor_beside_the_fold() -> None:
    places = [
        (0, 0, 6.4, 147.5),
        (203.6, 0, 210, 147.5),
        (0, 150, 6.4, 297),
        (203.6, 150, 210, 297),
        (0, 290.6, 104, 297),
        (106, 290.6, 210, 297),
        (0, 0, 210, 6.4),
        (98.7, 150, 104, 297),
        (106, 150, 111.3, 297),
    ]
    for face in faces_of_trouble()[::4]:
        picture = raster(render_badge(face, shipped("a4-fold")), DPI)
        assert [False] * len(places) == [is_ink(picture, place, DPI) for place in places]


def test_the_ruler_of_the_home_print_is_100_mm_long() -> None:
    picture = raster(render_badge(make_face(), shipped("a4-fold")), DPI).convert("L")
    runs = []
    for y in range(pixels(140)):
        row = picture.crop((pixels(50), y, pixels(160), y + 1)).point(lambda value: 255 if value < 160 else 0)
        left, _, right, _ = row.getbbox() or (0, 0, 0, 0)
        if right > left and row.crop((left, 0, right, 1)).getextrema() == (255, 255):
            runs.append(right - left)

    assert max(runs) == pytest.approx(pixels(100), abs=4)


def test_dashed_lines_tell_where_to_fold() -> None:
    picture = raster(render_badge(make_face(), shipped("a4-fold")), DPI)

    across, down = is_ink(picture, (0, 148, 6, 149), DPI), is_ink(picture, (104.5, 285, 105.5, 297), DPI)

    assert (True, True) == (across, down)


def test_front_and_back_of_the_home_print_are_alike() -> None:
    picture = raster(render_badge(make_face(), shipped("a4-fold")), 254).convert("L")  # ten pixels a millimetre
    back = picture.crop((60, 1500, 1040, 2960)).point(lambda value: 255 if value < 128 else 0)
    front = picture.crop((1110, 1500, 2090, 2960)).point(lambda value: 255 if value < 128 else 0)

    different = ImageChops.difference(front, back).histogram()[255]
    assert back.histogram()[255] > 100_000
    assert different < 0.002 * back.width * back.height  # edges between two pixels


def test_the_home_print_takes_little_ink() -> None:
    def ink_of(name: str) -> float:
        counts = side_of(make_face(), name, 100).convert("L").histogram()
        return sum(count * (255 - value) for value, count in enumerate(counts)) / sum(counts)

    assert ink_of("a4-fold") < 0.5 * ink_of("a6")


@pytest.mark.parametrize("name_ur", ["عائشہ صدیقی", "پیچھے نستعلیق", "مُحَمَّد صِدِّیق", "محمد عبدالرحمٰن خان درانی یوسفزئی"])
@pytest.mark.parametrize("name", NAMES)
def test_urdu_ink_touches_neither_the_name_above_nor_the_organisation_below(name: str, name_ur: str) -> None:
    face = make_face(name="Gylnyj Qypgyj", name_ur=name_ur, organisation="Éxport Ḥouse", designation="", place="")
    rows = inked_rows(cut(side_of(face, name, DPI), person_edges(shipped(name))))

    first, last = rows.index(True), len(rows) - rows[::-1].index(True)
    gaps = "".join("x" if row else " " for row in rows[first:last]).split("x")

    assert 2 == len([gap for gap in gaps if len(gap) >= pixels(1)])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "phone"])
def test_a_name_typed_in_urdu_stands_at_the_right(name: str) -> None:
    left, top, right, bottom = person_edges(shipped(name))
    face = make_face(name="محمد علی", name_ur="", organisation="", designation="", place="")
    picture = side_of(face, name, DPI)

    middle = (left + right) / 2
    assert not is_ink(picture, (left, top, middle, bottom), DPI)
    assert is_ink(picture, (middle, top, right, bottom), DPI)


def test_on_the_phone_names_of_both_scripts_stand_in_the_middle() -> None:
    left, top, right, bottom = person_edges(shipped("phone"))
    for words in ("محمد علی", "Bilal Ahmed", "Muhammad Abdul Rehman Khan Durrani Yousafzai"):
        face = make_face(name=words, name_ur="", organisation="", designation="", place="")
        ink = cut(side_of(face, "phone", DPI), (left, top, right, bottom)).convert("L")
        box = ink.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert box
        assert box[0] == pytest.approx(ink.width - box[2], abs=pixels(0.8))


@pytest.mark.parametrize("name", NAMES)
def test_valid_days_are_filled_and_others_hollow_in_black_and_white_too(name: str) -> None:
    ((left, top, right, bottom),) = edges(shipped(name), Pips)

    def ink_of(valid: bool) -> int:  # noqa: FBT001
        days = (Pip(label=" ", valid=valid),)
        part = cut(side_of(make_face(days=days), name, DPI), (left, top, right, bottom)).convert("L")
        return sum(part.histogram()[:120])

    assert ink_of(valid=True) > 2 * ink_of(valid=False) > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_field_left_empty_leaves_no_hole(name: str) -> None:
    edges = person_edges(shipped(name))

    def height_of(name_ur: str) -> int:
        face = make_face(name_ur=name_ur, designation="", place="")
        rows = inked_rows(cut(side_of(face, name, DPI), edges))
        return len(rows) - rows[::-1].index(True) - rows.index(True)

    assert height_of(" ") < height_of("عائشہ") - pixels(4)


@pytest.mark.parametrize("letters", [4, 7, 10, 13, 16, 20])
@pytest.mark.parametrize("name", NAMES)
def test_the_tallest_words_stay_between_what_stands_above_and_below(name: str, letters: int) -> None:
    left, top, right, bottom = person_edges(shipped(name))
    tall = " ".join(["ب" * letters] * 2)
    picture = side_of(make_hard_face(tall), name, DPI)

    assert not is_ink(picture, (left, bottom + 0.2, right, bottom + 0.45), DPI)
    assert is_plain(cut(picture, (left, top - 1.5, right, top - 0.2)))


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("name", COLOURED)
def test_the_printed_band_has_its_colour_and_readable_words(name: str, colour: str) -> None:
    band = [each for each in shipped(name).art(Side.FRONT) if isinstance(each, Rect) and each.fill == "category"][
        -1
    ].box
    top = shipped(name).height_mm - band.top
    picture = side_of(make_face(colour=colour), name, 150)
    inside = [round(edge / 25.4 * 150) for edge in (band.left + 4, top + 3, band.right - 4, top + band.height - 3)]
    counted = picture.crop(tuple(inside)).getcolors(100_000)
    assert counted
    common = [f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in sorted(counted, reverse=True)[:2]]

    assert colour == common[0]
    assert contrast(common[0], common[1]) >= 4.5


@pytest.mark.parametrize("name", COLOURED)
def test_a_white_band_is_still_a_band_on_white_paper(name: str) -> None:
    band = [each for each in shipped(name).art(Side.FRONT) if isinstance(each, Rect) and each.fill == "category"][
        -1
    ].box
    top = shipped(name).height_mm - band.top
    picture = side_of(make_face(colour="#ffffff"), name, DPI)

    assert is_ink(picture, (band.left + 5, top - 0.5, band.right - 5, top + 1), DPI)


def test_a_roll_is_printed_in_pure_black_and_its_category_is_a_band_with_a_word() -> None:
    counted = side_of(make_face(), "roll-62", 300).getcolors(100_000)
    assert counted
    greys = {colour for _, colour in counted}

    assert greys <= {(value, value, value) for value in range(256)}  # the edges of letters alone are grey
    pure = sum(count for count, colour in counted if colour in ((0, 0, 0), (255, 255, 255)))
    assert pure > 0.95 * sum(count for count, _ in counted)
    ((left, top, right, bottom),) = [box for box in edges(shipped("roll-62"), Rect) if box[3] - box[1] > 5]
    band = cut(side_of(make_face(category="Delegate"), "roll-62", DPI), (left, top, right, bottom)).convert("L")
    assert 0.6 < band.histogram()[0] / (band.width * band.height) < 0.95


@pytest.mark.parametrize("name", NAMES)
def test_badges_printed_together_look_as_they_do_alone(name: str) -> None:
    """The art of a category is drawn once for all; nothing of one person may stay in it."""
    template = shipped(name)
    faces = [
        make_face(name="Zubaida Khan", short_code="AAAA-AAAA-A"),
        make_face(name="Bilal", name_ur="", organisation="", token=TOKEN[::-1]),
        make_face(name="Bilal", days=(Pip(label="Sat 24", valid=False),)),
        make_face(category="Media", category_ur="میڈیا", colour="#9c306d"),
        make_face(event_name="Another expo"),
    ]
    together = BytesIO()
    pages = print_badges(faces, template, together)

    with pypdfium2.PdfDocument(together) as document:
        for face, page in zip(faces, pages, strict=True):
            drawn = document[page - 1].render(scale=100 / 72).to_pil().convert("RGB")
            assert None is ImageChops.difference(raster(render_badge(face, template), 100), drawn).getbbox()


@pytest.mark.parametrize("name", ["4x3", "a6", "cr80"])
def test_both_sides_of_a_lanyard_badge_say_the_same(name: str) -> None:
    front, back = (side_of(make_face(), name, 100, side) for side in (Side.FRONT, Side.BACK))

    assert shipped(name).has_back
    assert None is ImageChops.difference(front, back).getbbox()
