"""What organisers type to hold a gate or a category."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checkin.programme.model import LONGEST_MESSAGE, message_of
from checkin.registration.cleaning import has_urdu
from checkin.registration.fields import Given, Holds, line


class HoldForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Why nobody may pass, in the words that the gate shows."""

    message = line(
        _l("What the gate shows"),
        Given(_l("Please write why: whoever stands at the gate has to tell people.")),
        most=LONGEST_MESSAGE,
        hint=_l("In English. For example: The minister arrives, until about 11:30."),
        autocomplete="off",
        lang="en",
        dir="auto",
        maxlength=str(LONGEST_MESSAGE),
    )
    message_ur = line(
        _l("The same in Urdu"),
        Holds(has_urdu, _l("Please write this one in Urdu letters, or leave it empty.")),
        most=LONGEST_MESSAGE,
        autocomplete="off",
        lang="ur",
        dir="rtl",
        maxlength=str(LONGEST_MESSAGE),
    )

    def wanted(self) -> str:
        """The message as it is stored."""
        return message_of(self.message.data or "", self.message_ur.data or "")
