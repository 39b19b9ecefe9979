"""The kinds of fields that the registration form is made of, and what makes each of them right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import StopValidation, ValidationError

from checkin.registration.cleaning import EmailError, clean_email, clean_text


def cleaned(text: str | None) -> str:
    """The filter of every line of text."""
    return clean_text(text or "")


def line(label: str, *checks: Callable[[Form, Field], None], most: int = 120, hint: str = "", **kw: str) -> StringField:
    """One line of text of at most `most` characters. `kw`: attributes of the <input>, `autocomplete` and the like."""
    return StringField(label, [Within(most), *checks], filters=[cleaned], description=hint, render_kw=kw)


def some(label: str, *checks: Callable[[Form, Field], None], hint: str = "") -> SelectMultipleField:
    """Any number of choices, as boxes to tick."""
    return SelectMultipleField(label, [Known(), *checks], description=hint, validate_choice=False, choices=[])


def one(label: str, *checks: Callable[[Form, Field], None], hint: str = "") -> RadioField:
    """One of a few choices, all in view."""
    return RadioField(label, [Known(), *checks], description=hint, validate_choice=False, choices=[])


def select(label: str, *, hint: str = "", **kw: str) -> SelectField:
    """One of many choices, in a list to open."""
    return SelectField(label, [Known()], description=hint, validate_choice=False, choices=[], render_kw=kw)


class Given:
    """The field may not be left empty."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it, nobody writes it

    def __init__(self, message: str = _l("Please fill this in.")) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        # A box that nobody offered may come as an empty text.
        if not (any(field.data) if isinstance(field.data, list) else field.data):
            raise StopValidation(str(self.message))


class Within:
    """At most so many characters: as many as the badge and the database take."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Form, field: Field) -> None:
        if len(field.data or "") > self.most:
            raise StopValidation(_l("This is too long. Please shorten it to %(most)s characters.", most=self.most))


class Holds:
    """The text, where there is any, passes a test such as *has letters*."""

    def __init__(self, test: Callable[[str], bool], message: str) -> None:
        self.test, self.message = test, message

    def __call__(self, form: Form, field: Field) -> None:
        if field.data and not self.test(field.data):
            raise ValidationError(str(self.message))


class Known:
    """What was chosen is among the choices; nothing chosen is the business of `Given`."""

    def __call__(self, form: Form, field: Field) -> None:
        if not isinstance(field, SelectField | SelectMultipleField):
            raise TypeError(f"{field.name} offers no choices")
        offered = {value for value, *_ in field.iter_choices()}
        chosen: Sequence[str] = field.data if isinstance(field.data, list) else [field.data or ""]
        if any(value and value not in offered for value in chosen):
            raise StopValidation(_l("This is none of the choices. Please choose again."))


class Email:
    """An address of the right form, kept in its normal one."""

    def __call__(self, form: Form, field: Field) -> None:
        try:
            field.data = clean_email(field.data or "")
        except EmailError:
            raise ValidationError(_l("This e-mail address is not complete. It looks like name@example.com.")) from None
