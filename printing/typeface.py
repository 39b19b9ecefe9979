"""A font cut down to what one document shows: each cluster one glyph, so that text can be taken out again.

The TrueType tables are written here (OpenType 1.9, `glyf`): a cluster of several glyphs becomes a composite of them,
which keeps Nastaliq's cascade in the file at some ten bytes a cluster. In the PDF it is a Type 0 font (ISO 32000-1,
9.7) whose codes are glyph numbers, with a ToUnicode map of whole clusters.
"""

import struct
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import uharfbuzz as hb

from printing.fonts import Cluster, Font, Glyph, Shape

_WORDS_XY, _WORDS, _XY, _MORE, _SCALE, _XY_SCALE, _TWO_BY_TWO = 0x0003, 0x0001, 0x0002, 0x0020, 0x0008, 0x0040, 0x0080
_KEPT: Final = ("head", "hhea", "maxp")
Box = tuple[int, int, int, int]
Part = Callable[[int], int]  # glyph of the font → glyph of the file, which from then on will be there


class Typeface:
    """The clusters of one font that one document has used so far, each with its code."""

    def __init__(self, font: Font) -> None:
        self.font = font
        self._codes: dict[Cluster, str] = {}
        self._words: dict[Shape, str] = {}

    def __bool__(self) -> bool:
        return bool(self._codes)

    def word(self, shape: Shape) -> str:
        """A word as it stands inside `[<` and `>] TJ`: codes in hexadecimal, kerning between them."""
        found = self._words.get(shape)
        if found is None:
            codes = [self._code(cluster) for cluster in shape.clusters]
            kerned = zip(codes, shape.moves, strict=True)
            found = self._words[shape] = "".join(f"{code}> {-move} <" if move else code for code, move in kerned)
        return found

    @property
    def widths(self) -> list[int]:
        """The width of each glyph from number 1, in thousandths of an em."""
        return [cluster.width for cluster in self._codes]

    def _code(self, cluster: Cluster) -> str:
        return self._codes.setdefault(cluster, f"{len(self._codes) + 1:04X}")

    def to_unicode(self) -> bytes:
        """The CMap that gives text back (ISO 32000-1, 9.10.3)."""
        pairs = [f"<{code}> <{_utf16(cluster.text)}>" for cluster, code in self._codes.items() if cluster.text]
        blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
        maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
            f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}\n"
            "endcmap CMapName currentdict /CMap defineresource pop end end"
        ).encode("ascii")

    def true_type(self) -> bytes:
        """The font file: glyph 0 is empty, then one glyph for each code, then the parts that composites use."""
        source = _source(self.font)
        parts: dict[int, int] = {}  # glyph of the font → glyph of the file
        pending: list[int] = []

        def part(number: int) -> int:
            if number not in parts:
                parts[number] = len(self._codes) + 1 + len(parts)
                pending.append(number)
            return parts[number]

        glyphs = [b""]
        glyphs += [_drawn(cluster.glyphs, source, part) for cluster in self._codes]
        for number in pending:  # grows while it is read: a part may have parts
            glyphs.append(source.renumbered(number, part))
        widths = [0, *(max(0, width) for width in self.widths), *([0] * len(parts))]
        return _file(source, glyphs, widths)


class _Source:
    """The tables of a font that glyphs are taken from."""

    def __init__(self, face: hb.Face) -> None:
        self.tables: dict[str, bytes] = {tag: face.reference_table(tag).data for tag in _KEPT}
        self._glyf: bytes = face.reference_table("glyf").data
        loca: bytes = face.reference_table("loca").data
        is_long = struct.unpack_from(">h", self.tables["head"], 50)[0]
        self._starts = (
            struct.unpack(f">{len(loca) // 4}I", loca)
            if is_long
            else tuple(2 * at for at in struct.unpack(f">{len(loca) // 2}H", loca))
        )

    def glyph(self, number: int) -> bytes:
        return self._glyf[self._starts[number] : self._starts[number + 1]]

    def box(self, number: int) -> Box:
        return struct.unpack_from(">4h", self.glyph(number), 2)

    def renumbered(self, number: int, part: Part) -> bytes:
        """A glyph as it is, but for the numbers of its parts."""
        data = bytearray(self.glyph(number))
        if not data or struct.unpack_from(">h", data)[0] >= 0:
            return bytes(data)
        at, flags = 10, _MORE
        while flags & _MORE:
            flags, of = struct.unpack_from(">2H", data, at)
            struct.pack_into(">H", data, at + 2, part(of))
            at += 4 + (4 if flags & _WORDS else 2)
            at += 2 * bool(flags & _SCALE) + 4 * bool(flags & _XY_SCALE) + 8 * bool(flags & _TWO_BY_TWO)
        return bytes(data)


@lru_cache(maxsize=8)
def _source(font: Font) -> _Source:
    return _Source(font.face)


def _drawn(glyphs: tuple[Glyph, ...], source: _Source, part: Part) -> bytes:
    """The outline of a cluster: nothing, a glyph as it is, or a composite."""
    if not glyphs:
        return b""
    if len(glyphs) == 1 and glyphs[0][1:] == (0, 0):
        return source.renumbered(glyphs[0].number, part)
    boxes = [(x, y, source.box(number)) for number, x, y in glyphs]
    box = (
        min(x + each[0] for x, _, each in boxes),
        min(y + each[1] for _, y, each in boxes),
        max(x + each[2] for x, _, each in boxes),
        max(y + each[3] for _, y, each in boxes),
    )
    data = struct.pack(">5h", -1, *box)
    for at, (number, x, y) in enumerate(glyphs):
        more = _MORE if at + 1 < len(glyphs) else 0
        data += struct.pack(">2H2h", _WORDS_XY | more, part(number), x, y)
    return data


def _file(source: _Source, glyphs: list[bytes], widths: list[int]) -> bytes:
    padded = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    starts, end = [], 0
    for glyph in padded:
        starts.append(end)
        end += len(glyph)
    head, hhea, maxp = (bytearray(source.tables[tag]) for tag in _KEPT)
    struct.pack_into(">I", head, 8, 0)  # checkSumAdjustment: no reader of PDF looks at it
    struct.pack_into(">h", head, 50, 1)  # long offsets
    struct.pack_into(">H", hhea, 34, len(glyphs))
    struct.pack_into(">H", maxp, 4, len(glyphs))
    struct.pack_into(">2H", maxp, 28, 64, 4)  # parts of a composite, and how deep they nest, at most
    tables = {
        b"glyf": b"".join(padded),
        b"head": bytes(head),
        b"hhea": bytes(hhea),
        # The left bearing is where the ink begins: readers move a glyph that says otherwise.
        b"hmtx": b"".join(struct.pack(">Hh", width, _left(glyph)) for width, glyph in zip(widths, glyphs, strict=True)),
        b"loca": struct.pack(f">{len(starts) + 1}I", *starts, end),
        b"maxp": bytes(maxp),
    }
    power = 1 << (len(tables).bit_length() - 1)
    directory = struct.pack(
        ">I4H", 0x00010000, len(tables), power * 16, power.bit_length() - 1, (len(tables) - power) * 16
    )
    at, body = 12 + 16 * len(tables), b""
    for tag, content in tables.items():
        filled = content + bytes(-len(content) % 4)
        directory += struct.pack(">4s3I", tag, _checksum(filled), at + len(body), len(content))
        body += filled
    return directory + body


def _left(glyph: bytes) -> int:
    left: int = struct.unpack_from(">h", glyph, 2)[0] if glyph else 0
    return left


def _checksum(content: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(content) // 4}I", content)
    return sum(words) & 0xFFFFFFFF


def _utf16(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()
