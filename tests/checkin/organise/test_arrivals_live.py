"""Arrivals in a browser: a real scan is told without loading the page again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor, token_of

from .signed_in import page

__all__ = ["page"]  # a fixture


@pytest.fixture
def tokens(database: Database, event: Event) -> list[str]:
    with database.transaction() as session:
        people = [
            make_visitor(session, name, category="delegate", group="Kenya") for name in ("Grace Wanjiku", "Otieno")
        ]
        return [token_of(event, make_badge(session, event, one)) for one in people]


def test_a_delegate_who_comes_through_a_gate_is_told_by_itself(
    page: Page, url: str, app: Flask, database: Database, event: Event, tokens: list[str]
) -> None:
    page.goto(f"{url}/organise/arrivals")
    page.get_by_label("Delegation").fill("Kenya")
    page.locator("form", has=page.get_by_label("Delegation")).get_by_role("button", name="Put on").click()
    expect(page.locator("#watch-list")).to_contain_text("0 of 2 here")
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard [0-3] s ago"))
    page.evaluate("window.isSamePage = true")
    page.get_by_role("button", name="Sound on arrival").click()
    expect(page.get_by_role("button", name="Sound on arrival")).to_have_attribute("aria-pressed", "true")
    tablet = Tablet(app, database, event, "gate-2")
    tablet.scan(make_item(tokens[0], DAY_ONE))
    expect(page.locator("#news")).to_have_text(
        re.compile("Grace Wanjiku, Kenya.? came in: Gate 2 · Parking gate, 10:30")
    )
    expect(page.locator("#watch-list")).to_contain_text("1 of 2 here")
    expect(page.locator("#awaited")).not_to_contain_text("Grace")
    tablet.scan(make_item(tokens[1], DAY_ONE.replace(minute=31)))
    expect(page.locator("#news")).to_have_text(re.compile("Otieno"))
    expect(page.locator("#news")).not_to_contain_text("Grace")
    expect(page.locator("#awaited")).to_contain_text("everyone on the list")
    assert page.evaluate("window.isSamePage")


def test_who_was_here_before_is_no_news_and_a_line_that_is_taken_off_comes_back(
    page: Page, url: str, app: Flask, database: Database, event: Event, tokens: list[str]
) -> None:
    tablet = Tablet(app, database, event)
    tablet.scan(make_item(tokens[0], DAY_ONE))
    for number in (1, 2):
        page.goto(f"{url}/organise/people/{number}")
        page.get_by_role("button", name="Put on the watch list").click()
        expect(page.get_by_role("button", name="Take off the watch list")).to_be_visible()
    page.goto(f"{url}/organise/arrivals")
    expect(page.locator("[data-arrival]")).to_have_count(1)
    expect(page.locator("#heard")).to_have_text(re.compile("live · heard"))
    expect(page.locator("#news")).to_be_empty()
    tablet.scan(make_item(tokens[1], DAY_ONE))
    expect(page.locator("#news")).to_contain_text("Otieno")
    expect(page.locator("#news")).not_to_contain_text("Grace")
    page.get_by_role("button", name="Take off the list: Grace Wanjiku").click()
    expect(page.locator("[data-arrival]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-arrival]")).to_have_count(2)
