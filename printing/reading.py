"""A template file as text, and one table of it read setting by setting. A reader notes what is wrong and goes on.

After a mistake a reader returns a harmless value of the right type, so that the rest of the file is
read too; whoever asked must look at the mistakes before using what came.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Final, cast

from printing.colour import is_colour
from printing.mistakes import Mistake, TemplateError, instead_of, shown

LONGEST_TEXT: Final = 300
_BIGGEST_FILE: Final = 200_000
_POSITION: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_HEADING: Final = re.compile(r"\s*\[\[\s*([A-Za-z0-9_.-]+)\s*\]\]")
_MENDS: Final = {  # for what people get wrong most; the words are tomllib's
    "Cannot overwrite a value": "This setting stands twice in its item: remove one of the two.",
    "Cannot declare": "This [table] stands twice: put its settings under one heading.",
    "Invalid value": 'Put text between quotes, as in field = "name"; numbers, true and false without.',
    "Expected newline": "Put one setting on a line, and text between quotes.",
    "Illegal character": "Close the quotes on the line where they open.",
    "Unterminated string": "Close the quotes on the line where they open.",
    "Unclosed array": "Close the list with ].",
    "Unclosed inline table": "Close the line of the list with }.",
    "Invalid initial character": "Put a comma between two settings in { }, and close it with } on the same line.",
}
_AGAIN: Final = "Begin again from a copy of one of the templates that come with the system."


@dataclass
class Notes:
    """All mistakes of one file, gathered."""

    lines: dict[tuple[str, int], int] = field(default_factory=dict)
    found: list[Mistake] = field(default_factory=list)

    def add(self, place: str, problem: str, mend: str) -> None:
        """Note a mistake, once."""
        mistake = Mistake(place, problem, mend)
        if mistake not in self.found:
            self.found.append(mistake)

    def place_of(self, table: str, number: int, kind: str = "") -> str:
        """How people are told of an item: `[[front]] no. 3 (text), line 20`."""
        line = self.lines.get((table, number))
        return f"[[{table}]] no. {number}" + (f" ({kind})" if kind else "") + (f", line {line}" if line else "")


class Table:
    """Settings that belong together; remembers which were asked for, so that the rest is known to be unknown."""

    def __init__(self, raw: dict[str, object], place: str, notes: Notes) -> None:
        self.raw = raw
        self.place = place
        self.notes = notes
        self._asked: list[str] = []

    def note(self, key: str, problem: str, mend: str) -> None:
        """Note a mistake of one setting."""
        self.notes.add(f"{self.place} · {key}" if self.place else key, problem, mend)

    def has(self, key: str) -> bool:
        """Whether the setting stands there, right or wrong."""
        self._asked.append(key)
        return key in self.raw

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A number from low to high; needed unless there is a default."""
        mend = f"Write a number from {low:g} to {high:g}, without quotes: {key} = {max(low, min(high, 10)):g}."
        if not self._stands(key, mend, needed=default is None):
            return low if default is None else default
        value = self.raw[key]
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            self.note(key, f"{shown(value)} is not a number.", mend)
        elif low <= value <= high:
            return float(value)
        else:
            self.note(key, f"{shown(value)} is not between {low:g} and {high:g}.", mend)
        return low if default is None else default

    def text(self, key: str, default: str | None = None) -> str:
        """Text, taken as it is; needed unless there is a default."""
        mend = f'Write it between quotes: {key} = "…".'
        if not self._stands(key, mend, needed=default is None):
            return default or ""
        value = self.raw[key]
        if not isinstance(value, str):
            self.note(key, f"{shown(value)} is not text.", mend)
            return default or ""
        if not value.strip():
            self.note(key, "It is empty.", "Write what shall be shown, or remove the setting.")
        if len(value) > LONGEST_TEXT:
            self.note(key, f"It is {len(value)} letters long.", f"Keep it within {LONGEST_TEXT} letters.")
        return value[:LONGEST_TEXT]

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One word of `allowed`."""
        if not self._stands(key, f"Choose one of: {', '.join(sorted(allowed))}.", needed=default is None):
            return default or ""
        value = self.raw[key]
        if isinstance(value, str) and value in allowed:
            return value
        problem = f"There is no {key} {shown(value)}." if isinstance(value, str) else f"{shown(value)} is not a word."
        self.note(key, problem, instead_of(value if isinstance(value, str) else "", allowed))
        return default or ""

    def choices(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of words of `allowed`, in its order; at least one."""
        self._asked.append(key)
        value = self.raw.get(key)
        if not isinstance(value, list) or not value:
            self.note(key, f"{shown(value)} is not a list of words.", f'Write {key} = ["designation", "place"].')
            return ()
        for word in value:
            if not isinstance(word, str) or word not in allowed:
                mend = instead_of(word if isinstance(word, str) else "", allowed)
                self.note(key, f"There is no field {shown(word)}.", mend)
        return tuple(word for word in value if isinstance(word, str) and word in allowed)

    def flag(self, key: str, *, default: bool) -> bool:
        self._asked.append(key)
        value = self.raw.get(key, default)
        if not isinstance(value, bool):
            self.note(key, f"{shown(value)} is not true or false.", f"Write {key} = true, without quotes.")
        return value is True

    def colour(self, key: str, words: Collection[str] = (), default: str | None = None) -> str:
        """`#rrggbb` in small letters, or one of `words`."""
        other = "".join(f', or "{word}"' for word in words)
        mend = f'Write # and six of 0-9 and a-f, for red, green and blue, as in "#0b3d2e"{other}.'
        if not self._stands(key, mend, needed=default is None):
            return default or ""
        value = self.raw[key]
        if isinstance(value, str) and (value in words or is_colour(value)):
            return value.lower()
        self.note(key, f"{shown(value)} is not a colour that can be used here.", mend)
        return default or ""

    def tables(self, key: str) -> list["Table"]:
        """The settings of a list of tables."""
        self._asked.append(key)
        value = self.raw.get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.note(key, "It is not a list of lines.", f"Write {key} = [ … ] with each line in {{ }}.")
            return []
        rows = cast("list[dict[str, object]]", value)
        return [Table(row, f"{self.place} · {key} no. {at}", self.notes) for at, row in enumerate(rows, start=1)]

    def note_unknown(self) -> None:
        """Note every setting that nobody asked for. Call it last."""
        for key in self.raw:
            if key not in self._asked:
                self.note(key, f"There is no setting {shown(key)} here.", instead_of(key, self._asked))

    def _stands(self, key: str, mend: str, *, needed: bool) -> bool:
        if self.has(key):
            return True
        if needed:
            self.note(key, f"{key} is missing.", mend)
        return False


def read_document(path: Path) -> tuple[dict[str, object], Notes]:
    """The file as TOML, and where its items begin. Raises TemplateError if there is no such file, or no TOML."""
    try:
        raw = path.read_bytes()
        if len(raw) > _BIGGEST_FILE:
            raise TemplateError(path, (Mistake("the file", f"It is {len(raw)} bytes long.", _AGAIN),))
        text = raw.decode("utf-8-sig")  # Windows' editors put a mark before the text
        return tomllib.loads(text), Notes(_heading_lines(text))
    except OSError as error:
        reason = error.strerror or "it is no file"
        mistake = Mistake("the file", f"It cannot be read: {reason}.", "Make it a file that this user may read.")
    except UnicodeDecodeError:
        mistake = Mistake("the file", "It is not written in UTF-8.", "Save it again with the encoding UTF-8.")
    except tomllib.TOMLDecodeError as error:
        mistake = _syntax(str(error), text)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists thousands deep
        mistake = Mistake("the file", "It is not a file of settings.", _AGAIN)
    raise TemplateError(path, (mistake,)) from None


def _syntax(message: str, text: str) -> Mistake:
    position = _POSITION.search(message)
    problem = _POSITION.sub("", message)
    mend = next((mend for start, mend in _MENDS.items() if problem.startswith(start)), None)
    mend = mend or "Compare the line, and the one above it, with a template that comes with the system."
    if position is None or position[1] is None:
        return Mistake("end of the file", f"{problem}.", mend)
    line = text.split("\n")[int(position[1]) - 1].strip()
    if line.startswith("[[") and problem.startswith("Cannot overwrite"):
        mend = f'It stands further up as a setting: keep either that, as in back = "same", or the items under {line}.'
    return Mistake(f"line {position[1]}, column {position[2]}", f"{problem}. The line is {shown(line)}.", mend)


def _heading_lines(text: str) -> dict[tuple[str, int], int]:
    """The line of each `[[front]]`, counted from 1."""
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _HEADING.match(line):
            counts[heading[1]] = counts.get(heading[1], 0) + 1
            found[heading[1], counts[heading[1]]] = number
    return found
