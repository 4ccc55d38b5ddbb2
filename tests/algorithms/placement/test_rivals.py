"""The rivals of the ring, each by its paper."""

from __future__ import annotations

from collections import Counter
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placements import KEYS, members, names

from algorithms.placement.hashing import hash_named
from algorithms.placement.jump import Jump, jump
from algorithms.placement.maglev import Maglev, populate
from algorithms.placement.members import Member
from algorithms.placement.modulo import Modulo
from algorithms.placement.rendezvous import MASK, A, B, Rendezvous
from algorithms.placement.strategy import Placement


def moved(before: Placement, after: Placement) -> list[tuple[str, str]]:
    """From where to where each key that moves does."""
    pairs = [(before.owner(key), after.owner(key)) for key in KEYS]
    return [pair for pair in pairs if pair[0] != pair[1]]


# ---------------------------------------------------------------- modulo


def test_modulo_is_the_remainder() -> None:
    of = hash_named("md5").of
    assert [Modulo(names(3), "md5").owner(key) for key in KEYS] == [f"n{of(key) % 3 + 1}" for key in KEYS]


def test_from_10_to_11_nodes_modulo_moves_ten_of_eleven_keys() -> None:
    share = len(moved(Modulo(names(10)), Modulo(names(11)))) / len(KEYS)
    assert 0.89 < share < 0.93


def test_replicas_of_modulo_are_the_nodes_that_follow() -> None:
    found = Modulo(names(4))
    key = next(key for key in KEYS if found.owner(key) == "n3")
    assert found.preference_list(key, 4) == ("n3", "n4", "n1", "n2")


# ---------------------------------------------------------------- jump

REFERENCE = {
    0: (0,) * 20,
    1: (0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 17, 17),
    0xDEADBEEF: (0, 1, 2, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 16, 16, 16),
    0x0DDC0FFEEBADF00D: (0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 15, 15, 15, 15),
}
"""From the paper's C++ code: jump_test.go of dgryski/go-jump, for 1, 2, 3 ... buckets."""


@pytest.mark.parametrize("key", REFERENCE)
def test_jump_gives_the_buckets_of_the_papers_code(key: int) -> None:
    assert tuple(jump(key, count) for count in range(1, len(REFERENCE[key]) + 1)) == REFERENCE[key]


@pytest.mark.parametrize(
    ("key", "buckets", "bucket"),
    [
        (1, 1, 0),  # tests/test_jump.py of lithammer/python-jump-consistent-hash
        (42, 57, 43),
        (0xDEAD10CC, 666, 361),
        (256, 1024, 520),
        (1, 100, 55),  # HashingTest.java of Guava, on its compatibility with the C++ code
        (2, 100, 62),
        (3, 100, 8),
        (4, 100, 45),
        (5, 100, 59),
    ],
)
def test_jump_agrees_with_other_libraries(key: int, buckets: int, bucket: int) -> None:
    assert jump(key, buckets) == bucket


@given(st.integers(0, 2**64 - 1), st.integers(1, 5_000))
def test_jump_goes_to_the_new_bucket_or_stays(key: int, buckets: int) -> None:
    assert jump(key, buckets + 1) in (jump(key, buckets), buckets)


def test_of_the_last_bucket_only_its_own_keys_move() -> None:
    before = Jump(names(10))
    assert {origin for origin, _ in moved(before, before.without_node("n10"))} == {"n10"}


def test_of_any_other_bucket_twice_as_many_keys_move() -> None:
    before = Jump(names(10))
    after = before.without_node("n2")
    assert after.nodes == ("n1", "n10", *names(9)[2:])
    pairs = moved(before, after)
    assert {origin for origin, _ in pairs} == {"n2", "n10"}
    assert {target for origin, target in pairs if origin == "n2"} == {"n10"}
    assert 0.16 < len(pairs) / len(KEYS) < 0.24


def test_a_jump_goes_as_far_as_figure_1_says() -> None:
    """Key 0 becomes 1 at first, of which the upper bits are 0: it jumps 2**31 buckets far."""
    assert jump(0, 2**31) == 0
    assert jump(0, 2**31 + 1) == 2**31


def test_jump_needs_a_bucket() -> None:
    with pytest.raises(ValueError, match="there must be at least 1 bucket, not 0"):
        jump(1, 0)


# ---------------------------------------------------------------- rendezvous


@given(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=6), st.text(max_size=4))
def test_the_highest_weighted_bid_wins(weights: list[float], key: str) -> None:
    of = hash_named("blake2b").of
    key = key.encode(errors="replace").decode()

    def score(number: int) -> float:
        bid = (((A * of(f"n{number}") + B & MASK) ^ of(key)) * A + B & MASK) >> 12
        return -weights[number] / log((bid + 0.5) / 2**52)

    found = Rendezvous(tuple(Member(f"n{number}", weight) for number, weight in enumerate(weights)))
    order = sorted(range(len(weights)), key=score, reverse=True)
    assert found.preference_list(key, len(weights)) == tuple(f"n{number}" for number in order)
    assert found.owner(key) == f"n{order[0]}"


def test_shares_are_proportional_to_weights() -> None:
    loads = Counter(map(Rendezvous((Member("a"), Member("b", 3.0))).owner, KEYS))
    assert 0.72 < loads["b"] / len(KEYS) < 0.78


def test_the_keys_of_a_node_that_goes_are_spread_over_all_the_others() -> None:
    before = Rendezvous(members(names(10)))
    pairs = moved(before, before.without_node("n4"))
    assert {origin for origin, _ in pairs} == {"n4"}
    targets = Counter(target for _, target in pairs)
    assert len(targets) == 9
    assert max(targets.values()) < 2.5 * len(pairs) / 9


def test_who_is_next_on_the_list_inherits_the_key() -> None:
    before = Rendezvous(members(names(6)))
    for key in KEYS[:100]:
        first, second = before.preference_list(key, 2)
        assert before.without_node(first).owner(key) == second


def test_equal_weights_give_the_order_of_bids_whatever_they_are() -> None:
    ones, fives = Rendezvous(members(names(5))), Rendezvous(tuple(Member(name, 5.0) for name in names(5)))
    mixed = Rendezvous((*members(names(5)), Member("tiny", 1e-9)))
    for key in KEYS[:200]:
        assert ones.preference_list(key, 5) == fives.preference_list(key, 5) == mixed.preference_list(key, 5)


# ---------------------------------------------------------------- maglev


def test_the_table_fills_as_in_the_papers_table_1() -> None:
    """Backends B0, B1 and B2 with a table of 7, then without B1."""
    assert populate([(3, 4), (0, 2), (3, 1)], 7) == [1, 0, 1, 0, 2, 2, 0]
    assert [(0, 2)[node] for node in populate([(3, 4), (3, 1)], 7)] == [0, 0, 0, 0, 2, 2, 2]


@given(st.integers(1, 20), st.sampled_from([23, 251, 1009]))
def test_no_node_has_more_than_one_entry_more_than_another(count: int, size: int) -> None:
    entries = Counter(Maglev(names(count), size).table)
    assert sum(entries.values()) == size
    assert max(entries.values()) - min(entries.values()) <= 1
    assert len(entries) == count


def test_maglev_moves_little_more_than_it_must() -> None:
    """The paper's Figure 12: with a table a hundred times the nodes, about 2 % of the entries change without need."""
    before = Maglev(names(100), 10_007)
    after = before.without_node("n7")
    changed = sum(old != new and old != "n7" for old, new in zip(before.table, after.table, strict=True)) / len(
        before.table
    )
    assert 0 < changed < 0.03


def test_all_balancers_fill_the_same_table() -> None:
    assert Maglev(names(5), 251) == Maglev(names(5)[::-1], 251)
    assert Maglev(names(5), 251).table == Maglev(names(5)[::-1], 251).table


@pytest.mark.parametrize(
    ("nodes", "size", "sentence"),
    [
        (3, 100, "the table size is 100; it must be a prime, and the next one is 101"),
        (3, 49, "the table size is 49; it must be a prime, and the next one is 53"),
        (3, 65_536, "and the next one is 65,537"),
        (3, 1, "the table size is 1; it must be a prime from 2 to 10,000,000"),
        (6, 5, "a table of 5 entries has no room for 6 nodes"),
    ],
)
def test_a_table_is_a_prime_with_room_for_all(nodes: int, size: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Maglev(names(nodes), size)
