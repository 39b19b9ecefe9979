"""An organiser merges two people and separates them again in a real browser: both languages, phone and desk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from checkin.database import Database
from tests.checkin.organise.test_badge_page import assert_readable

from .one_person import details
from .people import PEOPLE
from .test_people_pages import context
from .two_people import MERGE, two

__all__ = ["context", "two"]  # fixtures


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("language", ["en", "ur"])
def test_an_organiser_merges_two_separates_them_and_sets_days(
    page: Page, url: str, database: Database, language: str
) -> None:
    page.goto(f"{url}{PEOPLE}?lang={language}")
    assert_readable(page)
    for box in page.locator("input[form=compare]").all():
        box.check()
    page.locator("#compare button").click()
    expect(page).to_have_url(re.compile(rf"{MERGE}$"))
    assert_readable(page)
    page.locator('input[name="keep-name"][value="kept"]').check()
    page.locator("#reason").fill("same phone")
    go_on = page.locator("form[novalidate] button[type=submit]")
    go_on.click()
    expect(page.locator(".picked").first).to_be_visible()
    assert_readable(page)
    go_on.click()
    expect(page).to_have_url(re.compile(r"/merges/1$"))
    assert_readable(page)
    page.locator('a.button[href$="/people/1"]').click()
    expect(page.locator("#scans tbody tr")).to_have_count(2)
    assert_readable(page)
    page.locator('a[href$="/merges/1"]').click()
    page.locator('form[action$="/separate"] button').click()
    expect(page.locator(".notice.good")).to_be_visible()
    assert "Ayesha Siddiqui" == details(database).name
    page.goto(f"{url}{PEOPLE}/2/double")
    assert_readable(page)
    page.goto(f"{url}{PEOPLE}/2/days")
    assert_readable(page)
    page.locator('input[name="days"]').first.check()
    go_on.click()
    expect(page.locator(".notice.good")).to_be_visible()
    assert 1 == len(details(database, 2).days)
