"""HTTP as a tablet speaks it: one connection that is kept open, and opened anew when the network broke."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE_S = 60
COOKIE = "staff_session"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 where nothing did. `retry_after`: seconds, where the server asks to come back."""

    status: int
    body: dict[str, Any]
    retry_after: float | None = None


class Wire:
    """One kept connection to the server at `url`. Not for several threads at once.

    A hall's own certificate is not asked for: this is a rehearsal on one's own machine or network.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url} is no address of a server; it looks like http://127.0.0.1:8000")
        if parts.scheme == "https":
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=PATIENCE_S, context=trusting
            )
        else:
            self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PATIENCE_S)
        self._base = parts.path.rstrip("/")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: object = None, *, bearer: str = "", session: str = "") -> Answer:
        """Send and wait for the answer; status 0 where none came. The next one opens the connection anew."""
        try:
            self._send(method, path, body, bearer, session)
            answer = self._connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Answer(0, {})
        wait = answer.getheader("Retry-After")
        try:
            found = json.loads(content)
        except ValueError:
            found = {}
        read = found if isinstance(found, dict) else {}
        return Answer(answer.status, read, float(wait) if wait and wait.isdigit() else None)

    def lose(self, method: str, path: str, body: object, *, bearer: str) -> None:
        """Send, and break the connection before the answer comes: the server has it, and the tablet cannot know."""
        with suppress(OSError, http.client.HTTPException):
            self._send(method, path, body, bearer, "")
        self._connection.close()

    def _send(self, method: str, path: str, body: object, bearer: str, session: str) -> None:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if session:
            headers["Cookie"] = f"{COOKIE}={session}"
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        self._connection.request(method, f"{self._base}{path}", body=content, headers=headers)
