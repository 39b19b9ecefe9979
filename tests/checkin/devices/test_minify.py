"""Smaller, and the same to a browser: no name, no text and no meaning changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tree_sitter import Node, Parser

from checkin.devices.minify import JAVASCRIPT, small_css, small_javascript
from checkin.settings import ROOT

GATE = ROOT / "static" / "gate"
IDB = ROOT / "static" / "vendor" / "idb" / "index.js"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("// why\nlet a = 1; /* what */ let b = 2;\n", "let a=1;let b=2;"),
        ("const f = async (x) => {\n  return x ?? 1;\n};", "const f=async(x)=>{return x??1;};"),
        ("return_ = typeof  x in y", "return_=typeof x in y"),
        # Where a statement ends with its line it still does.
        ("a\nb", "a\nb"),
        ("a; /* one\ntwo */ b", "a;b"),
        ("let a = b\nfor (;;) {\n}\nc()", "let a=b\nfor(;;){}\nc()"),
        ("i\n++\nj", "i\n++\nj"),
        ("function f() {\n  return\n  [1]\n}", "function f(){return\n[1]}"),
        (
            "class A {\n  #x = 1\n  static y\n  get z() { return this?.#x }\n}",
            "class A{#x=1\nstatic y\nget z(){return this?.#x}}",
        ),
        ("a = b\n  ? c\n  : d", "a=b?c:d"),
        ("if (a) { b(); } while (c());", "if(a){b();}while(c());"),
        ("{ while (a()); }", "{while(a());}"),
        ("{ if (a) b; else ; }", "{if(a)b;else;}"),
        ("for (;;) {}", "for(;;){}"),
        ("class A { x = 1; y; }", "class A{x=1;y;}"),
        # Signs that would be read as one.
        ("a + +b - -c", "a+ +b- -c"),
        ("a++ + b", "a++ +b"),
        ("a / /b  c/.x", "a/ /b  c/.x"),
        ("1 .toFixed()", "1 .toFixed()"),
        ("a < !b", "a< !b"),
        # Texts and patterns, whatever stands in them.
        ("x = 'a  // b'; y = \"/* c */\";", "x='a  // b';y=\"/* c */\";"),
        ("f = () => /a  \\/b [/]  `/u", "f=()=>/a  \\/b [/]  `/u"),
        ("if (a) /b  c/.test(d)", "if(a)/b  c/.test(d)"),
        ("t = `a  ${ b ? `c  // ${ d }` : ''}\n  e`", "t=`a  ${ b ? `c  // ${ d }` : ''}\n  e`"),
        ("x = 'کھل  رہا'; // ہے", "x='کھل  رہا';"),
        ("let é = 1; return_ = é in x", "let é=1;return_=é in x"),
        ("const u = import.meta.url, v = await import('./a.js')", "const u=import.meta.url,v=await import('./a.js')"),
        # What the parser cannot read is left alone.
        ("let  = = // ?", "let  = = // ?"),
        ("", ""),
    ],
)
def test_javascript_keeps_its_tokens_and_its_ends(source: str, expected: str) -> None:
    assert expected == small_javascript(source)


@pytest.mark.parametrize("path", [*sorted(GATE.glob("*.js")), IDB], ids=lambda path: path.name)
def test_each_module_of_the_gate_stays_the_same_program(path: Path) -> None:
    source = path.read_text("utf-8")
    small = small_javascript(source)
    assert len(small) < len(source)
    assert program(source) == program(small)


def program(source: str) -> list[tuple[str, str]]:
    """The syntax tree in the order of its reading, without comments, and with the text of each leaf."""
    tree = Parser(JAVASCRIPT).parse(source.encode())
    assert not tree.root_node.has_error
    read: list[tuple[str, str]] = []

    def walk(node: Node) -> None:
        read.append((node.type, "" if node.children else (node.text or b"").decode()))
        for child in node.children:
            if child.type != "comment":
                walk(child)
        read.append(("end", ""))

    walk(tree.root_node)
    return read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/* why */\na  b > c,\nd {\n  color: red;\n  margin: 0 1px;\n}\n", "a b > c,d{color:red;margin:0 1px;}"),
        ('a::before { content: "x  /* y */ \\" ;  z"; }', 'a::before{content:"x  /* y */ \\" ;  z";}'),
        ("a { width: calc(1px + 2px); }", "a{width:calc(1px + 2px);}"),
        ("a :is(b, c) { }", "a :is(b,c){}"),
        ("@media (min-width: 1px) and (x) { a { b: c } }", "@media (min-width:1px) and (x){a{b:c}}"),
    ],
)
def test_css_keeps_what_separates(source: str, expected: str) -> None:
    assert expected == small_css(source)


def test_each_style_sheet_of_the_gate_says_the_same_to_a_browser(browser: Browser) -> None:
    page = browser.new_page()
    # What stands in var() is told as it was written.
    rules = """(text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
        return [...sheet.cssRules].map((rule) => rule.cssText.replaceAll(', ', ',')); }"""
    for path in sorted(GATE.glob("*.css")):
        source = path.read_text("utf-8")
        small = small_css(source)
        assert len(small) < len(source)
        told = page.evaluate(rules, source)
        assert told == page.evaluate(rules, small), path.name
        assert len(told) > 1
        assert not re.search(r"/\*|\n", small)
    page.close()
