"""Versions join as a CRDT does: in any order, any number of times (Dynamo 4.4; Almeida and others 2018)."""

from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ring_values import clock, deleted, deltas, replica_states, version, written

from algorithms.ring.clocks import Dot, covers
from algorithms.ring.versions import (
    NOTHING,
    Chunk,
    Manifest,
    Value,
    Version,
    Versions,
    delta,
    join,
    live_values,
    size_of,
)

STATES = replica_states()
WRITES = st.lists(deltas(), max_size=6)
LATEST = st.lists(deltas(), max_size=4).map(lambda writes: reduce(joined_late, writes, NOTHING))
"""What a replica of a store with last-write-wins can hold."""


def joined_late(one: Versions, other: Versions) -> Versions:
    return join(one, other, last_write_wins=True)


# ---------------------------------------------------------------- the laws


@given(STATES, STATES)
def test_join_is_commutative(one: Versions, other: Versions) -> None:
    assert join(one, other) == join(other, one)


@given(STATES, STATES, STATES)
def test_join_is_associative(one: Versions, other: Versions, third: Versions) -> None:
    assert join(join(one, other), third) == join(one, join(other, third))


@given(STATES, STATES)
def test_join_is_idempotent(one: Versions, other: Versions) -> None:
    both = join(one, other)
    assert join(one, one) == one
    assert join(both, other) == join(both, one) == both


@given(STATES)
def test_nothing_changes_nothing(one: Versions) -> None:
    assert join(one, NOTHING) == join(NOTHING, one) == one


@given(LATEST, LATEST)
def test_last_write_wins_is_commutative(one: Versions, other: Versions) -> None:
    assert joined_late(one, other) == joined_late(other, one)


@given(LATEST, LATEST, LATEST)
def test_last_write_wins_is_associative(one: Versions, other: Versions, third: Versions) -> None:
    assert joined_late(joined_late(one, other), third) == joined_late(one, joined_late(other, third))


@given(LATEST, LATEST)
def test_last_write_wins_is_idempotent(one: Versions, other: Versions) -> None:
    both = joined_late(one, other)
    assert joined_late(one, one) == one
    assert joined_late(both, other) == joined_late(both, one) == both


# ---------------------------------------------------------------- what it means


@given(WRITES, st.randoms(use_true_random=False))
def test_a_version_is_gone_exactly_when_a_write_knew_of_it(writes: list[Versions], dice) -> None:
    known = [join(NOTHING, each).clock for each in writes]
    every = {each.siblings[0].dot: each.siblings[0] for each in writes}
    left = [
        each
        for dot, each in every.items()
        if not any(covers(clock, dot) for clock, of in zip(known, writes, strict=True) if of.siblings[0].dot != dot)
    ]
    dice.shuffle(writes)
    found = reduce(join, writes, NOTHING)
    assert list(found.siblings) == sorted(left, key=lambda each: (each.dot.actor, each.dot.counter))


@given(STATES, STATES)
def test_the_clock_of_a_join_covers_what_both_covered_and_no_more(one: Versions, other: Versions) -> None:
    both = join(one, other)
    for dot in (Dot(actor, counter) for actor in "abcd" for counter in range(6)):
        assert covers(both.clock, dot) == (covers(one.clock, dot) or covers(other.clock, dot))


@given(STATES, STATES)
def test_each_sibling_is_in_the_clock(one: Versions, other: Versions) -> None:
    both = join(one, other)
    assert all(covers(both.clock, each.dot) for each in both.siblings)


@given(STATES, STATES)
def test_a_sibling_stays_unless_the_other_side_has_seen_it_replaced(one: Versions, other: Versions) -> None:
    both = join(one, other)
    for each in one.siblings:
        assert (each in both.siblings) == (each in other.siblings or not covers(other.clock, each.dot))


def test_writes_that_did_not_know_of_each_other_are_siblings_4_4() -> None:
    one, other = written("x", "c1.1"), written("y", "c2.1")
    assert live_values(join(one, other)) == ("x", "y")


def test_a_write_replaces_what_its_context_covers_4_4() -> None:
    siblings = join(written("x", "c1.1"), written("y", "c2.1"))
    merged = delta(siblings.clock, Version(Dot("c1.1", 2), "z", 0))
    assert join(siblings, merged) == merged
    assert live_values(merged) == ("z",)


def test_a_write_that_comes_before_what_it_replaces_still_replaces_it() -> None:
    old = written("x")
    new = delta(old.clock, Version(Dot("c1.1", 2), "y", 0))
    assert join(join(NOTHING, new), old) == new


def test_a_write_does_not_replace_the_one_before_it_that_it_did_not_know() -> None:
    """The second write of an actor that forgot its first: a clock that counts only up would swallow the first."""
    first, second = written("x", "c1.1", 1), written("y", "c1.1", 2)
    assert live_values(join(first, second)) == ("x", "y")


def test_a_delete_hides_what_it_knew_and_nothing_else() -> None:
    old = written("x", "c1.1")
    both = join(join(old, deleted(old)), written("y", "c2.1"))
    assert live_values(both) == ("y",)
    assert [each.deleted for each in both.siblings] == [True, False]


def test_last_write_wins_by_the_writers_clock_whatever_was_known() -> None:
    """What a client with a slow clock writes is lost, even if it had read what it replaces."""
    fast = written("x", "c1.1", at=1_000)
    slow = delta(fast.clock, Version(Dot("c2.1", 1), "y", 10))
    assert live_values(joined_late(fast, slow)) == ("x",)
    assert joined_late(fast, slow).clock == slow.clock


def test_equal_times_are_decided_by_dot() -> None:
    assert live_values(joined_late(written("x", "c1.1"), written("y", "c2.1"))) == ("y",)


def test_equal_values_are_told_once() -> None:
    assert live_values(join(written("x", "c1.1"), written("x", "c2.1"))) == ("x",)


def test_true_and_1_are_two_values_as_in_json() -> None:
    both = join(join(written(1, "c1.1"), written(True, "c2.1")), written(1.0, "c3.1"))
    assert [(type(value), value) for value in live_values(both)] == [(int, 1), (bool, True)]


def test_a_delta_is_its_context_and_its_dot() -> None:
    assert delta(clock(("a", 1)), version(Dot("b", 2))) == Versions(clock(("a", 1), ("b", 2)), (version(Dot("b", 2)),))


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("grüße", 7),
        (7, 8),
        (None, 8),
        (Chunk("00" * 32, 65_536), 65_536),
        (Manifest(3, "00" * 32, (Chunk("00" * 32, 3),)), 160),
    ],
)
def test_the_bytes_of_a_value(value: Value, size: int) -> None:
    assert size_of(value) == size
