"""Made-up people: names as they come to an expo in Lahore, none of a real person by intent."""

from __future__ import annotations

import random
from collections.abc import Iterator

from checkin.event.model import Category, CountsAs, Event
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


# How many of a hundred are of a category, by its slug; of one that is not named here, by what it counts as.
SHARES = {
    "trade-visitor": 46,
    "general-visitor": 28,
    "exhibitor": 14,
    "delegate": 4,
    "media": 3,
    "organiser": 1,
    "crew": 4,
}
OTHERS = {CountsAs.TRADE: 40, CountsAs.PUBLIC: 30, CountsAs.NONE: 6}


def invent(event: Event, count: int, dice: random.Random) -> Iterator[Details]:
    """`count` people of the event's categories: most from Pakistan, delegates from abroad, a few very long names."""
    categories = event.categories
    shares = [SHARES.get(one.slug, OTHERS[one.counts_as]) for one in categories]
    # Whoever is few still comes, to a small expo too.
    kinds = [*categories, *dice.choices(categories, shares, k=max(0, count - len(categories)))][:count]
    dice.shuffle(kinds)
    for number, category in enumerate(kinds):
        if category.slug == "delegate":
            yield _delegate(event, category, dice, number)
        else:
            yield _from_pakistan(event, category, dice, LONG[number % 2] if number % 97 == 1 else "")


def _delegate(event: Event, category: Category, dice: random.Random, turn: int) -> Details:
    country = dice.choice(sorted(ABROAD))
    return Details(
        name=dice.choice(ABROAD[country].split("|")),
        category=category.slug,
        organisation=f"Chamber of Commerce, delegation {turn // 6 + 1}",
        designation="Head of delegation" if turn % 6 == 0 else "Delegate",
        country=country,
        sectors=_sectors(event, dice),
    )


def _from_pakistan(event: Event, category: Category, dice: random.Random, long_name: str) -> Details:
    woman = dice.random() < 0.4  # noqa: PLR2004 - a share
    first, first_ur = dice.choice(list((WOMEN if woman else MEN).items()))
    family, family_ur = dice.choice(list(FAMILIES.items()))
    urdu = not long_name and dice.random() < 0.6  # noqa: PLR2004
    days = [day.date for day in event.show_days]
    return Details(
        name=long_name or f"{first} {family}",
        name_ur=f"{first_ur} {family_ur}" if urdu else "",
        category=category.slug,
        organisation=f"{family} {dice.choice(FIRMS)}" if category.counts_as is not CountsAs.PUBLIC else "",
        designation=dice.choice(ROLES),
        city=dice.choice(CITIES),
        country="PK" if dice.random() < 0.95 else "",  # noqa: PLR2004 - the others did not say
        gender=Gender.FEMALE if woman else Gender.MALE,
        sectors=_sectors(event, dice),
        days=(dice.choice(days),) if category.public and dice.random() < 0.1 else (),  # noqa: PLR2004
        language="ur" if urdu else "en",
    )


def _sectors(event: Event, dice: random.Random) -> tuple[str, ...]:
    slugs = [sector.slug for sector in event.sectors]
    return tuple(dice.sample(slugs, k=min(len(slugs), dice.randrange(3))))
