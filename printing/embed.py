"""Typefaces as objects of a PDF: a Type 0 font each, over the cut-down TrueType file (ISO 32000-1, 9.6 to 9.9)."""

import hashlib
from typing import Final

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFStream,
    PDFString,
    PDFZCompress,
)

from printing.typeface import Typeface

_SYMBOLIC: Final = 4


def embed(document: PDFDocument, name: str, typeface: Typeface) -> None:
    """Bring a typeface under the name by which the pages' content calls it."""
    file = typeface.true_type()
    tag = "".join(chr(ord("A") + byte % 26) for byte in hashlib.sha256(file).digest()[:6])
    base = PDFName(f"{tag}+{typeface.font.name}")
    descriptor = PDFDictionary(
        {
            "Type": PDFName("FontDescriptor"),
            "FontName": base,
            "Flags": _SYMBOLIC,
            "FontBBox": PDFArray([-1000, -1000, 3000, 2000]),
            "ItalicAngle": 0,
            "Ascent": 1069,
            "Descent": -293,
            "CapHeight": 714,
            "StemV": 80,
            "FontFile2": _refer(document, _stream(file, Length1=len(file))),
        }
    )
    descendant = PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": base,
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": _refer(document, descriptor),
            "W": PDFArray([1, PDFArray(typeface.widths)]),
            "CIDToGIDMap": PDFName("Identity"),
        }
    )
    font = PDFDictionary(
        {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": base,
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArray([_refer(document, descendant)]),
            "ToUnicode": _refer(document, _stream(typeface.to_unicode())),
        }
    )
    fonts: PDFDictionary = document.idToObject["BasicFonts"]  # type: ignore[assignment]  # what every page may use
    fonts.dict[name] = _refer(document, font)


def _refer(document: PDFDocument, thing: PDFObject) -> PDFObjectReference:
    return document.Reference(thing)  # type: ignore[no-untyped-call, no-any-return]


def _stream(content: bytes, **more: int) -> PDFStream:
    return PDFStream(PDFDictionary(more), content, [PDFZCompress])
