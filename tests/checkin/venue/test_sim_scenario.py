"""What a simulation plays: the same for the same seed, as people and tablets are, with all that goes wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from checkin.event.model import Direction, Event
from checkin.venue.simulation.model import Held, Kind, Lane, Scenario, Size
from checkin.venue.simulation.oracle import facts, is_taken
from checkin.venue.simulation.scenario import ScenarioError, build

SIZE = Size(visitors=2_000, scans=6_000)


@pytest.fixture(scope="module")
def played(event: Event) -> Scenario:
    return build(event, SIZE, 1)


def test_the_same_seed_makes_the_same_and_another_one_another(event: Event, played: Scenario) -> None:
    assert played == build(event, SIZE, 1)
    assert {scan.id for scan in played.scans}.isdisjoint(scan.id for scan in build(event, SIZE, 2).scans)


def test_it_is_as_large_as_asked_and_every_category_comes(event: Event, played: Scenario) -> None:
    assert (2_000, 6_000) == (len(played.guests), len({scan.id for scan in played.scans}))
    came = {played.guests[scan.code.guest].details.category for scan in played.scans if scan.code.guest is not None}
    assert {category.slug for category in event.categories} == came


def test_people_come_as_people_do(event: Event, played: Scenario) -> None:
    first = {}
    for fact in facts(played):
        if fact.guest and fact.where.is_in and fact.reason is None:
            first.setdefault((fact.guest.place, fact.where.day), fact)
    hours = Counter(event.local(fact.scan.scanned_at).hour for fact in first.values())
    assert hours[10] > 2 * hours[12]
    assert hours[14] > hours[12] > hours[17]
    early = Counter(
        fact.guest.details.category for fact in first.values() if event.local(fact.scan.scanned_at).hour < 10
    )  # type: ignore[union-attr]
    assert early["exhibitor"] > 100
    assert 0 == early["trade-visitor"] + early["general-visitor"]
    days = Counter(place for place, _ in first)
    assert Counter(days.values())[1] > Counter(days.values())[2] > 20


def test_all_that_goes_wrong_goes_wrong(played: Scenario) -> None:
    found = facts(played)
    assert {None, "forged", "unknown", "revoked", "replaced", "not_today", "not_yet", "wrong_gate"} == {
        fact.reason for fact in found
    }
    assert set(Held) == {scan.code.held for scan in played.scans}
    assert {"sure", "unsure"} == {scan.clock for scan in played.scans}
    assert set(Kind) == {message.kind for message in played.messages}
    assert {(True, True), (True, False), (False, True)} == {
        (c.is_undo, is_taken(played, c)) for c in played.corrections
    }
    assert any(message.loses_answer for message in played.messages if message.kind is Kind.BATCH)
    assert any(scan.is_broken for scan in played.scans)
    out = [fact for fact in found if not fact.where.is_in]
    assert len(out) > 300


def test_every_scan_is_sent_first_in_one_message_and_what_follows_it_after(played: Scenario) -> None:
    firsts: Counter[int] = Counter()
    seen: dict[int, Lane] = {}
    for message in played.messages:
        if message.kind in {Kind.LIVE, Kind.BATCH}:
            firsts.update(message.scans)
            seen |= dict.fromkeys(message.scans, message.lane)
        elif message.kind in {Kind.AGAIN, Kind.CONFLICT}:
            assert {message.lane} == {seen[place] for place in message.scans}
    assert {1} == set(firsts.values())
    assert len(played.scans) == len(firsts)


def test_a_tablet_without_a_network_sends_nothing_and_then_the_oldest_first(played: Scenario) -> None:
    assert any(cut.ends - cut.begins > timedelta(hours=6) for tablet in played.tablets for cut in tablet.cuts)
    for tablet in played.tablets:
        own = [message for message in played.messages if message.tablet == tablet.place]
        assert not [message for message in own if tablet.cut_at(message.at)]
        flushed = [place for message in own if message.kind is Kind.BATCH for place in message.scans]
        assert flushed == sorted(flushed, key=lambda place: played.scans[place].made_at)
        assert all(played.scans[place].waited for place in flushed)
    late = [
        message.at - played.scans[message.scans[0]].made_at for message in played.messages if message.kind is Kind.BATCH
    ]
    assert max(late) > timedelta(hours=4)


def test_wrong_clocks_are_put_right_to_some_milliseconds(played: Scenario) -> None:
    assert any(abs(tablet.clock_error) > timedelta(hours=1) for tablet in played.tablets)
    sure = [abs(scan.scanned_at - scan.made_at) for scan in played.scans if scan.clock == "sure"]
    assert timedelta() < max(sure) < timedelta(milliseconds=250)


def test_it_plays_with_any_event_that_lets_somebody_in(event: Event) -> None:
    gates = tuple(gate for gate in event.gates if gate.slug == "gate-1")
    bare = replace(event, gates=gates, zones=event.zones[:1], sectors=(), categories=event.categories[:1])
    assert 50 == len(build(bare, Size(visitors=10, scans=50), 1).scans)
    shut = replace(event, gates=(replace(gates[0], direction=Direction.OUT),))
    with pytest.raises(ScenarioError, match="Nobody could enter"):
        build(shut, Size(visitors=10, scans=50), 1)
