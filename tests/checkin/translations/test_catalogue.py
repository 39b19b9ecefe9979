"""Nothing that a person reads is left in English on an Urdu page."""

from __future__ import annotations

import io
import re
import tomllib

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from checkin.settings import ROOT

FOLDER = ROOT / "checkin" / "translations" / "ur" / "LC_MESSAGES"
UPDATE = (
    "pybabel extract -F pyproject.toml -k _l -k lazy_gettext --add-location=file -o messages.pot . && "
    "pybabel update -N --ignore-obsolete -i messages.pot -d checkin/translations && "
    "pybabel compile -d checkin/translations; rm messages.pot"
)
PLACES = re.compile(r"%\(\w+\)[sd]")


def _catalogue() -> Catalog:
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="ur")


def _asked() -> dict[str, str]:
    """Every message of the code → the file that says it."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
    found = extract_from_dir(ROOT, methods, keywords=keywords, directory_filter=lambda folder: "/." not in folder)
    return {(text if isinstance(text, str) else text[0]): file for file, _, text, _, _ in found}


def _pairs() -> list[tuple[str, str]]:
    """Each English text and its Urdu, plurals one by one."""
    pairs: list[tuple[str, str]] = []
    for message in _catalogue():
        if not message.id:
            continue
        english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        urdu = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        pairs += list(zip(english, urdu, strict=True))
    return pairs


def test_every_message_has_its_urdu() -> None:
    known = {english for english, urdu in _pairs() if urdu}
    missing = {text: file for text, file in _asked().items() if text not in known}
    assert missing == {}, f"translate these in messages.po; it is brought up to date by: {UPDATE}"


def test_no_translation_lost_or_invented_a_place_for_a_value() -> None:
    wrong = [english for english, urdu in _pairs() if set(PLACES.findall(urdu)) != set(PLACES.findall(english))]
    assert wrong == []


def test_nothing_is_unsure() -> None:
    assert [message.id for message in _catalogue() if message.id and message.fuzzy] == []


def test_the_compiled_file_is_that_of_the_text() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, _catalogue())
    assert fresh.getvalue() == (FOLDER / "messages.mo").read_bytes()
