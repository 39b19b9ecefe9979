"""A light closed-loop HTTP load: so many keep-alive connections, each with one request under way, in one thread."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

HEAD_END = b"\r\n\r\n"


@dataclass
class Result:
    """`seconds`: how long each answered request took. `statuses`: how often each status came.

    `cut_off`: clients whose server went away.
    """

    took: float = 0.0
    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    cut_off: int = 0

    def note(self, status: int, seconds: float) -> None:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.took

    def at(self, share: float) -> float:
        """The latency below which `share` of the requests stayed, in ms."""
        return sorted(self.seconds)[int((len(self.seconds) - 1) * share)] * 1000


def request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


class _Client:
    def __init__(self, address: tuple[str, int], requests: Iterator[bytes], tls: ssl.SSLContext | None) -> None:
        plain = socket.create_connection(address)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain
        self.requests = requests
        self.sent = self.answer = b""
        self.since = 0.0

    def send(self) -> bool:
        following = next(self.requests, None)
        if following is None:
            return False
        self.sent, self.answer, self.since = following, b"", time.perf_counter()
        self.socket.sendall(following)
        return True

    def receive(self) -> int | None:
        """The status once the whole answer is there."""
        while True:
            part = self.socket.recv(262_144)
            if not part:
                raise ConnectionResetError("the server closed a connection")
            self.answer += part
            if not (isinstance(self.socket, ssl.SSLSocket) and self.socket.pending()):
                break
        head, found, body = self.answer.partition(HEAD_END)
        if not found:
            return None
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line[:15].lower() == b"content-length:"), None)
        if length is None:
            raise ValueError("an answer without a length")
        return int(head[9:12]) if len(body) >= length else None


def run(
    address: tuple[str, int],
    clients: list[Iterator[bytes]],
    *,
    seconds: float | None = None,
    tls: ssl.SSLContext | None = None,
    heard: Callable[[bytes, int], None] = lambda _request, _status: None,
) -> Result:
    """Let each client send its requests, one after the other's answer, until they or the seconds run out.

    `heard` is told each request that was answered, and how. A client whose server goes away sends no more.
    """
    result, chosen = Result(), selectors.DefaultSelector()
    made = [_Client(address, requests, tls) for requests in clients]
    began = time.perf_counter()
    until = began + seconds if seconds else float("inf")
    for client in made:
        if client.send():
            chosen.register(client.socket, selectors.EVENT_READ, client)
    while chosen.get_map():
        for key, _ in chosen.select(timeout=30):
            try:
                status = key.data.receive()
                if status is None:
                    continue
                now = time.perf_counter()
                result.note(status, now - key.data.since)
                heard(key.data.sent, status)
                goes_on = now <= until and key.data.send()
            except OSError:
                result.cut_off += 1
                goes_on = False
            if not goes_on:
                chosen.unregister(key.fileobj)
    result.took = time.perf_counter() - began
    for client in made:
        client.socket.close()
    return result


def shared(requests: list[bytes], clients: int) -> list[Iterator[bytes]]:
    """The requests dealt out to the clients, round and round."""
    return [islice(requests, start, None, clients) for start in range(clients)]
