"""A part as a file: drawn beside its place, put there whole."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

from printing import Face, Sheet, SheetError, Template, TemplateError, print_badges, render_badge

_DONE, _TEMPORARY = "part-*.pdf", ".part-*.tmp"


class BadFacesError(Exception):
    """These faces cannot be drawn, whatever they are with: why, by their index."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__(len(reasons))
        self.reasons = reasons


def draw(
    faces: Sequence[Face],
    template: Template,
    target: BinaryIO,
    *,
    sheet: Sheet | None,
    first: int,
    both_sides: bool,
) -> tuple[int, ...]:
    """The page of each face's front. Raises BadFacesError, and what is nobody's face's fault as it comes."""
    try:
        return print_badges(faces, template, target, sheet=sheet, first=first, both_sides=both_sides)
    except (OSError, TemplateError, SheetError, MemoryError):
        raise
    except Exception:
        reasons = {index: reason for index, face in enumerate(faces) if (reason := _why_not(face, template))}
        if not reasons:
            raise
        raise BadFacesError(reasons) from None


class NewFile:
    """A file to fill in; nothing is left of it unless it is put in its place. Only its owner can read it: it has names.

    Raises OSError at every step.
    """

    def __init__(self, path: Path, holder: str) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.{holder}.tmp")
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        self.file: BinaryIO = os.fdopen(os.open(self._temporary, flags, 0o600), "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.file.close()  # what a full disk did not take is said here once more
        with suppress(OSError):
            self._temporary.unlink()

    def empty(self) -> None:
        """Begin again."""
        self.file.seek(0)
        self.file.truncate()

    def close(self) -> None:
        """All is in it, and on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def put(self) -> None:
        """Let it appear under its name, whole; after this no power cut takes it away."""
        self._temporary.replace(self._path)
        if os.name != "nt":  # folders cannot be opened there
            handle = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def make_folder(folder: Path) -> None:
    """The folder of a run, which only its owner can enter. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def clear_temporary(folder: Path) -> None:
    """Take away what killed workers left of their parts."""
    for path in folder.glob(_TEMPORARY):
        with suppress(OSError):
            path.unlink()


def holds_a_run(folder: Path) -> bool:
    """Whether the files of some run lie there."""
    return any(folder.glob(_DONE))


def _why_not(face: Face, template: Template) -> str:
    try:
        render_badge(face, template)
    except (OSError, TemplateError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this face's
        return f"cannot be drawn: {type(error).__name__}"
    return ""
