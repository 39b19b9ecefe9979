import pytest
from PIL import Image, ImageChops

from printing import Paper, Pip, render_badge
from tests.printing.faces import HARD_NAMES, inked_rows, is_ink, make_face, make_hard_face, raster

DPI = 200
MANY_DAYS = tuple(Pip(label=f"Day number {number}", valid=number % 3 == 0) for number in range(14))


def pixels(length_mm: float) -> int:
    return round(length_mm / 25.4 * DPI)


def is_plain(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether each row of the box has one colour: backgrounds run through, letters do not."""
    part = picture.crop(box).convert("L")
    row = [part.crop((0, y, part.width, y + 1)).getextrema() for y in range(part.height)]
    return all(high - low <= 2 for low, high in row)


def with_everything_long(text: str) -> dict[str, object]:
    fields = ("event_name", "event_name_ur", "dateline", "category", "category_ur", "short_code")
    return dict.fromkeys(fields, text * 40) | {"days": MANY_DAYS}


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_nothing_but_background_stands_in_the_outer_5_mm_of_an_a6(name: str) -> None:
    picture = raster(render_badge(make_hard_face(name), Paper.A6), DPI)
    wide, high, rim = picture.width - 1, picture.height - 1, pixels(5)  # the last row and column are cut pixels

    sides = [(0, 0, rim, high), (wide - rim, 0, wide, high), (0, 0, wide, rim), (0, high - rim, wide, high)]

    assert [is_plain(picture, side) for side in sides] == [True] * 4


@pytest.mark.parametrize("text", ["Long words ", "W", "بہت لمبا نام ", "ب"])
@pytest.mark.parametrize("paper", Paper)
def test_what_the_organiser_writes_stays_inside_too(text: str, paper: Paper) -> None:
    face = make_face(**with_everything_long(text))
    picture = raster(render_badge(face, paper), DPI)
    wide, high, rim = picture.width - 1, picture.height - 1, pixels(5)  # the last row and column are cut pixels
    left = wide // 2 + pixels(1) if paper is Paper.A4_FOLD else 0
    top = high // 2 + pixels(1) if paper is Paper.A4_FOLD else 0

    sides = [(left, top, left + rim - pixels(1), high), (wide - rim, top, wide, high), (left, high - rim, wide, high)]

    assert [is_plain(picture, side) for side in sides] == [True] * 3


@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_home_printers_find_nothing_in_the_outer_6_5_mm_nor_beside_the_fold(name: str) -> None:
    picture = raster(render_badge(make_hard_face(name), Paper.A4_FOLD), DPI)

    rims = [
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

    assert [False] * len(rims) == [is_ink(picture, rim, DPI) for rim in rims]


def test_the_ruler_is_100_mm_long() -> None:
    picture = raster(render_badge(make_face(), Paper.A4_FOLD), DPI).convert("L")
    runs = []
    for y in range(pixels(140)):
        row = picture.crop((pixels(50), y, pixels(160), y + 1)).point(lambda value: 255 if value < 160 else 0)
        left, _, right, _ = row.getbbox() or (0, 0, 0, 0)
        if right > left and row.crop((left, 0, right, 1)).getextrema() == (255, 255):
            runs.append(right - left)

    assert max(runs) == pytest.approx(pixels(100), abs=4)


def test_front_and_back_of_the_home_print_are_alike() -> None:
    picture = raster(render_badge(make_face(), Paper.A4_FOLD), 254).convert("L")  # ten pixels a millimetre
    back = picture.crop((60, 1500, 1040, 2960)).point(lambda value: 255 if value < 128 else 0)
    front = picture.crop((1110, 1500, 2090, 2960)).point(lambda value: 255 if value < 128 else 0)

    different = ImageChops.difference(front, back).histogram()[255]
    assert back.histogram()[255] > 100_000
    assert different < 0.002 * back.width * back.height  # edges between two pixels


@pytest.mark.parametrize("name_ur", ["عائشہ صدیقی", "پیچھے نستعلیق", "مُحَمَّد صِدِّیق", "محمد عبدالرحمٰن خان درانی یوسفزئی"])
@pytest.mark.parametrize("name", ["Ayesha Siddiqui", "Gylnyj Qypgyj"])
def test_urdu_ink_touches_neither_the_name_above_nor_the_organisation_below(name: str, name_ur: str) -> None:
    face = make_face(name=name, name_ur=name_ur, organisation="Éxport Ḥouse", designation="", place="")
    picture = raster(render_badge(face, Paper.A6), DPI)
    rows = inked_rows(picture.crop((0, pixels(26), picture.width, pixels(148 - 21 - 6 - 38 - 5))))

    first, last = rows.index(True), len(rows) - rows[::-1].index(True)
    gaps = "".join("x" if row else " " for row in rows[first:last]).split("x")

    assert len([gap for gap in gaps if len(gap) >= pixels(1.5)]) == 2


def test_a_name_typed_in_urdu_stands_at_the_right_in_nastaliq() -> None:
    face = make_face(name="محمد علی", name_ur="", organisation="", designation="", place="")
    picture = raster(render_badge(face, Paper.A6), DPI)

    assert not is_ink(picture, (7, 26, 60, 68), DPI)
    assert is_ink(picture, (60, 26, 98, 68), DPI)


def test_valid_days_are_filled_and_others_hollow_in_black_and_white_too() -> None:
    def ink_of(valid: bool) -> float:  # noqa: FBT001
        days = (Pip(label="Sat 24", valid=valid),)
        picture = raster(render_badge(make_face(days=days), Paper.A6), DPI).convert("L")
        part = picture.crop((pixels(52), pixels(107), pixels(64.5), pixels(115)))
        histogram = part.histogram()
        return sum(histogram[:120]) / pixels(1) ** 2

    assert ink_of(valid=True) > 3 * ink_of(valid=False) > 0


def test_a_field_left_empty_leaves_no_hole() -> None:
    def bottom_of(name_ur: str) -> int:
        face = make_face(name_ur=name_ur, designation="", place="")
        picture = raster(render_badge(face, Paper.A6), DPI)
        rows = inked_rows(picture.crop((0, pixels(26), picture.width, pixels(72))))
        return len(rows) - rows[::-1].index(True)

    assert bottom_of(" ") < bottom_of("عائشہ") - pixels(8)


@pytest.mark.parametrize("letters", [4, 7, 10, 13, 16, 20])
def test_the_tallest_words_leave_the_codes_quiet_zone_white(letters: int) -> None:
    tall = " ".join(["ب" * letters] * 2)
    picture = raster(render_badge(make_hard_face(tall), Paper.A6), DPI)

    assert not is_ink(picture, (0, 77, 105, 82.5), DPI)
