"""Badge templates and sheets of this installation: the shipped ones, and the organiser's own in the instance folder."""

from __future__ import annotations

from pathlib import Path

from checkin.settings import Settings
from printing import Sheet, SheetError, Template, find_sheets, find_templates, load_template

HOME = "a4-fold"  # what a visitor prints at home
PHONE = "phone"  # what a visitor saves to the phone
DESK = "a6"


class NoSuchTemplateError(LookupError):
    """No template has this name."""


def template_paths(settings: Settings) -> dict[str, Path]:
    """The file of each template by name; the organiser's own go before the shipped ones."""
    return find_templates(settings.templates)


def get_template(settings: Settings, name: str) -> Template:
    """The template of this name, as its file is now. Raises NoSuchTemplateError, TemplateError."""
    path = template_paths(settings).get(name)
    if path is None:
        raise NoSuchTemplateError(name)
    return load_template(path)


def sheets(settings: Settings) -> dict[str, Sheet]:
    """Every sheet by name: the shipped ones, and the organiser's own in `sheets.toml`. Raises TemplateError."""
    return find_sheets(settings.instance / "sheets.toml")


def get_sheet(settings: Settings, name: str) -> Sheet | None:
    """The sheet of this name; None, a page each, for no name. Raises SheetError, TemplateError."""
    if not name:
        return None
    found = sheets(settings)
    if name not in found:
        raise SheetError(f"There is no sheet {name!r}. There are: {', '.join(found)}.")
    return found[name]
