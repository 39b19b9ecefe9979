"""A real server that speaks S3 and keeps its objects in a folder: localbucket, with what it leaves out."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import unescape

from localbucket import S3Error, S3Handler

BUCKET = "checkin"
KEY, SECRET = "the-tests-key", "the-tests-secret"


class _Handler(S3Handler):  # type: ignore[misc]  # ships no types
    """Real stores refuse keys that they do not know, and delete many objects at once."""

    asked: list[str]
    lines: list[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.lines.append(self.connection)

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        super()._dispatch(self._delete_many) if self.path.endswith("?delete") else super().do_POST()

    def _dispatch(self, action: Callable[[str, str], None]) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if f"Credential={KEY}/" in self.headers.get("Authorization", ""):
            super()._dispatch(action)
        else:
            self._read_body()
            self._send_error(S3Error(HTTPStatus.FORBIDDEN, "InvalidAccessKeyId", "No such key."))

    def _delete_many(self, bucket: str, _key: str) -> None:
        keys = re.findall(r"<Key>(.*?)</Key>", self._read_body().decode())
        for key in keys:
            self._object_path(bucket, unescape(key)).unlink(missing_ok=True)
        done = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        space = "http://s3.amazonaws.com/doc/2006-03-01/"
        self._send(HTTPStatus.OK, f'<DeleteResult xmlns="{space}">{done}</DeleteResult>'.encode())


@dataclass
class Store:
    """A store with one bucket. It answers between `start` and `stop`, always at the same port."""

    root: Path
    port: int = 0
    asked: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None
    _lines: list[socket.socket] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a process must have in its environment to use it."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def names(self) -> list[str]:
        """The keys of all objects, in order."""
        bucket = self.root / BUCKET
        return sorted(path.relative_to(bucket).as_posix() for path in bucket.rglob("*") if path.is_file())

    def start(self) -> None:
        self._lines = []
        handler = type("Handler", (_Handler,), {"data_root": self.root, "asked": self.asked, "lines": self._lines})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            for line in self._lines:  # clients keep them for their next request
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


@contextmanager
def running(root: Path) -> Iterator[Store]:
    """A store with an empty bucket for as long as the block lasts."""
    (root / BUCKET).mkdir(parents=True)
    store = Store(root)
    store.start()
    try:
        yield store
    finally:
        store.stop()
