"""Files as they come: encodings, delimiters, headings, and those that mean harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from checkin.imports.model import MOST_ROWS, BadFileError, Fault, Kind
from checkin.imports.sheets import read_head, read_rows
from tests.checkin.imports.lists import csv_of, people, xlsx_of

URDU = "نام,شہر\nعائشہ صدیقی,لاہور\nبلال خان,کراچی\nزینب ملک,فیصل آباد\n"
WESTERN = "Name,City\nJosé Peña,Málaga\nRenée Lefèvre,Orléans\nJürgen Groß,Köln\n"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def rows(content: bytes) -> list[tuple[int, list[str]]]:
    return list(read_rows(content, read_head(content)))


def fault(content: bytes) -> Fault:
    with pytest.raises(BadFileError) as refused:
        rows(content)
    return refused.value.fault


def repacked(change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> bytes:
    """A good workbook with some of its parts changed."""
    out = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(xlsx_of(*people(3))))
    with good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in good.namelist():
            content = change(name, good.read(name))
            if content is not None:
                archive.writestr(name, content)
        for name, content in more:
            archive.writestr(name, content)
    return out.getvalue()


def sheet(xml: bytes) -> bytes:
    """A workbook whose sheet is this."""
    return repacked(lambda name, content: xml if name.endswith("sheet1.xml") else content)


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (URDU, "utf-8", "utf-8"),
        (URDU, "utf-8-sig", "utf-8"),
        (URDU, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16"),
        (WESTERN, "utf-16-be", "utf-16"),
        (URDU.replace("ی", "ي").replace("ہ", "ه"), "cp1256", "cp1256"),
        (WESTERN, "cp1252", "cp1252"),
        ("Name\nJosé\n", "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_out(text: str, encoding: str, found: str) -> None:
    content = text.encode(encoding)
    assert found == read_head(content).encoding
    assert text.splitlines()[1].split(",") == rows(content)[0][1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out_though_others_stand_in_cells(delimiter: str) -> None:
    content = csv_of(("Khan, Bilal", "a; b"), ("Sana", "x, y"), headings=("Name", "Sectors"), delimiter=delimiter)
    assert delimiter == read_head(content).delimiter
    assert ["Khan, Bilal", "a; b"] == rows(content)[0][1]


def test_excels_own_line_about_the_delimiter_is_understood() -> None:
    head = read_head(b"sep=;\nName;City\nSana;Lahore\n")
    assert (";", ("Name", "City")) == (head.delimiter, head.headings)


def test_headings_are_found_below_a_title_and_lines_are_numbered_as_a_spreadsheet_does() -> None:
    content = b"Guests of the expo\n\nName,Mobile\nSana,1\n\nBilal,2\n"
    assert (3, ("Name", "Mobile")) == (read_head(content).line, read_head(content).headings)
    assert [4, 6] == [line for line, _ in rows(content)]
    assert [5, 7] == [line for line, _ in rows(xlsx_of((), (), ("Name",), ("Sana",), (), ("Bilal",), headings=("x",)))]


def test_a_workbook_gives_text_whole_numbers_and_dates_as_people_see_them() -> None:
    from datetime import date

    book, out = Workbook(), io.BytesIO()
    hidden = book.active
    hidden.title = "Hidden"
    hidden.append(("Name",))
    hidden.append(("Nobody",))
    hidden.sheet_state = "hidden"
    seen = book.create_sheet("Seen")
    seen.append(("Name", "Mobile", "Days", "City"))
    seen.append(("عائشہ", 923001234567, date(2026, 1, 24), None, "far"))
    book.active = seen
    book.save(out)
    assert Kind.XLSX is read_head(out.getvalue()).kind
    assert [(2, ["عائشہ", "923001234567", "2026-01-24", "", "far"])] == rows(out.getvalue())


def test_shared_strings_are_whole_without_what_only_helps_to_read_them() -> None:
    cells = b"<row><c t='s'><v>0</v></c><c t='s'><v>1</v></c><c t='s'><v>9</v></c><c t='b'><v>1</v></c></row>"
    strings = b"<sst><si><r><t>Aye</t></r><r><t>sha</t></r><rPh><t>x</t></rPh></si><si><t>City</t></si></sst>"
    parts = {"xl/worksheets/sheet1.xml": SHEET % (cells * 2)}
    content = repacked(parts.get, (STRINGS, strings))
    assert [(2, ["Ayesha", "City", "", "1"])] == rows(content)


def test_nuls_in_a_text_are_passed_over() -> None:
    assert ["Sana", "Lahore"] == rows(b"Name,City\nSa\x00na,Lahore\n" + b"Bilal Khan,Karachi\n" * 20)[0][1]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Fault.EMPTY),
        (b"\xef\xbb\xbf \r\n", Fault.EMPTY),
        (b"Name,Category\n", Fault.NO_PEOPLE),
        (b"%PDF-1.7\x01\x02\x03\x04\x05" * 20, Fault.NO_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook", Fault.OLD_EXCEL),
        (b"PK\x03\x04 no more", Fault.DAMAGED),
        (b"Name,City\nSana" + b",x" * 300 + b"\n", Fault.TOO_MANY_COLUMNS),
        (b"Name,City\nSana" + b",x" * 1_000_000 + b"\n", Fault.TOO_MANY_COLUMNS),
        (b"Name,City\nSana," + b"x" * 40_000 + b"\n", Fault.HUGE_CELL),
        (b'Name,City\nSana,"never closed\n' + b"Bilal,Lahore\n" * 20_000, Fault.HUGE_CELL),
        (b"Name,City\n" + b"Sana,Lahore\n" * (MOST_ROWS + 1), Fault.TOO_MANY_ROWS),
    ],
)
def test_a_text_that_cannot_be_taken_is_refused_with_its_reason(content: bytes, expected: Fault) -> None:
    assert expected is fault(content)


STRINGS = "xl/sharedStrings.xml"
ROW = b"<row r='%d'><c r='A%d' t='inlineStr'><is><t>Name</t></is></c></row>"
SHEET = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>%s</sheetData></worksheet>"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'haha'>%s]>" % b"".join(
    b"<!ENTITY %c '&%c;&%c;&%c;&%c;'>" % (98 + n, *(97 + n,) * 4) for n in range(20)
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (sheet(LAUGHS + SHEET % b"<row><c t='str'><v>&u;</v></c></row>"), Fault.DAMAGED),
        (sheet(SHEET % (ROW % (1, 1) + ROW % (999_999_999, 2))), Fault.TOO_MANY_ROWS),
        (sheet(SHEET % b"<row><c r='XFD1' t='str'><v>x</v></c></row>"), Fault.TOO_MANY_COLUMNS),
        (sheet(SHEET % (b"<row>" + b"<c t='str'><v>x</v></c>" * 1_000_000 + b"</row>")), Fault.TOO_MANY_COLUMNS),
        (sheet(SHEET % (b"<row/>" * 1_000_000)), Fault.TOO_MANY_ROWS),
        (sheet(SHEET % (b"<row><c t='str'><v>" + b"x" * 5_000_000 + b"</v></c></row>")), Fault.HUGE_CELL),
        (sheet(b"\x00" * 90_000_000), Fault.TOO_LARGE),
        (sheet(b"\x00" * 1000), Fault.DAMAGED),
        (sheet(b"<worksheet>"), Fault.DAMAGED),
        (sheet(SHEET % b""), Fault.EMPTY),
        (repacked(lambda _, content: content)[:-200], Fault.DAMAGED),
        (repacked(lambda name, content: None if name == "xl/workbook.xml" else content), Fault.OTHER_ZIP),
        (repacked(lambda name, content: None if name.endswith("workbook.xml.rels") else content), Fault.DAMAGED),
    ],
    ids=["laughs", "far row", "far cell", "a million columns", "a million rows", "huge cell", "bomb", "NULs", "half",
         "nothing", "cut off", "no workbook", "no relations"],
)  # fmt: skip
def test_a_workbook_that_means_harm_is_refused_with_its_reason_and_little_memory(
    content: bytes, expected: Fault
) -> None:
    tracemalloc.start()
    try:
        assert expected is fault(content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 60_000_000


def test_more_shared_strings_than_anybody_has_are_refused() -> None:
    strings = b"<sst>" + b"<si/>" * 1_100_000
    assert Fault.TOO_LARGE is fault(repacked(lambda _, content: content, (STRINGS, strings)))


def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_claims() -> None:
    good = repacked(lambda _, content: content, ("xl/media/x.bin", b"x" * 1000))
    assert 3 == len(rows(good))
    lying = bytearray(sheet(SHEET % (ROW % (1, 1) + ROW % (2, 2) + b" " * 5_000_000)))
    with zipfile.ZipFile(io.BytesIO(bytes(lying))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    told = size.to_bytes(4, "little")
    assert lying.count(told) >= 1
    assert Fault.DAMAGED is fault(bytes(lying).replace(told, (500).to_bytes(4, "little")))
