"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    *("checkin", "printing", "static", "instance", "wsgi.py", "tests", "requirements.txt"),
    *("requirements-dev.txt", "Makefile", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "docs"),
}


def tracked(*patterns: str) -> list[Path]:
    """Files of the project that match a pattern; what `.gitignore` leaves out is left out, git or no git."""
    passed_over = {".git", ".venv", ".demo", ".hypothesis", ".mypy_cache", ".ruff_cache", "__pycache__", "node_modules"}
    globs = (pattern if "/" in pattern else f"**/{pattern}" for pattern in patterns or ("*",))
    files = (path for glob in globs for path in ROOT.glob(glob) if path.is_file())
    ours = {path for path in files if not passed_over & set(path.relative_to(ROOT).parts)}
    return sorted(p for p in ours if p.parent.name != "instance" or p.name == "event.example.toml")


def calls(name: str) -> Iterator[Path]:
    """Every Python file outside the tests that calls a method of this name."""
    for path in [*tracked("checkin/**/*.py"), *tracked("printing/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield path.relative_to(ROOT)


def test_only_the_database_module_commits() -> None:
    assert {Path("checkin/database.py")} == set(calls("commit"))


def test_only_the_clock_module_reads_the_clock() -> None:
    allowed = {Path("checkin/clock.py"), Path("checkin/launch/demo.py")}  # the demo works out how far to shift it
    found = set(calls("now")) - allowed
    reads = [
        p for p in found if re.search(r"datetime\.now\(|date\.today\(|time\.time\(", (ROOT / p).read_text("utf-8"))
    ]
    assert [] == reads


def test_there_are_no_other_names_at_the_top() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert set() == {name for name in names if not name.startswith(".")} - TOP_LEVEL


@pytest.mark.parametrize("path", tracked("requirements*.txt"), ids=lambda path: path.name)
def test_every_package_is_pinned(path: Path) -> None:
    lines = [line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines()]
    loose = [
        line for line in lines if line and not line.startswith("-r ") and not re.match(r"[\w-]+==[\w.]+(;.*)?$", line)
    ]
    assert [] == loose


LOADS = re.compile(
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|@import\s|url\(\s*["']?(?:https?:)?//"""
    r"""|(?:import|fetch|importScripts|Worker)\s*\(\s*["'`](?:https?:)?//|from\s+["'](?:https?:)?//"""
)


def test_no_page_loads_anything_from_the_internet() -> None:
    pages = tracked("*.html", "*.js", "*.css", "*.mjs")
    ours = [path for path in pages if "vendor" not in path.parts]
    assert len(ours) > 10
    assert [] == [path for path in ours if LOADS.search(path.read_text("utf-8"))]


@pytest.mark.parametrize(
    "text", ['<script src="https://cdn/x.js">', "@import 'x'", "import('//cdn/x.js')", "url(//cdn)"]
)
def test_the_pattern_of_loads_finds_them(text: str) -> None:
    assert LOADS.search(text)


def test_no_unfinished_marks() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b|NotImplementedError")
    files = [p for p in tracked("*.py", "*.js", "*.html", "*.css") if "vendor" not in p.parts and p != Path(__file__)]
    assert [] == [path for path in files if marks.search(path.read_text("utf-8"))]
