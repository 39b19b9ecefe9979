"""A print run as large as a morning's: every code is read back from the picture and is its person's."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from itertools import islice
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from printing import Face, find_templates, load_template, print_badges
from tests.bench.crowd import people
from tests.printing.faces import read_codes

COUNT, PART = 2_000, 250
TEMPLATE = load_template(find_templates()["a6"])
HOSTILE = (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction", b"/Annots", b"/AA", b"/EmbeddedFile")


@pytest.fixture(scope="module")
def run() -> list[tuple[list[Face], bytes]]:
    """Parts as print runs write them."""
    faces, parts = people(COUNT, seed=3), []
    while part := list(islice(faces, PART)):
        target = BytesIO()
        assert tuple(range(1, len(part) + 1)) == print_badges(part, TEMPLATE, target)
        parts.append((part, target.getvalue()))
    return parts


@pytest.mark.parametrize("dpi", [150, 300])
def test_every_code_of_the_run_is_its_persons(run: list[tuple[list[Face], bytes]], dpi: int) -> None:
    wrong = []
    for faces, pdf in run:
        with pypdfium2.PdfDocument(pdf) as document:
            for face, page in zip(faces, document, strict=True):
                # At 300 dpi the lower half is looked at, where the code stands.
                crop = (0, 0, 0, page.get_height() / 2) if dpi == 300 else (0, 0, 0, 0)
                picture = page.render(scale=dpi / 72, crop=crop, grayscale=True).to_pil()
                if [face.token] != [code.text for code in read_codes(picture)]:
                    wrong.append(face.token)
    assert wrong == []


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
@pytest.mark.parametrize("dpi", [150, 300])
def test_another_reader_draws_the_same_codes(run: list[tuple[list[Face], bytes]], dpi: int, tmp_path: Path) -> None:
    faces, pdf = run[-1]
    (tmp_path / "part.pdf").write_bytes(pdf)
    words = ["pdftoppm", "-r", str(dpi), "-gray", "-l", "40", tmp_path / "part.pdf", tmp_path / "page"]
    subprocess.run(words, check=True)
    pictures = [Image.open(path) for path in sorted(tmp_path.glob("page*"))]

    assert [[face.token] for face in faces[:40]] == [[code.text for code in read_codes(each)] for each in pictures]


def test_the_files_are_sound_and_hold_nothing_that_acts(run: list[tuple[list[Face], bytes]]) -> None:
    for _, pdf in run:
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.check_pdf_syntax() == []
            assert len(document.pages) == PART
            plain = BytesIO()
            document.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
        shown = re.sub(rb"\((?:\\.|[^\\()])*\)", b"", plain.getvalue(), flags=re.DOTALL)
        assert [word for word in HOSTILE if re.search(re.escape(word) + rb"\b", shown)] == []


def test_a_badge_costs_at_most_2_5_kb(run: list[tuple[list[Face], bytes]]) -> None:
    assert sum(len(pdf) for _, pdf in run) / COUNT <= 2_500
