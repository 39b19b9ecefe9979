"""`flask devices …`."""

from __future__ import annotations

import re

import zxingcpp
from flask import Flask
from PIL import Image

from checkin import clock
from checkin.database import Database
from checkin.devices import service
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
