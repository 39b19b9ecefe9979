"""A PDF under way: pages in millimetres, art drawn once and used on many, fonts brought at the end."""

import zlib
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFObject
from reportlab.pdfgen.canvas import Canvas

from printing.embed import embed
from printing.pen import Pen
from printing.text import clean

rl_config.useA85 = 0  # text armour for mail of the eighties: a quarter more bytes, and slow
_LEVEL: Final = 4  # of zlib: a fiftieth larger than at its usual 6, in half the time
_IN_MM: Final = f"{mm:.6f} 0 0 {mm:.6f} 0 0 cm"


class Pages:
    """Writes one file to `target`; its metadata holds `title` and no person. The same drawing gives the same bytes.

    Pages are put into reportlab's document as finished bytes with one dictionary of resources for all: reportlab's own
    page describes itself anew each time, which costs as much as drawing a badge.
    """

    def __init__(self, target: BinaryIO, title: str) -> None:
        self._canvas = Canvas(target, pageCompression=1, invariant=1, lang="en")
        self._canvas.setTitle(clean(title))
        self._canvas.setAuthor("")
        # reportlab gives no other way to bring fonts and pages of one's own making.
        self._document: Any = self._canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
        self._code: list[str] = self._canvas._code  # type: ignore[attr-defined]  # noqa: SLF001
        self._code.clear()
        self._resources = PDFDictionary({})
        self._forms: dict[Hashable, str] = {}
        self.pen = Pen(self._canvas)
        self.count = 0

    @contextmanager
    def page(self, width_mm: float, height_mm: float) -> Iterator[Pen]:
        """A page to draw on."""
        self.count += 1
        self.pen.write(_IN_MM)  # a page that holds nothing yet would be lost in its first form
        yield self.pen
        content = zlib.compress("\n".join((*self._code, "")).encode("ascii"), _LEVEL)
        self._code.clear()
        stream = b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\n" % (len(content), content)
        parts = (self._document.Pages, self._resources, _Finished(stream))
        parent, resources, contents = (self._document.Reference(part).format(self._document) for part in parts)
        box = b"[0 0 %.4f %.4f]" % (width_mm * mm, height_mm * mm)
        entries = b"/Parent %s/MediaBox%s/Resources %s/Contents %s" % (parent, box, resources, contents)
        self._document.addPage(_Finished(b"<</Type/Page%s>>" % entries))

    def once(self, key: Hashable, width_mm: float, height_mm: float, draw: Callable[[Pen], None]) -> None:
        """Draw at the page's origin what is the same wherever `key` is: it stands in the file once."""
        name = self._forms.get(key)
        if name is None:
            name = self._forms[key] = f"art{len(self._forms)}"
            self._canvas.beginForm(name, 0, 0, width_mm, height_mm)
            draw(self.pen)
            self._canvas.endForm()
        self._canvas.doForm(name)

    def save(self) -> None:
        """Write the file."""
        for name, typeface in self.pen.typefaces.values():
            if typeface:
                embed(self._document, name, typeface)
        used = self._canvas._formsinuse  # type: ignore[attr-defined]  # noqa: SLF001
        entries = {"Font": self._document.idToObject["BasicFonts"], "XObject": self._document.xobjDict(used)}
        self._resources.dict.update(entries)
        self._canvas.save()


class _Finished(PDFObject):
    """An object of the file whose bytes are known already."""

    __RefOnly__ = 1

    def __init__(self, content: bytes) -> None:
        self._content = content

    def format(self, _document: object) -> bytes:
        return self._content
