"""The print room: look before printing, follow a run, say that it is printed."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from checkin import clock
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.journal.queries import latest
from checkin.launch.serve import site_of
from checkin.printruns import service, tasks
from checkin.printruns.model import Outcome, Run
from checkin.printruns.tables import PrintRunRow
from checkin.settings import Settings
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.printruns.runs import job_of, make_people, make_run, outcomes
from tests.checkin.staff.people import add_staff
from tests.factories import make_badge

ALL = {"which": "all", "category": "", "template": "a6", "sheet": "", "order": "name", "first": "1"}


@pytest.fixture(autouse=True)
def without_csrf(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


def draw(app: Flask, run: Run) -> None:
    while tasks.draw_some(site_of(app), run.job.id):
        pass


def runs(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(PrintRunRow)) or 0


def newest(database: Database) -> Run:
    with database.snapshot() as session:
        return service.latest_runs(session)[0]


def test_the_review_says_how_many_before_anything_is_made(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    make_people(database, event, 3)
    assert "Nothing was printed from here yet" in organiser.get("/organise/print").text
    answer = organiser.post("/organise/print", data=ALL | {"do": "review"})
    assert "Print 3 badges?" in answer.text
    assert "No badge is chosen by that" in organiser.post("/organise/print", data=ALL | {"category": "crew"}).text
    assert 0 == runs(database)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"which": "people"}, "Paste short codes, or find people and tick them."),
        ({"which": "people", "codes": "7K3M-9QXD-X"}, "Nobody has this code: 7K3M-9QXD-X"),
        ({"sheet": "a4-2x2", "first": "5"}, "This paper has 4 places."),
        ({"sheet": "a4-2x2", "template": "a4-fold"}, "is folded and fills a page of its own"),
        ({"template": "none"}, "Not a valid choice"),
        ({"which": "none"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_at_its_field_and_nothing_is_made(
    organiser: FlaskClient, database: Database, event: Event, change: dict[str, str], told: str
) -> None:
    make_people(database, event, 1)
    for address in ("/organise/print", "/organise/print/start"):
        answer = organiser.post(address, data=ALL | change)
        assert 422 == answer.status_code
        assert told in answer.text
    assert 0 == runs(database)


def test_people_are_found_by_name_ticked_and_printed_alone(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        ayesha, _ = make_badge(session, event, name="Ayesha Siddiqui"), make_badge(session, event, name="Bilal Khan")
    code = short_code(ayesha.number)
    found = organiser.post("/organise/print", data=ALL | {"do": "find", "words": "siddi"}).text
    assert f'name="person" value="{code}"' in found
    assert "Bilal" not in found
    chosen = ALL | {"which": "people", "person": [code]}
    kept = organiser.post("/organise/print", data=chosen | {"do": "find", "words": "nobody"}).text
    assert f'value="{code}" checked' in kept
    review = organiser.post("/organise/print", data=chosen).text
    assert "Print one badge?" in review
    assert "Ayesha Siddiqui" in review
    organiser.post("/organise/print/start", data=ALL | {"which": "people", "codes": code})
    assert 1 == newest(database).badges


def test_what_no_font_has_is_told_by_name(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_badge(session, event, name="Ayesha 𒀀")
    review = organiser.post("/organise/print", data=ALL).text
    assert "On one badge a character will be missing" in review
    assert "𒀀 (U+12000)" in review


def test_a_second_print_is_made_only_when_its_warning_was_read(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    make_people(database, event, 2)
    run = make_run(database, event)
    draw(app, run)
    organiser.post(f"/organise/print/{run.id}/printed")
    answer = organiser.post("/organise/print/start", data=ALL)
    assert "2 of them are marked printed already" in answer.text
    assert 1 == runs(database)
    assert 303 == organiser.post("/organise/print/start", data=ALL | {"again": "y"}).status_code
    assert 2 == runs(database)


def test_a_run_pauses_resumes_and_is_cancelled_after_a_question(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    make_people(database, event, 1)
    organiser.post("/organise/print/start", data=ALL)
    run = newest(database)
    at = f"/organise/print/{run.id}"
    organiser.post(f"{at}/pause")
    assert JobState.PAUSED is job_of(database, run).state
    organiser.post(f"{at}/resume")
    assert JobState.WAITING is job_of(database, run).state
    assert f"Cancel Print run {run.id}?" in organiser.get(f"{at}/cancel").text
    assert JobState.WAITING is job_of(database, run).state
    organiser.post(f"{at}/cancel")
    assert JobState.CANCELLED is job_of(database, run).state


def test_a_full_disk_is_told_with_what_to_do(organiser: FlaskClient, database: Database, event: Event) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    with database.transaction() as session:
        jobs.pause(session, run.job.id, now=clock.now(), note="disk full: No space left on device")
    for address in ("/organise/print", f"/organise/print/{run.id}"):
        assert "The disk is full. Free some space, then resume." in organiser.get(address).text


def test_files_are_fetched_as_they_become_ready_and_deleted_after_a_question(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 4)
    run = make_run(database, event, about=2)
    at = f"/organise/print/{run.id}"
    tasks.draw_some(site_of(app), run.job.id)
    part = organiser.get(f"{at}/part-1.pdf")
    assert part.data.startswith(b"%PDF")
    assert "no-store" == part.headers["Cache-Control"]
    assert f"filename=print-{run.id}-part-001.pdf" in part.headers["Content-Disposition"]
    part.close()
    assert 404 == organiser.get(f"{at}/part-2.pdf").status_code
    assert 5 == len(organiser.get(f"{at}/manifest.csv").text.splitlines())
    with database.snapshot() as session:
        taken = [entry.detail["file"] for entry in latest(session, 10) if entry.action == "print.export"]
    assert ["manifest.csv", "part-001.pdf"] == taken
    assert 404 == organiser.post(f"{at}/delete").status_code  # it is not over
    draw(app, run)
    assert f"Delete the files of Print run {run.id}?" in organiser.get(f"{at}/delete").text
    assert (settings.prints / str(run.id)).exists()
    organiser.post(f"{at}/delete")
    assert not (settings.prints / str(run.id)).exists()
    assert "The files are deleted." in organiser.get(at).text
    assert 404 == organiser.get(f"{at}/part-1.pdf").status_code


def test_marking_and_taking_back_are_said_with_their_count(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    make_people(database, event, 2)
    run = make_run(database, event)
    at = f"/organise/print/{run.id}"
    assert 404 == organiser.post(f"{at}/printed").status_code  # it is not over
    draw(app, run)
    assert "2 badges are marked printed." in organiser.post(f"{at}/printed", follow_redirects=True).text
    assert "No badge is chosen by that" in organiser.post("/organise/print", data=ALL | {"which": "unprinted"}).text
    assert "taken back from 2 badges." in organiser.post(f"{at}/not-printed", follow_redirects=True).text


def test_a_run_of_the_command_line_says_where_it_is_and_offers_no_files(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 1)
    run = make_run(database, event, folder=str(settings.instance / "elsewhere"))
    at = f"/organise/print/{run.id}"
    draw(app, run)
    assert str(settings.instance / "elsewhere") in organiser.get(at).text
    assert 404 == organiser.get(f"{at}/part-1.pdf").status_code
    assert 404 == organiser.post(f"{at}/delete").status_code
    assert (settings.instance / "elsewhere" / "part-001.pdf").exists()


def test_the_desk_sees_and_says_that_a_badge_is_printed(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
    at = f"/desk/people/{badge.visitor_id}"
    assert "not marked yet" in organiser.get(at).text
    assert 404 == organiser.post(f"{at}/printed", data={"issue": "7"}).status_code
    organiser.post(f"{at}/printed", data={"issue": "0"})
    shown = organiser.get(at).text
    assert "Sana Iqbal" in shown
    assert "Mark as printed" not in shown


def test_an_organiser_prints_from_the_choice_to_the_mark_in_the_browser(
    browser: Browser, url: str, app: Flask, database: Database, event: Event
) -> None:
    make_people(database, event, 3)
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    context = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)

    page.goto(f"{url}/organise/")
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.get_by_label("Short codes")).to_be_hidden()
    page.get_by_label("Only these people").check()
    expect(page.get_by_label("Short codes")).to_be_visible()
    page.get_by_label("Not printed yet").check()
    page.get_by_role("button", name="Look before printing").click()
    expect(page.get_by_role("heading", name="Print 3 badges?")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".state")).to_have_text("Waiting")
    page.get_by_role("button", name="Pause").focus()
    run = newest(database)
    draw(app, run)  # as a worker does
    expect(page.locator(".state")).to_have_text("Ready")  # by itself
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Part 1")).click()
    assert f"print-{run.id}-part-001.pdf" == download.value.suggested_filename
    page.get_by_role("button", name="These are printed").click()
    expect(page.get_by_text("3 badges are marked printed.")).to_be_visible()
    assert {Outcome.PRINTED: 3} == outcomes(database, run)
    page.wait_for_load_state("load")  # the style sheets are there
    assert 0 == page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert [] == faults


OWN_SHEET = """
[[sheet]]
name = "labels"
title = "Labels of the corner shop"
width = 210
height = 297
columns = 2
rows = 5
place = [90, 55]
left = 15
top = 11
"""


def test_an_organisers_own_sheet_is_offered_and_one_with_a_mistake_tells_its_mend(
    organiser: FlaskClient, settings: Settings, database: Database, event: Event
) -> None:
    make_people(database, event, 3)
    (settings.instance / "sheets.toml").write_text(OWN_SHEET, "utf-8")
    assert "Labels of the corner shop" in organiser.get("/organise/print").text
    chosen = ALL | {"template": "cr80", "sheet": "labels", "first": "10"}
    assert "Print 3 badges?" in organiser.post("/organise/print", data=chosen).text
    assert "This paper has 10 places" in organiser.post("/organise/print", data=chosen | {"first": "11"}).text

    (settings.instance / "sheets.toml").write_text(OWN_SHEET.replace("rows = 5", "rows = 9"), "utf-8")
    page = organiser.get("/organise/print").text
    assert "Labels of the corner shop" not in page
    assert "A4, four of A6" in page
    assert "Measure the sheet again" in page
