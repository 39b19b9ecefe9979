"""The page of reports: downloads, closing a day, signed versions, and what has changed since."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from checkin import clock
from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.reports.tables import ReportRow
from checkin.webhooks.model import Topic
from tests.checkin.organise.people import hidden
from tests.checkin.reports.days import LATER, be_heard, let_in
from tests.checkin.staff.people import carry_session, make_staff
from tests.checkin.webhooks.hooks import add_webhook, deliveries
from tests.factories import make_device

PAGE = "/organise/reports"
CLOSE = f"{PAGE}/2026-01-24/close"
FORMS = ("pdf", "xlsx", "csv", "txt")


@pytest.fixture
def tablet(database: Database, event: Event) -> Device:
    """A tablet that let one visitor in."""
    with database.transaction() as session:
        _, device = make_device(session, event, name="Gate 1 <b>")
    let_in(database, event, device, country="AZ")
    return device


@pytest.fixture
def evening(client: FlaskClient, database: Database, tablet: Device) -> FlaskClient:
    """An organiser, half an hour after closing, and every tablet has been heard."""
    clock.shift(LATER - clock.machine_now())
    carry_session(client, database, make_staff(database))
    be_heard(database, tablet, at=clock.now())
    return client


def close(client: FlaskClient, **data: str) -> TestResponse:
    page = client.get(CLOSE).text
    told = {"csrf_token": hidden(page, "csrf_token"), "revision": hidden(page, "revision"), **data}
    return client.post(CLOSE, data=told)


def row(page: str, day: str) -> str:
    found = re.search(rf'data-day="{day}">(.*?)</tr>', page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize("day", ["2026-01-24", "all"])
@pytest.mark.parametrize("form", FORMS)
def test_each_day_and_all_of_them_can_be_downloaded_in_each_form(evening: FlaskClient, day: str, form: str) -> None:
    assert f'href="{PAGE}/{day}.{form}"' in evening.get(PAGE).text
    answer = evening.get(f"{PAGE}/{day}.{form}")
    assert 200 == answer.status_code
    assert f'attachment; filename="attendance-{day}.{form}"' == answer.headers["Content-Disposition"]
    starts = {"pdf": b"%PDF-", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "txt": b"Made in"}
    assert answer.data.startswith(starts[form])


def test_the_csv_of_a_day_is_what_is_on_the_board(evening: FlaskClient) -> None:
    answer = evening.get(f"{PAGE}/2026-01-24.csv")
    assert ("text/csv", "utf-8") == (answer.mimetype, answer.mimetype_params["charset"])
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    told = {(line[0], line[1]): line[2:] for line in rows}
    assert {5} == {len(line) for line in rows}
    assert ["Visitors", "1", "1"] == told["total", "visitors"]
    assert ["Gate 1 · Main gate", "1", "1"] == told["gate", "gate-1"]
    assert ["Azerbaijan", "1", ""] == told["country", "AZ"]
    assert "2026-01-24T10:30:00+05:00" == told["about", "last_scan"][0]


@pytest.mark.parametrize("path", ["2026-02-01.pdf", "x.csv", "2026-01-24.exe", "version/1.pdf", "version/4711.xlsx"])
def test_what_there_is_not_is_refused_with_clear_words(evening: FlaskClient, path: str) -> None:
    answer = evening.get(f"{PAGE}/{path}")
    assert answer.status_code in {400, 404}
    assert "2026-01-24" in answer.text or 404 == answer.status_code


def test_a_day_is_closed_after_a_question_and_its_files_stay_the_same(
    evening: FlaskClient, database: Database, event: Event, tablet: Device
) -> None:
    page = evening.get(PAGE).text
    assert "settled: it can be closed" in row(page, "2026-01-24")
    assert "not begun" in row(page, "2026-01-25")
    question = evening.get(CLOSE).text
    assert "Every tablet has been heard since it closed" in question
    assert 'name="reason"' not in question
    answer = close(evening)
    assert (303, PAGE) == (answer.status_code, answer.location)
    page = evening.get(PAGE).text
    assert "closed, version 1" in row(page, "2026-01-24")
    assert CLOSE not in page
    assert "Sana Iqbal" in page
    assert "holds" in page
    before = {form: evening.get(f"{PAGE}/version/1.{form}").data for form in FORMS}
    let_in(database, event, tablet)
    assert before == {form: evening.get(f"{PAGE}/version/1.{form}").data for form in FORMS}
    assert b"total,visitors,Visitors,2,2" in evening.get(f"{PAGE}/2026-01-24.csv").data


def test_whoever_wants_to_know_is_told_at_once_that_a_day_was_closed(
    evening: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("checkin.webhooks.tasks.enqueue", lambda _settings, kind, _job: woken.append(kind))
    webhook = add_webhook(database, "https://hooks.example.org/expo", [Topic.DAY_CLOSED])
    assert [] == deliveries(database, webhook.id)
    close(evening)
    (told,) = (json.loads(one.body)["data"] for one in deliveries(database, webhook.id))
    assert {"day": "2026-01-24", "revision": 1, "visitors": 1, "visits": 1, "entries": 1} == told
    assert ["webhook"] == woken


def test_the_list_says_by_how_much_figures_have_changed_and_offers_a_revision(
    evening: FlaskClient, database: Database, event: Event, tablet: Device
) -> None:
    close(evening)
    let_in(database, event, tablet)
    told = row(evening.get(PAGE).text, "2026-01-24")
    assert "Figures have changed since: Visitors \u2066+1 (1 → 2)\u2069 · Visits " in told
    assert "Sign a new version" in told
    assert "Visitors \u2066+1 (1 → 2)" in evening.get(CLOSE).text
    assert 303 == close(evening).status_code
    page = evening.get(PAGE).text
    assert "closed, version 2" in row(page, "2026-01-24")
    assert "data-changes" not in page
    assert ["2", "1"] == re.findall(r'data-version="(\d+)"', page)
    assert b"about,version,2" in evening.get(f"{PAGE}/version/2.csv").data


def test_a_tablet_that_owes_scans_is_named_and_closing_needs_a_reason(
    evening: FlaskClient, database: Database, tablet: Device
) -> None:
    be_heard(database, tablet, outbox=12, at=clock.now())
    assert "Gate 1 &lt;b&gt;\u2069 has owed 12 scans" in row(evening.get(PAGE).text, "2026-01-24")
    question = evening.get(CLOSE).text
    assert "Gate 1 &lt;b&gt;" in question
    assert "Close all the same" in question
    answer = close(evening, reason=" ")
    assert 422 == answer.status_code
    assert "Please write why" in answer.text
    assert 303 == close(evening, reason="Broken <i>").status_code
    page = evening.get(PAGE).text
    assert "Broken &lt;i&gt;" in page
    assert 422 == close_with_too_long_a_reason(evening)


def close_with_too_long_a_reason(client: FlaskClient) -> int:
    token = hidden(client.get("/organise/devices").text, "csrf_token")
    return client.post(CLOSE, data={"csrf_token": token, "revision": "2", "reason": "x" * 5000}).status_code


def test_what_somebody_else_closed_meanwhile_is_not_signed_again(
    evening: FlaskClient, database: Database, event: Event, tablet: Device
) -> None:
    page = evening.get(CLOSE).text
    stale = {"csrf_token": hidden(page, "csrf_token"), "revision": hidden(page, "revision")}
    close(evening)
    assert 409 == evening.post(CLOSE, data=stale).status_code  # nothing is new
    let_in(database, event, tablet)
    assert 303 == evening.post(CLOSE, data=stale).status_code  # they saw version 1, and it is taken
    page = evening.get(PAGE).text
    assert "Nothing was done: somebody closed it meanwhile" in page
    assert ["1"] == re.findall(r'data-version="(\d+)"', page)


def test_a_day_that_has_not_begun_cannot_be_closed(evening: FlaskClient) -> None:
    url = f"{PAGE}/2026-01-26/close"
    page = evening.get(url).text
    assert "It has not begun yet" in page
    assert "<form method" not in page.partition('id="main"')[2]
    token = hidden(evening.get("/organise/devices").text, "csrf_token")
    assert 409 == evening.post(url, data={"csrf_token": token, "revision": "1", "reason": "x"}).status_code


def test_a_spoilt_version_is_shown_as_such_and_not_handed_out(evening: FlaskClient, database: Database) -> None:
    close(evening)
    with database.transaction() as session:
        session.execute(update(ReportRow).values(signature="0" * 64))
    page = evening.get(PAGE).text
    assert "does not hold" in page
    assert "/version/1.pdf" not in page
    assert 409 == evening.get(f"{PAGE}/version/1.pdf").status_code
    with database.transaction() as session:
        session.execute(update(ReportRow).values(content="nothing"))
    assert "signed version no. 1 is no report any more" in evening.get(PAGE).text
    assert 409 == evening.get(f"{PAGE}/version/1.pdf").status_code


def test_it_reads_in_urdu(evening: FlaskClient) -> None:
    page = evening.get(f"{PAGE}?lang=ur").text
    assert 'dir="rtl"' in page
    assert "رپورٹیں" in page
    assert "یہ اعداد محفوظ" in evening.get(f"{CLOSE}?lang=ur").text
