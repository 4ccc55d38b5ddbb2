"""What every placement promises, and what only some can."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from placements import EVERY, KEYS, MONOTONE, names

every = st.sampled_from(list(EVERY))
monotone = st.sampled_from(MONOTONE)
counts = st.integers(1, 12)
nodes = st.lists(st.text(max_size=4, alphabet="abcxyz0123-"), min_size=1, max_size=10, unique=True).map(tuple)


@given(every, nodes, st.sampled_from(KEYS))
def test_a_preference_list_has_distinct_nodes_the_owner_first_and_begins_with_the_shorter_one(
    name: str, found: tuple[str, ...], key: str
) -> None:
    placement = EVERY[name](found)
    whole = placement.preference_list(key, len(found))
    assert sorted(whole) == sorted(found)
    assert whole[0] == placement.owner(key)
    assert all(placement.preference_list(key, n) == whole[:n] for n in range(1, len(found)))


@settings(max_examples=60)
@given(monotone, nodes)
def test_keys_move_only_to_a_node_that_comes(name: str, found: tuple[str, ...]) -> None:
    before = EVERY[name](found)
    after = before.with_node("new")
    assert all(after.owner(key) in (before.owner(key), "new") for key in KEYS[:300])


@settings(max_examples=60)
@given(st.sampled_from(["ring", "ketama", "rendezvous"]), nodes, st.data())
def test_only_the_keys_of_a_node_that_goes_move(name: str, found: tuple[str, ...], data: st.DataObject) -> None:
    before = EVERY[name]((*found, "other"))
    gone = data.draw(st.sampled_from(found))
    after = before.without_node(gone)
    assert all(after.owner(key) == before.owner(key) for key in KEYS[:300] if before.owner(key) != gone)


@given(every, nodes)
def test_a_node_that_comes_and_goes_leaves_no_trace(name: str, found: tuple[str, ...]) -> None:
    before = EVERY[name](found)
    assert before.with_node("new").without_node("new") == before


@given(every, nodes)
def test_a_placement_is_a_value(name: str, found: tuple[str, ...]) -> None:
    one, other = EVERY[name](found), EVERY[name](found)
    assert one == other
    assert hash(one) == hash(other)
    for again in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):
        assert again == one
        assert all(again.preference_list(key, len(found)) == one.preference_list(key, len(found)) for key in KEYS[:5])


@pytest.mark.parametrize("name", EVERY)
def test_all_nodes_are_known_and_used(name: str) -> None:
    placement = EVERY[name](names(8))
    assert sorted(placement.nodes) == sorted(names(8))
    assert {placement.owner(key) for key in KEYS} == set(names(8))


@pytest.mark.parametrize("name", EVERY)
def test_a_mistake_is_one_sentence_whatever_the_strategy(name: str) -> None:
    make = EVERY[name]
    three = make(names(3))
    for mistake, sentence in [
        (lambda: make(()), "there must be at least one node"),
        (lambda: make(("a", "a")), 'the node "a" is there twice'),
        (lambda: three.with_node("n2"), 'the node "n2" is there twice'),
        (lambda: three.without_node("n4"), 'there is no node "n4"; there are n1, n2, n3'),
        (lambda: make(("n1",)).without_node("n1"), '"n1" is the last node; it cannot be removed'),
        (lambda: three.preference_list("k", 4), "4 distinct nodes are wanted, but there are only 3"),
        (lambda: three.preference_list("k", 0), "a preference list has at least 1 node, not 0"),
    ]:
        with pytest.raises(ValueError, match=sentence):
            mistake()
