import re
from pathlib import Path

import pytest
from PIL import Image

from printing import Side, TemplateError, find_templates, load_template, render_badge
from tests.printing.faces import NAMES, PLAIN, make_face, raster, read_codes, shipped, side_of, written

SIZES_MM = {
    "4x3": (101.6, 76.2),
    "a4-fold": (105, 148.5),
    "a6": (105, 148),
    "butterfly": (82, 101.5),
    "cr80": (85.6, 53.98),
    "phone": (90, 160),
    "roll-62": (62, 105),
}


def test_the_templates_that_come_with_the_system_have_no_mistakes() -> None:
    assert set(NAMES) == set(find_templates())
    assert SIZES_MM == {name: (shipped(name).width_mm, shipped(name).height_mm) for name in NAMES}
    assert {"phone", "roll-62"} == {name for name in NAMES if not shipped(name).has_back}


def test_a_template_of_the_organisers_own_goes_before_the_one_that_came(tmp_path: Path) -> None:
    own = written(tmp_path, name="a6")
    other = written(tmp_path, name="vip")

    found = find_templates(tmp_path)

    assert (own, other) == (found["a6"], found["vip"])
    assert set(NAMES) | {"vip"} == set(found)
    assert ("vip", "Plain") == (load_template(other).name, load_template(other).title)


def test_a_folded_template_has_both_sides_upright_in_the_lower_half_of_an_a4_page() -> None:
    template = shipped("a4-fold")

    assert (210, 297) == template.page_mm
    assert [(Side.FRONT, 105, 0, False), (Side.BACK, 0, 0, False)] == template.sides()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a4-fold"])
def test_other_templates_have_a_page_of_their_own(name: str) -> None:
    assert SIZES_MM[name] == shipped(name).page_mm
    assert [(Side.FRONT, 0, 0, False)] == shipped(name).sides()


def test_items_are_drawn_in_the_order_of_the_file(tmp_path: Path) -> None:
    first, second = '[[front]]\nkind = "rect"\nleft = 65\ntop = 12\nwidth = 5\nheight = 3\nfill = "#', '"\n'
    red_last = load_template(written(tmp_path, f"{PLAIN}{first}0000ff{second}{first}ff0000{second}"))

    colours = side_of(make_face(), red_last, 100).crop((260, 50, 270, 55)).getcolors()

    assert [(50, (255, 0, 0))] == colours


def test_a_stack_says_its_lines_in_the_order_of_the_file(tmp_path: Path) -> None:
    name, organisation = [line for line in PLAIN.splitlines() if line.startswith("    {")]
    turned = PLAIN.replace(name, "@").replace(organisation, name).replace("@", organisation)
    boxes = []
    for text in (PLAIN, turned):
        face = make_face(name="i", organisation="WWWWWWWW")
        picture = side_of(face, load_template(written(tmp_path, text)), 200).convert("L")
        top = picture.crop((0, 95, 400, 115)).point(lambda value: 255 if value < 128 else 0).getbbox()
        assert top
        boxes.append(top[2] - top[0])

    assert boxes[0] < boxes[1] / 4


def test_a_back_of_its_own_is_drawn_on_the_back(tmp_path: Path) -> None:
    items = PLAIN.split("[[front]]")[1:]
    back = "".join("[[back]]" + item for item in items).replace('fill = "#0b3d2e"', 'fill = "#550000"')
    template = load_template(written(tmp_path, PLAIN.replace('back = "same"\n', "") + back))

    assert (11, 61, 46) == side_of(make_face(), template, 100).getpixel((5, 5))
    assert (85, 0, 0) == side_of(make_face(), template, 100, Side.BACK).getpixel((5, 5))
    assert 1 == len(read_codes(side_of(make_face(), template, 200, Side.BACK)))


def test_text_of_a_template_is_taken_as_it_is(tmp_path: Path) -> None:
    literal = PLAIN.replace('field = "event_name"', r'text = "{name} {0} %s \\n <b> {face.token}"')
    face = make_face(event_name="x")

    assert render_badge(face, load_template(written(tmp_path, literal))) != render_badge(
        face, load_template(written(tmp_path))
    )


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ('title = "x', "end of the file", "Close the quotes on the line where they open."),
        ('title = "x\n', "line 1, column 11", "Close the quotes on the line where they open."),
        ("title = x", "line 1, column 9", "Put text between quotes"),
        ('title = "x" kind = "card"', "line 1, column 13", "Put one setting on a line"),
        (PLAIN + 'kind = "text"\nkind = "qr"', "line", "This setting stands twice in its item"),
        (PLAIN + '[[back]]\nkind = "qr"\n', "line", 'as in back = "same", or the items under [[back]]'),
        ("x = " + "[" * 3000, "the file", "Begin again"),
        ("x = " + "9" * 5000, "the file", "Begin again"),
        ("#" * 300_000, "the file", "Begin again"),
    ],
)
def test_a_file_that_is_no_toml_is_told_with_its_line_and_mend(
    tmp_path: Path, text: str, place: str, mend: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        load_template(written(tmp_path, text))

    (mistake,) = refused.value.mistakes
    assert mistake.place.startswith(place)
    assert mend in mistake.mend
    assert str(tmp_path / "mine.toml") in str(refused.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('title = "Gülnarə"'.encode("utf-16"))

    for name in ("latin.toml", "missing.toml", "."):
        with pytest.raises(TemplateError, match="the file"):
            load_template(tmp_path / name)


def test_every_mistake_is_told_at_once_in_the_words_of_the_file(tmp_path: Path) -> None:
    text = PLAIN.replace("side = 25", 'sid = 25\ncolor = "#000000"').replace('kind = "pips"', 'kind = "pip"')
    with pytest.raises(TemplateError) as refused:
        load_template(written(tmp_path, text.replace("width = 110\nheight = 60", 'width = "90"\nheight = nan')))

    told = str(refused.value)
    lines = text.splitlines()
    qr = 1 + [at for at, line in enumerate(lines) if line == "[[front]]"][3]
    for words in (
        'width\n   "90" is not a number.',
        "height\n   nan is not a number.",
        f"[[front]] no. 4 (qr), line {qr} · side\n   side is missing.",
        f'[[front]] no. 4 (qr), line {qr} · sid\n   There is no setting "sid" here.\n   Mend: Did you mean "side"?',
        'There is no setting "color" here.',
        'There is no kind "pip".\n   Mend: Did you mean "pips"?',
    ):
        assert words in told


def test_the_recipes_in_the_comments_work(tmp_path: Path) -> None:
    Image.new("RGB", (60, 60), "red").save(tmp_path / "logo.png")
    Image.new("RGB", (300, 100), "red").save(tmp_path / "venue-map.png")
    a6 = find_templates()["a6"].read_text("utf-8")
    head, recipe, tail = re.split(r"((?:# .*\n)+)(?=\n\[\[front\]\]\nkind = \"stack\"\nleft = 7\ntop = 5.5)", a6)
    logo = recipe.split("\n", 1)[1].replace("# ", "")
    moved = tail.replace("left = 7", "left = 26", 1).replace("width = 91", "width = 72", 1)
    fold = find_templates()["a4-fold"].read_text("utf-8").replace("# map =", "map =")

    with_logo = load_template(written(tmp_path, head + recipe.split("\n", 1)[0] + "\n" + logo + moved))
    with_map = load_template(written(tmp_path, fold, "fold"))

    assert (255, 0, 0) == side_of(make_face(), with_logo, 254).getpixel((145, 135))
    assert (255, 0, 0) == raster(render_badge(make_face(), with_map), 100).getpixel((413, 270))
