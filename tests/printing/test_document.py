import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from printing import Paper, render_badge
from tests.printing.faces import HARD_NAMES, TOKEN, is_ink, make_face, make_hard_face, raster, read_codes

QUIET_MM = {Paper.A6: 38 / 25 * 4, Paper.A4_FOLD: 37 / 25 * 4}


def opened(pdf: bytes) -> bytes:
    """The file with all its streams unpacked."""
    streams = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return pdf + b"\n".join(zlib.decompressobj().decompress(stream) for stream in streams)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("dpi", [150, 300])
@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_every_code_reads_back_whatever_the_name(name: str, dpi: int, paper: Paper) -> None:
    codes = read_codes(raster(render_badge(make_hard_face(name), paper), dpi))

    assert [TOKEN] * (1 if paper is Paper.A6 else 2) == [code.text for code in codes]


@pytest.mark.parametrize("paper", Paper)
def test_the_code_is_at_least_35_mm_wide_with_four_white_modules_around(paper: Paper) -> None:
    picture = raster(render_badge(make_hard_face("Ünbelievably long náme " * 12), paper), 300)

    for code in read_codes(picture):
        corner, right = code.position.top_left, code.position.top_right
        left_mm, top_mm, side_mm = (pixels / 300 * 25.4 for pixels in (corner.x, corner.y, right.x - corner.x))
        assert side_mm == pytest.approx(QUIET_MM[paper] / 4 * 25, abs=0.6)
        assert side_mm >= 35
        quiet_mm = side_mm / 25 * 4 - 0.3
        edge_mm = side_mm + 0.5
        around = [
            (left_mm - quiet_mm, top_mm - quiet_mm, left_mm - 0.5, top_mm + edge_mm + quiet_mm - 0.5),
            (left_mm + edge_mm, top_mm - quiet_mm, left_mm + edge_mm + quiet_mm - 0.8, top_mm + edge_mm),
            (left_mm - quiet_mm, top_mm - quiet_mm, left_mm + edge_mm, top_mm - 0.5),
            (left_mm - quiet_mm, top_mm + edge_mm, left_mm + edge_mm, top_mm + edge_mm + quiet_mm - 0.8),
        ]
        assert [is_ink(picture, box, 300) for box in around] == [False] * 4


@pytest.mark.parametrize("paper", Paper)
def test_the_code_is_one_path_in_device_gray_black(paper: Paper) -> None:
    content = opened(render_badge(make_face(), paper))

    paths = re.findall(rb"q 0 g [\d.]+ 0 0 [\d.]+ [\d.]+ [\d.]+ cm (?:\d+ \d+ \d+ 1 re )+f Q", content)

    assert len(paths) == 1
    assert content.count(b"q 0 g ") == 1


@pytest.mark.parametrize(("paper", "width_mm", "height_mm"), [(Paper.A6, 105, 148), (Paper.A4_FOLD, 210, 297)])
def test_there_is_one_page_of_the_papers_size(paper: Paper, width_mm: float, height_mm: float) -> None:
    with pypdfium2.PdfDocument(BytesIO(render_badge(make_face(), paper))) as document:
        assert len(document) == 1
        width, height = document[0].get_size()
        assert (width_mm, height_mm) == pytest.approx((width / 72 * 25.4, height / 72 * 25.4), abs=0.01)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("name", HARD_NAMES.values(), ids=HARD_NAMES)
def test_no_name_puts_a_link_or_a_script_into_the_file(name: str, paper: Paper) -> None:
    everything = opened(render_badge(make_hard_face(name), paper))
    everything = re.sub(rb"\((?:\\.|[^\\()])*\)", b"", everything, flags=re.DOTALL)  # what is drawn are strings

    for word in (b"/URI", b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/Annots", b"/Subtype /Image"):
        assert word not in everything


def test_the_metadata_holds_no_person() -> None:
    with pypdfium2.PdfDocument(BytesIO(render_badge(make_face(name="Zubaida"), Paper.A6))) as document:
        metadata = document.get_metadata_dict()

    assert metadata["Title"] == "Made in Pakistan SME Cluster Showcase Expo 2026 badge"
    assert not [value for value in metadata.values() if "Zubaida" in value or "04HM" in value or TOKEN in value]


@pytest.mark.parametrize("paper", Paper)
def test_the_same_face_gives_the_same_bytes_from_any_thread(paper: Paper) -> None:
    faces = [make_face(name=f"Visitor {number} عائشہ") for number in range(4)] * 4
    expected = {face.name: render_badge(face, paper) for face in faces}

    with ThreadPoolExecutor(8) as threads:
        printed = list(threads.map(lambda face: (face.name, render_badge(face, paper)), faces))

    assert len(set(expected.values())) == 4
    assert [name for name, pdf in printed if pdf != expected[name]] == []


def test_latin_text_can_be_taken_out_of_the_file_as_it_was_typed() -> None:
    face = make_face(name="Leyla Əliyeva", organisation="A&B <b>Co</b> {x} )>>")
    with pypdfium2.PdfDocument(BytesIO(render_badge(face, Paper.A6))) as document:
        text = document[0].get_textpage().get_text_range()

    for words in ("Leyla Əliyeva", "A&B <b>Co</b> {x} )>>", "Export Manager · Sialkot", "TRADE VISITOR"):
        assert words in text


@pytest.mark.parametrize("change", [{"colour": "#fff"}, {"colour": "red"}, {"token": "x"}, {"token": TOKEN.lower()}])
def test_a_face_that_no_badge_can_show_is_refused(change: dict[str, Any]) -> None:
    from printing import InvalidFaceError

    with pytest.raises(InvalidFaceError):
        make_face(**change)
