"""Counts of one and of five million scans: how long they take, what the plain way takes, and what a live board costs.

The scans are written by SQL past the judge: three days, twelve gates, two zones; each visitor enters, leaves, enters
again, sees the pavilion and comes back the next day, in an order that scatters everyone over the table.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from checkin import clock
from checkin.admission.tables import RecountRow
from checkin.app import create_app
from checkin.attendance import queries, tallies
from checkin.attendance.groupings import Groupings
from checkin.attendance.policy import scope_of
from checkin.attendance.views import LASTS
from checkin.database import Database
from checkin.launch.serve import site_of
from checkin.migrations.upgrade import upgrade
from checkin.settings import ROOT, Settings
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.bench import board
from tests.bench.table import Line
from tests.checkin.staff.people import add_staff

MANY, FEW = 5_000_000, 1_000_000
ROUNDS = 5  # scans of a visitor
SCALE = "BENCH_ATTENDANCE_SCALE"  # a twentieth is enough to see whether the bench itself works
DAY = "2026-01-24"
LIVE = 2_000

_GATE = """
[[gate]]
slug = "gate-{n}"
name = "Gate {n}"
zone = "{zone}"
direction = "{direction}"
"""
_GATES = [(n, "women" if n in {11, 12} else "expo", "both" if n in {11, 12} else "in") for n in range(7, 13)]
# Round, day, minutes after opening, gates, direction, zone, verdict: what each visitor does one after the other.
_ROUND = """
INSERT INTO scan (id, device_id, received_at, scanned_at, sent, clock, source, gate, direction, day, zone,
                  visitor_id, number, issue, told_issue, verdict, reason, message, shown_verdict, shown_confirmed)
WITH RECURSIVE place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < :people),
who AS (SELECT i, (i * 7919) % :people + 1 AS v FROM place),
scan AS (
    SELECT i, v, date('2026-01-24', '+' || min(2, v % 3 + :later) || ' days') AS d,
           :minutes + (v * 31) % 90 AS m, CASE WHEN (v * 13) % 29 = 0 THEN 'refused' ELSE :verdict END AS said,
           :gate + (v * 17) % :gates AS g, (v * 29) % 997 = 0 AND :round = 2 AS is_nobody
    FROM who
)
SELECT printf('%08x-0000-4000-8000-%012x', :round, i), g, at, at, '{}', 'sure', 'camera', 'gate-' || g, :direction, d,
       :zone, iif(is_nobody, NULL, v), v, 0, 0, said, iif(said = 'refused', 'revoked', NULL), '',
       iif((v * 19) % 211 = 0, 're-entry', NULL), 0
FROM (SELECT *, datetime(d, '+' || (300 + m) || ' minutes') || '.000000' AS at FROM scan)
"""
_WAYS = (
    {"later": 0, "minutes": 0, "gate": 1, "gates": 3, "direction": "in", "zone": "expo", "verdict": "admitted"},
    {"later": 0, "minutes": 100, "gate": 4, "gates": 1, "direction": "out", "zone": "expo", "verdict": "left"},
    {"later": 0, "minutes": 200, "gate": 7, "gates": 4, "direction": "in", "zone": "expo", "verdict": "re-entry"},
    {"later": 0, "minutes": 300, "gate": 11, "gates": 2, "direction": "in", "zone": "women", "verdict": "admitted"},
    {"later": 1, "minutes": 320, "gate": 1, "gates": 3, "direction": "in", "zone": "expo", "verdict": "admitted"},
)
_PEOPLE = """
INSERT INTO visitor (id, registered_at, consented_at, source, link_version, name, name_ur, organisation, designation,
                     category, country, city, phone, email, gender, cluster, stand, days, language, "group",
                     consent_exhibitors, consent_news, consent_photo)
WITH RECURSIVE person(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM person WHERE v < :people)
SELECT v, '2026-01-01 05:00:00.000000', '2026-01-01 05:00:00.000000', 'import', 0, 'Visitor ' || v, '', '', '',
       CASE WHEN v % 10 < 5 THEN 'trade-visitor' WHEN v % 10 < 8 THEN 'general-visitor' WHEN v % 10 = 8 THEN 'exhibitor'
            ELSE 'delegate' END,
       CASE WHEN v % 4 THEN 'PK' ELSE substr('AZKEMYTRAEGBDECNUSIR', 1 + 2 * (v % 10), 2) END,
       '', '', '', 'undisclosed', '', '', '', 'en', '', 0, 0, 0
FROM person
"""
_SECTORS = """
INSERT INTO visitor_sector SELECT id, CASE id % 3 WHEN 0 THEN 'textiles' WHEN 1 THEN 'cutlery' ELSE 'leather-goods' END
FROM visitor WHERE id % 4
"""
_ADMISSIONS = """
INSERT INTO admission (visitor_id, day, zone, at, scan_id, gate)
SELECT visitor_id, day, zone, min(scanned_at), id, gate FROM scan
WHERE visitor_id IS NOT NULL AND direction = 'in' AND verdict IN ('admitted', 're-entry') GROUP BY 1, 2, 3
"""
# What new scans leave behind: themselves, and a note each.
_LIVE = """
INSERT INTO scan SELECT printf('%08x-0000-4000-8000-%012x', 9, visitor_id), * FROM (SELECT {columns}
FROM scan WHERE rowid % :step = 0 AND visitor_id IS NOT NULL GROUP BY visitor_id LIMIT :live)
"""
_NOTES = "INSERT INTO recount (visitor_id) SELECT visitor_id FROM scan WHERE id >= '00000009' AND id < '0000000a'"


def measure(folder: Path) -> Iterator[Line]:
    scale = float(os.environ.get(SCALE, "1"))
    few, many = (_Hall(folder, int(scans * scale)) for scans in (FEW, MANY))
    try:
        yield from few.counted_anew()
        fast_few = few.figures()
        plain = few.plain()
        told = f"attendance of {few.told} scans, counted anew for an answer, median"
        yield Line(told, fast_few, "ms", None, ("GROUP BYs over the scans", plain))
        yield from board.painted(few.instance, few.told, few.session())
        few.close()
        yield from many.counted_anew()
        fast_many = many.figures()
        yield Line(
            f"attendance of {many.told} scans, counted anew for an answer, median",
            fast_many,
            "ms",
            fast_few * 1.5,
            (f"{few.told} scans", fast_few),
        )
        yield from many.polled()
        yield from many.live()
    finally:
        few.close()
        many.close()


class _Hall:
    """An installation with so many scans that nobody has counted yet."""

    def __init__(self, folder: Path, scans: int) -> None:
        self.scans, self.told = scans, f"{scans / 1e6:g} million" if scans >= FEW else f"{scans:,}"
        self.instance = folder / f"attendance-{scans}"
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        if self._app is None:
            self.instance.mkdir()
            example = (ROOT / "instance" / "event.example.toml").read_text("utf-8")
            gates = "".join(_GATE.format(n=n, zone=zone, direction=direction) for n, zone, direction in _GATES)
            (self.instance / "event.toml").write_text(example + gates, "utf-8")
            self._app = create_app(Settings.load({"CHECKIN_INSTANCE": str(self.instance)}))
            self._app.testing = True  # no counting in the background: what is measured is what is asked for
            upgrade(self.database)
            _fill(self.instance / "checkin.sqlite3", self.scans // ROUNDS)
        return self._app

    @property
    def database(self) -> Database:
        return site_of(self.app).database

    def close(self) -> None:
        if self._app is not None:
            self.database.close()
            self._app = None
            shutil.rmtree(self.instance)

    def counted_anew(self) -> Iterator[Line]:
        runner = self.app.test_cli_runner()
        began = time.perf_counter()
        done = runner.invoke(args=["attendance", "rebuild"])
        took = time.perf_counter() - began
        if done.exit_code or "admissions mended: 0." not in done.output:
            raise RuntimeError(done.output)
        yield Line(f"`attendance rebuild` of {self.told} scans", took, "s")

    def figures(self) -> float:
        """Of an answer, each counted anew; the first ones warm up."""
        self.app.config[LASTS] = 0
        client = self._organiser()
        addresses = (f"/api/v1/attendance?day={DAY}", "/api/v1/attendance")
        return statistics.median(_ms(lambda at=at: client.get(addresses[at % 2])) for at in range(60))  # type: ignore[misc]

    def plain(self) -> float:
        """Of the same figures, by the facts alone; they must be the same."""
        event = site_of(self.app).event
        with self.database.snapshot() as session:
            scopes = [scope_of(event, None if day is None else event.show_days[0].date) for day in (DAY, None)]
            found: list[object] = []
            took = [_ms(lambda scope=scope: found.append(Groupings(session, event).read(scope))) for scope in scopes]  # type: ignore[misc]
            if found != [queries.read(session, event, scope)[0] for scope in scopes]:
                raise RuntimeError("the sums differ from the scans")
        return statistics.mean(took)

    def polled(self) -> Iterator[Line]:
        """A board that asks with its tag, while nothing but the time changes."""
        self.app.config[LASTS] = 1
        client = self._organiser()
        path = f"/api/v1/attendance?day={DAY}"
        tag = {"If-None-Match": client.get(path).headers["ETag"]}
        if client.get(path, headers=tag).status_code != 304:
            raise RuntimeError("no 304")
        began = time.process_time()
        for _ in range(500):
            client.get(path, headers=tag)
        cpu = (time.process_time() - began) / 500 * 1000
        began = time.process_time()
        for _ in range(500):
            client.get("/healthz")
        nothing = (time.process_time() - began) / 500 * 1000
        told = f"an unchanged board of {self.told} scans (304), processor time"
        yield Line(told, cpu, "ms", 1, ("`/healthz`, which asks nothing", nothing))
        warm = statistics.median(_ms(lambda: client.get(path)) for _ in range(200))
        yield Line(f"attendance JSON of {self.told} scans, warm, median", warm, "ms", 15)

    def live(self) -> Iterator[Line]:
        """New scans of many different people, counted as they are while gates run."""
        _add_live(self.instance / "checkin.sqlite3", self.scans)
        event, times = site_of(self.app).event, []
        with self.database.snapshot() as session:
            waiting = session.scalar(select(func.count()).select_from(RecountRow)) or 0
        began, is_more = time.process_time(), True
        while is_more:
            start = time.process_time()
            with self.database.transaction() as session:
                is_more = tallies.count_some(session, event, clock.now()).is_more
            times.append((time.process_time() - start) * 1000)
        cpu = (time.process_time() - began) / waiting * 1e6
        yield Line(f"counting of a new scan among {self.told}, processor time", cpu, "µs")
        told = f"one transaction of {tallies.MOST} such scans, processor time, median"
        yield Line(told, statistics.median(times), "ms")

    def _organiser(self) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIE, self.session())
        return client

    def session(self) -> str:
        """Of an organiser who is signed in."""
        with self.database.transaction() as session:
            person = add_staff(session, f"bench{time.perf_counter_ns()}@example.com")
            return staff.open_session(session, person, clock.now())


def _fill(path: Path, people: int) -> None:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA synchronous=OFF")
        indexes = base.execute(
            "SELECT name, sql FROM sqlite_master "
            "WHERE type = 'index' AND tbl_name IN ('scan', 'visitor') AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            base.execute(f"DROP INDEX {name}")
        base.execute(_PEOPLE, {"people": people})
        base.execute(_SECTORS)
        devices = [(n, f"hash {n}", f"Tablet {n}", f"gate-{n}") for n in range(1, 13)]
        base.executemany(
            "INSERT INTO device (id, token_hash, name, kind, gate, direction, paired_at, app) "
            "VALUES (?, ?, ?, 'gate', ?, 'in', '2026-01-23 05:00:00.000000', '')",
            devices,
        )
        for number, way in enumerate(_WAYS):
            base.execute(_ROUND, way | {"round": number, "people": people})
        for _, sql in indexes:
            base.execute(sql)
        base.execute(_ADMISSIONS)
    base.close()


def _add_live(path: Path, scans: int) -> None:
    with sqlite3.connect(path) as base:
        columns = [row[1] for row in base.execute("PRAGMA table_info(scan)")][1:]
        told = ", ".join(f'"{name}"' for name in columns)
        base.execute(_LIVE.format(columns=told), {"step": max(1, scans // LIVE // 2), "live": LIVE})
        base.execute(_NOTES)
    base.close()


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
