"""XLSX as rows of text, read as a stream: whatever the file claims, no more than a row of it is in memory.

No library at hand reads hostile workbooks in bounded memory: they build trees of a row, or whole sheets at once.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - an exception's name

from checkin.imports.model import MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, BadFileError, Fault

Row = tuple[int, list[str]]
"""The row's number in the sheet, from 1, and its cells as text."""

_MOST_SHEET: Final = 80_000_000  # unzipped: 20,000 people take some 20 MB
_MOST_UNZIPPED_STRINGS: Final = 40_000_000
_MOST_SMALL: Final = 8_000_000  # of the parts that say how to read it
_MOST_STRINGS: Final = 1_000_000  # shared ones
_MOST_LETTERS: Final = 20_000_000  # of all of them
_PIECE: Final = 65_536
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # ECMA-376, 18.8.30
_ENCRYPTED_ENTRY: Final = 1
_ROW: Final = re.compile(rb"<(?:\w+:)?row[ />]")
_DAMAGED: Final = (
    *(BadZipFile, ZlibError, struct.error, expat.ExpatError),
    *(EOFError, KeyError, OSError, RuntimeError, ValueError),
)

Start = Callable[[str, dict[str, str]], None]


def read_workbook(content: bytes) -> Iterator[Row]:
    """The rows of the first visible sheet that has any. Raises BadFileError, here or on the way."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            yield from _Workbook(archive).rows()
    except _DAMAGED:
        raise BadFileError(Fault.DAMAGED) from None


def about_rows(content: bytes) -> int:
    """About how many rows there are, found out in a moment: for whoever shows how far the reading is."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _Workbook(archive).about_rows()
    except _DAMAGED:
        raise BadFileError(Fault.DAMAGED) from None


class _Workbook:
    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._entries = {info.filename.lstrip("/"): info for info in archive.infolist()}
        if any(info.flag_bits & _ENCRYPTED_ENTRY for info in self._entries.values()):
            raise BadFileError(Fault.ENCRYPTED)
        if "xl/workbook.xml" not in self._entries:
            raise BadFileError(Fault.OTHER_ZIP)

    def rows(self) -> Iterator[Row]:
        sheets, is_1904 = self._sheets()
        dates, strings = self._date_styles(), self._strings()
        for name in sheets:
            is_empty = True
            reader = _SheetReader(strings, dates, is_1904=is_1904)
            for row in reader.read(self._pieces(name, _MOST_SHEET)):
                is_empty = False
                yield row
            if not is_empty:
                return

    def about_rows(self) -> int:
        sheets, _ = self._sheets()
        return sum(len(_ROW.findall(piece)) for name in sheets[:1] for piece in self._pieces(name, _MOST_SHEET))

    def _sheets(self) -> tuple[list[str], bool]:
        """The parts that hold the visible sheets, in order; and whether days are counted from 1904."""
        ids: list[str] = []
        places: dict[str, str] = {}
        epochs: list[str] = []

        def sheet(tag: str, given: dict[str, str]) -> None:
            if tag == "sheet" and given.get("state", "visible") == "visible":
                ids.append(given.get("id", ""))
            elif tag == "workbookPr":
                epochs.append(given.get("date1904", "0"))

        def relation(tag: str, given: dict[str, str]) -> None:
            if tag == "Relationship":
                target = given.get("Target", "")
                places[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

        _parse(self._pieces("xl/workbook.xml", _MOST_SMALL), sheet)
        _parse(self._pieces("xl/_rels/workbook.xml.rels", _MOST_SMALL), relation)
        return [places[one] for one in ids if places.get(one) in self._entries], epochs[:1] in (["1"], ["true"])

    def _date_styles(self) -> frozenset[int]:
        """The numbers of the cell styles that show a number as a date."""
        custom: set[int] = set()
        styles: list[int] = []
        inside = False

        def style(tag: str, given: dict[str, str]) -> None:
            nonlocal inside
            if tag == "numFmt" and _is_date(given.get("formatCode", "")):
                custom.add(_whole(given.get("numFmtId")))
            elif tag in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
                inside = tag == "cellXfs"
            elif tag == "xf" and inside:
                styles.append(_whole(given.get("numFmtId")))

        if "xl/styles.xml" in self._entries:
            _parse(self._pieces("xl/styles.xml", _MOST_SMALL), style)
        return frozenset(place for place, code in enumerate(styles) if code in _DATE_FORMATS or code in custom)

    def _strings(self) -> list[str]:
        reader = _StringsReader()
        if "xl/sharedStrings.xml" in self._entries:
            pieces = self._pieces("xl/sharedStrings.xml", _MOST_UNZIPPED_STRINGS)
            _parse(pieces, reader.start, reader.end, reader.text)
        return reader.strings

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        """A part piece by piece. `zipfile` gives no more than the size that the archive claims."""
        info = self._entries.get(name)
        if info is None:
            raise BadFileError(Fault.DAMAGED)
        if info.file_size > most:
            raise BadFileError(Fault.TOO_LARGE)
        with self._archive.open(info) as part:
            while piece := part.read(_PIECE):
                yield piece


class _StringsReader:
    """Shared strings: the text of each `si`, without what is only a reading aid."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._now: list[str] = []
        self._letters = 0
        self._is_text = self._is_aid = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            self._now = []
        self._is_aid = self._is_aid or tag == "rPh"
        self._is_text = tag == "t" and not self._is_aid

    def end(self, tag: str) -> None:
        self._is_text = False
        if tag == "rPh":
            self._is_aid = False
        elif tag == "si":
            self.strings.append("".join(self._now))

        if self._letters > _MOST_LETTERS or len(self.strings) > _MOST_STRINGS:
            raise BadFileError(Fault.TOO_LARGE)

    def text(self, some: str) -> None:
        if self._is_text:
            self._letters += len(some)
            self._now.append(some)


class _SheetReader:
    """The cells of a sheet, row by row."""

    def __init__(self, strings: list[str], dates: frozenset[int], *, is_1904: bool) -> None:
        self._strings, self._dates = strings, dates
        self._epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a wall's date
        self._rows: list[Row] = []
        self._line, self._count = 0, 0
        self._cells: list[str] = []
        self._column, self._kind, self._style = -1, "", 0
        self._value: list[str] = []
        self._letters, self._is_value, self._is_row = 0, False, False

    def read(self, pieces: Iterator[bytes]) -> Iterator[Row]:
        for _ in _parsed(pieces, self._start, self._end, self._text):
            yield from self._rows
            self._rows.clear()

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            self._line, self._cells, self._column = _whole(given.get("r"), self._line + 1), [], -1
            self._count += 1
            if self._line > MOST_ROWS * 2 or self._count > MOST_ROWS * 2:
                raise BadFileError(Fault.TOO_MANY_ROWS)
        elif tag == "c":
            self._column = _column(given.get("r", ""), self._column + 1)
            if self._column >= MOST_COLUMNS * 5:
                raise BadFileError(Fault.TOO_MANY_COLUMNS)
            self._kind, self._style = given.get("t", "n"), _whole(given.get("s"))
            self._value, self._letters = [], 0
        self._is_value = tag in {"v", "t"}

    def _end(self, tag: str) -> None:
        self._is_value = False
        if tag == "c":
            text = self._shown("".join(self._value))
            if text:
                self._cells.extend([""] * (self._column + 1 - len(self._cells)))
                self._cells[self._column] = text
        elif tag == "row" and any(self._cells):
            self._rows.append((self._line, self._cells))

    def _text(self, some: str) -> None:
        if self._is_value:
            self._letters += len(some)
            if self._letters > MOST_LETTERS:
                raise BadFileError(Fault.HUGE_CELL)
            self._value.append(some)

    def _shown(self, raw: str) -> str:
        """The text of a cell as a person sees it; a date as `2026-01-24`."""
        if self._kind == "s":
            place = _whole(raw, -1)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if self._kind not in {"n", ""} or not raw:
            return raw
        try:
            number = float(raw)
            if self._style in self._dates:
                return (self._epoch + timedelta(days=number)).date().isoformat()
            return str(int(number)) if number.is_integer() else raw
        except (ValueError, OverflowError):
            return raw


def _parse(
    pieces: Iterator[bytes],
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    for _ in _parsed(pieces, start, end, text):
        pass


def _parsed(
    pieces: Iterator[bytes],
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Tell the handlers what is in a part; stops after each piece. A document type is refused: entities live there."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, given: start(
        tag.rpartition("}")[2], {name.rpartition("}")[2]: value for name, value in given.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition("}")[2])
    parser.CharacterDataHandler = text
    for piece in pieces:
        parser.Parse(piece, False)  # noqa: FBT003 - expat's own
        yield
    parser.Parse(b"", True)  # noqa: FBT003
    yield


def _refuse(*_: object) -> None:
    raise BadFileError(Fault.DAMAGED)


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else otherwise  # noqa: PLR2004


def _column(place: str, otherwise: int) -> int:
    """`C7` → 2."""
    column = 0
    for letter in place[:8]:
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1 if column else otherwise


def _is_date(code: str) -> bool:
    """Whether a number format shows a date: it names day, month or year outside quotes and brackets."""
    plain, quoted = "", False
    for letter in code.split(";", maxsplit=1)[0]:
        if letter in '"[]':
            quoted = not quoted
        elif not quoted:
            plain += letter
    return any(letter in plain.casefold() for letter in "dy")
