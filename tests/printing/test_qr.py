import random
import re
from xml.etree import ElementTree as ET

import pytest
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q

from printing import QrTextTooLongError, qr_svg, qr_text
from printing.qr import modules, qr_path
from tests.printing.faces import TOKEN, read_codes

LINK = "https://expo.example.pk/gate/#pair=7K3M9QXDC-abcdefghijklmnop"
TEXTS = [TOKEN, LINK, "یہ کارڈ ہے", "7", "x" * 400]


def picture_of(rows: list[list[bool]]) -> Image.Image:
    """Dark where true, six pixels a module."""
    picture = Image.new("L", (len(rows[0]), len(rows)), 255)
    picture.putdata([0 if dark else 255 for row in rows for dark in row])
    return picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)


def drawn_svg(svg: str) -> list[list[bool]]:
    """The modules that a page would show for the SVG's path."""
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    side = int(root.attrib["viewBox"].split()[2])
    rows = [[False] * side for _ in range(side)]
    (path,) = root.findall("{*}path")
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path.attrib["d"]):
        rows[int(y)][int(x) : int(x) + int(length)] = [True] * int(length)
    return rows


def test_a_tokens_symbol_is_module_by_module_the_one_of_the_library() -> None:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    chance = random.Random(7)  # noqa: S311 - not a secret
    for _ in range(60):
        token = "".join(chance.choices(letters, k=28))
        symbol = qrcode.QRCode(version=2, error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=0)
        symbol.add_data(token, optimize=0)
        symbol.make(fit=False)
        assert tuple(tuple(map(bool, row)) for row in symbol.modules) == modules(token)


def test_the_path_draws_the_modules_of_the_symbol() -> None:
    side, path = qr_path(TOKEN)
    rows = [[False] * side for _ in range(side)]
    for x, y, length in re.findall(r"(\d+) (\d+) (\d+) 1 re", path):
        rows[side - 1 - int(y)][int(x) : int(x) + int(length)] = [True] * int(length)

    assert modules(TOKEN) == tuple(map(tuple, rows))


def test_a_token_becomes_version_2_at_level_q() -> None:
    assert (len(modules(TOKEN)), len(modules(TOKEN)[0])) == (25, 25)
    (code,) = read_codes(picture_of(drawn_svg(qr_svg(TOKEN))))
    assert code.ec_level == "Q"
    assert str(code.extra["Version"]) == "2"


@pytest.mark.parametrize("text", TEXTS)
def test_the_svg_reads_back(text: str) -> None:
    assert [text] == [code.text for code in read_codes(picture_of(drawn_svg(qr_svg(text))))]


@pytest.mark.parametrize("text", TEXTS)
def test_the_terminal_code_reads_back_from_half_blocks(text: str) -> None:
    rows: list[list[bool]] = []
    for line in qr_text(text).splitlines():
        rows.append([character in " ▄" for character in line])
        rows.append([character in " ▀" for character in line])

    assert len({len(row) for row in rows}) == 1
    assert [text] == [code.text for code in read_codes(picture_of(rows))]


def test_the_quiet_zone_is_as_wide_as_asked() -> None:
    for quiet in (0, 4, 6):
        rows = drawn_svg(qr_svg(TOKEN, quiet=quiet))
        assert 25 + 2 * quiet == len(rows)
        assert picture_of(rows).point(lambda value: 255 - value).getbbox() == (
            quiet * 6,
            quiet * 6,
            (quiet + 25) * 6,
            (quiet + 25) * 6,
        )


def test_the_svg_stands_in_a_page_that_forbids_inline_style_and_its_label_is_only_text() -> None:
    root = ET.fromstring(qr_svg(TOKEN, label='Badge of "A" <script>&\x00'))  # noqa: S314 - our own output

    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'Badge of "A" <script>&'
    assert {"rect", "path"} == {child.tag.split("}")[1] for child in root}
    for element in root.iter():
        assert not {"style", "class", "href"} & set(element.attrib)


def test_text_that_no_code_holds_is_refused_by_name() -> None:
    with pytest.raises(QrTextTooLongError):
        qr_svg("x" * 5000)
