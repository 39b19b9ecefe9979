"""Where the files of a print run lie: in a folder, shared or not, or in an S3 bucket. A file is whole, or not there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, Self

_DONE, _TEMPORARY = "part-*.pdf", ".part-*.tmp"
_PIECE: Final = 128 * 1024


class FilesDownError(Exception):
    """The files cannot be reached at the moment; what was asked for may go another time."""


class NewFile(Protocol):
    """A file to fill in; nothing is left of it unless it is put in its place."""

    file: BinaryIO

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def empty(self) -> None:
        """Begin again."""

    def close(self) -> None:
        """All is in it, and safe under a name that nobody reads."""

    def put(self) -> None:
        """Let it appear under its name, whole. Quick: a transaction may wait for it."""


class Files(Protocol):
    """The files of one run. Whatever is done with them raises OSError or FilesDownError."""

    def make(self) -> None:
        """Be ready to take files in."""

    def new(self, name: str, holder: str) -> NewFile:
        """A file that will have this name; of two holders of one name the later one's stays."""

    def find(self, name: str) -> Stored | None:
        """The file of this name, to hand out."""

    def clear_temporary(self) -> None:
        """Take away what killed workers left of their parts."""

    def delete(self) -> None:
        """Delete all of them; harmless when there are none."""


class Stored:
    """A stored file, piece by piece: no more than a piece is in memory. `close` it, as servers do with an answer."""

    def __init__(self, size: int, read: Callable[[int], Any], close: Callable[[], object]) -> None:
        self.size = size
        self._read = read
        self.close = close

    def __iter__(self) -> Iterator[bytes]:
        while piece := bytes(self._read(_PIECE)):
            yield piece


class Folder:
    """Files in a folder that only its owner can enter, since they hold names."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the folder."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.mkdir(mode=0o700, exist_ok=True)

    def new(self, name: str, holder: str) -> NewFile:
        return _NewInFolder(self.path / name, holder)

    def find(self, name: str) -> Stored | None:
        try:
            file = (self.path / name).open("rb")
        except FileNotFoundError:
            return None
        return Stored(os.fstat(file.fileno()).st_size, file.read, file.close)

    def clear_temporary(self) -> None:
        for path in self.path.glob(_TEMPORARY):
            with suppress(OSError):
                path.unlink()

    def delete(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def holds_a_run(self) -> bool:
        """Whether the files of some run lie there."""
        return any(self.path.glob(_DONE))


class _NewInFolder:
    """Filled in beside its place. Only its owner can read it. Raises OSError at every step."""

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
        self.file.seek(0)
        self.file.truncate()

    def close(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def put(self) -> None:
        """Let it appear; after this no power cut takes it away."""
        self._temporary.replace(self._path)
        if os.name != "nt":  # folders cannot be opened there
            handle = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
