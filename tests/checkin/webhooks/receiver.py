"""A real receiver of webhooks: an HTTPS server on this machine, under a certificate and a name of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from checkin.venue import authority
from checkin.venue.model import Scope
from tests.checkin.venue.certificates import make_pair, pem

HOST = "hooks.example.org"
PUBLIC = "93.184.215.14"


@dataclass
class Taken:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def is_signed_with(self, secret: str) -> bool:
        """As any library of the Standard Webhooks checks it."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{right}"


@dataclass
class Receiver:
    """What the server took, and what it answers: one of `answers` after the other, then 204.

    A status; or `hang`, `drip`, `long`, `hang up`.
    """

    authority: Path
    port: int = 0
    answers: list[int | str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    hears: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.port}/hook?from=expo"


@contextmanager
def receiving(folder: Path, *, host: str = HOST) -> Iterator[Receiver]:
    """A receiver that listens; its certificate is for `host`."""
    own, leaf = make_pair(Scope(("example.org",)), host)
    files = [folder / name for name in ("authority.pem", "receiver.pem", "receiver.key")]
    for path, content in zip(files, (pem(own), pem(leaf), authority.key_pem(leaf.key)), strict=True):
        path.write_bytes(content)
    receiver = Receiver(files[0])

    class Handler(_Handler):
        told = receiver

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[2])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # a sender that leaves is what some tests are about
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield receiver
    receiver.goes_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    told: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.taken.append(Taken(self.path, {name.lower(): text for name, text in self.headers.items()}, body))
        answer = self.told.answers.pop(0) if self.told.answers else 204
        if isinstance(answer, int):
            self.send_response(answer)
            self.send_header("Location", "http://127.0.0.1/elsewhere")
            self.end_headers()
        else:
            with suppress(OSError):
                self._misbehave(answer)

    def _misbehave(self, how: str) -> None:
        match how:
            case "hang":
                self.told.hears.set()
                self.told.goes_on.wait(30)
            case "drip":
                while not self.told.goes_on.wait(0.05):
                    self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            case "long":
                self.wfile.write(b"HTTP/1.1 204 No Content\r\nX: " + b"x" * 60_000 + b"\r\n\r\n")
            case "hang up":
                self.connection.close()

    def log_message(self, *_: object) -> None:
        pass


def resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let each name have these addresses. Which names were looked up."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *more: Any, **words: Any) -> Any:
        with suppress(ValueError):
            ip_address(host)
            return real(host, port, *more, **words)
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked
