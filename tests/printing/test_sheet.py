"""Many badges on a page: where each stands, what is refused, and that backs meet their fronts."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from printing import Face, SheetError, Template, TemplateError, find_sheets, find_templates, load_template, print_badges
from printing.sheet import places
from tests.printing.faces import make_face, read_codes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DPI = 150
SHEETS = find_sheets()


def template(name: str) -> Template:
    return load_template(find_templates()[name])


def crowd(count: int) -> list[Face]:
    return [make_face(name=f"Visitor {at}", token=ALPHABET[at % 32] * 27 + ALPHABET[at // 32]) for at in range(count)]


def printed(faces: list[Face], name: str, **more: object) -> tuple[tuple[int, ...], list[Image.Image]]:
    target = BytesIO()
    pages = print_badges(faces, template(name), target, **more)  # type: ignore[arg-type]
    with pypdfium2.PdfDocument(target.getvalue()) as document:
        return pages, [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def where(picture: Image.Image) -> dict[str, tuple[float, float]]:
    """Each code of a page and its upper left corner, in millimetres from the page's."""
    found = read_codes(picture)
    return {code.text: (code.position.top_left.x / DPI * 25.4, code.position.top_left.y / DPI * 25.4) for code in found}


@pytest.mark.parametrize(("sheet", "name"), [("a4-2x5", "cr80"), ("a4-2x4", "cr80"), ("a4-2x2", "a6")])
def test_every_badge_stands_once_row_by_row(sheet: str, name: str) -> None:
    faces = crowd(SHEETS[sheet].places + 1)
    pages, pictures = printed(faces, name, sheet=SHEETS[sheet])

    assert (*[1] * SHEETS[sheet].places, 2) == pages
    spots = where(pictures[0])
    order = sorted(spots, key=lambda token: (round(spots[token][1] / 20), spots[token][0]))
    assert [face.token for face in faces[:-1]] == order
    assert [faces[-1].token] == list(where(pictures[1]))


def test_the_first_free_place_is_where_printing_begins_on_the_first_page_only() -> None:
    sheet = SHEETS["a4-2x5"]
    whole = where(printed(crowd(10), "cr80", sheet=sheet)[1][0])
    pages, pictures = printed(crowd(8), "cr80", sheet=sheet, first=7)

    assert (1, 1, 1, 2, 2, 2, 2, 2) == pages
    begun, rest = where(pictures[0]), where(pictures[1])
    tokens = [face.token for face in crowd(10)]
    for at in range(3):
        assert whole[tokens[7 + at]] == pytest.approx(begun[tokens[at]], abs=0.3)
    assert whole[tokens[0]] == pytest.approx(rest[tokens[3]], abs=0.3)


def test_backs_stand_behind_their_fronts_when_the_paper_turns_along_its_long_edge() -> None:
    sheet = replace(SHEETS["a4-2x2"], left_mm=0.0)
    pages, pictures = printed(crowd(3), "a6", sheet=sheet, both_sides=True)

    assert (1, 1, 1) == pages
    assert 2 == len(pictures)
    front, back = map(where, pictures)
    assert set(front) == set(back) == {face.token for face in crowd(3)}
    for token, (x, y) in front.items():
        is_left = x < 105
        assert is_left != (back[token][0] < 105)
        assert y == pytest.approx(back[token][1], abs=0.5)


def test_a_butterflys_back_stands_turned_above_its_front() -> None:
    _, (picture,) = printed(crowd(1), "butterfly", sheet=SHEETS["butterfly"])
    upright, turned = (
        where(picture.crop((0, picture.height // 2, picture.width, picture.height))),
        read_codes(picture.crop((0, 0, picture.width, picture.height // 2))),
    )

    assert [crowd(1)[0].token] == list(upright)
    assert [crowd(1)[0].token] == [code.text for code in turned]
    assert 180 == pytest.approx(abs(turned[0].orientation), abs=2)


def test_marks_say_where_to_cut_and_label_sheets_have_none() -> None:
    grid = SHEETS["a4-2x5"]
    _, (marked,) = printed(crowd(1), "cr80", sheet=grid)
    _, (bare,) = printed(crowd(1), "cr80", sheet=replace(grid, cut_marks=False))

    def ink(picture: Image.Image) -> int:
        top_rim = picture.crop((0, 0, picture.width, round(11 / 25.4 * DPI)))
        return sum(top_rim.convert("L").histogram()[:220])

    assert ink(bare) == 0
    assert ink(marked) > 0


def test_a_sheet_that_is_all_badge_is_marked_inside() -> None:
    _, (picture,) = printed(crowd(1), "a6", sheet=SHEETS["a4-2x2"])
    middle, low = picture.width // 2, picture.height - round(8 / 25.4 * DPI)

    assert picture.crop((middle - 2, low - 4, middle + 3, low)).convert("L").getextrema()[0] < 220


@pytest.mark.parametrize(
    ("sheet", "name", "words"),
    [("a4-2x5", "a6", "105 × 148 mm"), ("a4-2x2", "a4-fold", "folded")],
)
def test_a_face_that_does_not_fit_is_refused_with_both_sizes(sheet: str, name: str, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        places(SHEETS[sheet], template(name))


@pytest.mark.parametrize("change", [{"columns": 3}, {"rows": 0}, {"left_mm": -1.0}, {"top_mm": 40.0}])
def test_a_grid_that_leaves_its_paper_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(SheetError, match="a4-2x5"):
        replace(SHEETS["a4-2x5"], **change)  # type: ignore[arg-type]


OWN = """
[[sheet]]
name = "labels"
title = "Labels of the corner shop"
width = 210
height = 297
columns = 2
rows = 4
place = [92, 60]
left = 9
top = 20
gap = [8, 3.5]
"""


def test_an_organisers_own_sheet_stands_beside_the_shipped_ones_with_its_gaps(tmp_path: Path) -> None:
    (tmp_path / "sheets.toml").write_text(OWN, "utf-8")
    found = find_sheets(tmp_path / "sheets.toml")

    assert {*SHEETS, "labels"} == set(found)
    (first, second, third, *_) = places(found["labels"], template("cr80"))
    assert 100 == pytest.approx(second.x_mm - first.x_mm)
    assert -63.5 == pytest.approx(third.y_mm - first.y_mm)
    pages, pictures = printed(crowd(9), "cr80", sheet=found["labels"])
    assert (1, 1, 1, 1, 1, 1, 1, 1, 2) == pages
    assert [8, 1] == [len(where(picture)) for picture in pictures]


@pytest.mark.parametrize(
    ("words", "instead", "told"),
    [
        ("width = 210", "width = 100", "need 201 × 270.5 mm"),
        ("columns = 2", "columns = 2.5", "no whole number"),
        ("columns = 2", "colums = 2", 'mean "columns"'),
        ("place = [92, 60]", "place = [92]", "no pair of lengths"),
        ("place = [92, 60]", "place = [inf, 60]", "no pair of lengths"),
        ("gap = [8, 3.5]", "gap = [-8, 3.5]", "0 or more"),
        ('name = "labels"', 'name = "My labels"', "no short name"),
        ("[[sheet]]", "[sheet]", "double brackets"),
        ("[[sheet]]", "colour = 3\n[[sheet]]", 'no setting "colour"'),
        ("gap = [8, 3.5]", OWN, "two sheets"),
        ("title = ", "title : ", "line 4"),
    ],
)
def test_a_sheet_with_a_mistake_is_told_with_its_mend(tmp_path: Path, words: str, instead: str, told: str) -> None:
    (tmp_path / "sheets.toml").write_text(OWN.replace(words, instead), "utf-8")

    with pytest.raises(TemplateError) as caught:
        find_sheets(tmp_path / "sheets.toml")
    assert told in str(caught.value)
    assert "Mend: " in str(caught.value)
