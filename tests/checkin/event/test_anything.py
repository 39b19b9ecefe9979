"""Whatever stands in the file, the answer is an event or its mistakes, never another exception."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkin.event.load import event_of, load_event
from checkin.event.mistakes import EventFileError
from checkin.event.model import Event
from checkin.event.source import Source

EXAMPLE = tomllib.loads((Path(__file__).parents[3] / "instance" / "event.example.toml").read_text(encoding="utf-8"))
KEYS = sorted({key for rows in EXAMPLE.values() for row in (rows if isinstance(rows, list) else [rows]) for key in row})

leaves = (
    st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["hall", "in", "show", "#e2a829", "2026-01-24", "10:00", "Asia/Karachi", "http://[", "phone"])
    | st.dates()
    | st.times()
    | st.datetimes()
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner),
    max_leaves=6,
)

unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine


def judged(document: dict[str, Any]) -> None:
    source = Source(document)
    event = event_of(source)
    assert isinstance(event, Event) != bool(source.mistakes)
    str(EventFileError(Path("event.toml"), source.mistakes)).encode("utf-8")


@unhurried
@given(st.dictionaries(st.sampled_from(sorted(EXAMPLE)) | st.text(max_size=4), values, max_size=9))
def test_any_structure_is_judged(document: dict[str, Any]) -> None:
    judged(document)


@unhurried
@given(st.data())
def test_the_example_with_any_one_thing_changed_is_judged(data: st.DataObject) -> None:
    document = copy.deepcopy(EXAMPLE)
    table = data.draw(st.sampled_from(sorted(document)))
    rows = document[table] if isinstance(document[table], list) else [document[table]]
    data.draw(st.sampled_from(rows))[data.draw(st.sampled_from(KEYS))] = data.draw(values)

    judged(document)


@unhurried
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_without_an_event_are_told_as_mistakes(content: bytes) -> None:
    class File(type(Path())):  # type: ignore[misc]  # a path whose file is `content`
        def read_bytes(self) -> bytes:
            return content

    with pytest.raises(EventFileError) as caught:
        load_event(File("event.toml"))

    assert caught.value.mistakes
