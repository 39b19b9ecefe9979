"""Serves static/ as the installation does, with a scripted API behind it: what the gate's tests talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

STATIC = Path(__file__).parents[2] / "static"
CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; img-src 'self' data: blob:; style-src 'self'"
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
JSON = dict[str, Any]

AYESHA = {
    "name": "Ayesha Siddiqui",
    "name_ur": "عائشہ صدیقی",
    "organisation": "Sialkot Sports Goods Cluster",
    "category": "trade-visitor",
    "category_name": "Trade visitor",
    "category_name_ur": "تجارتی وزیٹر",
}
GATES = [
    {"slug": "gate-1", "name": "Gate 1", "name_ur": "گیٹ 1", "zone": "expo", "direction": "in"},
    {"slug": "gate-2", "name": "Gate 2", "name_ur": "گیٹ 2", "zone": "expo", "direction": "both"},
    {"slug": "gate-4", "name": "Gate 4", "name_ur": "گیٹ 4", "zone": "expo", "direction": "out"},
]
EVENT = {
    "slug": "sme-expo-2026",
    "name": "SME Expo",
    "name_ur": "ایکسپو",
    "time_zone": "Asia/Karachi",
    "again_after_minutes": 10,
}


@dataclass
class FakeServer:
    """Judges scans as `judge` says and remembers all that reached it. `trouble` is a status, "down" or "garbage"."""

    judge: Callable[[JSON], JSON] = lambda _: {"verdict": "admitted"}
    url: str = ""
    trouble: int | str | None = None
    culprit: Callable[[JSON], bool] = lambda _: False
    codes: set[str] = field(default_factory=lambda: {"FRESH-CODE"})
    gate: str = "gate-2"
    clock_error: timedelta = timedelta()
    today: int = 1284
    pin: str = "4711"
    scans: dict[str, JSON] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)
    actions: list[tuple[str, str, JSON]] = field(default_factory=list)
    health: list[JSON] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    lookup: JSON | None = None

    def answer(self, method: str, path: str, body: JSON, bearer: str | None) -> tuple[int, JSON]:
        if (method, path) == ("POST", "devices"):
            return self.pair(body)
        if bearer != "Bearer device-token":
            return 401, {"error": {"status": 401, "message": "Unknown tablet."}}
        if (method, path) == ("PUT", "devices/self"):
            self.health.append(body)
            if "gate" in body and body["gate"] not in {gate["slug"] for gate in GATES}:
                return 400, {"error": {"status": 400, "message": "No such gate.", "place": "gate"}}
            return 200, {
                "device": self.device(),
                "event": EVENT,
                "gates": GATES,
                "gate_today": self.today,
                **self.time(),
            }
        if path == "look-up":
            self.looked_up.append(body["token"])
            nobody = {"reading": "unknown", "visitor": None, "badge": None, "scans": []}
            return 200, self.lookup or nobody
        if path == "scans":
            return self.take(body["scans"])
        _, scan, kind = path.split("/")
        return self.act(kind, scan, body)

    def pair(self, body: JSON) -> tuple[int, JSON]:
        if body["code"] not in self.codes:
            return 404, {"error": "code"}
        self.codes.discard(body["code"])
        return 201, {"token": "device-token", "device": self.device(), "event": EVENT, "gates": GATES, **self.time()}

    def take(self, scans: list[JSON]) -> tuple[int, JSON]:
        self.batches.append([scan["id"] for scan in scans])
        for index, scan in enumerate(scans):
            if self.culprit(scan):
                return 400, {"error": "id", "index": index}
        judgements = []
        for scan in scans:
            repeated = scan["id"] in self.scans
            assert not repeated or self.scans[scan["id"]] == scan, "a resend must be the very same scan"
            self.scans[scan["id"]] = scan
            said = {"reason": None, "check": None, "visitor": None, "badge": None, "first": None, "previous": None}
            judgements.append({**said, "id": scan["id"], "day": "2026-01-24", "repeated": repeated, **self.judge(scan)})
        self.today += sum(j["verdict"] == "admitted" for j in judgements)
        return 200, {"judgements": judgements, "gate_today": self.today, "revision": 7, **self.time()}

    def act(self, kind: str, scan: str, body: JSON) -> tuple[int, JSON]:
        if scan not in self.scans:
            return 404, {"error": {"status": 404, "message": "Not yet.", "reason": "not_yet"}}
        if kind == "override" and body["pin"] != self.pin:
            return 403, {"error": {"status": 403, "message": "This is not the supervisor's PIN.", "reason": "pin"}}
        self.actions.append((kind, scan, body))
        return 200, {"id": body["id"]}

    def device(self) -> JSON:
        return {"id": "d1", "name": "Tablet 1", "gate": self.gate, "direction": "in"}

    def time(self) -> JSON:
        now = datetime.now(UTC) + self.clock_error
        return {"server_time": now.isoformat(timespec="milliseconds"), "clock_ok": True}

    def tokens(self) -> list[str]:
        return [scan["token"] for scan in self.scans.values()]


@contextmanager
def serving(server: FakeServer) -> Iterator[FakeServer]:
    """Runs the server on a free port; `server.url` is its address."""
    handler = type("Bound", (_Handler,), {"fake": server})
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_port}"
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: ClassVar[FakeServer]
    protocol_version = "HTTP/1.1"
    lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        relative = path.removeprefix("/static").lstrip("/") + ("index.html" if path.endswith("/") else "")
        found = (STATIC / relative).resolve()
        if not (found.is_relative_to(STATIC) and found.is_file()):
            return self.send(404, b"", "text/plain")
        return self.send(200, found.read_bytes(), TYPES.get(found.suffix, "application/octet-stream"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = self.fake.trouble
        if trouble == "down":
            self.close_connection = True
            return None
        if trouble == "garbage":
            return self.send(200, b"<html>Sign in to the Wi-Fi</html>", "text/html")
        if isinstance(trouble, int):
            return self.send(trouble, b"{}", "application/json")
        with self.lock:
            status, answer = self.fake.answer(
                self.command, self.path.removeprefix("/api/v1/"), body, self.headers["Authorization"]
            )
        return self.send(status, json.dumps(answer).encode(), "application/json")

    def do_PUT(self) -> None:
        self.do_POST()

    def send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        pass
