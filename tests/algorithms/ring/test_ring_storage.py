"""What a node holds: on disk, by name and by place, against a dictionary."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ring_server_talk import booted, saves
from ring_values import deleted, disk, written

from algorithms.machine import Cell, Erase, Save, Saved
from algorithms.ring.settings import RingSettings
from algorithms.ring.storage import Storage, digest_of
from algorithms.ring.table import Span, position_of
from algorithms.ring.versions import NOTHING, Version, Versions, join

POSITION = position_of(RingSettings())
KEYS = st.text(max_size=3)
TOP = 2**64 - 1
ENDS = st.integers(0, TOP)


def fresh(held: dict[str, Versions] | None = None):
    state = booted("n1", saved=disk(held or {})).state
    state.effects = []
    return state


def joined(state, key: str, versions: Versions):
    state.effects = []
    return state.storage.join(state, key, versions), state.effects


def test_what_changes_is_saved_once_and_synced() -> None:
    state = fresh()
    assert joined(state, "k", written("x")) == (True, [Save("key/k", written("x"), True)])


def test_what_changes_nothing_writes_nothing() -> None:
    state = fresh({"k": written("x")})
    assert joined(state, "k", written("x")) == (False, [])
    assert joined(state, "k", NOTHING) == (False, [])


def test_what_is_saved_is_the_join() -> None:
    state = fresh({"k": written("x", "c1.1")})
    _, effects = joined(state, "k", written("y", "c2.1"))
    assert saves(effects) == {"key/k": join(written("x", "c1.1"), written("y", "c2.1"))}


def test_with_last_write_wins_only_the_later_is_saved() -> None:
    state = booted("n1", settings=RingSettings(conflicts="last_write_wins")).state
    joined(state, "k", written("x", "c1.1", at=9))
    _, effects = joined(state, "k", written("y", "c2.1", at=5))
    assert [each.value for each in saves(effects)["key/k"].siblings] == ["x"]


def test_a_clock_that_grew_is_news_even_if_no_value_changes() -> None:
    """A replica that forgets what it has seen replaced would take it back."""
    old = written("x", "c1.1")
    new = Versions(join(old, written("y", "c2.1")).clock, ())
    changed, effects = joined(fresh({"k": new}), "k", deleted(old))
    assert changed
    assert saves(effects)["key/k"] == join(new, deleted(old))


def test_a_key_that_is_not_there_is_nothing() -> None:
    assert fresh().storage.get("k") == NOTHING


def test_an_erased_key_is_gone_from_memory_and_disk() -> None:
    state = fresh({"k": written("x"), "l": written("yy")})
    state.storage.erase(state, "k")
    assert [each.cell for each in state.effects if isinstance(each, Erase)] == ["key/k"]
    assert list(state.storage.keys) == ["l"]
    assert state.storage.bytes == 2
    assert state.storage.keys_in(Span(0, 0)) == ["l"]


def test_only_keys_are_loaded_and_their_names_may_be_anything() -> None:
    storage = Storage(RingSettings())
    cells = (Cell("key/a/b", written("x")), Cell("key/", written("y")), Cell("monkey/k", written("z")))
    storage.load(Saved(cells))
    assert list(storage.keys) == ["a/b", ""]


@given(st.dictionaries(KEYS, st.text(max_size=4)), st.lists(st.tuples(KEYS, st.text(max_size=4)), max_size=12))
def test_the_count_and_the_bytes_are_those_of_what_is_held(
    before: dict[str, str], later: list[tuple[str, str]]
) -> None:
    state = fresh({key: written(value) for key, value in before.items()})
    for number, (key, value) in enumerate(later):
        if number % 3 == 2 and key in state.storage.keys:
            state.storage.erase(state, key)
        else:
            state.storage.join(state, key, written(value, "c2.1", number + 1))
    values = [each.value for held in state.storage.keys.values() for each in held.siblings]
    assert state.storage.bytes == sum(len(value.encode()) for value in values)
    assert len(state.storage) == len(state.storage.keys)


@given(st.lists(KEYS, unique=True), ENDS, ENDS, st.lists(KEYS, max_size=6))
def test_the_keys_of_a_span_come_in_the_order_of_the_ring(
    keys: list[str], first: int, last: int, later: list[str]
) -> None:
    state = fresh({key: written("x") for key in keys})
    span = Span(first, last)
    state.storage.keys_in(span)
    for key in later:  # the order is known already, and must be kept up
        if key in state.storage.keys:
            state.storage.erase(state, key)
        else:
            state.storage.join(state, key, written("y"))
    inside = [key for key in state.storage.keys if span.has(POSITION(key))]
    assert state.storage.keys_in(span) == sorted(inside, key=lambda key: ((POSITION(key) - first - 1) % 2**64, key))


@pytest.mark.parametrize("key", ["k", "", "\U0010ffff\U0010ffff"])
def test_a_span_is_open_at_its_beginning_and_closed_at_its_end(key: str) -> None:
    storage = fresh({key: written("x")}).storage
    place = POSITION(key)
    assert storage.keys_in(Span(place - 1, place)) == [key]
    assert storage.keys_in(Span(place, place + 1)) == []
    assert storage.keys_in(Span(place, place - 1)) == []
    assert storage.keys_in(Span(place + 1, place)) == [key]
    assert storage.keys_in(Span(place, place)) == [key]


def test_two_spans_that_meet_share_no_key_and_miss_none() -> None:
    storage = fresh({f"k{number}": written("x") for number in range(100)}).storage
    middle = POSITION("k50")
    both = [*storage.keys_in(Span(9, middle)), *storage.keys_in(Span(middle, 9))]
    assert sorted(both) == sorted(storage.keys)


# ---------------------------------------------------------------- digests


def test_a_digest_tells_key_and_state() -> None:
    digests = {
        digest_of(key, versions)
        for key in ("k", "l")
        for versions in (written("x"), written("y"), written("x", "c2.1"), deleted(written("x")), written(1), NOTHING)
    }
    assert len(digests) == 12
    assert all(0 <= each < 2**63 for each in digests)


def test_a_clock_that_grew_is_another_digest() -> None:
    old = written("x")
    grown = Versions(join(old, written("y", "c2.1")).clock, old.siblings)
    assert digest_of("k", old) != digest_of("k", grown)


def test_the_digest_follows_what_is_held() -> None:
    state = fresh({"k": written("x")})
    assert state.storage.digest("k") == digest_of("k", written("x"))
    state.storage.join(state, "k", written("y", "c2.1"))
    assert state.storage.digest("k") == digest_of("k", state.storage.get("k"))
    state.storage.erase(state, "k")
    state.storage.join(state, "k", written("z"))
    assert state.storage.digest("k") == digest_of("k", written("z"))


def test_a_digest_is_the_same_in_every_process() -> None:
    code = (
        "from algorithms.ring.clocks import *; from algorithms.ring.versions import *; "
        "from algorithms.ring.storage import digest_of; "
        "print(digest_of('k', delta(VectorClock(), Version(Dot('c1.1', 1), 'x', 0))))"
    )
    told = [
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True)
        for seed in ("1", "2")
    ]
    assert [each.stdout.strip() for each in told] == [str(digest_of("k", written("x")))] * 2, told[0].stderr


def test_versions_of_one_dot_are_one_version() -> None:
    """Each try of a write says the same, so a replica that has it already has nothing to do."""
    state = fresh({"k": written("x")})
    [version] = state.storage.get("k").siblings
    assert isinstance(version, Version)
    assert joined(state, "k", Versions(state.storage.get("k").clock, (version,))) == (False, [])
