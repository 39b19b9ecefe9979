"""The files of a print run in an S3 bucket, or in what speaks like one. Keys and address: the usual AWS_… variables."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from typing import BinaryIO, Final, Self

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from checkin.printruns.files import FilesDownError, NewFile, Stored

_AHEAD: Final = 2  # pieces of 5 MB that are under way at once, in memory too
_TEMPORARY = ".part-"


class Bucket:
    """Files whose keys begin with `folder`. There are no folders there: nothing is to be made."""

    def __init__(self, url: str, folder: str) -> None:
        self._store = _open(url)
        self._folder = folder

    def make(self) -> None:
        """Nothing: keys need no folder."""

    def new(self, name: str, holder: str) -> NewFile:
        return _NewInBucket(self._store, self._folder + name, f"{self._folder}.{name}.{holder}.tmp")

    def find(self, name: str) -> Stored | None:
        # Each piece is a request of its own: a slow printer's download holds no connection to the store.
        with _in_words():
            try:
                reader = obstore.open_reader(self._store, self._folder + name)
            except FileNotFoundError:
                return None
        return Stored(reader.size, reader.read, reader.close)

    def clear_temporary(self) -> None:
        with suppress(FilesDownError, OSError):  # they are tidied away when the files are deleted, too
            self._delete(_TEMPORARY)

    def delete(self) -> None:
        self._delete("")

    def _delete(self, prefix: str) -> None:
        with _in_words():
            for some in obstore.list(self._store, prefix=self._folder):
                keys = [one["path"] for one in some]
                doomed = [key for key in keys if key.removeprefix(self._folder).startswith(prefix)]
                if doomed:
                    obstore.delete(self._store, doomed)


class _NewInBucket:
    """Filled in on this machine's disk; sent under a name beside, and copied to its own within the store."""

    def __init__(self, store: S3Store, key: str, beside: str) -> None:
        self._store, self._key, self._beside = store, key, beside
        self._is_sent = False
        self.file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of our own block

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self.file.close()
        if self._is_sent:
            with suppress(FilesDownError, OSError), _in_words():
                obstore.delete(self._store, self._beside)

    def empty(self) -> None:
        self.file.seek(0)
        self.file.truncate()

    def close(self) -> None:
        self.file.flush()
        self.file.seek(0)
        with _in_words():
            obstore.put(self._store, self._beside, self.file, max_concurrency=_AHEAD)
        self._is_sent = True
        self.file.close()

    def put(self) -> None:
        with _in_words():
            obstore.copy(self._store, self._beside, self._key)


@lru_cache(maxsize=4)
def _open(url: str) -> S3Store:
    """One store for the whole process: it keeps connections open."""
    return S3Store.from_url(
        url,
        client_options={
            "connect_timeout": timedelta(seconds=3),
            "timeout": timedelta(seconds=60),  # of one piece of 5 MB
            "allow_http": True,  # as AWS_ENDPOINT_URL says, for a store of one's own network
        },
        # A page or a worker waits no longer for a store that is down: the worker comes again in a minute.
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=5)},
    )


@contextmanager
def _in_words() -> Iterator[None]:
    """What an organiser can mend is an OSError that says what; all else may go away by itself: FilesDownError."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError):
        raise OSError(errno.EACCES, "the bucket refuses the keys of this server") from None
    except FileNotFoundError:
        raise OSError(errno.ENOENT, "there is no such bucket") from None
    except BaseError as error:
        raise FilesDownError(str(error).partition("\n")[0][:300]) from None
