"""`flask devices …`."""

from __future__ import annotations

import re

import zxingcpp
from flask import Flask
from PIL import Image

from checkin import clock
from checkin.database import Database
from checkin.devices import service
from checkin.devices.model import Health
from checkin.event.model import Event
from tests.factories import make_device


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["devices", *words])
    return done.exit_code, done.output


def read_blocks(text: str) -> str:
    """What a camera reads off a dark terminal: light modules are inked."""
    rows = [line for line in text.splitlines() if line and set(line) <= set("█▀▄ ")]
    light = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    width = max(len(row) for row in rows)
    picture = Image.new("L", (width, 2 * len(rows)), 255)
    for y, row in enumerate(rows):
        for x, block in enumerate(row.ljust(width)):
            for half in (0, 1):
                picture.putpixel((x, 2 * y + half), light[block][half])
    (found,) = zxingcpp.read_barcodes(picture.resize((width * 6, 12 * len(rows)), Image.Resampling.NEAREST))
    return str(found.text)


def test_pair_prints_a_link_that_pairs_and_its_qr(app: Flask, database: Database, event: Event) -> None:
    status, text = run(app, "pair", "Gate 1, tablet A", "--gate", "gate-1")
    assert 0 == status
    link = re.search(r"^http://127\.0\.0\.1:8000/gate/#pair=(\w+)$", text, re.MULTILINE)
    assert link is not None
    assert link[0] == read_blocks(text)
    assert "until 10:4" in text
    with database.transaction() as session:
        paired = service.pair(session, event, link[1], app="tests", now=clock.now())
    assert paired is not None
    assert ("Gate 1, tablet A", "gate-1") == (paired[1].name, paired[1].gate)


def test_an_unknown_gate_is_refused_and_the_gates_are_told(app: Flask) -> None:
    status, text = run(app, "pair", "Tablet", "--gate", "gate-9")
    assert 2 == status
    assert "gate-1, gate-2" in text


def test_a_name_must_be_one(app: Flask) -> None:
    assert 2 == run(app, "pair", "  ", "--gate", "gate-1")[0]
    assert 2 == run(app, "pair", "x" * 81, "--gate", "gate-1")[0]


def test_a_gate_or_a_spare_must_be_said(app: Flask) -> None:
    assert "say which gate, or --spare" in run(app, "pair", "Tablet")[1]
    assert "not both" in run(app, "pair", "Tablet", "--gate", "gate-1", "--spare")[1]


def test_pair_a_set_prints_one_code_for_all_of_it(app: Flask, database: Database, event: Event) -> None:
    status, text = run(app, "pair", "Tablet", "--spare", "--set", "2", "--hours", "3")
    assert 0 == status
    assert "It works for 2 tablets, until 13:3" in text
    link = re.search(r"#pair=(\w+)$", text, re.MULTILINE)
    assert link is not None
    with database.transaction() as session:
        found = [service.pair(session, event, link[1], app="tests", now=clock.now()) for _ in range(3)]
    assert [("Tablet 1", ""), ("Tablet 2", ""), None] == [one and (one[1].name, one[1].gate) for one in found]
    assert 2 == run(app, "pair", "Tablet", "--spare", "--set", "201")[0]
    assert 2 == run(app, "pair", "x" * 71, "--spare", "--set", "2")[0]


def test_list_says_what_needs_care(app: Flask, database: Database, event: Event) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event)
        health = Health(battery=0.4, outbox=7, app="2026.1", offset_ms=-130_000, roster_age_s=180)
        service.note_health(session, tablet, health, now=clock.now())
    text = run(app, "list")[1]
    for words in ("battery 40%", "owes 7 since 24 Jan 10:3", "CLOCK OFF by -130 s", "roster 3 min old", "app 2026.1"):
        assert words in text, words
    assert "NOT YET ERASED" not in text


def test_retire_as_lost_says_that_badges_carry_a_new_key(app: Flask, database: Database, event: Event) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event)
    status, text = run(app, "retire", str(tablet.id), "--lost")
    assert (0, True) == (status, "carry a new key" in text)
    text = run(app, "list")[1]
    assert "(lost)" in text
    assert "NOT YET ERASED: switch it on near the Wi-Fi once" in text


def test_list_tells_every_tablet_and_retire_ends_one(app: Flask, database: Database, event: Event) -> None:
    assert "No tablet is paired yet" in run(app, "list")[1]
    with database.transaction() as session:
        _, tablet = make_device(session, event, name="Gate 1, tablet A")
    assert "Gate 1, tablet A" in run(app, "list")[1]
    assert (0, "Gate 1, tablet A is retired.\n") == run(app, "retire", str(tablet.id))
    assert "retired" in run(app, "list")[1]
    status, text = run(app, "retire", "999")
    assert 2 == status
    assert "devices list" in text
