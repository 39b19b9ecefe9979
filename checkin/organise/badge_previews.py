"""Badge templates as the organisers' page shows them: each file as it is now, with its mistakes, and whom to draw."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

from babel.dates import format_date
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.badges.faces import show_dates
from checkin.badges.templates import DESK, HOME, PHONE
from checkin.event.model import Category, Event
from printing import Face, Pip, SampleCategory, Template, TemplateError, load_template, sample_faces

WIDTH_PX: Final = 360  # twice what is shown: phones and good screens have two dots a pixel
USES: Final = {
    HOME: _l("Visitors print it at home, and it goes out by mail."),
    PHONE: _l("Visitors save it to their phone."),
    DESK: _l("The desk prints it."),
}
LABELS: Final = {  # the titles that printing gives its samples
    "Everyday": _l("Everyday"),
    "Name alone": _l("Name alone"),
    "Azerbaijani": _l("Azerbaijani"),
    "Malay": _l("Malay"),
    "Kenyan": _l("Kenyan"),
    "Urdu alone": _l("Urdu alone"),
    "Long Urdu": _l("Long Urdu name"),
    "Marks of Urdu": _l("Urdu with marks"),
    "Mixed": _l("Both scripts in one line"),
    "Sixty letters": _l("Sixty letters"),
    "One word": _l("One long word"),
    "Short": _l("Short"),
    "Signs": _l("Signs of programs"),
}


@dataclass(frozen=True, slots=True)
class Mend:
    """One mistake of a template's file, told in English as the file is written."""

    place: str
    problem: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One template. `version` differs whenever its file or a picture beside it does. With `mistakes` it has no size."""

    name: str
    version: str
    is_own: bool
    use: str
    title: str = ""
    size: str = ""
    height_px: int = 0
    has_back: bool = False
    mistakes: tuple[Mend, ...] = ()


def shown(name: str, path: Path, *, is_own: bool) -> Shown:
    """The template of this file, as it is now."""
    version, use = version_of(path), str(USES.get(name, ""))
    try:
        template = load_template(path)
    except TemplateError as error:
        mistakes = tuple(Mend(one.place, one.problem, one.mend) for one in error.mistakes)
        return Shown(name=name, version=version, is_own=is_own, use=use, mistakes=mistakes)
    return Shown(
        name=name,
        version=version,
        is_own=is_own,
        use=use,
        title=template.title,
        size=_size(template),
        height_px=ceil(WIDTH_PX * template.height_mm / template.width_mm),  # as pdfium rounds
        has_back=template.has_back,
    )


def version_of(path: Path) -> str:
    """Another word whenever the file, or whatever lies beside it, has changed or gone."""
    beside = [file.stat() for file in sorted(path.parent.iterdir())]
    return f"{max(one.st_mtime_ns for one in beside) + len(beside):x}"


def samples(event: Event, category: Category | None) -> dict[str, tuple[str, Face]]:
    """The hardest names there are, as this event's people: by a word for addresses, their title and face.

    Without a category each takes the next one of the event.
    """
    categories = event.categories if category is None else (category,)
    faces = sample_faces(
        event_name=event.name,
        event_name_ur=event.name_ur,
        dateline=f"{event.venue} · {show_dates(event)}",
        categories=[SampleCategory(one.name, one.name_ur, one.colour) for one in categories],
        days=[
            Pip(label=format_date(day.date, "EEE d", locale="en"), valid=at == 0 or day is not event.show_days[-1])
            for at, day in enumerate(event.show_days)
        ],
    )
    return {title.lower().replace(" ", "-"): (str(LABELS.get(title, title)), face) for title, face in faces.items()}


def _size(template: Template) -> str:
    # Isolated: in Urdu the two would change places.
    size = f"\N{LEFT-TO-RIGHT ISOLATE}{template.width_mm:g} × {template.height_mm:g}\N{POP DIRECTIONAL ISOLATE}"
    return str(gettext("%(size)s mm", size=size))
