"""The event file as text: read, parsed as TOML, and the line of each setting found again for its mistakes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from functools import partial
from pathlib import Path

from checkin.event.fields import Table
from checkin.event.mistakes import EventFileError, Mistake, instead_of, shown

_HEADING = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_-]+)\s*\]\]?\s*(?:#.*)?")
_SETTING = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_LAST = 10**9  # what has no line is told after what has one
_MENDS = {  # for what people get wrong most; the words are tomllib's
    "Cannot overwrite a value": "This setting stands twice in its table: remove one of the two.",
    "Cannot declare": "This [table] stands twice: put its settings under one heading.",
    "Invalid value": 'Put text and times between quotes, as in opens = "09:00"; numbers, true and false without.',
    "Expected newline": 'Put one setting on a line, and text and times between quotes, as in opens = "09:00".',
    "Illegal character": "Close the quotes on the line where they open.",
    "Unclosed array": "Close the list with ].",
}

Key = tuple[str, int, str]  # table, its number from 1, setting ("" for the heading itself)


class Source:
    """A parsed event file that gathers its own mistakes."""

    def __init__(self, document: dict[str, object], lines: dict[Key, int] | None = None) -> None:
        self.document = document
        self._lines = lines or {}
        self._found: list[tuple[int, Mistake]] = []

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All that was noted, in the order of the file."""
        return tuple(mistake for _, mistake in sorted(self._found, key=lambda found: found[0]))

    def note(self, place: str, problem: str, mend: str, line: int | None = None) -> None:
        where = f"{place} (line {line})" if line else place
        self._found.append((line or _LAST, Mistake(where, problem, mend)))

    def table(self, name: str, *, needed: bool = True) -> Table:
        """The one table `[name]`; an empty one where it is missing or not a table."""
        raw = self.document.get(name)
        if isinstance(raw, dict):
            return Table(raw, partial(self._note_in, name, 1, f"[{name}]"))
        if raw is not None:
            mend = f"Write [{name}] once, in single brackets."
            self.note(f"[{name}]", "It is not one table.", mend, self._line(name, 1))
        elif needed:
            self.note(f"[{name}]", "This table is missing.", f"Add a line [{name}] with its settings below it.")
        return Table({}, lambda *_: None)  # that it is not there is told once, not for each of its settings

    def tables(self, name: str) -> list[Table]:
        """Every `[[name]]`, in the order of the file."""
        raw = self.document.get(name, [])
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            mend = f"Write [[{name}]] in double brackets above each of them."
            self.note(f"[[{name}]]", "It is not a row of tables.", mend, self._line(name, 1))
            return []
        return [
            Table(row, partial(self._note_in, name, number, f"[[{name}]] no. {number}{_label(row)}"))
            for number, row in enumerate(raw, start=1)
        ]

    def note_unknown(self, known: Collection[str]) -> None:
        """Note each top-level name that is not `known`."""
        for name, value in self.document.items():
            if name in known:
                continue
            if isinstance(value, dict | list):
                self.note(
                    f"[{name}]", f"There is no table {shown(name)}.", instead_of(name, known), self._line(name, 1)
                )
            else:
                mend = "Move it below the heading that it belongs to, as in [event], or remove it."
                self.note(name, "It stands above every [table].", mend, self._line("", 1, name))

    def _note_in(self, table: str, number: int, place: str, key: str, problem: str, mend: str) -> None:
        line = self._line(table, number, key) or self._line(table, number)
        self.note(f"{place} · {key}" if key else place, problem, mend, line)

    def _line(self, table: str, number: int, key: str = "") -> int | None:
        return self._lines.get((table, number, key))


def read_source(path: Path) -> Source:
    """Raises EventFileError if there is no such file, or if it is no TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows' editors put a mark before the text
        return Source(tomllib.loads(text), _line_numbers(text))
    except FileNotFoundError:
        mistake = Mistake(str(path), "There is no such file.", "Copy instance/event.example.toml there and change it.")
    except OSError as error:
        mistake = Mistake(str(path), f"It cannot be read: {error.strerror}.", "Make it a file that this user may read.")
    except UnicodeDecodeError:
        mistake = Mistake(str(path), "It is not written in UTF-8.", "Save it again with the encoding UTF-8.")
    except tomllib.TOMLDecodeError as error:
        mistake = _syntax(str(error), text)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists thousands deep
        mistake = Mistake(str(path), "It is not a file of settings.", "Begin again from event.example.toml.")
    raise EventFileError(path, (mistake,)) from None


def _syntax(message: str, text: str) -> Mistake:
    position = _POSITION.search(message)
    problem = _POSITION.sub("", message)
    mend = next((mend for start, mend in _MENDS.items() if problem.startswith(start)), None)
    mend = mend or "Compare the line, and the one above it, with event.example.toml."
    if position is None or position[1] is None:
        return Mistake("end of the file", f"{problem}.", mend)
    line = text.split("\n")[int(position[1]) - 1].strip()
    return Mistake(f"line {position[1]}, column {position[2]}", f"{problem}. The line is {shown(line)}.", mend)


def _label(row: dict[str, object]) -> str:
    name = next((row[key] for key in ("slug", "date", "name") if key in row), None)
    return "" if name is None else f" {shown(name)}"


def _line_numbers(text: str) -> dict[Key, int]:
    """Where each heading and setting stands. Inline tables and dotted keys are left without a line."""
    found: dict[Key, int] = {}
    table, counts = "", {"": 1}
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _HEADING.fullmatch(line):
            table = heading[1]
            counts[table] = counts.get(table, 0) + 1
            found[table, counts[table], ""] = number
        elif setting := _SETTING.match(line):
            found.setdefault((table, counts[table], setting[1]), number)
    return found
