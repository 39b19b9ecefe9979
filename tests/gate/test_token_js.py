from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

VECTORS = json.loads((Path(__file__).parents[1] / "contract" / "vectors.json").read_text())
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def run(page: Page, body: str, argument: Any = None) -> Any:
    return page.evaluate(f"async (given) => {{ const token = await import('/gate/token.js'); {body} }}", argument)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["token"])
def test_a_vector_is_read_verified_and_written_again(bare_page: Page, vector: dict[str, Any]) -> None:
    said = run(
        bare_page,
        """const parsed = token.parseToken(given.token);
        const key = await token.importKey(Uint8Array.from(given.key.match(/../g), (pair) => parseInt(pair, 16)));
        const mac = await token.macOf(parsed.body, key, given.event);
        return {
          key_number: parsed.keyNumber, badge_number: parsed.number, issue: parsed.issue, category: parsed.category,
          token: token.formatToken([...parsed.body, ...mac]), short_code: token.formatShortCode(parsed.number),
          genuine: await token.isGenuine(parsed, key, given.event),
          elsewhere: await token.isGenuine(parsed, key, 'other'),
          extractable: key.extractable, number: token.readShortCode(given.short_code).number };""",
        vector,
    )
    kept = {name: vector[name] for name in ("key_number", "badge_number", "issue", "category", "token", "short_code")}
    assert said == {**kept, "genuine": True, "elsewhere": False, "extractable": False, "number": vector["badge_number"]}


def test_one_changed_bit_is_not_genuine(bare_page: Page) -> None:
    genuine = run(
        bare_page,
        """const key = await token.importKey(Uint8Array.from(given.key.match(/../g), (pair) => parseInt(pair, 16)));
        const { body, mac } = token.parseToken(given.token);
        const bytes = [...body, ...mac];
        const all = [];
        for (let bit = 4; bit < 136; bit += 1) {
          const changed = [...bytes];
          changed[bit >> 3] ^= 128 >> (bit & 7);
          all.push(await token.isGenuine(token.parseToken(token.formatToken(changed)), key, given.event));
        }
        return all;""",
        VECTORS[0],
    )
    assert [False] * 132 == genuine


@pytest.mark.parametrize(
    "text",
    [
        "",
        VECTORS[0]["token"][:-1],
        VECTORS[0]["token"] + "0",
        VECTORS[0]["token"].lower(),
        "3" * 27 + "U",
        "F" * 28,
        VECTORS[0]["token"][:-1] + "H",
    ],
)
def test_what_is_no_canonical_token_is_not_read(bare_page: Page, text: str) -> None:
    assert run(bare_page, "return token.parseToken(given);", text) is None


def test_every_substitution_and_every_swap_in_a_short_code_is_caught(bare_page: Page) -> None:
    code = "7K3M9QXD"
    number = 0
    for letter in code:
        number = number * 32 + ALPHABET.index(letter)
    numbers = [number, 0, 2**40 - 1, *(vector["badge_number"] for vector in VECTORS)]
    missed = run(
        bare_page,
        """const missed = [];
        for (const number of given.numbers) {
          const right = token.formatShortCode(number).replaceAll('-', '');
          for (let i = 0; i < 9; i += 1) {
            for (const letter of given.alphabet) {
              const wrong = right.slice(0, i) + letter + right.slice(i + 1);
              if (wrong !== right && token.readShortCode(wrong).error !== 'check') missed.push(wrong);
            }
            for (let j = i + 1; j < 9; j += 1) {
              const letters = [...right];
              [letters[i], letters[j]] = [letters[j], letters[i]];
              const wrong = letters.join('');
              if (wrong !== right && token.readShortCode(wrong).error !== 'check') missed.push(wrong);
            }
          }
        }
        return missed;""",
        {"numbers": numbers, "alphabet": ALPHABET},
    )
    assert missed == []


@pytest.mark.parametrize("typed", ["g000-0001-8", "GOOO OOOI 8", "gooo-oool-8", " g0000001 8 ", "G000–0001–8"])
def test_a_short_code_is_read_forgivingly(bare_page: Page, typed: str) -> None:
    read = run(bare_page, "return token.readShortCode(given);", typed)
    assert read == {"code": "G000-0001-8", "number": 549755813889}


@pytest.mark.parametrize(
    ("typed", "error", "length"),
    [
        ("G000-0001", "length", 8),
        ("", "length", 0),
        ("G000-0001-9", "check", 9),
        ("GU00-0001-8", "letters", 9),
        ("کارڈ", "letters", 4),
    ],
)
def test_a_wrong_short_code_says_what_is_wrong(bare_page: Page, typed: str, error: str, length: int) -> None:
    assert run(bare_page, "return token.readShortCode(given);", typed) == {"error": error, "length": length}
