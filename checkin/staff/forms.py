"""What staff type: forms, validated by the rules of `policy`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from checkin.staff.model import Role, Staff
from checkin.staff.policy import (
    EMAIL_LONGEST,
    NAME_LONGEST,
    PASSWORD_LONGEST,
    PasswordProblem,
    PinProblem,
    is_email,
    password_problem,
    plain_email,
    plain_name,
)

ROLE_NAMES: Final = {Role.ORGANISER: _l("Organiser"), Role.DESK: _l("Desk"), Role.GATE: _l("Gate")}
_ROLE_CHOICES: Final = {
    Role.ORGANISER: _l("Organiser: everything"),
    Role.DESK: _l("Desk: registers people, prints badges"),
    Role.GATE: _l("Gate: scans badges"),
}
PASSWORD_PROBLEMS: Final = {
    PasswordProblem.TOO_SHORT: _l("Please choose at least 10 characters. A few words in a row are easy to keep."),
    PasswordProblem.TOO_LONG: _l("Please choose at most 200 characters."),
    PasswordProblem.IS_YOU: _l("Please choose something else than your name or e-mail address."),
}
PIN_PROBLEMS: Final = {
    PinProblem.NOT_DIGITS: _l("Please choose 6 to 10 digits."),
    PinProblem.TOO_EASY: _l("This one is guessed easily. Please choose digits without a pattern."),
}

_Validator = Callable[[Form, Field], None]


def _given(message: str) -> DataRequired:
    return DataRequired(message)


def _email_shape(_form: Form, field: Field) -> None:
    if not is_email(plain_email(field.data or "")):
        raise ValidationError(_l("Please write an e-mail address, such as name@example.com."))


def _plain_name(name: str | None) -> str:
    return plain_name(name or "")


def _plain_email(email: str | None) -> str:
    return plain_email(email or "")


def _name() -> StringField:
    return StringField(
        _l("Name"),
        [_given(_l("Please write a name.")), Length(max=NAME_LONGEST)],
        filters=[_plain_name],
        render_kw={"autocomplete": "name", "dir": "auto"},
    )


def _email(autocomplete: str) -> EmailField:
    return EmailField(
        _l("E-mail"),
        [_given(_l("Please write an e-mail address.")), _email_shape, Length(max=EMAIL_LONGEST)],
        filters=[_plain_email],
        render_kw={"autocomplete": autocomplete, "dir": "ltr", "spellcheck": "false"},
    )


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """E-mail and password."""

    email = _email("username")
    password = PasswordField(
        _l("Password"),
        [_given(_l("Please write your password.")), Length(max=PASSWORD_LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class ChoosePasswordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A new password, twice; the first organiser says who they are as well."""

    name = _name()
    email = _email("username")
    password = PasswordField(
        _l("Password"),
        [_given(_l("Please choose a password."))],
        description=_l("At least 10 characters. A few words in a row are easy to keep."),
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        _l("The same password again"),
        [_given(_l("Please write it once more.")), EqualTo("password", _l("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, known: Staff | None) -> None:
        super().__init__()
        if known is not None:
            self.name.data, self.email.data = known.name, known.email  # theirs, whatever was posted

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what `policy.password_problem` refuses."""
        problem = password_problem(field.data or "", name=self.name.data or "", email=self.email.data or "")
        if problem is not None:
            raise ValidationError(PASSWORD_PROBLEMS[problem])


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Who shall have access, and as what."""

    name = _name()
    email = _email("off")
    role = RadioField(
        _l("Role"),
        [_given(_l("Please choose a role."))],
        choices=[SelectChoice(role.value, name) for role, name in _ROLE_CHOICES.items()],
    )


class PinForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A new supervisor's PIN, twice."""

    pin = PasswordField(
        _l("New PIN"),
        [_given(_l("Please choose a PIN."))],
        description=_l("6 to 10 digits."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    pin_again = PasswordField(
        _l("The same PIN again"),
        [_given(_l("Please write it once more.")), EqualTo("pin", _l("The two PINs differ."))],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
