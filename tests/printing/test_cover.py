from io import BytesIO

import pypdfium2

from printing import Cover, CoverWords, print_covers

WORDS = CoverWords(event="SME Expo 2026", head=("Name", "Category", "Code", "Page"))


def text_of(covers: list[Cover]) -> tuple[tuple[int, ...], list[str]]:
    target = BytesIO()
    starts = print_covers(covers, WORDS, target)
    with pypdfium2.PdfDocument(target.getvalue()) as document:
        return starts, [page.get_textpage().get_text_range() for page in document]


def line(at: int) -> tuple[str, ...]:
    return f"Visitor {at}", "Exhibitor", "04HM-ASW9-B", str(at)


def test_each_company_has_its_sheet_with_its_people_and_a_line_to_sign() -> None:
    sialkot = Cover("Sialkot Sports", (line(1), line(2)))
    starts, pages = text_of([sialkot, Cover("لاہور چیمبر", (line(3),))])

    assert (1, 2) == starts
    for words in ("Sialkot Sports", "2 badges", "Visitor 1", "Visitor 2", "04HM-ASW9-B", "Received by", "Signature"):
        assert words in pages[0]
    assert "لاہور چیمبر" in pages[1]
    assert "1 badge\r" in pages[1]
    assert "Visitor 3" in pages[1]


def test_a_long_list_goes_on_and_says_so() -> None:
    starts, pages = text_of([Cover("Big", tuple(map(line, range(45)))), Cover("Small", ())])

    assert (1, 4) == starts
    assert "45 badges · 3/3" in pages[2]
    said = "\n".join(pages)
    assert all(f"Visitor {at}\r" in said or f"Visitor {at}\n" in said or f"Visitor {at} " in said for at in range(45))


def test_hostile_names_stay_words() -> None:
    _, (page,) = text_of([Cover("<b>{x} )>> /URI (x)", (("A\x00 \u202eli" + "W" * 300, "&", "%s", "1"),))])

    assert "<b>{x} )>> /URI (x)" in page
