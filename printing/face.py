"""What one badge says: exactly what is drawn, nothing else."""

import re
from dataclasses import dataclass

from printing.colour import is_colour
from printing.picture import Picture
from printing.text import Text, unprintable

_TOKEN = re.compile(r"[0-9A-HJKMNP-TV-Z]{28}")


class InvalidFaceError(ValueError):
    """A face holds what no badge can show: a colour that is not `#rrggbb`, or a token that is none."""


@dataclass(frozen=True, kw_only=True)
class Pip:
    """One day on the badge; `valid` says whether the badge enters on it."""

    label: str
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Face:
    """One person's badge as printed; texts are taken literally, whatever they hold; `read_picture` makes a photo."""

    event_name: str
    event_name_ur: str = ""
    dateline: str
    name: str
    name_ur: str = ""
    organisation: str = ""
    designation: str = ""
    place: str = ""
    category: str
    category_ur: str = ""
    colour: str
    days: tuple[Pip, ...]
    token: str
    short_code: str
    photo: Picture | None = None

    def __post_init__(self) -> None:
        """Raise InvalidFaceError for a colour other than `#rrggbb` and for a token of another shape."""
        if not is_colour(self.colour):
            raise InvalidFaceError(f"colour must be #rrggbb, not {self.colour!r}")
        if not _TOKEN.fullmatch(self.token):
            raise InvalidFaceError("token must be 28 characters of upper-case Crockford base32")

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text that the badge shows, in reading order."""
        latin = (self.event_name, self.dateline, self.name, self.organisation, self.designation, self.place)
        labels = (self.category, self.short_code, *(day.label for day in self.days))
        urdu = (self.event_name_ur, self.name_ur, self.category_ur)
        return tuple(Text(words) for words in (*latin, *labels)) + tuple(Text(words, rtl=True) for words in urdu)


def missing_characters(face: Face) -> tuple[str, ...]:
    """The characters of a face that no font here has, each once, in reading order: they are left out of the print."""
    found = (character for text in face.texts for character in unprintable(text))
    return tuple(dict.fromkeys(found))
