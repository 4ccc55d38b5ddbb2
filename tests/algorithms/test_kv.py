"""The toy state machine that consensus carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.kv import Append, Command, CompareAndSet, Get, Pair, Pairs, Put, Store, Value


def after(*commands: Command) -> Store:
    store = Store()
    for command in commands:
        store.apply(command)
    return store


def test_a_key_never_written_is_none() -> None:
    assert Store().apply(Get("x")) is None


def test_a_put_is_read_back() -> None:
    assert after(Put("x", 1)).apply(Get("x")) == 1


def test_a_compare_and_set_says_whether_it_found_the_old_value() -> None:
    store = after(Put("x", 1))
    assert store.apply(CompareAndSet("x", 2, 3)) is False
    assert store.apply(CompareAndSet("x", 1, 3)) is True
    assert store.apply(Get("x")) == 3


@pytest.mark.parametrize(("old", "found"), [(True, False), (1, True), (1.0, True), ("1", False)])
def test_equality_is_jsons(old: Value, found: bool) -> None:
    assert after(Put("x", 1)).apply(CompareAndSet("x", old, 0)) is found


@pytest.mark.parametrize(
    ("value", "text"), [(None, "!"), ("a", "a!"), (False, "false!"), (0, "0!"), (2.0, "2!"), (2.5, "2.5!")]
)
def test_an_append_takes_a_value_for_its_json_text(value: Value, text: str) -> None:
    assert after(Put("x", value), Append("x", "!")).apply(Get("x")) == text


@given(st.dictionaries(st.text(max_size=3), st.integers()))
def test_a_snapshot_is_sorted_and_restores_the_store(values: dict[str, int]) -> None:
    store = after(*(Put(key, value) for key, value in values.items()))
    pairs = store.snapshot()
    assert pairs == Pairs(tuple(Pair(key, values[key]) for key in sorted(values)))
    other = after(Put("gone", 1))
    other.restore(pairs)
    assert other.snapshot() == pairs
