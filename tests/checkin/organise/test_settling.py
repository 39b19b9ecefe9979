"""Discrepancies in a browser: one is looked at, settled with a note, found again, and opened once more."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect

from checkin.database import Database
from checkin.event.model import Event
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_item

from .signed_in import page

__all__ = ["page"]  # a fixture


def test_what_a_gate_showed_wrongly_is_settled_found_and_opened_again(
    page: Page, url: str, app: Flask, database: Database, event: Event
) -> None:
    shown = {"verdict": "admitted", "reason": None, "confirmed": False}
    Tablet(app, database, event).scan(make_item("FORGED", DAY_ONE, shown=shown))
    page.goto(f"{url}/organise/discrepancies")
    part = page.locator("#shown")
    expect(part.get_by_role("heading")).to_contain_text("something else than what holds 1")
    part.locator("summary").click()
    part.get_by_role("button", name="Settle").click()
    expect(part.get_by_label("What was it?")).to_be_focused()  # the browser itself asks for the note
    part.get_by_label("What was it?").fill("A poster, held into the camera")
    part.get_by_role("button", name="Settle").click()
    expect(page.locator(".settled-now")).to_contain_text("Settled.")
    expect(part).to_have_count(0)
    page.get_by_label("State").select_option(label="Settled")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(part).to_contain_text("A poster, held into the camera")
    part.get_by_role("button", name="Open again").click()
    page.get_by_role("link", name="Show everything that is open").click()
    expect(part.locator("tbody tr")).to_have_count(1)
