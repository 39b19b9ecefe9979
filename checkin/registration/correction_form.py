"""The form in which an organiser corrects a person: every field there is, asked by the event or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectFieldBase

from checkin.event.model import Event
from checkin.registration.choices import choices
from checkin.registration.fields import line
from checkin.registration.forms import Section, VisitorForm, sections
from checkin.visitors.model import Details


class CorrectionForm(VisitorForm):
    """Make one with `correction_form`."""

    group = line(_l("Family, company or delegation"), dir="auto")

    known: Details

    def wanted(self) -> Details:
        """What was known, with what the form says instead. Call it on a valid form only."""
        told = self.details()
        return replace(self.known, **{field.name: getattr(told, field.name) for field in self._told()})

    def keep_theirs(self, seen: Details, wanted: Details, theirs: Details) -> None:
        """Write what somebody else changed into every field that was left as it had been `seen`."""
        before, mine, now = seen.plain(), wanted.plain(), theirs.plain()
        for field in self._told():
            if mine[field.name] == before[field.name]:
                field.data = now[field.name]

    def differences(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What differs, in words: the field, as it was, as it is now."""
        return [(label, was, now) for _, label, was, now in self.apart(before, after)]

    def apart(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
        """What differs between two people: the field's name, its label, and the words of the one and the other."""
        return [
            (field.name, str(field.label.text), _said(field, one[field.name]), _said(field, other[field.name]))
            for field in self._told()
            if field.name in one and one[field.name] != other[field.name]
        ]

    def sections(self) -> tuple[Section, ...]:
        """The fields as the page groups them."""
        titles = (gettext("The person"), gettext("Work"), gettext("Visit"), gettext("Consent"))
        return (*sections(self, titles), Section(gettext("Belongs to"), (self.group,)))

    def _told(self) -> list[Field]:
        return [field for field in self if field.name != "csrf_token"]


def correction_form(event: Event, known: Details, *, language: str) -> CorrectionForm:
    """The form for this request; what the person has, and the event no longer offers, can still be chosen."""
    plain = known.plain()
    form = CorrectionForm(data=None if request.method == "POST" else plain)
    form.event, form.page_language, form.known, form.categories = event, language, known, event.categories
    del form.form_id, form.consent
    for name, offered in choices(event, event.categories, language).items():
        has = plain[name] if isinstance(plain[name], list) else [plain[name]]
        there = {value for value, _ in offered}
        form[name].choices = [*offered, *((value, value) for value in has if value not in there)]
        if not any(value for value, _ in form[name].choices):
            del form[name]  # nothing to choose
    return form


def _said(field: Field, value: object) -> str:
    """A field's value as the page has it."""
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if not isinstance(field, SelectFieldBase):
        return str(value)
    words = {chosen: str(said) for chosen, said, *_ in field.iter_choices()}
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(words.get(one, str(one)) for one in chosen if one)
