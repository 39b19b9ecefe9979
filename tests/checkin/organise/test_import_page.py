"""Bringing in a list on the organisers' page."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from checkin import clock
from checkin.app import MOST_BYTES as MOST_ELSEWHERE
from checkin.database import Database
from checkin.event.model import Event
from checkin.imports import service, tasks
from checkin.imports.model import MOST_BYTES, Import, Stage
from checkin.imports.tables import ImportFileRow, ImportRowRow
from checkin.journal.queries import latest
from checkin.launch.serve import site_of
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from checkin.visitors.tables import VisitorRow
from tests.checkin.imports.lists import csv_of, people, person, xlsx_of
from tests.checkin.staff.people import add_staff, csrf_of
from tests.factories import make_badge

PAGE = "/organise/import"
AGREED = {"consent": "y"}


def bring(client: FlaskClient, content: bytes, name: str = "people.csv") -> TestResponse:
    """As a browser sends it; werkzeug's own form would leave a large one in a file that it never closes."""
    start = b'--cut\r\nContent-Disposition: form-data; name="'
    token = start + b'csrf_token"\r\n\r\n' + csrf_of(client, PAGE).encode()
    file = start + f'file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + content
    body = b"\r\n".join((token, file, b"--cut--\r\n"))
    return client.post(PAGE, data=body, content_type="multipart/form-data; boundary=cut")


def send(client: FlaskClient, address: str, **data: str) -> TestResponse:
    return client.post(address, data={"csrf_token": csrf_of(client, PAGE), **data})


def newest(database: Database) -> Import:
    with database.snapshot() as session:
        return service.latest_imports(session)[0]


def work(app: Flask) -> None:
    """Do what waits, as a worker does."""
    found = newest(site_of(app).database)
    assert found.job is not None
    task = tasks.run if found.stage is Stage.RUNNING else tasks.check
    while task(site_of(app), found.job.id):
        pass


def count(database: Database, table: type = VisitorRow) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def columns(**more: str) -> dict[str, str]:
    """The columns of `csv_of` as its page guesses them."""
    names = ("name", "category", "organisation", "phone", "email", "group")
    return {f"column-{place}": name for place, name in enumerate(names)} | AGREED | more


def reviewed(app: Flask, client: FlaskClient, content: bytes) -> str:
    """The address of an import that was looked at."""
    at = bring(client, content).headers["Location"]
    assert 303 == send(client, f"{at}/match", **columns()).status_code
    work(app)
    return at


def test_nobody_is_registered_before_the_list_was_looked_at_and_everybody_after(
    app: Flask, organiser: FlaskClient, database: Database
) -> None:
    at = reviewed(app, organiser, csv_of(*people(3)))
    assert "3 people will be registered." in organiser.get(at).text
    assert 0 == count(database)
    send(organiser, f"{at}/run")
    work(app)
    assert "3 people were registered." in organiser.get(at).text
    assert 3 == count(database)
    assert 0 == count(database, ImportRowRow) + count(database, ImportFileRow)


def test_columns_that_do_not_fit_are_told_and_nothing_is_looked_at(organiser: FlaskClient, database: Database) -> None:
    at = bring(organiser, csv_of(*people(1))).headers["Location"]
    answer = send(organiser, f"{at}/match", **{"column-3": "phone", "column-4": "phone"})
    assert 422 == answer.status_code
    told = ("Say which column is the full name.", "Say which column is the category", "for one column only", "agreed")
    assert [] == [words for words in told if words not in answer.text]
    assert Stage.MATCHING is newest(database).stage


def test_a_file_beyond_the_limit_of_other_pages_is_taken_and_one_beyond_its_own_is_told(
    organiser: FlaskClient, database: Database
) -> None:
    large = csv_of(*people(3)) + b"," * 100 + b"x" * 30_000 + b"\n"
    rows = b"".join(b"A %d,delegate,Firm,,,\n" % number for number in range(100_000, 190_000))[: MOST_ELSEWHERE + 50]
    assert 413 != bring(organiser, b"Name,Category,Company,Mobile,E-mail,Delegation\n" + rows).status_code
    before = count(database, ImportFileRow)
    assert 1 == before
    answer = bring(organiser, large * (MOST_BYTES // len(large) + 10))
    assert 413 == answer.status_code
    assert "This file is too large: at most 16 MB." in answer.text
    assert before == count(database, ImportFileRow)


def test_the_upload_needs_its_token_though_it_looks_after_it_itself(organiser: FlaskClient, database: Database) -> None:
    data = {"file": (io.BytesIO(csv_of(*people(1))), "people.csv")}
    answer = organiser.post(PAGE, data=data, content_type="multipart/form-data")
    assert 422 == answer.status_code
    assert 0 == count(database, ImportFileRow)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "This file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 32)) * 50, "This is no table that can be read."),
        (b"Name,Category\n", "nobody stands below them"),
        (b"PK\x03\x04nonsense", "This workbook is damaged."),
    ],
)
def test_a_file_that_cannot_be_taken_says_what_to_do(
    organiser: FlaskClient, database: Database, content: bytes, told: str
) -> None:
    answer = bring(organiser, content, "people.xlsx")
    assert 422 == answer.status_code
    assert told in answer.text
    assert 0 == count(database, ImportFileRow)


def test_mistakes_are_told_by_row_and_column_and_come_as_a_list_without_formulas(
    app: Flask, organiser: FlaskClient, database: Database
) -> None:
    at = reviewed(app, organiser, csv_of(person("Ayesha", "=1+1"), person("", "+923001234567"), *people(1)))
    page = organiser.get(at).text
    assert "Something is wrong in 2 lines" in page
    assert "D: Mobile" in page
    assert "This number cannot be dialled." in page
    lines = organiser.get(f"{at}/mistakes.csv").text.splitlines()
    assert lines[1].startswith("2,D: Mobile,'=1+1,\"This number cannot be dialled.")
    assert lines[2].startswith("3,A: Name,,Nothing stands here.")
    with database.snapshot() as session:
        assert "import.export" == latest(session, 1)[0].action
    send(organiser, f"{at}/run")
    work(app)
    assert "=1+1" not in organiser.get(f"{at}/mistakes.csv").text
    assert "D: Mobile" in organiser.get(f"{at}/mistakes.csv").text


def test_doubles_are_decided_one_by_one_and_all_of_a_kind_before_anything_runs(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        make_badge(session, event, name="Bilal Khan", phone="+923001112222", email="sana@example.com")
    rows = (
        person("B. Khan", "0300 1112222"),
        person("Bilal K.", "0300 111 2222"),
        person("Sana", email="sana@example.com"),
        *people(1),
    )
    at = reviewed(app, organiser, csv_of(*rows))
    page = organiser.get(at).text
    assert "Of 3 lines you have to decide" in page
    assert "Bilal Khan" in page
    assert "Register one person" not in page
    with database.snapshot() as session:
        assert "import.view" == latest(session, 1)[0].action
    send(organiser, f"{at}/run")
    assert Stage.REVIEW is newest(database).stage
    send(organiser, f"{at}/decide", all="phone:skip")
    send(organiser, f"{at}/decide", **{"double-2": "register", "double-3": "skip", "double-x": "skip"})
    assert "Register 2 people" in organiser.get(at).text
    send(organiser, f"{at}/run")
    work(app)
    assert "2 people were registered." in organiser.get(at).text
    assert 3 == count(database)


def test_a_wrong_encoding_is_corrected_on_the_page(organiser: FlaskClient) -> None:
    at = bring(organiser, csv_of(("Señor Peña", "delegate"), headings=("Name", "Category"), encoding="cp1252")).headers[
        "Location"
    ]
    assert "Señor Peña" in organiser.get(at).text
    page = send(organiser, f"{at}/match", do="read", encoding="cp1256").text
    assert "Señor" not in page
    assert re.search(r'value="cp1256" selected', page)


def test_an_import_is_paused_resumed_and_discarded_after_a_question_and_leaves_no_file(
    app: Flask, organiser: FlaskClient, database: Database
) -> None:
    at = reviewed(app, organiser, csv_of(*people(150)))
    send(organiser, f"{at}/run")
    send(organiser, f"{at}/pause")
    work(app)
    assert 0 == count(database)
    send(organiser, f"{at}/resume")
    assert "Discard Import" in organiser.get(f"{at}/discard").text
    send(organiser, f"{at}/discard")
    work(app)
    assert Stage.DISCARDED is newest(database).stage
    assert 0 == count(database) + count(database, ImportRowRow) + count(database, ImportFileRow)


def test_whoever_comes_second_is_shown_how_it_is_now(app: Flask, organiser: FlaskClient, database: Database) -> None:
    at = reviewed(app, organiser, csv_of(*people(1)))
    for _ in range(2):
        assert 303 == send(organiser, f"{at}/run").status_code
    work(app)
    for late in ("decide", "again", "run", "discard", "match"):
        assert send(organiser, f"{at}/{late}", **columns()).status_code in {303, 404}
    assert 1 == count(database)
    assert 404 == organiser.get(f"{PAGE}/999").status_code


def test_an_organiser_brings_in_a_list_in_the_browser(
    browser: Browser, url: str, app: Flask, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
        make_badge(session, event, name="Bilal Khan", phone="+923001112222")
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    headings = ("Person in charge", "Category", "Company", "Mobile", "E-mail", "Delegation")
    rows = (
        person("Leyla Aliyeva", "+994501234567", company="Caspian Trade", group="Azerbaijan"),
        person("Rashad Mammadov", company="Caspian Trade", group="Azerbaijan"),
        person("Bilal Khan", "0300 1112222"),
        person("Sana", "12"),
    )

    page.goto(f"{url}/organise/")
    page.get_by_role("link", name="Import", exact=True).click()
    file = {"name": "guests.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx_of(*rows, headings=headings)}
    page.get_by_label("The list").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("Person in charge").select_option(label="Full name")
    page.get_by_label("These people were asked").check()
    page.get_by_role("button", name="Look at every line").click()
    expect(page.locator(".state")).to_have_text("Is being looked at")
    work(app)
    expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible()  # by itself
    expect(page.locator("#mistakes")).to_contain_text("D: Mobile")
    with page.expect_download() as download:
        page.get_by_role("link", name="All mistakes (CSV)").click()
    assert re.fullmatch(r"import-\d+-mistakes\.csv", download.value.suggested_filename)
    expect(page.locator("#doubles")).to_contain_text("the phone")
    page.locator("#doubles").get_by_label("Leave out").check()
    page.get_by_role("button", name="Keep these decisions").click()
    page.get_by_role("button", name="Register 2 people").click()
    expect(page.locator(".state")).to_have_text("Is being registered")
    work(app)
    expect(page.get_by_text("2 people were registered.")).to_be_visible()  # by itself
    page.get_by_role("link", name="Find one of them").click()
    page.locator("input[name=words]").fill("Leyla")
    page.locator("input[name=words]").press("Enter")
    expect(page.get_by_text("Leyla Aliyeva")).to_be_visible()
    assert 0 == page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert [] == faults
