"""Vector clocks as exact sets of dots, against sets (causal contexts, Almeida and others 2018)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from ring_values import DOTS, EVERY_DOT, clock

from algorithms.ring.clocks import Dot, Interval, VectorClock, add, covers, union

SETS = st.frozensets(DOTS, max_size=9)


def of(dots: frozenset[Dot]) -> VectorClock:
    return clock(*((dot.actor, dot.counter) for dot in sorted(dots, key=lambda dot: (dot.actor, dot.counter))))


@given(SETS)
def test_a_clock_covers_the_dots_that_were_put_into_it_and_no_other(dots: frozenset[Dot]) -> None:
    assert {dot for dot in EVERY_DOT if covers(of(dots), dot)} == dots


@given(SETS, SETS)
def test_a_union_covers_what_one_of_them_covers(one: frozenset[Dot], other: frozenset[Dot]) -> None:
    assert union(of(one), of(other)) == of(one | other)


@given(st.permutations(EVERY_DOT))
def test_the_order_of_dots_leaves_no_trace(dots: list[Dot]) -> None:
    assert clock(*((dot.actor, dot.counter) for dot in dots)) == of(frozenset(EVERY_DOT))


@given(SETS, SETS)
def test_intervals_are_sorted_and_none_touches_the_next(one: frozenset[Dot], other: frozenset[Dot]) -> None:
    intervals = union(of(one), of(other)).intervals
    assert all(each.first <= each.last for each in intervals)
    for before, after in pairwise(intervals):
        assert (before.actor, before.last + 1) < (after.actor, after.first)


def test_a_gap_is_remembered_as_one() -> None:
    holed = clock(("a", 1), ("a", 3))
    assert holed.intervals == (Interval("a", 1, 1), Interval("a", 3, 3))
    assert not covers(holed, Dot("a", 2))


def test_neighbours_become_one_interval() -> None:
    assert add(clock(("a", 1), ("a", 3)), Dot("a", 2)).intervals == (Interval("a", 1, 3),)


def test_an_interval_within_another_takes_nothing_away() -> None:
    wide, narrow = VectorClock((Interval("a", 1, 9),)), VectorClock((Interval("a", 3, 4),))
    assert union(wide, narrow) == union(narrow, wide) == wide


def test_two_lives_of_one_client_are_two_actors() -> None:
    assert not covers(clock(("c1.1", 1)), Dot("c1.2", 1))
