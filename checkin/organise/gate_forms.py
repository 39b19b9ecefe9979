"""What organisers type about gates: why one is held, what one is like, the hours of a day."""

from __future__ import annotations

from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from checkin.event.model import Direction, Event, EventDay, Gate
from checkin.event.values import time_of
from checkin.organise.words import way
from checkin.programme.model import LONGEST_MESSAGE, message_of
from checkin.registration.cleaning import has_letters, has_urdu
from checkin.registration.fields import Given, Holds, line, one, some

LONGEST_NAME = 80


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


class GateForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A gate: what it is called, where it leads, who may use it."""

    name = line(
        _l("Name of the gate"),
        Given(_l("Please give the gate a name.")),
        Holds(has_letters, _l("Please give the gate a name with letters in it.")),
        most=LONGEST_NAME,
        hint=_l("As people in the hall call it, such as: Gate 7 · North"),
        autocomplete="off",
        dir="auto",
        maxlength=str(LONGEST_NAME),
    )
    name_ur = line(
        _l("The same in Urdu"),
        Holds(has_urdu, _l("Please write this one in Urdu letters, or leave it empty.")),
        most=LONGEST_NAME,
        autocomplete="off",
        lang="ur",
        dir="rtl",
        maxlength=str(LONGEST_NAME),
    )
    zone = one(
        _l("Zone"), Given(_l("Please choose a zone.")), hint=_l("The part of the hall that people enter through it.")
    )
    direction = one(_l("Way"), Given(_l("Please choose a way.")))
    categories = some(_l("Who may pass"), hint=_l("Tick nobody, and everybody may."))

    def offer(self, event: Event, language: str) -> None:
        """Offer the event's zones and categories, and the three ways."""
        self.zone.choices = [(zone.slug, zone.named(language)) for zone in event.zones]
        self.direction.choices = [(direction.value, way(direction)) for direction in Direction]
        self.categories.choices = [(category.slug, category.named(language)) for category in event.categories]

    def fill(self, gate: Gate) -> None:
        """Show a gate as it is."""
        self.name.data, self.name_ur.data, self.zone.data = gate.name, gate.name_ur, gate.zone
        self.direction.data, self.categories.data = gate.direction.value, list(gate.categories)

    def wanted(self, slug: str, closed_at: datetime | None = None) -> Gate:
        """The gate that was described."""
        return Gate(
            slug=slug,
            name=self.name.data or "",
            name_ur=self.name_ur.data or "",
            zone=self.zone.data,
            direction=Direction(self.direction.data),
            categories=tuple(
                value for value, *_ in self.categories.iter_choices() if value in (self.categories.data or ())
            ),
            closed_at=closed_at,
        )


class HoursForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """When a day opens and closes, on the clock of the venue."""

    opens = line(
        _l("Opens"),
        Given(),
        Holds(lambda text: time_of(text) is not None, _l("Please write hours and minutes, such as 09:30.")),
        autocomplete="off",
        type="time",
        dir="ltr",
    )
    closes = line(
        _l("Closes"),
        Given(),
        Holds(lambda text: time_of(text) is not None, _l("Please write hours and minutes, such as 09:30.")),
        hint=_l("Midnight is the end of the day."),
        autocomplete="off",
        type="time",
        dir="ltr",
    )

    def fill(self, day: EventDay) -> None:
        """Show a day's hours as they are."""
        self.opens.data, self.closes.data = (f"{hour:%H:%M}" for hour in (day.opens, day.closes))

    def wanted(self) -> tuple[time, time]:
        """The two hours, once the form is valid."""
        opens, closes = time_of(self.opens.data), time_of(self.closes.data)
        if opens is None or closes is None:
            raise ValueError("the form was not validated")
        return opens, closes
