import random
import re
from pathlib import Path

import pytest

from printing import TemplateError, find_templates, load_template
from printing.mistakes import Mistake
from tests.printing.faces import PLAIN, written

ITEMS = PLAIN.split("[[front]]")
HOME = find_templates()["a4-fold"].read_text("utf-8")
ROLL = find_templates()["roll-62"].read_text("utf-8")


def mistakes_of(folder: Path, text: str) -> tuple[Mistake, ...]:
    """What is wrong with a template; nothing if it loads."""
    try:
        load_template(written(folder, text))
    except TemplateError as error:
        return error.mistakes
    return ()


def changed(old: str, new: str, text: str = PLAIN) -> str:
    """The template with one thing changed."""
    assert old in text
    return text.replace(old, new, 1)


def more(kind: str, rest: str) -> str:
    """The template with an item more."""
    return f'{PLAIN}\n[[front]]\nkind = "{kind}"\n' + rest.replace("; ", "\n")


def test_a_template_that_keeps_the_rules_has_no_mistakes(tmp_path: Path) -> None:
    assert () == mistakes_of(tmp_path, PLAIN)


RULES = {
    "unknown kind": (changed('kind = "qr"', 'kind = "qrcode"'), "no. 4", 'Did you mean "qr"?'),
    "no kind": (changed('kind = "qr"\n', ""), "no. 4", "Choose one of: image, photo"),
    "unknown setting": (changed("size = 3\ncolour", "size = 3\ncolor"), "no. 2 (text)", 'Did you mean "colour"?'),
    "unknown setting of a line": (changed("least = 0.3", "leest = 0.3"), "lines no. 1", 'Did you mean "least"?'),
    "unknown setting of the file": (changed("title =", 'tittle = "x"\ntitle ='), "tittle", 'Did you mean "title"?'),
    "unknown field": (changed('"organisation"', '"organization"'), "lines no. 2", 'Did you mean "organisation"?'),
    "private field": (changed('"organisation"', '"token"'), "lines no. 2", "Choose one of: category"),
    "unknown field of many": (
        changed('field = "organisation"', 'fields = ["place", "city"]'),
        "lines no. 2",
        "Choose one of: category",
    ),
    "two ways to say": (
        changed('field = "organisation"', 'field = "place", text = "x"'),
        "lines no. 2",
        "Write one of them",
    ),
    "nothing said": (
        changed('{ field = "organisation", size = 3 }', "{ size = 3 }"),
        "lines no. 2",
        "Write one of them",
    ),
    "no lines": (re.sub(r"lines = \[.*?\n\]", "lines = []", PLAIN, flags=re.DOTALL), "no. 3 (stack)", "Write lines ="),
    "short colour": (changed("#0b3d2e", "#0b3"), "no. 1 (rect)", "six of 0-9 and a-f"),
    "colour by name": (changed("#ffffff", "white"), "no. 2 (text)", "six of 0-9 and a-f"),
    "a number in quotes": (changed("side = 25", 'side = "25"'), "no. 4 (qr)", "without quotes"),
    "infinite": (changed("side = 25", "side = inf"), "no. 4 (qr)", "Write a number from"),
    "tiny letters": (changed("size = 3\ncolour", "size = 0.5\ncolour"), "no. 2 (text)", "Write a number from 1.4"),
    "letters taller than their box": (changed("size = 3\ncolour", "size = 9\ncolour"), "no. 2 (text)", "at most 4"),
    "a badge as large as a wall": (changed("width = 110", "width = 9000"), "width", "from 30 to 420"),
    "over the edge": (changed("width = 80", "width = 108"), "no. 2 (text)", "smaller by 3 mm"),
    "outside the safe area": (
        changed("left = 5\ntop = 5", "left = 3\ntop = 5"),
        "no. 2 (text)",
        "5 mm away from every edge",
    ),
    "low contrast": (changed('"#ffffff"', '"#117755"'), "no. 2 (text)", "#ffffff would read"),
    "low contrast on paper": (
        changed("size = 3 }", 'size = 3, colour = "#999999" }'),
        "line 2 · colour",
        "#000000 would read",
    ),
    "just too little contrast": (changed("size = 3 }", 'size = 3, colour = "#777777" }'), "line 2 · colour", "4.5 : 1"),
    "own colour on the category": (changed('"on-category"', '"#000000"'), "no. 7 (text)", 'colour = "on-category"'),
    "category's reading off the category": (
        changed('size = 3\ncolour = "#ffffff"', 'size = 3\ncolour = "on-category"'),
        "no. 2 (text)",
        'fill = "category"',
    ),
    "half on the category": (changed("height = 14", "height = 6"), "no. 7 (text)", "wholly onto a rectangle"),
    "days that cannot be told apart": (
        changed("size = 3\ndirection", 'size = 3\ncolour = "#dddddd"\ndirection'),
        "no. 5 (pips)",
        "darker",
    ),
    "modules too small": (changed("side = 25", "side = 8"), "no. 4 (qr)", "at least 8.5 mm"),
    "modules too small for this printer": (
        changed("back =", "dpi = 100\nback =").replace("side = 25", "side = 22"),
        "no. 4 (qr)",
        "at least 25.4 mm",
    ),
    "no white around the code": (changed("left = 74", "left = 66"), "no. 4 (qr)", "Move one of the two"),
    "code's zone over the edge": (
        changed("left = 74\ntop = 16\nside = 25", "left = 71\ntop = 12\nside = 34"),
        "no. 4 (qr)",
        "away from the edges",
    ),
    "code on a colour": (changed("height = 10\n", "height = 14\n"), "no. 4 (qr)", 'fill = "#ffffff" under it'),
    "something over the code": (
        more("rect", 'left = 76; top = 20; width = 2; height = 2; fill = "#ff0000"'),
        "no. 8 (rect)",
        "further up",
    ),
    "text over text": (
        more("text", 'field = "place"; left = 5; top = 14; width = 20; height = 4; size = 3'),
        "no. 8 (text)",
        "Move one of the two",
    ),
    "a rectangle that draws nothing": (
        more("rect", "left = 60; top = 20; width = 2; height = 2"),
        "no. 8 (rect)",
        "Give it a fill",
    ),
    "letters that no font has": (
        changed('field = "organisation"', 'text = "王 hall"'),
        "lines no. 2",
        "Leave them out",
    ),
    "an empty text": (changed('field = "organisation"', 'text = "  "'), "lines no. 2", "Write what shall be shown"),
    "a text without end": (changed('field = "organisation"', f'text = "{"x" * 900}"'), "lines no. 2", "within 300"),
    "no code": ("[[front]]".join(ITEMS[:4] + ITEMS[5:]), "[[front]]", 'kind = "qr"'),
    "no name": (changed('field = "name"', 'field = "place"'), "[[front]]", 'field = "name"'),
    "no room for a long name": (changed("width = 58", "width = 40"), "no. 3 (stack)", "Give it more width"),
    "a long name cut": (changed("least = 0.3", "least = 0.9"), "no. 3 (stack)", "a smaller least"),
    "a back without a name": (
        changed('back = "same"\n', "") + "[[back]]".join(["", *ITEMS[1:3], *ITEMS[4:]]),
        "[[back]]",
        'field = "name"',
    ),
    "no front": (ITEMS[0], "[[front]]", "Write [[front]]"),
    "front as a word": (ITEMS[0] + 'front = "same"', "[[front]]", "above each of its items"),
    "unknown back": (changed('back = "same"', 'back = "sane"'), "back", 'Did you mean "same"?'),
    "no picture": (
        more("image", 'file = "no.png"; left = 60; top = 50; width = 2; height = 2'),
        "no. 8 (image)",
        "Put it into",
    ),
    "pictures from elsewhere": (
        more("image", 'file = "../no.png"; left = 60; top = 50; width = 2; height = 2'),
        "no. 8 (image)",
        "beside the template",
    ),
    "a crowd of items": (PLAIN + "\n[[front]]\nkind = 'photo'" * 80, "[[front]]", "within 60"),
    "too near for a printer at home": (
        changed("left = 8\ntop = 7", "left = 6\ntop = 7", HOME),
        "no. 1 (stack)",
        "6.5 mm away",
    ),
    "a band over the edge at home": (
        changed("left = 6.5\ntop = 125\nwidth = 92", "left = 0\ntop = 125\nwidth = 105", HOME),
        "no. 7 (rect)",
        "6.5 mm away",
    ),
    "much ink at home": (
        changed("height = 17\nradius", "height = 17\nradius", HOME).replace(
            "top = 24.5\nwidth = 89\nheight = 0.7", "top = 7\nwidth = 89\nheight = 22"
        ),
        "[[front]]",
        "use stroke",
    ),
    "a narrow rim at home": (changed("safe = 6.5", "safe = 5", HOME), "safe", "from 6.5"),
    "a narrow rim": (changed("back =", "safe = 3\nback ="), "safe", "from 5"),
    "no quarter of A4": (changed("height = 148.5", "height = 148", HOME), "width", "height = 148.5"),
    "a folded badge without back": (changed('back = "same"', 'back = "none"', HOME), "back", 'back = "same"'),
    "no steps": (HOME[: HOME.index("[fold]")], "[fold]", "a4-fold.toml"),
    "three steps": (HOME[: HOME.rindex("[[fold.step]]")], "[fold] · step", "4 times"),
    "a map that is not there": (changed("# map =", "map =", HOME), "[fold] · map", "Put it into"),
    "colour on a roll": (changed('fill = "#000000"', 'fill = "#0b3d2e"', ROLL), "no. 2 (rect)", "#000000 or #ffffff"),
    "category's colour on a roll": (
        changed('fill = "#000000"', 'fill = "category"', ROLL),
        "no. 2 (rect)",
        "#000000 or #ffffff",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_what_breaks_a_rule_is_told_with_item_and_mend(rule: str, tmp_path: Path) -> None:
    text, place, mend = RULES[rule]

    found = mistakes_of(tmp_path, text)

    assert [each for each in found if place in each.place and mend in each.mend], found


KEPT = {
    "just enough contrast": changed("size = 3 }", 'size = 3, colour = "#767676" }'),
    "white on a dark colour": changed('"#0b3d2e"', '"#550000"'),
    "a code on white over a colour": changed(
        'height = 10\nfill = "#0b3d2e"',
        'height = 45\nfill = "#0b3d2e"\n\n[[front]]\nkind = "rect"\nleft = 0\ntop = 10\nwidth = 110\nheight = 36\n'
        'fill = "#ffffff"',
    ),
    "a frame around a photo": more("photo", "left = 60; top = 47; width = 8; height = 8")
    .replace('fill = "category"', 'stroke = "category"', 1)
    .replace('"on-category"', '"#000000"')
    + '\n[[front]]\nkind = "rect"\nleft = 60\ntop = 47\nwidth = 8\nheight = 8\nstroke = "#000000"\n',
    "Urdu of one's own": changed('field = "organisation"', 'text_ur = "ہال 3"'),
    "fields joined": changed('field = "organisation"', 'fields = ["designation", "place"], join = " / "'),
    "no back": changed('back = "same"', 'back = "none"'),
    "back left out": changed('back = "same"\n', ""),
    "a wider safe area": changed("back =", "safe = 5.0\nback ="),
    "signs": changed('field = "organisation"', 'text = "{x} <b> & )>>"'),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_keeps_the_rules_is_not_told(case: str, tmp_path: Path) -> None:
    text = KEPT[case]
    if case == "a frame around a photo":
        text = text.replace("left = 5\ntop = 48\nwidth = 80", "left = 5\ntop = 48\nwidth = 50")

    assert () == mistakes_of(tmp_path, text)


def test_whatever_stands_in_a_template_it_loads_or_is_refused_in_words(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - not a secret
    values = [
        '"x"',
        '""',
        "[]",
        "[1]",
        "{}",
        "true",
        "-1",
        "1e400",
        "nan",
        '"#fff"',
        '"category"',
        "2026-01-24",
        "[{}]",
    ]
    tables = ["[front]", "[[back]]", "[[front]]", "[fold]", "front = 3", "x.y = 1", "[[front.lines]]", "[[fold.step]]"]
    refused = 0
    for _ in range(300):
        lines = chance.choice([PLAIN, HOME, ROLL]).split("\n")
        settings = [at for at, line in enumerate(lines) if "=" in line and not line.startswith("#")]
        for at in chance.sample(settings, 2):
            lines[at] = re.sub(r"= [^,}]+", f"= {chance.choice(values)}", lines[at], count=1)
        if chance.random() < 0.3:
            lines.insert(chance.randrange(len(lines)), chance.choice(tables))
        found = mistakes_of(tmp_path, "\n".join(lines))
        refused += bool(found)
        assert all(each.place and each.problem and each.mend for each in found)

    assert refused > 200
