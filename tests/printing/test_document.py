"""The file around the badges: its pages, its bytes, what it tells of itself."""

import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from printing import (
    Face,
    InvalidFaceError,
    Side,
    find_templates,
    load_template,
    print_badges,
    render_badge,
    render_image,
)
from tests.printing.faces import HARD_NAMES, TOKEN, make_face, make_hard_face, read_codes

TEMPLATES = {name: load_template(path) for name, path in find_templates().items()}
every = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def opened(pdf: bytes) -> bytes:
    """The file with all its streams unpacked."""
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return pdf + b"\n".join(zlib.decompressobj().decompress(stream) for stream in streams)


def texts_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


@every
def test_the_code_is_one_path_in_device_gray_black(template: Any) -> None:
    content = opened(render_badge(make_face(), template))

    paths = re.findall(rb"q 0 g [\d.]+ 0 0 [\d.]+ [\d.]+ [\d.]+ cm (?:\d+ \d+ \d+ 1 re )+f Q", content)
    assert len(paths) == len(template.sides())
    assert content.count(b"q 0 g ") == len(paths)


@every
def test_a_badge_alone_is_one_page_of_the_templates_size(template: Any) -> None:
    with pypdfium2.PdfDocument(render_badge(make_face(), template)) as document:
        assert len(document) == 1
        assert template.page_mm == pytest.approx([edge / 72 * 25.4 for edge in document[0].get_size()], abs=0.01)


def test_both_sides_are_two_pages_where_the_back_is_not_beside_the_front() -> None:
    pages = {name: len(texts_of(render_badge(make_face(), each, both_sides=True))) for name, each in TEMPLATES.items()}

    expected = {name: 2 if each.has_back and not each.is_folded else 1 for name, each in TEMPLATES.items()}
    assert expected == pages
    assert {1, 2} == set(pages.values())


def test_each_badge_of_many_stands_on_the_page_that_was_told() -> None:
    faces = [make_face(name=f"Visitor {at}") for at in range(5)]
    target = BytesIO()
    pages = print_badges(faces, TEMPLATES["a6"], target, both_sides=True)

    assert (1, 3, 5, 7, 9) == pages
    texts = texts_of(target.getvalue())
    assert [f"Visitor {at}" in texts[page - 1] for at, page in enumerate(pages)] == [True] * 5


def test_nothing_to_print_is_still_a_file() -> None:
    target = BytesIO()

    assert () == print_badges((), TEMPLATES["a6"], target)
    assert target.getvalue().startswith(b"%PDF")


@every
@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_no_name_puts_a_link_or_a_script_into_the_file(name: str, template: Any) -> None:
    everything = opened(render_badge(make_hard_face(name), template))
    everything = re.sub(rb"\((?:\\.|[^\\()])*\)", b"", everything, flags=re.DOTALL)  # what is drawn are strings

    for word in (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/Annots", b"/Subtype /Image"):
        assert word not in everything


def test_the_metadata_holds_no_person() -> None:
    with pypdfium2.PdfDocument(render_badge(make_face(name="Zubaida"), TEMPLATES["a6"])) as document:
        metadata = document.get_metadata_dict()

    assert metadata["Title"] == "Made in Pakistan SME Cluster Showcase Expo 2026 badge"
    assert not [value for value in metadata.values() if "Zubaida" in value or "04HM" in value or TOKEN in value]


@every
def test_the_same_face_gives_the_same_bytes_from_any_thread(template: Any) -> None:
    faces = [make_face(name=f"Visitor {number} عائشہ") for number in range(4)] * 4
    expected = {face.name: render_badge(face, template) for face in faces}

    with ThreadPoolExecutor(8) as threads:
        printed = list(threads.map(lambda face: (face.name, render_badge(face, template)), faces))

    assert len(set(expected.values())) == 4
    assert [name for name, pdf in printed if pdf != expected[name]] == []


@pytest.mark.parametrize(("name", "side", "height"), [("phone", Side.FRONT, 1280), ("a6", Side.BACK, 1015)])
def test_a_picture_is_as_wide_as_asked_and_its_code_reads_back(name: str, side: Side, height: int) -> None:
    faces: list[Face] = [make_face(name=f"Visitor {at}") for at in range(4)]
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda face: render_image(face, TEMPLATES[name], width_px=720, side=side), faces))

    for content in made:
        with Image.open(BytesIO(content)) as picture:
            assert ("PNG", 720, height) == (picture.format, *picture.size)
            assert [TOKEN] == [code.text for code in read_codes(picture.convert("RGB"))]


@pytest.mark.parametrize("change", [{"colour": "#fff"}, {"colour": "red"}, {"token": "x"}, {"token": TOKEN.lower()}])
def test_a_face_that_no_badge_can_show_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidFaceError):
        make_face(**change)
