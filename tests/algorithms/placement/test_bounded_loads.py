"""Bounded loads: no node takes more than its bound (Mirrokni, Thorup and Zadimoghaddam 2016)."""

from __future__ import annotations

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st
from placements import KEYS, members, names

from algorithms.placement.loads import room_for
from algorithms.placement.members import Member
from algorithms.placement.ring import HashRing


def bounded(nodes: int, bound: float) -> HashRing:
    """A ring with few tokens, so that it is uneven of itself."""
    return HashRing(members(names(nodes)), 4, load_bound=bound)


@given(st.integers(1, 12), st.integers(101, 300), st.integers(0, 500))
def test_no_node_takes_more_than_c_times_the_average(nodes: int, percent: int, keys: int) -> None:
    assigned = bounded(nodes, percent / 100).assign(KEYS[:keys])
    assert len(assigned) == keys
    assert max(Counter(assigned).values(), default=0) <= ceil(percent * keys / (100 * nodes))


def test_what_does_not_fit_goes_clockwise_to_the_first_with_room() -> None:
    ring = bounded(5, 1.05)
    most, loads = ceil(1.05 * len(KEYS) / 5), Counter[str]()
    for key, node in zip(KEYS, ring.assign(KEYS), strict=True):
        walk = ring.clockwise(ring.range_of(ring.position(key)))
        assert node == next(each for each in walk if loads[each] < most)
        loads[node] += 1


def test_a_bound_that_nobody_reaches_changes_nothing() -> None:
    ring = bounded(5, 5.0)
    assert ring.assign(KEYS) == tuple(map(ring.owner, KEYS))
    assert HashRing(ring.members, 4).assign(KEYS) == ring.assign(KEYS)


def test_a_bound_makes_an_uneven_ring_even() -> None:
    ring = bounded(10, 1.1)
    assert max(Counter(map(ring.owner, KEYS)).values()) > 1.5 * len(KEYS) / 10
    assert max(Counter(ring.assign(KEYS)).values()) <= 1.1 * len(KEYS) / 10


def test_the_bound_is_of_a_nodes_fair_share() -> None:
    pair = (Member("a", 3.0), Member("b"))
    assert room_for(100, pair, 1.2) == {"a": 90, "b": 30}


def test_numbers_count_as_they_are_written() -> None:
    """1.1 * 10 is 11.000000000000002 in floating point, which rounded up would be 12."""
    assert room_for(100, members(names(10)), 1.1)["n1"] == 11


def test_keys_that_do_not_fit_go_clockwise_whatever_the_zones() -> None:
    """A zone is for replicas; a key that only moves on is no replica."""
    zoned = tuple(Member(each, 1.0, "ab"[number % 2]) for number, each in enumerate(names(6)))
    assert HashRing(zoned, 4, load_bound=1.05).assign(KEYS) == bounded(6, 1.05).assign(KEYS)


def test_other_rings_keep_the_bound() -> None:
    ring = bounded(3, 1.5)
    assert ring.with_node("n4").load_bound == ring.without_node("n1").load_bound == 1.5
