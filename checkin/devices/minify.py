"""JavaScript and CSS without what only people read. Names and code stay as they are; source files are not touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

JAVASCRIPT = Language(tree_sitter_javascript.language())
VERBATIM = {"string", "template_string", "regex"}
# A line's end means nothing after these, nor before those: no statement can end there, or it ends there in any case.
OPEN = b";,{([=>&|?:"
CLOSE = b";,)]}.?:&|"
# Side by side these would be read as one: + +, a / /b/, < !--.
FUSING = (b"+-/<", b"+-/!")
GAP = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?:\s|/\*.*?\*/)+""", re.DOTALL)


@lru_cache(maxsize=256)
def small_javascript(source: str) -> str:
    """The same tokens with nothing between them but the line ends and spaces that JavaScript needs.

    What the parser does not understand comes back as it is.
    """
    content = source.encode()
    tree = Parser(JAVASCRIPT).parse(content)
    if tree.root_node.has_error:
        return source
    kept = bytearray()
    last = 0
    for token in _tokens(tree.root_node):
        between, text = content[last : token.start_byte], content[token.start_byte : token.end_byte]
        if kept and between:
            kept += _gap(kept[-1], text[0], is_line_end=b"\n" in between)
        kept += text
        last = token.end_byte
    return kept.decode()


@lru_cache(maxsize=32)
def small_css(source: str) -> str:
    """The same rules without comments, and with single spaces only where they separate."""
    return GAP.sub(_css_gap, source).strip()


def _tokens(node: Node) -> Iterator[Node]:
    cursor = node.walk()
    while True:
        here = cursor.node
        if here is None:
            return
        is_token = here.type in VERBATIM or here.child_count == 0
        if is_token and here.type != "comment" and here.end_byte > here.start_byte:
            yield here
        if not is_token and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _gap(before: int, after: int, *, is_line_end: bool) -> bytes:
    if is_line_end and before not in OPEN and after not in CLOSE:
        return b"\n"
    is_fused = (_is_word(before) and _is_word(after)) or (before in FUSING[0] and after in FUSING[1])
    return b" " if is_fused or (_is_digit(before) and after == ord(".")) else b""


def _is_word(byte: int) -> bool:
    return not chr(byte).isascii() or chr(byte).isalnum() or byte in b"_$#\\"


def _is_digit(byte: int) -> bool:
    return chr(byte).isdigit()


def _css_gap(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return "" if before in "{};,:" or after in "{};," else " "
