"""Which addresses may be told anything, and when a message is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.webhooks.model import AddressProblem, DeliveryState, Outcome, Problem
from checkin.webhooks.policy import (
    ADDRESS_LONGEST,
    ADDRESS_WAIT,
    LASTS,
    WAITS,
    Target,
    is_public,
    problem_of,
    read_address,
    rest,
    standing_after,
)

NOW = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)
LOST = Outcome(problem=Problem.NO_CONNECTION)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://hooks.example.org", Target("hooks.example.org", 443, "/")),
        ("https://hooks.example.org:8443/a/b?c=d&e", Target("hooks.example.org", 8443, "/a/b?c=d&e")),
        ("https://HOOKS.example.org./x", Target("hooks.example.org", 443, "/x")),
        ("https://xn--mgbh0fb.example/", Target("xn--mgbh0fb.example", 443, "/")),
        ("https://93.184.215.14/", Target("93.184.215.14", 443, "/")),
        ("https://[2606:2800:21f::1]/", Target("2606:2800:21f::1", 443, "/")),
    ],
)
def test_an_https_address_is_read(address: str, target: Target) -> None:
    assert target == read_address(address)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        *((text, AddressProblem.NOT_HTTPS) for text in ("http://hooks.example.org", "ftp://x", "hooks.example.org")),
        *(
            (text, AddressProblem.NOT_AN_ADDRESS)
            for text in (
                *("", "https://", "https:///x", "https://:443/", "https://a b.example", "https://example.org/\r\nX: y"),
                *("https://مثال.example/", "https://example.org:0/", "https://example.org:70000/", "https://[::1"),
                *("https://example.org/#part", "https://exa_mple.org\\@x/", "https://a..example", "https://-a.example"),
                *(
                    "https://[fe80::1%25eth0]/",
                    "https://example.org/\0",
                    "https://example.org/" + "x" * ADDRESS_LONGEST,
                ),
            )
        ),
        ("https://user:password@example.org/", AddressProblem.HAS_PASSWORD),
        *(
            (text, AddressProblem.PRIVATE)
            for text in ("https://localhost/", "https://LOCALHOST.:1/", "https://db.internal/", "https://printer.local")
        ),
        *((text, AddressProblem.PRIVATE) for text in ("https://127.0.0.1", "https://[::1]/", "https://10.0.0.1:443/x")),
    ],
)
def test_anything_else_is_refused_with_a_reason(address: str, problem: AddressProblem) -> None:
    assert problem is read_address(address)


@given(st.text(max_size=60) | st.text(max_size=40).map("https://{}".format))
def test_no_text_is_too_strange(text: str) -> None:
    found = read_address(text)
    if isinstance(found, Target):
        assert f"{found.host}{found.path}".isascii()
        assert not set(" \r\n\0") & set(found.host + found.path)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "0.0.0.1", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.0.0.8"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1"),
        *("ff02::1", "64:ff9b::7f00:1", "2001:db8::1", "2002:7f00:1::", "2001::1", "100::1", "fec0::1", "5f00::1"),
    ],
)
def test_what_is_not_the_public_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "172.32.0.1", "100.128.0.1", "2606:2800:21f::1", "2a00:1450::1"])
def test_the_public_internet_is_not(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    found = ip_address(str(address))
    if found.is_private or found.is_loopback or found.is_link_local or found.is_multicast or found.is_reserved:
        assert not is_public(found)


@pytest.mark.parametrize(
    ("status", "problem"),
    [(200, None), (204, None), (299, None), (301, Problem.REDIRECT), (400, Problem.REFUSED), (503, Problem.REFUSED)],
)
def test_only_an_answer_of_200_to_299_is_good(status: int, problem: Problem | None) -> None:
    assert problem is problem_of(status)


def test_pauses_grow_and_after_some_hours_the_message_is_given_up() -> None:
    now, tries, pauses = NOW, 0, []
    while True:
        tries += 1
        standing = standing_after(LOST, tries=tries, made_at=NOW, now=now)
        if standing.next_try_at is None:
            break
        pauses.append(standing.next_try_at - now)
        now = standing.next_try_at
    assert DeliveryState.GIVEN_UP is standing.state
    assert sorted(pauses) == pauses
    assert [*WAITS, WAITS[-1]] == pauses[: len(WAITS) + 1]
    assert LASTS - WAITS[-1] <= now - NOW < LASTS


def test_what_arrived_is_done() -> None:
    assert DeliveryState.DELIVERED is standing_after(Outcome(status=204), tries=3, made_at=NOW, now=NOW).state


def test_other_messages_wait_for_a_dead_receiver_and_hardly_for_one_that_refused_this() -> None:
    assert [WAITS[0], WAITS[3]] == [rest(LOST, 1), rest(LOST, 4)]
    assert {ADDRESS_WAIT} == {rest(Outcome(status=400, problem=Problem.REFUSED), tries) for tries in (1, 4, 9)}
    assert timedelta() < ADDRESS_WAIT
