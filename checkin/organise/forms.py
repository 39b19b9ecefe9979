"""What organisers type."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from checkin.event.model import Event
from checkin.staff.policy import plain_name

DEVICE_NAME_LONGEST = 80


class PairForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A tablet to pair: what people call it, and where it stands."""

    name = StringField(
        _l("Name of the tablet"),
        [
            DataRequired(_l("Please give the tablet a name.")),
            Length(max=DEVICE_NAME_LONGEST, message=_l("Please choose a shorter name: 80 characters at most.")),
        ],
        filters=[lambda text: plain_name(text or "")],
        description=_l("As people in the hall call it, such as: Gate 1, tablet A"),
        render_kw={"autocomplete": "off", "dir": "auto", "maxlength": DEVICE_NAME_LONGEST},
    )
    gate = SelectField(_l("Gate"), [DataRequired(_l("Please choose a gate."))], validate_choice=True)

    def offer(self, event: Event, language: str) -> PairForm:
        """Offer the event's gates; this form."""
        self.gate.choices = [(gate.slug, gate.named(language)) for gate in event.gates]
        return self
