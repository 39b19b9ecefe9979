"""Whatever people are called, there is a badge: drawn, readable, and nothing in it acts."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printing import find_templates, load_template, missing_characters, render_badge
from printing.fit import fit
from printing.text import Text, clean, printable
from tests.printing.faces import TOKEN, make_face, raster, read_codes
from tests.printing.test_run_of_2000 import HOSTILE

TEMPLATES = {name: load_template(path) for name, path in find_templates().items()}
# Letters of every script, and more often those that break things: controls, joiners, overrides, brackets, backslashes.
ANYTHING = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x00\x1b\u202e\u2066\u200d\u200c\ufeff()<>\\/%{}[]&'\"\ud800 "),
        st.sampled_from("ابپتٹجچحخدڈرڑزسشصعغفقکگلمنوہھءیے َُِّٰ"),
    ),
    max_size=90,
)


@pytest.mark.parametrize("name", TEMPLATES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=ANYTHING, other=ANYTHING)
def test_anything_makes_a_sound_file_whose_code_reads_back(name: str, words: str, other: str) -> None:
    face = make_face(name=words, name_ur=other, organisation=other + words, designation=words, place=other)
    pdf = render_badge(face, TEMPLATES[name])

    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        plain = BytesIO()
        document.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    # What is drawn is hexadecimal; the one string of the file that people write is its title.
    shown = re.sub(rb"\((?:\\.|[^\\()])*\)", b"", plain.getvalue(), flags=re.DOTALL)
    assert [word for word in HOSTILE if re.search(re.escape(word) + rb"\b", shown)] == []
    assert TOKEN in {code.text for code in read_codes(raster(pdf, 200))}


@settings(max_examples=300, deadline=None)
@given(words=ANYTHING)
def test_what_is_left_out_was_told(words: str) -> None:
    told = missing_characters(make_face(name=words))
    kept = printable(Text(words), bold=True)

    lost = [letter for letter in clean(words) if letter not in kept and not letter.isspace()]
    assert [] == [letter for letter in lost if letter not in told and not unicodedata.combining(letter)]


@settings(max_examples=300, deadline=None)
@given(words=ANYTHING, width=st.sampled_from((20.0, 51.0, 91.0)))
def test_a_fitted_text_stays_within_its_width(words: str, width: float) -> None:
    block = fit(Text(words), width, 8.0)

    assert block.width_mm <= width + 1e-6 or len(block.lines) == 0
