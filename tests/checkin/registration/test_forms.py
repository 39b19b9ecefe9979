from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from checkin.event.model import Event, Register
from checkin.registration.forms import VisitorForm, sections, visitor_form
from checkin.visitors.model import Details, Gender

GOOD = {"name": "Ayesha Siddiqui", "category": "trade", "phone": "0300 1234567", "consent": "y"}


@pytest.fixture
def app(app: Flask) -> Flask:
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def read(app: Flask, event: Event, data: dict[str, object], *, at_desk: bool = False) -> tuple[VisitorForm, bool]:
    with app.test_request_context("/register?lang=en", method="POST", data=MultiDict(data)):
        form = visitor_form(event, language="en", form_id="made-here", at_desk=at_desk)
        return form, form.validate()


def test_a_full_form_becomes_the_details_of_the_contract(app: Flask, expo: Event) -> None:
    form, is_good = read(
        app,
        expo,
        {
            **GOOD,
            "name": "  Ayesha \t Siddiqui ",
            "name_ur": "عائشہ صدیقی",
            "organisation": "Sialkot Sports",
            "designation": "Export Manager",
            "country": "AZ",
            "city": "Baku",
            "phone": "050 123 45 67",
            "email": "Ayesha@Example.COM",
            "gender": "female",
            "sectors": ["sports", "gems", "sports"],
            "cluster": "sialkot",
            "stand": "B 12",
            "days": ["2026-01-25"],
            "language": "ur",
            "consent_news": "y",
        },
    )
    assert is_good, form.errors
    assert form.details() == Details(
        name="Ayesha Siddiqui",
        category="trade",
        name_ur="عائشہ صدیقی",
        organisation="Sialkot Sports",
        designation="Export Manager",
        country="AZ",
        city="Baku",
        phone="+994501234567",
        email="Ayesha@example.com",
        gender=Gender.FEMALE,
        sectors=("gems", "sports"),
        cluster="sialkot",
        stand="B 12",
        days=(date(2026, 1, 25),),
        language="ur",
        consent_news=True,
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", " \u200f \u202e\t"),
        ("name", "12345"),
        ("name", "x" * 121),
        ("name_ur", "Ayesha"),
        ("name_ur", "ع" * 121),
        ("organisation", "x" * 161),
        ("city", "x" * 81),
        ("phone", ""),
        ("phone", "12"),
        ("phone", "0" * 300),
        ("email", "ayesha"),
        ("email", "a@b"),
        ("email", "x" * 250 + "@example.com"),
        ("category", ""),
        ("category", "exhibitor"),  # not for the public
        ("category", "<b>"),
        ("country", "ZZ"),
        ("gender", "unheard-of"),
        ("sectors", "unheard-of"),
        ("cluster", "unheard-of"),
        ("days", "2026-02-01"),
        ("days", "tomorrow"),
        ("language", "tlh"),
        ("consent", ""),
    ],
)
def test_a_wrong_value_is_told_at_its_own_field(app: Flask, expo: Event, field: str, typed: str) -> None:
    form, is_good = read(app, expo, {**GOOD, field: typed})
    assert not is_good
    assert set(form.errors) == {field}


def test_days_must_be_those_of_the_category(app: Flask, expo: Event) -> None:
    form, is_good = read(app, expo, {**GOOD, "category": "family", "days": ["2026-01-24", "2026-01-26"]})
    assert not is_good
    assert form.errors["days"] == ["With this choice you may come on: Mon 26 Jan."]


def test_only_what_the_event_asks_is_asked(app: Flask, expo: Event) -> None:
    bare = replace(expo, register=Register(ask=("city",)))
    form, is_good = read(app, bare, {**GOOD, "email": "not an address", "organisation": "kept out"})
    assert is_good, form.errors
    assert {name for section in sections(form) for name in (field.name for field in section.fields)} == {
        *("name", "city", "category", "consent")
    }
    assert form.details() == Details(name="Ayesha Siddiqui", category="trade")


def test_a_single_public_category_is_not_asked(app: Flask, expo: Event) -> None:
    single = replace(expo, categories=(expo.categories[0], expo.categories[2]))
    form, is_good = read(app, single, {**GOOD, "category": "exhibitor"})
    assert is_good
    assert "category" not in form
    assert form.details().category == "trade"


def test_the_desk_offers_every_category(app: Flask, expo: Event) -> None:
    form, is_good = read(app, expo, {**GOOD, "category": "exhibitor"}, at_desk=True)
    assert is_good, form.errors
    assert form.details().category == "exhibitor"


def test_other_consents_are_never_given_by_silence(app: Flask, expo: Event) -> None:
    form, _ = read(app, expo, GOOD)
    told = form.details()
    assert (told.consent_exhibitors, told.consent_news, told.consent_photo) == (False, False, False)
