"""Made-up people for the demo: names as they come to an expo in Lahore, none of a real person by intent."""

from __future__ import annotations

import random
from collections.abc import Iterator

from checkin.event.model import Category, Event
from checkin.visitors.model import Details, Gender

WOMEN = {
    "Ayesha": "عائشہ",
    "Fatima": "فاطمہ",
    "Zainab": "زینب",
    "Maryam": "مریم",
    "Hina": "حنا",
    "Sana": "ثنا",
    "Rabia": "رابعہ",
    "Nadia": "نادیہ",
    "Saima": "صائمہ",
    "Khadija": "خدیجہ",
    "Amna": "آمنہ",
    "Bushra": "بشریٰ",
    "Iqra": "اقرا",
    "Mahnoor": "ماہ‌نور",
}
MEN = {
    "Muhammad": "محمد",
    "Ahmed": "احمد",
    "Bilal": "بلال",
    "Usman": "عثمان",
    "Hamza": "حمزہ",
    "Imran": "عمران",
    "Kashif": "کاشف",
    "Tariq": "طارق",
    "Waqas": "وقاص",
    "Zubair": "زبیر",
    "Faisal": "فیصل",
    "Asad": "اسد",
    "Junaid": "جنید",
    "Rizwan": "رضوان",
}
FAMILIES = {
    "Siddiqui": "صدیقی",
    "Khan": "خان",
    "Malik": "ملک",
    "Butt": "بٹ",
    "Chaudhry": "چودھری",
    "Sheikh": "شیخ",
    "Qureshi": "قریشی",
    "Mirza": "مرزا",
    "Awan": "اعوان",
    "Bhatti": "بھٹی",
    "Hussain": "حسین",
    "Raza": "رضا",
    "Anwar": "انور",
    "Iqbal": "اقبال",
}
ABROAD = {
    "AZ": "Gülnarə Əliyeva-Məmmədova|Elçin Hüseynov|Nigar Quliyeva|Rəşad Əhmədov|Şəbnəm Cəfərova|Orxan Məmmədli",
    "KE": "Wanjiku Kamau|Otieno Odhiambo|Akinyi Ouma|Kipchoge Cheruiyot|Njeri Mwangi|Mutua Musyoka",
    "MY": "Nur Aisyah binti Abdullah|Muhammad Hafiz bin Ismail|Siti Nurhaliza binti Tarudin|Tan Wei Ming|Lim Mei Ling|"
    "Raja Kumar a/l Subramaniam",
}
LONG = (
    "Sahibzada Muhammad Abdul-Rehman Jahangir Nawabzada Khan Sherwani",
    "Begum Sahiba Noor-ul-Ain Fatima Zahra Bint-e-Hassan Qizilbash",
)
CITIES = ("Lahore", "Sialkot", "Faisalabad", "Gujranwala", "Karachi", "Wazirabad", "Multan", "Islamabad", "Peshawar")
FIRMS = ("Brothers", "Industries", "Traders", "& Sons", "Exports", "Surgical Works", "Textile Mills", "Sports")
ROLES = ("Owner", "Export Manager", "Director", "Purchase Officer", "Engineer", "Consultant", "Student")


def invent(event: Event, count: int, seed: int = 1) -> Iterator[Details]:
    """`count` people, the same ones for the same seed: most from Pakistan, some delegates, a few very long names."""
    dice = random.Random(seed)  # noqa: S311 - a demo must be the same each time, not secret
    for number in range(count):
        if number % 12 == 0:
            yield _delegate(event, dice, number // 12)
        else:
            yield _from_pakistan(event, dice, LONG[number % 2] if number % 97 == 1 else "")


def _delegate(event: Event, dice: random.Random, turn: int) -> Details:
    country = sorted(ABROAD)[turn % len(ABROAD)]
    names = ABROAD[country].split("|")
    return Details(
        name=names[turn // len(ABROAD) % len(names)],
        category=_category(event, "delegate").slug,
        organisation=f"Chamber of Commerce, delegation {turn // 6 + 1}",
        designation="Head of delegation" if turn % 6 == 0 else "Delegate",
        country=country,
        sectors=_sectors(event, dice),
    )


def _from_pakistan(event: Event, dice: random.Random, long_name: str) -> Details:
    woman = dice.random() < 0.4  # noqa: PLR2004 - a share of the demo
    first, first_ur = dice.choice(list((WOMEN if woman else MEN).items()))
    family, family_ur = dice.choice(list(FAMILIES.items()))
    urdu = not long_name and dice.random() < 0.6  # noqa: PLR2004
    kind = dice.choices(("trade-visitor", "general-visitor", "exhibitor", "media"), weights=(55, 22, 20, 3))[0]
    return Details(
        name=long_name or f"{first} {family}",
        name_ur=f"{first_ur} {family_ur}" if urdu else "",
        category=_category(event, kind).slug,
        organisation=f"{family} {dice.choice(FIRMS)}" if kind != "general-visitor" else "",
        designation=dice.choice(ROLES),
        city=dice.choice(CITIES),
        country="PK",
        gender=Gender.FEMALE if woman else Gender.MALE,
        sectors=_sectors(event, dice),
        language="ur" if urdu else "en",
    )


def _category(event: Event, wanted: str) -> Category:
    """The category of this slug, or the first: the demo lives with any event file."""
    return event.category_by_slug.get(wanted, event.categories[0])


def _sectors(event: Event, dice: random.Random) -> tuple[str, ...]:
    slugs = [sector.slug for sector in event.sectors]
    return tuple(dice.sample(slugs, k=min(len(slugs), dice.randint(1, 2))))
