"""The registration form: the contract's fields, as many of them as the event asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from checkin.event.model import Category, Event
from checkin.registration.choices import choices
from checkin.registration.cleaning import PhoneError, clean_phone, has_letters, has_urdu
from checkin.registration.countries import FIRST
from checkin.registration.fields import Email, Given, Holds, line, one, select, some
from checkin.visitors.model import Details, Gender

ALWAYS = {"form_id", "csrf_token", "name", "category", "consent"}
CONSENTS = ("consent_exhibitors", "consent_news", "consent_photo")  # each asked for itself, none ticked beforehand


class VisitorForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Everything that may be asked. Make one with `visitor_form`, which drops what this event does not ask."""

    form_id = HiddenField(render_kw={"autocomplete": "off"})
    name = line(
        _l("Full name"),
        Given(_l("Please write your name.")),
        Holds(has_letters, _l("Please write your name with letters.")),
        hint=_l("As it shall stand on the badge."),
        autocomplete="name",
        dir="auto",
    )
    name_ur = line(
        _l("Name in Urdu"),
        Holds(has_urdu, _l("Please write this one in Urdu letters, or leave it empty.")),
        lang="ur",
        dir="rtl",
        autocomplete="off",
    )
    category = one(_l("You come as"), Given(_l("Please choose one.")))
    organisation = line(_l("Company or organisation"), most=160, autocomplete="organization", dir="auto")
    designation = line(_l("Job title"), autocomplete="organization-title", dir="auto")
    country = select(_l("Country where you live or work"), autocomplete="country")
    city = line(_l("City"), most=80, autocomplete="address-level2", dir="auto")
    phone = line(
        _l("Mobile phone"),
        most=40,
        hint=_l("For example 0300 1234567. From abroad with the country’s code: +994 …"),
        type="tel",
        inputmode="tel",
        autocomplete="tel",
        dir="ltr",
    )
    email = line(_l("E-mail"), Email(), most=254, type="email", inputmode="email", autocomplete="email", dir="ltr")
    gender = one(_l("Gender"))
    sectors = some(_l("Lines of business that interest you"))
    cluster = select(_l("Cluster that you belong to"))
    stand = line(_l("Stand number"), most=40, autocomplete="off", dir="auto")
    days = some(
        _l("Days on which you come"), hint=_l("Choose none if you do not know yet: your badge is good for all.")
    )
    language = one(_l("Language in which we may write to you"))
    consent = BooleanField(
        _l("I agree that the organisers keep these details to make my badge and to count visits."),
        [Given(_l("Without this consent we cannot make a badge."))],
    )
    consent_exhibitors = BooleanField(_l("Exhibitors whom I visit may have my details."))
    consent_news = BooleanField(_l("The organisers may send me news of this expo and later ones."))
    consent_photo = BooleanField(_l("Photographs that show me may be published."))

    event: Event
    categories: tuple[Category, ...]
    page_language: str

    def chosen_category(self) -> Category | None:
        """The category that was chosen, or the only one that there is."""
        if "category" not in self:
            return self.categories[0]
        return next((category for category in self.categories if category.slug == self.category.data), None)

    def validate_phone(self, field: Field) -> None:
        try:
            clean_phone(field.data, self._country())
        except PhoneError:
            message = gettext(
                "This number cannot be dialled. Check its digits; from abroad begin with + and the country’s code."
            )
            raise ValidationError(message) from None

    def validate_days(self, field: Field) -> None:
        category = self.chosen_category()
        if category is None:
            return
        allowed = self.event.days_of(category)
        if any(day not in allowed for day in _dates(field.data)):
            dates = ", ".join(format_date(day, "EEE d MMM") for day in allowed)
            raise ValidationError(gettext("With this choice you may come on: %(dates)s.", dates=dates))

    def details(self) -> Details:
        """What was told, cleaned. Call it on a valid form only."""
        category = self.chosen_category()
        if category is None:
            raise ValueError("the form was not validated")
        given = {name: field.data for name, field in self._fields.items() if name not in ALWAYS}
        return Details(
            name=self.name.data or "",
            category=category.slug,
            phone=clean_phone(given.pop("phone", ""), self._country()),
            gender=Gender(given.pop("gender", None) or Gender.UNDISCLOSED),
            sectors=tuple(sorted(set(given.pop("sectors", None) or ()))),
            days=tuple(sorted(set(_dates(given.pop("days", None) or ())))),
            language=given.pop("language", None) or self.page_language,
            **{name: value for name, value in given.items() if value is not None},
        )

    def _country(self) -> str:
        return (self.country.data or "") if "country" in self else ""


def visitor_form(event: Event, *, language: str, form_id: str, at_desk: bool = False) -> VisitorForm:
    """The form for this request, its choices in `language`; at the desk with every category."""
    first_look = {"country": FIRST, "gender": Gender.UNDISCLOSED, "language": language}
    form = VisitorForm(data=None if request.method == "POST" else first_look)
    form.event, form.page_language = event, language
    form.categories = tuple(category for category in event.categories if category.public or at_desk)
    form.form_id.data = form.form_id.data or form_id
    asked = ALWAYS | set(event.register.ask)
    for name in [name for name in form._fields if name not in asked]:
        del form[name]
    for name, offered in choices(event, form.categories, language).items():
        real = [value for value, _ in offered if value]
        if name not in form:
            continue
        if not real or (name == "category" and len(real) == 1):
            del form[name]  # nothing to choose: not asked
        else:
            form[name].choices = offered
    for name in event.register.require:
        if name in form:
            form[name].validators = [Given(), *form[name].validators]
            form[name].flags.required = True
    if at_desk:
        form.consent.label.text = gettext(
            "The visitor was asked, and agrees that these details are kept for the badge."
        )
    return form


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together, under one heading."""

    title: str
    fields: tuple[Field, ...]


def sections(form: VisitorForm, titles: Sequence[str] = ()) -> tuple[Section, ...]:
    """The form's fields as the page groups them; a section that is not asked at all is left out.

    `titles`: other words for the four sections, where somebody else than the visitor fills them in.
    """
    spoken_to = (gettext("About you"), gettext("Your work"), gettext("Your visit"), gettext("Your consent"))
    groups = (
        ("name", "name_ur", "gender", "phone", "email", "country", "city"),
        ("organisation", "designation", "cluster", "stand"),
        ("category", "sectors", "days", "language"),
        ("consent", *CONSENTS),
    )
    titled = zip(titles or spoken_to, groups, strict=True)
    asked = ((title, tuple(form[name] for name in names if name in form)) for title, names in titled)
    return tuple(Section(title, fields) for title, fields in asked if fields)


def _dates(texts: Sequence[str]) -> list[date]:
    return [date.fromisoformat(text) for text in texts]
