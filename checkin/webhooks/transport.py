"""One message over HTTPS to an address that was looked at: connected to exactly what was checked, bounded in all."""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checkin.webhooks.model import Outcome, Problem
from checkin.webhooks.policy import Target, is_public, problem_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TRY_S: Final = 10.0  # from the first look-up to the end of the answer's head
NAME_S: Final = 4.0
MOST_ADDRESSES: Final = 3
MOST_BYTES: Final = 32_000  # of an answer's head; its body is left unread


def post(target: Target, headers: Mapping[str, str], body: bytes, *, trial: Path | None = None) -> Outcome:
    """Hand a message over, once. `trial`: see Settings.webhook_trial."""
    until = time.monotonic() + TRY_S
    found = _resolved(target)
    if isinstance(found, Problem):
        return Outcome(problem=found)
    if not all(is_public(ip_address(host)) or (trial and ip_address(host).is_loopback) for host in found):
        return Outcome(problem=Problem.PRIVATE)
    connection = _connected(found[:MOST_ADDRESSES], target.port, until)
    if isinstance(connection, Problem):
        return Outcome(problem=connection)
    with connection:
        return _spoken(connection, target, _request(target, headers, body), until, trial)


def _resolved(target: Target) -> tuple[str, ...] | Problem:
    """Every address that this name has now. The system's resolver has no deadline: after a while it is left behind."""
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    thread = threading.Thread(target=look_up, name="webhook name", daemon=True)
    thread.start()
    thread.join(NAME_S)
    if thread.is_alive():
        return Problem.TIME
    return tuple(found) or Problem.NAME


def _connected(hosts: tuple[str, ...], port: int, until: float) -> socket.socket | Problem:
    """A connection to the first of these very addresses that takes one: no name is looked up again."""
    for host in hosts:
        with suppress(OSError):
            return socket.create_connection((host, port), timeout=_left(until))
    return Problem.TIME if time.monotonic() >= until else Problem.NO_CONNECTION


def _spoken(connection: socket.socket, target: Target, request: bytes, until: float, trial: Path | None) -> Outcome:
    """What the receiver answers to this request, over TLS, and after it has shown that it is who it is called."""
    context = ssl.create_default_context(cafile=trial)
    try:
        connection.settimeout(_left(until))
        with context.wrap_socket(connection, server_hostname=target.host) as line:
            line.settimeout(_left(until))
            line.sendall(request)
            answer = HTTPResponse(_Bounded(line, until))  # type: ignore[arg-type] # all it asks of a socket is makefile
            answer.begin()
    except TimeoutError:
        return Outcome(problem=Problem.TIME)
    except ssl.SSLCertVerificationError:
        return Outcome(problem=Problem.CERTIFICATE)
    except ssl.SSLEOFError:
        return Outcome(problem=Problem.NO_ANSWER)
    except ssl.SSLError:
        return Outcome(problem=Problem.NO_TLS)
    except (OSError, HTTPException, ValueError):
        return Outcome(problem=Problem.NO_ANSWER)
    return Outcome(status=answer.status, problem=problem_of(answer.status))


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """The whole request. Address and headers are plain ASCII without spaces, so nothing in them can end a line."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    given = {
        "Host": host if target.port == 443 else f"{host}:{target.port}",  # noqa: PLR2004 - https
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "User-Agent": "checkin-webhooks/1",
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _left(until: float) -> float:
    """How long may still be waited. Raises TimeoutError when no longer."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Bounded(io.RawIOBase):
    """What comes over a line, until a moment and up to a number of bytes: a receiver that drips keeps nobody."""

    def __init__(self, line: ssl.SSLSocket, until: float) -> None:
        self._line, self._until, self._bytes = line, until, 0

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As a socket's: for HTTPResponse."""
        return io.BufferedReader(self, 4096)

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        self._line.settimeout(_left(self._until))
        read = self._line.recv_into(into)
        self._bytes += read
        if self._bytes > MOST_BYTES:
            raise ValueError("the answer's head is too long")
        return read
