"""A hundred thousand made-up people with badges, written past the services: what is measured is not how they came."""

from __future__ import annotations

import random

from sqlalchemy.orm import Session

from checkin.badges.tables import BadgeNumberRow, BadgeRevisionRow, BadgeRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors.tables import VisitorRow

FIRST = """
Muhammad Ahmed Ali Hassan Hussain Bilal Usman Umar Hamza Imran Kashif Tariq Waqas Zubair Faisal Asad Junaid
Rizwan Adnan Salman Noman Kamran Shahzad Shahid Naveed Nadeem Waseem Saqib Asif Arif Atif Yasir Zeeshan Danish
Fahad Saad Talha Haris Ibrahim Ismail Yousaf Ayesha Fatima Zainab Maryam Hina Sana Rabia Nadia Saima Khadija
Amna Bushra Iqra Mahnoor Sadia Farah Uzma Shazia Rukhsana Nasreen Tahira Samina Kiran Mehwish Anum Noor Laiba
Areeba Hafsa Sumaira
"""
MIDDLE = """
Abdul Ahmad Ali Akbar Aslam Akhtar Hussain Iqbal Javed Mahmood Rehman Saeed Zahid Nawaz Parveen Bibi Noor
"""
FAMILY = """
Siddiqui Khan Malik Butt Chaudhry Sheikh Qureshi Mirza Awan Bhatti Hussain Raza Anwar Iqbal Abbasi Ansari Baig
Bajwa Bukhari Cheema Dar Dogar Durrani Farooqi Gondal Gujjar Hashmi Jatoi Janjua Javed Kazmi Khattak Khokhar
Lodhi Mehmood Memon Minhas Mughal Naqvi Niazi Paracha Pirzada Rana Randhawa Rathore Rehman Rizvi Saleem Sethi
Shah Soomro Sulehri Tarar Virk Wattoo Warraich Yousafzai Zaidi Zafar Afridi Alvi Arain Arshad Ashraf Aziz
Bokhari Ghani Gillani Hameed
"""
FIRSTS, MIDDLES, FAMILIES = (words.split() for words in (FIRST, MIDDLE, FAMILY))
LETTERS = "aeiou"
STORED = "2026-01-20 05:30:00.000000"  # a moment, as SQLite keeps it


def fill(database: Database, event: Event, people: int) -> None:
    """Write `people` with a badge each, in the order of revisions; a few chose days, a few were revoked."""
    dice = random.Random(7)  # noqa: S311 - the same people each time
    numbers = dice.sample(range(2**40), people)
    common = dict.fromkeys(
        ("name_ur", "organisation", "designation", "country", "city", "phone", "email", "cluster", "stand", "group"), ""
    ) | {
        "registered_at": STORED,
        "consented_at": STORED,
        "source": "import",
        "link_version": 0,
        "gender": "undisclosed",
        "language": "en",
        "consent_exhibitors": 0,
        "consent_news": 0,
        "consent_photo": 0,
    }
    shows = [day.date for day in event.show_days]
    visitors, badges = [], []
    for place, number in enumerate(numbers, 1):
        category = dice.choice(event.categories)
        days = dice.choice(shows).isoformat() if dice.random() < 0.1 else ""
        name = _name(dice)
        visitors.append(common | {"id": place, "name": name, "category": category.slug, "days": days})
        badges.append(
            dict.fromkeys(("name_ur", "organisation", "designation", "city", "country", "revoked_because"), "")
            | {
                "visitor_id": place,
                "number": number,
                "issue": int(dice.random() < 0.05),
                "key_number": 0,
                "category": category.number,
                "days": "",
                "name": name,
                "issued_at": STORED,
                "issued_by": "online",
                "revoked_at": STORED if dice.random() < 0.005 else None,
                "revision": place,
            }
        )
    pairs = [{"number": badge["number"], "visitor_id": badge["visitor_id"]} for badge in badges]
    with database.transaction() as session:
        for row, values in ((VisitorRow, visitors), (BadgeNumberRow, pairs), (BadgeRow, badges)):
            _write(session, row.__tablename__, values)
        session.add(BadgeRevisionRow(id=1, revision=people))


def _write(session: Session, table: str, rows: list[dict[str, object]]) -> None:
    """Straight through the driver: five times as fast. PostgreSQL reads each value from its text."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    names = ", ".join(f'"{name}"' for name in rows[0])
    marks = ", ".join(("?" if is_sqlite else "%s",) * len(rows[0]))
    values = [tuple(row.values()) for row in rows]
    if not is_sqlite:
        values = [tuple(None if value is None else str(value) for value in row) for row in values]
    session.connection().exec_driver_sql(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
        values,
    )


def _name(dice: random.Random) -> str:
    """Two to four words, one in five spelled in a way of its own."""
    words = [dice.choice(FIRSTS), *dice.sample(MIDDLES, dice.choice((0, 0, 1, 1, 2))), dice.choice(FAMILIES)]
    if dice.random() < 0.2:
        place = dice.randrange(len(words))
        words[place] = words[place].replace(dice.choice(LETTERS), dice.choice(LETTERS) * dice.choice((1, 2)))
    return " ".join(words)
