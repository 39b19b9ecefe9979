"""A report on paper: pages, tables that go on, hostile words, and ink where it should be."""

from io import BytesIO

import pypdfium2
import pytest

from printing import Chart, Figure, Listing, Paper, Row, Said, Texts, render_report
from printing.boxes import wrapped

AMBER = (242, 180, 0)


def make_paper(**more: object) -> Paper:
    told: dict[str, object] = {
        "event": Said("SME Expo 2026", "ایس ایم ای ایکسپو"),
        "heading": Said("Attendance report", "حاضری کی رپورٹ"),
        "day": Said("Saturday 24 January 2026", "ہفتہ 24 جنوری 2026"),
        "mark": Said("Provisional", "عارضی"),
        "is_final": False,
        "headlines": (Figure(Said("Visitors", "وزیٹر"), "8,412"), Figure(Said("Visits", "آمد"), "12,034")),
        "figures": tuple(Figure(Said(f"Figure {at}"), f"{at},{at}{at}{at}") for at in range(1, 7)),
        "texts": (Texts(Said("Basis", "بنیاد"), (Said("Counted till six.", "Sana نے چھ بجے تک گنا۔"),)),),
        "parts": (),
        "foot": "v1",
        "page": Said("Page %(page)s of %(pages)s", "صفحہ %(page)s از %(pages)s"),
    }
    return Paper(**(told | more))  # type: ignore[arg-type]


def make_rows(count: int) -> tuple[Row, ...]:
    return tuple(Row(Said(f"Row {at:03}", f"سطر {at:03}"), (f"{at}",), at) for at in range(count))


def pages_of(paper: Paper) -> list[str]:
    with pypdfium2.PdfDocument(render_report(paper)) as document:
        return [page.get_textpage().get_text_range() for page in document]


def test_a_table_goes_on_over_pages_with_its_head_and_loses_no_row() -> None:
    pages = pages_of(make_paper(parts=(Listing(Said("Cities"), (Said("Visitors"),), make_rows(90)),)))
    told = "\n".join(pages)
    assert 4 == len(pages)
    assert all(told.count(f"{at:03}") >= 2 for at in range(90))  # in both languages
    assert all("Visitors" in page for page in pages[1:])
    assert ["Page 1 of 4", "Page 4 of 4"] == [page[page.index("Page") :][:11] for page in (pages[0], pages[3])]


def test_a_table_begins_only_where_some_of_its_rows_have_room() -> None:
    few, more = (Listing(Said(title), (Said("n"),), make_rows(count)) for title, count in (("First", 28), ("Then", 9)))
    pages = pages_of(make_paper(parts=(few, more)))
    assert "Then" not in pages[1]
    assert "Then" in pages[2]


def test_sentences_that_the_first_page_has_no_room_for_stand_on_the_next() -> None:
    many = tuple(Said(f"Sentence number {at:02} of a long tale.", f"طویل کہانی کا جملہ {at:02}") for at in range(60))
    pages = pages_of(make_paper(texts=(Texts(Said("Basis"), many), Texts(Said("Meaning"), many[:1]))))
    assert len(pages) > 2
    assert all(f"{at:02}" in "\n".join(pages) for at in range(60))
    assert "Meaning" not in pages[0]


def test_a_chart_draws_a_bar_for_each_figure_as_a_vector() -> None:
    chart = Chart(Said("Hours"), (Said("First"), Said("All")), ("09", "10", "11"), ((10, 20), (0, 5), (7, 7)))
    content = render_report(make_paper(parts=(chart,)))
    with pypdfium2.PdfDocument(content) as document:
        said = document[1].get_textpage().get_text_range()
        kinds = {thing.type for thing in document[1].get_objects()}
    assert all(words in said for words in ("09", "10", "11", "20", "5", "Hours"))
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds


@pytest.mark.parametrize("is_final", [True, False])
def test_amber_is_on_every_page_while_it_is_provisional_and_on_none_after(is_final: bool) -> None:  # noqa: FBT001
    rows = Listing(Said("Gates"), (Said("n"),), make_rows(3))
    with pypdfium2.PdfDocument(render_report(make_paper(is_final=is_final, parts=(rows,)))) as document:
        pictures = [page.render(scale=1).to_pil().convert("RGB") for page in document]
    has_amber = [any(colour == AMBER for _, colour in picture.getcolors(1 << 24)) for picture in pictures]
    assert [not is_final] * 2 == has_amber


def test_an_urdu_sentence_that_begins_with_a_latin_name_is_set_from_the_right() -> None:
    (one,) = wrapped("Sana نے بند کیا", 80, 3, rtl=True).lines
    fonts = [piece.font.is_nastaliq for piece in sorted(one.pieces, key=lambda piece: piece.x_em)]
    assert [True, False] == [fonts[0], fonts[-1]]


def test_hostile_words_stay_words_and_the_file_opens() -> None:
    evil = "<b>{x} )>> /URI (x) %s \x00\u202e" + "W" * 900
    row = Row(Said(evil, evil[::-1]), ("1" * 60,), 10**12)
    paper = make_paper(
        event=Said(evil),
        texts=(Texts(Said(evil), (Said(evil, evil),)),),
        parts=(
            Listing(Said(evil), (Said(evil),), (row,)),
            Chart(Said(evil), (Said(evil),) * 2, (evil,), ((10**12, 0),)),
        ),
    )
    pages = pages_of(paper)
    assert len(pages) >= 2
    assert "<b>{x} )>> /URI (x) %s" in pages[0]


def test_nobody_at_all_is_a_report_too() -> None:
    parts = (Chart(Said("Hours"), (Said("a"), Said("b")), (), ()), Listing(Said("Gates"), (Said("n"),), ()))
    assert 2 == len(pages_of(make_paper(parts=parts)))


def test_the_same_paper_gives_the_same_bytes_without_a_link_or_script() -> None:
    paper = make_paper(parts=(Listing(Said("Gates"), (Said("n"),), make_rows(3)),))
    content = render_report(paper)
    assert content == render_report(paper)
    assert not any(word in content for word in (b"/URI", b"/JavaScript", b"/Launch"))
    assert BytesIO(content).read(5) == b"%PDF-"
