"""Late scans: those that a retired tablet still sent, and those that a tablet saved as a file."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from checkin import clock
from checkin.admission.tables import AdmissionRow, ScanRow, UndoRow
from checkin.app import MOST_BYTES
from checkin.database import Database
from checkin.devices import service
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet, count
from tests.checkin.staff.people import csrf_of
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, token_of

PAGE = "/organise/devices"


@pytest.fixture
def token(database: Database, event: Event) -> str:
    with database.transaction() as session:
        return token_of(event, make_badge(session, event))


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)


@pytest.fixture
def waiting(tablet: Tablet, database: Database, token: str) -> Tablet:
    """A retired tablet, two of whose scans wait."""
    with database.transaction() as session:
        service.retire(session, tablet.device.id, now=clock.now(), by="tests")
    items = [make_item(token, DAY_ONE - timedelta(minutes=minutes)) for minutes in (30, 5)]
    assert 403 == tablet.post("scans", scans=items).status_code
    return tablet


def outbox(event: Event, tablet: Tablet, *scans: object, **changed: Any) -> dict[str, Any]:
    """The file that a tablet saves."""
    device = {"id": tablet.device.id, "name": tablet.device.name}
    made = {"format": "checkin-outbox", "version": 1, "event": event.slug, "device": device, "actions": []}
    return {**made, "saved_at": DAY_ONE.isoformat(), "scans": list(scans), **changed}


def bring(client: FlaskClient, content: bytes | None) -> TestResponse:
    file = {} if content is None else {"file": (io.BytesIO(content), "outbox.json")}
    data = {"csrf_token": csrf_of(client, PAGE), **file}
    return client.post(f"{PAGE}/outbox", data=data, content_type="multipart/form-data", follow_redirects=True)


def test_what_waits_is_listed_and_released_scans_count_as_if_they_had_come_in_time(
    organiser: FlaskClient, waiting: Tablet, database: Database
) -> None:
    page = organiser.get(PAGE).text
    assert "Late scans of retired tablets" in page
    assert "2 scans, the first since 10:3" in page
    path = f"{PAGE}/{waiting.device.id}/quarantine/release"
    data = {"csrf_token": csrf_of(organiser, PAGE)}
    page = organiser.post(path, data=data, follow_redirects=True).text
    assert "2 scans stored" in page
    assert "Late scans of retired tablets" not in page
    with database.snapshot() as session:
        assert ["admitted", "re-entry"] == list(session.scalars(select(ScanRow.verdict).order_by(ScanRow.scanned_at)))
    assert "0 scans stored" in organiser.post(path, data=data, follow_redirects=True).text
    assert (2, 1) == (count(database, ScanRow), count(database, AdmissionRow))


def test_discarding_asks_first_and_then_nothing_counts(
    organiser: FlaskClient, waiting: Tablet, database: Database
) -> None:
    path = f"{PAGE}/{waiting.device.id}/quarantine/discard"
    assert f'href="{path}"' in organiser.get(PAGE).text
    asked = organiser.get(path).text
    assert "2 scans will never count. This cannot be undone." in asked
    page = organiser.post(path, data={"csrf_token": csrf_of(organiser, path)}, follow_redirects=True).text
    assert "2 scans were discarded." in page
    assert "Late scans of retired tablets" not in page
    assert 0 == count(database, ScanRow)
    assert 404 == organiser.get(path).status_code


def test_a_tablet_that_is_none_is_404(organiser: FlaskClient) -> None:
    assert 404 == organiser.get(f"{PAGE}/999/quarantine/discard").status_code
    data = {"csrf_token": csrf_of(organiser, PAGE)}
    assert 404 == organiser.post(f"{PAGE}/999/quarantine/release", data=data).status_code


def test_a_file_is_taken_in_once_and_the_page_says_what_became_of_it(
    organiser: FlaskClient, tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    known, fresh = (make_item(token, DAY_ONE - timedelta(minutes=minutes)) for minutes in (20, 10))
    tablet.scan(known)
    undo = {"kind": "undo", "id": str(uuid.uuid4()), "scan": fresh["id"], "at": DAY_ONE.isoformat(), "reason": ""}
    file = outbox(event, tablet, known, fresh, {"id": "nonsense"}, actions=[undo])
    page = bring(organiser, json.dumps(file).encode()).text
    assert "one scan stored · one known already · one correction done · one refused, it cannot be used" in page
    assert (2, 1) == (count(database, ScanRow), count(database, UndoRow))
    changed = outbox(event, tablet, known | {"token": "another"}, fresh)
    page = bring(organiser, json.dumps(changed).encode()).text
    assert "0 scans stored · one known already · one known with other content, kept aside" in page
    assert 2 == count(database, ScanRow)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "something else"}, "no file of a tablet’s scans"),
        ({"version": 2}, "no file of a tablet’s scans"),
        ({"event": "another-expo"}, "belongs to another event"),
        ({"device": {"id": 999, "name": "Tablet"}}, "was never paired here"),
        ({"device": {"id": 1, "name": "Another's"}}, "was never paired here"),
        ({"scans": "none"}, "no file of a tablet’s scans"),
    ],
)
def test_a_file_that_cannot_be_taken_in_is_refused_whole_with_the_reason(
    organiser: FlaskClient, tablet: Tablet, database: Database, event: Event, token: str, change: Any, words: str
) -> None:
    file = outbox(event, tablet, make_item(token, DAY_ONE)) | change
    answer = bring(organiser, json.dumps(file).encode())
    assert (422, True) == (answer.status_code, words in answer.text)
    assert 0 == count(database, ScanRow)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\xff\xfe\x00", b"[]", b"[" * 100_000, b'{"format": "checkin-outbox"}']
)
def test_what_is_no_outbox_file_is_refused(organiser: FlaskClient, content: bytes) -> None:
    answer = bring(organiser, content)
    assert (422, True) == (answer.status_code, "no file of a tablet’s scans" in answer.text)


def test_no_file_and_a_file_beyond_the_limit_are_refused(organiser: FlaskClient) -> None:
    assert "Please choose the file first." in bring(organiser, None).text
    large = organiser.post(
        f"{PAGE}/outbox", data=b" " * (MOST_BYTES + 1), content_type="multipart/form-data; boundary=x"
    )
    assert (413, True) == (large.status_code, "too large" in large.text)


def test_the_command_takes_a_file_in_and_says_what_became_of_it(
    app: Flask, tablet: Tablet, database: Database, event: Event, token: str, tmp_path: Path
) -> None:
    path = tmp_path / "outbox.json"
    path.write_text(json.dumps(outbox(event, tablet, make_item(token, DAY_ONE))), "utf-8")
    run = app.test_cli_runner().invoke
    done = run(args=["devices", "take-in", str(path)])
    assert (0, True) == (done.exit_code, "1 stored, 0 known already, 0 in conflict" in done.output)
    assert "0 stored, 1 known already" in run(args=["devices", "take-in", str(path)]).output
    path.write_text(json.dumps(outbox(event, tablet, {"id": "nonsense"})), "utf-8")
    assert 1 == run(args=["devices", "take-in", str(path)]).exit_code
    path.write_text("hello", "utf-8")
    refused = run(args=["devices", "take-in", str(path)])
    assert (2, True) == (refused.exit_code, "no outbox file" in refused.output)
    assert 2 == run(args=["devices", "take-in", str(tmp_path / "missing.json")]).exit_code
    assert 1 == count(database, ScanRow)
