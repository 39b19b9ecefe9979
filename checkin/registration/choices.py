"""What can be chosen in the form, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_date, gettext

from checkin.event.model import Category, Event, Named
from checkin.registration.countries import countries
from checkin.visitors.model import Gender

Choices = list[tuple[str, str]]  # value, words


def choices(event: Event, categories: Sequence[Category], language: str) -> dict[str, Choices]:
    """Field name → its choices. An empty value stands for *not said*."""
    return {
        "category": _named(categories, language),
        "country": [("", gettext("Not said")), *countries(language)],
        "gender": [
            (Gender.FEMALE, gettext("Woman")),
            (Gender.MALE, gettext("Man")),
            (Gender.OTHER, gettext("Other")),
            (Gender.UNDISCLOSED, gettext("I would rather not say")),
        ],
        "sectors": _named(event.sectors, language),
        "cluster": [("", gettext("None")), *_named(event.clusters, language)],
        "days": [(day.date.isoformat(), format_date(day.date, "EEEE d MMMM")) for day in event.show_days],
        "language": [("en", "English"), ("ur", "اردو")],
    }


def _named(things: Sequence[Named], language: str) -> Choices:
    return [(thing.slug, thing.named(language)) for thing in things]
