"""What organisers type."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the types
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from checkin.devices import sets
from checkin.devices.model import RetiredAs
from checkin.event.model import Direction, Event, Gate
from checkin.organise.tablets import place_name
from checkin.staff.policy import plain_name

DEVICE_NAME_LONGEST = 80
SPARE, STAY = "(spare)", "(stay)"  # no gate's slug looks like these
_HOUR = 3600


def _gate() -> SelectField:
    return SelectField(_l("Gate"), [DataRequired(_l("Please choose a gate."))], validate_choice=True)


def _name(label: str, longest: int, too_long: str, description: str, default: str | None = None) -> StringField:
    return StringField(
        label,
        [DataRequired(_l("Please give the tablet a name.")), Length(max=longest, message=too_long)],
        filters=[lambda text: plain_name(text or "")],
        description=description,
        default=default,
        render_kw={"autocomplete": "off", "dir": "auto", "maxlength": longest},
    )


def _whole(label: str, least: int, most: int, *, default: int, message: str, description: str = "") -> IntegerField:
    return IntegerField(
        label,
        [InputRequired(message), NumberRange(least, most, message)],
        default=default,
        description=description,
        render_kw={"inputmode": "numeric", "min": least, "max": most, "autocomplete": "off"},
    )


class _ForGate(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A form that asks for a gate, or for none yet."""

    def offer(self, event: Event, language: str) -> None:
        """Offer the event's gates, and to stay a spare."""
        gates = [(gate.slug, gate.named(language)) for gate in event.gates]
        self.gate.choices = [*gates, (SPARE, gettext("Spare: no gate yet, staff choose it on the tablet"))]

    @property
    def gate_slug(self) -> str:
        """The gate that was chosen; empty for a spare."""
        return "" if self.gate.data == SPARE else str(self.gate.data)


class PairForm(_ForGate):
    """A tablet to pair: what people call it, and where it stands."""

    name = _name(
        _l("Name of the tablet"),
        DEVICE_NAME_LONGEST,
        _l("Please choose a shorter name: 80 characters at most."),
        _l("As people in the hall call it, such as: Gate 1, tablet A"),
    )
    gate = _gate()


class SetForm(_ForGate):
    """A whole set of tablets to pair with one code. Stands beside PairForm, so its fields are called `set-…`."""

    most = _whole(
        _l("How many tablets"),
        1,
        sets.MOST_TABLETS,
        default=10,
        message=_l("Please write a number from 1 to 200."),
    )
    name = _name(
        _l("What to call them"),
        sets.NAME_LONGEST,
        _l("Please choose a shorter name: 70 characters at most."),
        _l("Each gets a number behind it: Tablet 1, Tablet 2 …"),
        default="Tablet",
    )
    gate = _gate()
    hours = _whole(
        _l("For how many hours the code is good"),
        sets.SHORTEST.seconds // _HOUR,
        int(sets.LONGEST.total_seconds()) // _HOUR,
        default=sets.USUAL.seconds // _HOUR,
        message=_l("Please write a number from 1 to 24."),
    )

    def __init__(self, **more: object) -> None:
        super().__init__(prefix="set-", **more)


class DeviceForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A tablet at work: what people call it, and where it is to stand."""

    name = _name(
        _l("Name of the tablet"),
        DEVICE_NAME_LONGEST,
        _l("Please choose a shorter name: 80 characters at most."),
        _l("As people in the hall call it, such as: Gate 1, tablet A"),
    )
    place = SelectField(_l("Where it stands"), [DataRequired(_l("Please choose a gate."))], validate_choice=True)

    def offer(self, event: Event, language: str, here: str) -> None:
        """Offer to leave it `here`, and every gate with its ways."""
        ways = [(gate, each) for gate in event.gates for each in ways_of(gate)]
        places = [(f"{gate.slug} {each}", place_name(event, gate.slug, each, language)) for gate, each in ways]
        self.place.choices = [(STAY, gettext("Leave it: %(gate)s", gate=here)), *places]

    def wanted(self) -> tuple[str, Direction] | None:
        """Where it is to go; None to leave it where it is."""
        gate, _, direction = str(self.place.data).partition(" ")
        return None if self.place.data == STAY else (gate, Direction(direction))


def ways_of(gate: Gate) -> tuple[Direction, ...]:
    """The ways that a tablet may count at a gate."""
    return (Direction.IN, Direction.OUT) if gate.direction is Direction.BOTH else (gate.direction,)


class RetireForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """How a tablet ends."""

    how = RadioField(
        _l("What became of it?"),
        [DataRequired(_l("Please choose one."))],
        choices=[
            SelectChoice(
                RetiredAs.PUT_AWAY.value,
                _l("Put away: it comes back with a new pairing code. Badges stay as they are."),
            ),
            SelectChoice(
                RetiredAs.LOST.value,
                _l(
                    "Lost or stolen: badges printed from now on carry a new key; what the lost tablet could forge ends "
                    "with each tablet’s next sync."
                ),
            ),
        ],
    )


class OutboxForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A file that a tablet saved when it could not reach the server."""

    file = FileField(
        _l("The file that the tablet saved"),
        [FileRequired(_l("Please choose the file first."))],
        description=_l("Its name ends in .json. At most 2 MB."),
        render_kw={"accept": ".json,application/json"},
    )
