"""A file as rows of text: what it is, its encoding and its delimiter are found out, its headings too."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from charset_normalizer import from_bytes

from checkin.imports.columns import match
from checkin.imports.model import MOST_BYTES, MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, BadFileError, Fault, Head, Kind
from checkin.imports.workbook import Row, about_rows, read_workbook
from checkin.registration.cleaning import clean_text

ENCODINGS: Final = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252", "cp1256": "Windows-1256"}
"""What text files come in, with the names that people know."""
SAMPLES: Final = 5
_DELIMITERS: Final = (",", ";", "\t", "|")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted XLSX is an OLE file too
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")
_HEAD_ROWS: Final = 10  # headings stand among the first so many rows, below a title at most
_SAMPLE_BYTES: Final = 200_000
_LONGEST_LINE: Final = 1_000_000
_LONGEST_HEADING: Final = 100  # of what is kept of it
_TEXT_ENOUGH: Final = 0.01  # control characters beyond this share: no text
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\s*", re.IGNORECASE)


def read_head(content: bytes, encoding: str = "") -> Head:
    """How this file is to be read, its headings and first rows. `encoding`: a person knows better. Raises BadFileError.

    Reads all of a text file (a fraction of a second), and of a workbook the beginning.
    """
    if len(content) > MOST_BYTES:
        raise BadFileError(Fault.TOO_LARGE)
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise BadFileError(Fault.EMPTY)
    if content.startswith(_OLE):
        raise BadFileError(Fault.ENCRYPTED if _ENCRYPTED_PACKAGE in content else Fault.OLD_EXCEL)
    if content.startswith(_ZIP):
        return replace(_head(Head(kind=Kind.XLSX), read_workbook(content)), rows=about_rows(content))
    encoding = encoding or find_encoding(content)
    text = _decoded(content, encoding)
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\r\n\x00")
    if controls > _TEXT_ENOUGH * len(text):
        raise BadFileError(Fault.NO_TABLE)
    head = Head(kind=Kind.CSV, encoding=encoding, delimiter=find_delimiter(text))
    return _head(head, _csv_rows(text, head.delimiter))


def read_rows(content: bytes, head: Head) -> Iterator[Row]:
    """The rows below the headings, each with its number in the file. Raises BadFileError on the way."""
    if head.kind is Kind.XLSX:
        rows = read_workbook(content)
    else:
        rows = _csv_rows(_decoded(content, head.encoding), head.delimiter)
    count = 0
    for line, cells in rows:
        if line <= head.line or not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadFileError(Fault.TOO_MANY_ROWS)
        yield line, cells


def find_encoding(content: bytes) -> str:
    """One of ENCODINGS: by its mark, by its NULs, by being good UTF-8, else the likelier of the two old ones."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if content[:4000].count(0) > len(content[:4000]) // 4:
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(_letters_of(content), cp_isolation=["cp1252", "cp1256"]).best()
        return "cp1256" if guess is not None and guess.encoding == "cp1256" else "cp1252"
    return "utf-8"


def find_delimiter(text: str) -> str:
    """Comma, semicolon, tab or bar: the one that cuts the first lines into the same number of cells."""
    said = _SEPARATOR_LINE.match(text)
    if said and said[1] in _DELIMITERS:
        return said[1]
    head = "".join(islice(io.StringIO(text[:_SAMPLE_BYTES]), 30))

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            widths = [len(cells) for cells in _cut(head, delimiter) if any(cells)]
        except csv.Error:  # it cuts so seldom that a cell is larger than the library takes
            widths = []
        width, same = Counter(widths).most_common(1)[0] if widths else (1, 0)
        return (same / len(widths), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=fit)


def _head(head: Head, rows: Iterator[Row]) -> Head:
    """The heading row is the one among the first that names most fields; without any, the first."""
    first = list(islice(rows, _HEAD_ROWS + SAMPLES))
    first = [(line, cells) for line, cells in first if any(cells)]
    if not first:
        raise BadFileError(Fault.EMPTY)
    place = max(range(len(first[:_HEAD_ROWS])), key=lambda one: (len(match(first[one][1])), -one))
    line, headings = first[place]
    if len(headings) > MOST_COLUMNS:
        raise BadFileError(Fault.TOO_MANY_COLUMNS)
    samples = first[place + 1 :]
    if not samples:
        raise BadFileError(Fault.NO_PEOPLE)
    width = min(MOST_COLUMNS, max(len(headings), *(len(cells) for _, cells in samples)))
    return replace(
        head,
        line=line,
        headings=tuple(clean_text(heading)[:_LONGEST_HEADING] for heading in [*headings, *[""] * width][:width]),
        samples=tuple(tuple([*cells, *[""] * width][:width]) for _, cells in samples[:SAMPLES]),
        rows=len(samples) + sum(1 for _ in rows) if head.kind is Kind.CSV else 0,
    )


def _decoded(content: bytes, encoding: str) -> str:
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
    try:
        return content.decode(encoding, "replace")
    except LookupError:
        raise BadFileError(Fault.NO_TABLE) from None


def _letters_of(content: bytes) -> bytes:
    """Lines that hold other letters than ASCII's: what tells one old encoding from another."""
    return b"\n".join(line for line in content[:_SAMPLE_BYTES].splitlines() if not line.isascii()) or content[:1000]


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    try:
        for line, cells in enumerate(_cut(text, delimiter), 1):
            while cells and not cells[-1].strip():
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise BadFileError(Fault.TOO_MANY_COLUMNS)
            if any(len(cell) > MOST_LETTERS for cell in cells):
                raise BadFileError(Fault.HUGE_CELL)
            if cells and not (line == 1 and _SEPARATOR_LINE.match(text)):
                yield line, cells
    except csv.Error:  # a cell beyond the library's own limit: perhaps a quotation mark that never closes
        raise BadFileError(Fault.HUGE_CELL) from None


def _cut(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(_lines(text), delimiter=delimiter)


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise BadFileError(Fault.TOO_MANY_COLUMNS if '"' not in line else Fault.HUGE_CELL)
        yield line.replace("\x00", "")
