"""Serves static/ as the installation does, with a scripted API behind it: what the gate's tests talk to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from checkin.devices.shell import shell
from checkin.web import squeezed
from tests.gate import rosters

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
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
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
    gates: list[JSON] = field(default_factory=lambda: list(GATES))
    move: JSON | None = None  # {"number", "gate", "direction"}, until the tablet says that it heard
    clock_error: timedelta = timedelta()
    today: int = 1284
    pin: str = "4711"
    wrong_pins: int = 0
    scans: dict[str, JSON] = field(default_factory=dict)
    batches: list[list[str]] = field(default_factory=list)
    actions: list[tuple[str, str, JSON]] = field(default_factory=list)
    health: list[JSON] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    lookup: JSON | None = None
    roster: JSON = field(default_factory=rosters.roster)
    asked_rosters: list[str] = field(default_factory=list)
    retired: bool = False
    clock_ok: bool = True
    delay: float = 0.0  # seconds before a batch of scans is answered
    static: Path = STATIC
    # path → another status or content; 0 cuts it in half, -1 never answers
    instead: dict[str, int | bytes] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)
    fetched: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)  # path → bytes that went over the wire, headers included

    def answer(self, method: str, path: str, body: JSON, bearer: str | None) -> tuple[int, JSON]:
        if (method, path) == ("POST", "devices"):
            return self.pair(body)
        if bearer != "Bearer device-token":
            return 401, {"error": {"status": 401, "message": "Unknown tablet."}}
        if (method, path) == ("PUT", "devices/self"):
            self.health.append(body)
        if self.retired:
            return self.put_aside(path, body)
        if (method, path) == ("PUT", "devices/self"):
            if "gate" in body and body["gate"] not in {gate["slug"] for gate in self.gates}:
                return 400, {"error": {"status": 400, "message": "No such gate.", "place": "gate"}}
            if self.move is not None and body.get("moved") == self.move["number"]:
                self.move = None
            return 200, {
                "device": self.device(),
                "move": self.move,
                "event": EVENT,
                "gates": self.gates,
                "gate_today": self.today,
                **self.time(),
            }
        if path.startswith("roster?"):
            self.asked_rosters.append(path)
            return 200, {**self.roster, **self.time()}
        asked = {"devices/self/unlock": self.unlock, "look-up": self.look_up, "scans": self.take_all}
        if path in asked:
            return asked[path](body)
        _, scan, kind = path.split("/")
        return self.act(kind, scan, body)

    def pair(self, body: JSON) -> tuple[int, JSON]:
        if body["code"] not in self.codes:
            return 404, {"error": "code"}
        self.codes.discard(body["code"])
        return 201, {
            "token": "device-token",
            "device": self.device(),
            "event": EVENT,
            "gates": self.gates,
            **self.time(),
        }

    def put_aside(self, path: str, body: JSON) -> tuple[int, JSON]:
        """What a retired tablet is told: 403, and which scans are kept in quarantine."""
        if path != "scans":
            return 403, {"error": {"status": 403, "message": "Retired.", "reason": "retired"}}
        self.batches.append([scan["id"] for scan in body["scans"]])
        return 403, {"quarantined": self.batches[-1]}

    def unlock(self, body: JSON) -> tuple[int, JSON]:
        if body["pin"] == self.pin:
            return 200, {}
        self.wrong_pins += 1
        status = 403 if self.wrong_pins < 5 else 429
        return status, {"error": {"status": status, "message": "This is not the supervisor's PIN.", "reason": "pin"}}

    def look_up(self, body: JSON) -> tuple[int, JSON]:
        self.looked_up.append(body["token"])
        nobody = {"reading": "unknown", "visitor": None, "badge": None, "scans": []}
        return 200, self.lookup or nobody

    def take_all(self, body: JSON) -> tuple[int, JSON]:
        return self.take(body["scans"])

    def take(self, scans: list[JSON]) -> tuple[int, JSON]:
        self.batches.append([scan["id"] for scan in scans])
        for index, scan in enumerate(scans):
            if self.culprit(scan):
                return 400, {"error": "id", "index": index}
        judgements = []
        for scan in scans:
            repeated = scan["id"] in self.scans
            known = {**self.scans.get(scan["id"], scan)}
            assert {**known, "shown": None} == {**scan, "shown": None}, "a resend must be the very same scan"
            self.scans[scan["id"]] = {**known, **scan}
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
        return {"server_time": now.isoformat(timespec="milliseconds"), "clock_ok": self.clock_ok}

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
        server.closed.set()
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: ClassVar[FakeServer]
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece: two pieces wait 40 ms for each other
    disable_nagle_algorithm = True
    lock: ClassVar[threading.Lock] = threading.Lock()
    head: int = 0  # bytes of the answer's headers

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.fake.fetched.append(path)
        if path.startswith("/api/"):
            return self.do_POST()
        if path == "/gate/pack.json":
            return self.hand_out(path, shell(self.fake.static).pack, "application/json")
        relative = path.removeprefix("/static").lstrip("/") + ("index.html" if path.endswith("/") else "")
        found = (self.fake.static / relative).resolve()
        if not (found.is_relative_to(self.fake.static) and found.is_file()):
            return self.send(404, b"", "text/plain")
        content = shell(self.fake.static).script.encode() if path == "/gate/sw.js" else found.read_bytes()
        return self.hand_out(path, content, TYPES.get(found.suffix, "application/octet-stream"))

    def hand_out(self, path: str, content: bytes, kind: str) -> None:
        """A file, small on the wire as the installation sends it."""
        instead = self.fake.instead.get(path, 200)
        if instead == -1:
            self.close_connection = self.fake.closed.wait()
            return None
        if instead == 0:
            return self.cut(content)
        if isinstance(instead, bytes):
            return self.send(200, instead, "text/html")
        is_small = "gzip" in self.headers.get("Accept-Encoding", "") and not kind.startswith(("font/", "image/png"))
        return self.send(instead, squeezed(content) if is_small else content, kind, "gzip" if is_small else None)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        trouble = self.fake.trouble
        if trouble == "down":
            self.close_connection = True
            return None
        if trouble == "garbage":
            return self.send(200, b"<html>Sign in to the Wi-Fi</html>", "text/html")
        if isinstance(trouble, int):
            return self.send(trouble, b"{}", "application/json")
        if self.path.endswith("/scans"):
            time.sleep(self.fake.delay)
        with self.lock:
            status, answer = self.fake.answer(
                self.command, self.path.removeprefix("/api/v1/"), body, self.headers["Authorization"]
            )
        return self.send(status, json.dumps(answer).encode(), "application/json")

    def do_PUT(self) -> None:
        self.do_POST()

    def cut(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])
        self.close_connection = True

    def send(self, status: int, content: bytes, kind: str, encoding: str | None = None) -> None:
        self.head = len("HTTP/1.1 200 OK\r\n\r\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(content)
        self.fake.weights[self.path] = self.fake.weights.get(self.path, 0) + self.head + len(content)

    def send_header(self, keyword: str, value: str) -> None:
        self.head += len(f"{keyword}: {value}\r\n")
        super().send_header(keyword, value)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the parent's name
        pass
