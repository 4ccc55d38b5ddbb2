"""The hash ring: tokens and ranges, weights and zones (Karger et al. 1997; Dynamo 4.2 and 4.3)."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placements import KEYS, members, names

from algorithms.placement import hashing
from algorithms.placement.members import Member
from algorithms.placement.ring import HashRing, ring_of

weights = st.floats(0.1, 4.0)
some_members = st.dictionaries(
    st.text(min_size=1, max_size=3, alphabet="abcdef"),
    st.tuples(weights, st.sampled_from("xyz")),
    min_size=1,
    max_size=9,
).map(lambda found: tuple(Member(name, weight, zone) for name, (weight, zone) in found.items()))
rings = st.builds(HashRing, some_members, st.integers(1, 20))
positions = st.integers(0, 2**64 - 1)


def counted(ring: HashRing) -> Counter[str]:
    """Keys of each node."""
    return Counter(map(ring.owner, KEYS))


# ---------------------------------------------------------------- ranges


def by_hand(ring: HashRing, position: int) -> int:
    """The range of a position, by looking at all of them."""
    for number, bound in enumerate(ring.bounds):
        if position <= bound:
            return number
    return 0


@given(rings, positions)
def test_a_position_is_in_the_range_that_ends_at_the_next_token(ring: HashRing, position: int) -> None:
    assert ring.range_of(position) == by_hand(ring, position)


@given(rings)
def test_a_range_has_its_last_position_and_not_its_first(ring: HashRing) -> None:
    for number, bound in enumerate(ring.bounds):
        assert ring.range_of(bound) == number
        assert ring.range_of((bound + 1) % 2**64) == (number + 1) % len(ring.bounds)


@given(rings, st.text(max_size=5, alphabet="klmn"))
def test_a_key_belongs_to_whoever_owns_its_range(ring: HashRing, key: str) -> None:
    number = ring.range_of(ring.position(key))
    assert ring.owner(key) == ring.owner_of_range(number) == ring.preference_list_at(number, 1)[0]


def test_a_key_behind_the_last_token_goes_over_the_top() -> None:
    ring = HashRing(members(names(3)), 4)
    key = next(key for key in (f"k{number}" for number in range(10_000)) if ring.position(key) > ring.bounds[-1])
    assert ring.range_of(ring.position(key)) == 0
    assert ring.owner(key) == ring.owner_of_range(0)


def test_a_ring_of_one_token_has_one_range() -> None:
    ring = HashRing((Member("a"),), 1)
    assert len(ring.bounds) == 1
    assert {ring.range_of(position) for position in (0, ring.bounds[0], ring.bounds[0] + 1, 2**64 - 1)} == {0}
    assert ring.preference_list_at(0, 3) == ("a",)


@given(rings)
def test_each_member_has_as_many_tokens_as_its_weight_says(ring: HashRing) -> None:
    owned = Counter(ring.owner_of_range(number) for number in range(len(ring.bounds)))
    assert list(ring.bounds) == sorted(ring.bounds)
    for member in ring.members:
        assert owned[member.name] == max(1, round(ring.virtual_nodes * member.weight))


# ---------------------------------------------------------------- preference lists


@given(rings, st.data())
def test_a_walk_meets_every_node_once_and_its_owner_first(ring: HashRing, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(ring.bounds) - 1))
    walked = list(ring.walk(number))
    assert sorted(walked) == sorted(ring.nodes)
    assert walked[0] == ring.owner_of_range(number)


@given(rings, st.data())
def test_the_clockwise_order_is_that_of_the_tokens(ring: HashRing, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(ring.bounds) - 1))
    around = [ring.owner_of_range((number + step) % len(ring.bounds)) for step in range(len(ring.bounds))]
    assert list(ring.clockwise(number)) == list(dict.fromkeys(around))


@given(rings, st.data())
def test_no_zone_comes_twice_before_every_zone_has_come(ring: HashRing, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(ring.bounds) - 1))
    zone_of = {member.name: member.zone for member in ring.members}
    zones = [zone_of[node] for node in ring.walk(number)]
    sizes = Counter(zones)
    for length in range(1, len(zones) + 1):
        came = Counter(zones[:length])
        for zone, size in sizes.items():
            assert came[zone] >= min(size, max(came.values()) - 1)


def test_replicas_are_in_distinct_zones_as_long_as_there_are_enough() -> None:
    ring = HashRing(tuple(Member(f"n{number}", 1.0, "abc"[number % 3]) for number in range(9)), 16)
    for number in range(len(ring.bounds)):
        assert {int(node[1:]) % 3 for node in ring.preference_list_at(number, 3)} == {0, 1, 2}
        assert len(set(ring.preference_list_at(number, 5))) == 5


def test_zones_can_be_disregarded() -> None:
    found = tuple(Member(f"n{number}", 1.0, "ab"[number % 2]) for number in range(6))
    plain = HashRing(tuple(Member(each.name) for each in found), 8)
    assert all(list(HashRing(found, 8, zones=False).walk(number)) == list(plain.walk(number)) for number in range(48))
    assert any(list(HashRing(found, 8).walk(number)) != list(plain.walk(number)) for number in range(48))


@given(rings, st.integers(1, 12))
def test_a_range_gives_what_nodes_there_are(ring: HashRing, n: int) -> None:
    assert ring.preference_list_at(0, n) == tuple(islice(ring.walk(0), n))
    assert ring.preference_list_at(0, n) is ring.preference_list_at(0, n)


# ---------------------------------------------------------------- other rings


@given(rings, weights)
def test_keys_move_only_to_a_node_that_comes(ring: HashRing, weight: float) -> None:
    after = ring.with_node("new", weight, "x")
    assert all(after.owner(key) in (ring.owner(key), "new") for key in KEYS[:200])


@given(rings, weights, st.data())
def test_a_change_of_weight_moves_keys_only_to_the_node_or_only_from_it(
    ring: HashRing, weight: float, data: st.DataObject
) -> None:
    member = data.draw(st.sampled_from(ring.members))
    after = ring.with_weight(member.name, weight)
    for key in KEYS[:200]:
        old, new = ring.owner(key), after.owner(key)
        assert old == new or member.name == (new if weight > member.weight else old)


def test_other_rings_keep_zones_and_settings() -> None:
    ring = HashRing((Member("a", 1.0, "x"), Member("b", 1.0, "y")), 7, "md5", 1.5, zones=False)
    after = ring.with_node("c", 2.0, "z").with_weight("a", 3.0).without_node("b")
    assert after == HashRing((Member("a", 3.0, "x"), Member("c", 2.0, "z")), 7, "md5", 1.5, zones=False)


def test_a_node_of_weight_2_takes_twice_the_keys() -> None:
    ring = HashRing((Member("a"), Member("b", 2.0), Member("c")), 500)
    loads = counted(ring)
    assert 0.45 * len(KEYS) < loads["b"] < 0.55 * len(KEYS)


def test_more_virtual_nodes_make_loads_more_even() -> None:
    def worst(virtual_nodes: int) -> float:
        return max(counted(HashRing(members(names(10)), virtual_nodes)).values()) * 10 / len(KEYS)

    assert worst(1) > 2
    assert worst(1_000) < 1.15 < worst(8) < worst(1)


@pytest.mark.parametrize(("hashing", "good"), [("blake2b", True), ("md5", True), ("murmur3", True), ("fnv1a", False)])
def test_a_ring_is_as_even_as_its_hash(hashing: str, good: bool) -> None:
    loads = counted(HashRing(members(names(10)), 160, hashing))
    assert (max(loads.values()) * 10 / len(KEYS) < 1.35) == good


# ---------------------------------------------------------------- values


@given(some_members)
def test_rings_of_the_same_members_are_equal_in_any_order(found: tuple[Member, ...]) -> None:
    one, other = HashRing(found, 4), HashRing(found[::-1], 4)
    assert one == other
    assert hash(one) == hash(other)
    assert one.bounds == other.bounds
    assert one != HashRing(found, 5)


def test_all_who_ask_for_the_same_ring_get_one() -> None:
    ring = ring_of(members(names(3)), 8)
    assert ring_of(members(names(3)), virtual_nodes=8, hash="blake2b") is ring
    assert pickle.loads(pickle.dumps(ring)) is ring
    assert copy.deepcopy(ring) is ring
    assert ring_of(members(names(3)), 9) != ring


def test_a_ring_cannot_be_changed() -> None:
    ring = HashRing(members(names(3)))
    with pytest.raises(AttributeError):
        ring.members = ()  # type: ignore[misc]


def test_where_two_tokens_meet_the_first_name_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the length of a text for a hash, so that they do meet."""
    length = hashing.Hash("length", len, lambda text: (len(text),))
    monkeypatch.setitem(hashing._BY_NAME, "length", length)
    ring = HashRing((Member("b"), Member("a"), Member("ccc")), 1, "length")
    assert ring.bounds == (len("a#0"), len("ccc#0"))
    assert [ring.owner_of_range(number) for number in (0, 1)] == ["a", "ccc"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: HashRing(()), "there must be at least one node"),
        (lambda: HashRing(members(("a", "b", "a"))), 'the node "a" is there twice'),
        (lambda: HashRing((Member("a", 0.0),)), 'the weight of "a" is 0; it must be above 0'),
        (lambda: HashRing((Member("a", -1.0),)), 'the weight of "a" is -1; it must be above 0'),
        (lambda: HashRing((Member("a", float("nan")),)), 'the weight of "a" is nan; it must be above 0'),
        (lambda: HashRing((Member("a", 1e300),)), r'the weight of "a" is 1e\+300; it must be above 0'),
        (lambda: HashRing((Member("a", 1e6),)), '"a" would have 64,000,000 tokens; 1,000,000 are the most'),
        (lambda: HashRing(members(("a",)), 0), "a node has at least 1 virtual node, not 0"),
        (lambda: HashRing(members(("a",)), hash="crc"), 'there is no hash "crc"; there are blake2b'),
        (lambda: HashRing(members(("a",)), load_bound=1.0), "the load bound is 1; it must be above 1"),
        (lambda: HashRing(members(("a",)), load_bound=float("nan")), "the load bound is nan; it must be above 1"),
        (lambda: HashRing(members(("a", "b"))).with_weight("c", 2), 'there is no node "c"; there are a, b'),
        (lambda: HashRing(members(names(13))).without_node("x"), "n6 and 3 more"),
    ],
)
def test_a_mistake_is_one_sentence(make: Callable[[], HashRing], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make()
