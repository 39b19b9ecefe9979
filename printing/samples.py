"""Faces that nobody wears: ordinary names and the hardest ones, to see what a template makes of them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from printing.face import Face, Pip


class SampleCategory(NamedTuple):
    """A category as badges show it."""

    name: str
    name_ur: str
    colour: str


class _Person(NamedTuple):
    name: str
    name_ur: str = ""
    organisation: str = ""
    designation: str = ""
    place: str = ""


CATEGORIES: Final = (
    SampleCategory("Trade visitor", "تجارتی وزیٹر", "#e2a829"),
    SampleCategory("General visitor", "عام وزیٹر", "#74d2f4"),
    SampleCategory("Exhibitor", "نمائش کنندہ", "#239e48"),
    SampleCategory("Delegate", "مندوب", "#1d5bb8"),
    SampleCategory("Media", "میڈیا", "#9c306d"),
    SampleCategory("Organiser", "منتظم", "#1f2328"),
    SampleCategory("Crew", "عملہ", "#f4f1ea"),
)
_SAMPLE: Final = "SAMP1E"
_TOKEN_LETTERS: Final = 28
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DAYS: Final = (Pip(label="Sat 24", valid=True), Pip(label="Sun 25", valid=True), Pip(label="Mon 26", valid=False))
_PEOPLE: Final[Mapping[str, _Person]] = {
    "Everyday": _Person("Ayesha Siddiqui", "عائشہ صدیقی", "Sialkot Sports Goods Cluster", "Export Manager", "Sialkot"),
    "Name alone": _Person("Bilal Ahmed"),
    "Azerbaijani": _Person(
        "Gülnarə Əliyeva-Məmmədova", "", "Azərbaycan İqtisadiyyat Nazirliyi", "Head of delegation", "Azerbaijan"
    ),
    "Malay": _Person("Tengku Nur Aisyah binti Dato' Sri Mohd. Fadzil", "", "MATRADE", "Director", "Malaysia"),
    "Kenyan": _Person("Wanjikũ Ngũgĩ wa Thiong'o", "", "Kenya Association of Manufacturers", "Chair", "Nairobi, Kenya"),
    "Urdu alone": _Person("محمد علی", "", "انجمن تاجران انارکلی", "صدر", "لاہور"),
    "Long Urdu": _Person(
        "Abdul Rehman Durrani", "محمد عبدالرحمٰن خان درانی یوسفزئی", "Peshawar Gemstones", "", "Peshawar"
    ),
    "Marks of Urdu": _Person("Muhammad Siddique", "مُحَمَّد صِدِّیق پیچھے", "Gujrat Fans", "Owner", "Gujrat"),
    "Mixed": _Person("Ali علی Khan خان 2026", "علی Ali خان", "Khan & Sons خان اینڈ سنز", "CEO", "Karachi"),
    "Sixty letters": _Person(
        "Muhammad Abdul Rehman Khan Durrani Yousafzai bin Al-Makhdoom",
        "محمد عبدالرحمٰن خان درانی یوسفزئی",
        "Sialkot Surgical Instruments Manufacturers and Exporters Association",
        "Senior Manager of Export and Marketing",
        "Sialkot",
    ),
    "One word": _Person("Wolfeschlegelsteinhausenbergerdorff", "", "Vereinigte Besteckfabriken", "", "Germany"),
    "Short": _Person("Li", "لی", "Yiwu", "Buyer", "China"),
    "Signs": _Person("Ali <b>& Sons</b> {x} )>>", "", "A&B <Co> {face.token} %s", "R&D", "Lahore"),
}


def sample_faces(
    *,
    event_name: str = "Expo of Small Industries and Clusters 2026",
    event_name_ur: str = "چھوٹی صنعتوں اور کلسٹرز کی نمائش 2026",
    dateline: str = "Expo Centre · 24–26 January 2026",
    categories: Sequence[SampleCategory] = CATEGORIES,
    days: Sequence[Pip] = DAYS,
) -> dict[str, Face]:
    """A face for each title, categories in turn; their codes read as samples and open no gate."""
    return {
        title: Face(
            event_name=event_name,
            event_name_ur=event_name_ur,
            dateline=dateline,
            **person._asdict(),
            category=categories[at % len(categories)].name,
            category_ur=categories[at % len(categories)].name_ur,
            colour=categories[at % len(categories)].colour,
            days=tuple(days),
            token=_SAMPLE + _letters(title, _TOKEN_LETTERS - len(_SAMPLE)),
            short_code=f"{_letters(title, 4)}-{_letters(title[::-1], 4)}-0",
        )
        for at, (title, person) in enumerate(_PEOPLE.items())
    }


def _letters(seed: str, count: int) -> str:
    """Letters that look like a code's and are the same each time."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:count])
