"""Made-up people with names as they come in Lahore, Baku, Nairobi and Kuala Lumpur; the same at each run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from printing import Face, Pip

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST = tuple(
    "Ayesha Muhammad Ali Bilal Fatima Hassan Zainab Usman Imran Sana Tariq Nadia Kamran Hira Faisal Rabia Gülnarə "  # noqa: SIM905 - reads as people read it
    "Wanjiru Aisyah Rəşad Njoroge Saad Hamza Mahnoor Iqra Zubair Shazia Waqas Noor Hafsa".split()
)
LAST = tuple(
    "Siddiqui Khan Ahmed Malik Butt Chaudhry Qureshi Mirza Sheikh Əliyeva Kamau Rehman Iqbal Əhmədov Otieno Ismail "  # noqa: SIM905
    "Gondal Dar Awan Bhatti Yousafzai Raza".split()
)
FIRST_UR = tuple(
    "عائشہ محمد علی بلال فاطمہ حسن زینب عثمان عمران ثنا طارق نادیہ کامران حرا فیصل رابعہ سعد حمزہ نور".split()  # noqa: SIM905
)
LAST_UR = tuple("صدیقی خان احمد ملک بٹ چوہدری قریشی مرزا شیخ رحمان اقبال گوندل ڈار اعوان بھٹی رضا".split())  # noqa: SIM905
CATEGORIES = (
    ("Trade visitor", "تجارتی وزیٹر", "#e0a82e"),
    ("Exhibitor", "نمائش کنندہ", "#0b6e4f"),
    ("Delegate", "مندوب", "#1d5bb8"),
)


def people(count: int, seed: int = 1) -> Iterator[Face]:
    """`count` faces, each with a code of its own, an organisation that few share, and every fifth without Urdu."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    for at in range(count):
        category, category_ur, colour = chance.choice(CATEGORIES)
        letters = "".join(chance.choices(ALPHABET, k=9))
        yield Face(
            event_name="Made in Pakistan SME Cluster Showcase Expo 2026",
            event_name_ur="میڈ اِن پاکستان ایس ایم ای کلسٹر شوکیس ایکسپو 2026",
            dateline="Lahore Expo Centre · 24–26 January 2026",
            name=f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(LAST)}",
            name_ur=f"{chance.choice(FIRST_UR)} {chance.choice(LAST_UR)}" if at % 5 else "",
            organisation=f"{chance.choice(LAST)} {chance.choice(('Textiles', 'Surgical', 'Sports'))} {at % 997}",
            designation=chance.choice(("Manager", "Export Manager", "CEO", "Partner")),
            place=chance.choice(("Sialkot", "Lahore", "Faisalabad", "Baku", "Nairobi")),
            category=category,
            category_ur=category_ur,
            colour=colour,
            days=tuple(Pip(label=day, valid=chance.random() < 0.7) for day in ("Sat 24", "Sun 25", "Mon 26")),
            token="2" + "".join(chance.choices(ALPHABET, k=26)) + "0",
            short_code=f"{letters[:4]}-{letters[4:8]}-{letters[8]}",
        )
