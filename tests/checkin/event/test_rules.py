"""Every rule of the event file, one broken at a time: what is told, where, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkin.event.mistakes import Mistake

MistakesOf = Callable[[str], tuple[Mistake, ...]]

LONG = "x" * 201
DAY = 'date = 2026-01-25\nopens = "10:00"\ncloses = "19:00"'
GATE = '[[gate]]\nslug = "gate-1"\nname = "Gate 1"\nzone = "hall"\n'
CATEGORY = '[[category]]\nnumber = 1\nslug = "trade"\nname = "Trade visitor"\ncolour = "#e2a829"\npublic = true\n'

SPOILED = [
    # what is replaced, by what, the place and a word of the problem
    ('slug = "small-expo"', 'slug = "a"', "[event] · slug", "not a short name"),
    ('slug = "small-expo"', f'slug = "{"a" * 65}"', "[event] · slug", "not a short name"),
    ('slug = "small-expo"', 'slug = "expo_1"', "[event] · slug", "not a short name"),
    ('slug = "small-expo"', 'slug = "ایکسپو"', "[event] · slug", "not a short name"),
    ('slug = "small-expo"', "slug = 12", "[event] · slug", "12"),
    ('slug = "small-expo"\n', "", "[event] · slug", "missing"),
    ('name = "Small Expo"', f'name = "{LONG}"', "[event] · name", "201 characters"),
    ('name = "Small Expo"', 'name = "a\\nb"', "[event] · name", "control character"),
    ('name = "Small Expo"', 'name = "a\\u2028b"', "[event] · name", "control character"),
    ('name = "Small Expo"', 'name = "   "', "[event] · name", "empty"),
    ('name = "Small Expo"', 'name = "x"\nname_ur = 5', "[event] · name_ur", "5 is not text"),
    ('name = "Small Expo"', 'name = { en = "x" }', "[event] · name", "not text"),
    ('venue = "A hall"', 'venue = "x"\nvenue_ur = ["x"]', "[event] · venue_ur", "not text"),
    ('"Asia/Karachi"', '"PKT"', "[event] · time_zone", "not a time zone"),
    ('"Asia/Karachi"', '"../etc/passwd"', "[event] · time_zone", "not a time zone"),
    ('"Asia/Karachi"', '""', "[event] · time_zone", "not a time zone"),
    *(
        ('"https://expo.example.org"', f'"{address}"', "[event] · public_url", "not the address")
        for address in (
            *("ftp://expo.example.org", "https://", "https://expo.example.org/badges", "https://expo.example.org?x=1"),
            *("https://expo.example.org#x", "https://me:pw@expo.example.org", "https://expo example.org"),
            *(
                "https://expo.example.org:99999",
                "https://[::1",
                " https://expo.example.org",
                "https://expo.example.org?",
            ),
            *("https://expo.example.org//", "javascript:alert(1)"),
        )
    ),
    ("[event]", "[event]\ncapacity = 0", "[event] · capacity", "0 is not a whole number"),
    ("[event]", "[event]\ncapacity = 12.5", "[event] · capacity", "12.5"),
    ("[event]", '[event]\ncapacity = "many"', "[event] · capacity", '"many"'),
    ("[event]", "[event]\nagain_after_minutes = 1441", "[event] · again_after_minutes", "1441"),
    ("[event]", "[event]\nre_entry = true", "[event] · re_entry", "true"),
    ("[event]", "[event]\nnames_on_tablets = 1", "[event] · names_on_tablets", "1 is not true or false"),
    ("[event]", "[event]\ncapcity = 5", "[event] · capcity", "no setting"),
    ("[event]", "capacity = 5\n[event]", "capacity", "above every"),
    ("[event]", "[evnt]\n[event]", "[evnt]", "no table"),
    ("[[zone]]", "[zone]", "[[zone]]", "not a row"),
    (DAY, DAY.replace("2026-01-25", "2026-01-24"), "[[day]] no. 2 2026-01-24 · date", "twice"),
    (DAY, DAY.replace("2026-01-25", "2026-01-23"), "[[day]] no. 2 2026-01-23 · date", "comes after"),
    (DAY, DAY.replace("2026-01-25", "2026-01-25T10:00:00"), "[[day]] no. 2 2026-01-25T10:00:00 · date", "not a date"),
    (DAY, DAY.replace("2026-01-25", '"2026-02-30"'), '[[day]] no. 2 "2026-02-30" · date', "not a date"),
    (DAY, DAY.replace("2026-01-25", '"25.1.2026"'), '[[day]] no. 2 "25.1.2026" · date', "not a date"),
    (DAY, DAY.replace("2026-01-25", "9999-12-31"), "[[day]] no. 2 9999-12-31 · date", "not a date"),
    (DAY, DAY.replace('"10:00"', '"24:00"'), "[[day]] no. 2 2026-01-25 · opens", "not a time"),
    (DAY, DAY.replace('"10:00"', '"10:00+05:00"'), "[[day]] no. 2 2026-01-25 · opens", "not a time"),
    (DAY, DAY.replace('"10:00"', '"10am"'), "[[day]] no. 2 2026-01-25 · opens", "not a time"),
    (DAY, DAY.replace('opens = "10:00"\n', ""), "[[day]] no. 2 2026-01-25 · opens", "missing"),
    (DAY, f'{DAY}\nkind = "fair"', "[[day]] no. 2 2026-01-25 · kind", "choices"),
    (GATE, "", "[[gate]]", "no gate"),
    (GATE, GATE + GATE, '[[gate]] no. 2 "gate-1" · slug', "taken by no. 1"),
    (GATE, f'{GATE}direction = "out"\n', "[[gate]]", "Every gate leads out"),
    (GATE, f'{GATE}direction = "up"\n', '[[gate]] no. 1 "gate-1" · direction', "choices"),
    (GATE, f'{GATE}categories = "trade"\n', '[[gate]] no. 1 "gate-1" · categories', "not a list"),
    (GATE, f'{GATE}categories = ["trade", "trade"]\n', '[[gate]] no. 1 "gate-1" · categories', "twice"),
    (GATE, f"{GATE}categories = [[]]\n", '[[gate]] no. 1 "gate-1" · categories', "not the slug"),
    (CATEGORY, CATEGORY + CATEGORY.replace('"trade"', '"media"'), '[[category]] no. 2 "media" · number', "taken"),
    (CATEGORY, CATEGORY + CATEGORY.replace("= 1", "= 2"), '[[category]] no. 2 "trade" · slug', "taken"),
    (CATEGORY, "", "[[category]]", "no category"),
    ("number = 1", "number = true", '[[category]] no. 1 "trade" · number', "true is not a whole"),
    ("number = 1", "number = -1", '[[category]] no. 1 "trade" · number', "-1"),
    ("number = 1", "number = 1.0", '[[category]] no. 1 "trade" · number', "1.0"),
    ("#e2a829", "#fff", '[[category]] no. 1 "trade" · colour', "not a colour"),
    ("#e2a829", "#e2a82g", '[[category]] no. 1 "trade" · colour', "not a colour"),
    ("#e2a829", "#e2a82900", '[[category]] no. 1 "trade" · colour', "not a colour"),
    ("public = true", "public = false", "[[category]]", "nobody can register"),
    ("public = true", 'public = "yes"', '[[category]] no. 1 "trade" · public', "not true or false"),
    ("public = true", 'public = true\ncounts_as = "vip"', '[[category]] no. 1 "trade" · counts_as', "choices"),
    ("public = true", "public = true\nearly_minutes = -5", '[[category]] no. 1 "trade" · early_minutes', "-5"),
    ("public = true", "public = true\ndays = [2026-01-27]", '[[category]] no. 1 "trade" · days', "no day of"),
    ("public = true", "public = true\ndays = 2026-01-24", '[[category]] no. 1 "trade" · days', "not a list"),
    ("public = true", 'public = true\ndays = ["first"]', '[[category]] no. 1 "trade" · days', "not a date"),
    ("public = true", 'public = true\n[[sector]]\nslug = "xx"', '[[sector]] no. 1 "xx" · name', "missing"),
    ("public = true", 'public = true\n[[cluster]]\nslug = "xx"\nname = 1', '[[cluster]] no. 1 "xx" · name', "not text"),
    *(
        ("public = true", f"public = true\n[register]\n{line}", f"[register] · {key}", problem)
        for line, key, problem in (
            ('ask = ["cnic"]', "ask", "not offered yet"),
            ('ask = ["passport"]', "ask", "not offered yet"),
            ('ask = ["name"]', "ask", "always asked"),
            ('ask = ["phon"]', "ask", "not a field"),
            ('ask = ["sectors"]', "ask", "no [[sector]]"),
            ('ask = ["cluster"]', "ask", "no [[cluster]]"),
            ('ask = "phone"', "ask", "not a list"),
            ('ask = ["city"]\nrequire = ["phone"]', "require", "not asked"),
            ('ask = ["consent_news"]\nrequire = ["consent_news"]', "require", "free to refuse"),
            ('asks = ["city"]', "asks", "no setting"),
        )
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "problem"), SPOILED)
def test_one_broken_rule_is_one_mistake_at_its_place(
    mistakes_of: MistakesOf, small: str, old: str, new: str, place: str, problem: str
) -> None:
    assert old in small
    found = [mistake for mistake in mistakes_of(small.replace(old, new)) if mistake.place.split(" (line")[0] == place]

    assert len(found) == 1
    assert problem in found[0].problem
    assert found[0].mend


def test_days_without_a_show_day_are_a_mistake(mistakes_of: MistakesOf, small: str) -> None:
    (mistake,) = mistakes_of(small.replace("date =", 'kind = "build_up"\ndate ='))

    assert mistake.place == "[[day]]"


def test_no_table_at_all_asks_for_each_once(mistakes_of: MistakesOf) -> None:
    places = [mistake.place for mistake in mistakes_of("")]

    assert places == ["[event]", "[[day]]", "[[zone]]", "[[gate]]", "[[category]]"]


def test_more_days_than_a_tablet_can_note_are_a_mistake(mistakes_of: MistakesOf, small: str) -> None:
    more = "".join(f'[[day]]\ndate = 2026-03-{n:02}\nopens = "10:00"\ncloses = "19:00"\n' for n in range(1, 31))

    (mistake,) = mistakes_of(small + more)
    assert "32 days" in mistake.problem


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('slug = "hall"', 'slug = "Main Hall"'),
        ("date = 2026-01-25", "date = 0"),
    ],
)
def test_a_mistake_is_not_told_again_where_the_name_is_used(
    mistakes_of: MistakesOf, small: str, old: str, new: str
) -> None:
    used = small.replace('zone = "hall"', 'zone = "Main Hall"') if "Hall" in new else f"{small}days = [2026-01-25]\n"

    assert len(mistakes_of(used.replace(old, new))) == 1
