"""A deleted key is remembered for a grace time; what happens if that is too short (Cassandra's gc_grace_seconds)."""

from __future__ import annotations

import pytest
from ring_postman import EVERYWHERE, Errand, Held, Postman, two
from ring_server_talk import booted, fired, notes, timers, told
from ring_values import deleted, disk, written

from algorithms.machine import Erase, Save
from algorithms.ring.messages import FetchKeys, Store
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import Versions, join

SECOND = 1_000_000
GRACE = 80 * SECOND
SETTINGS = RingSettings(virtual_nodes=8, tombstone_grace=GRACE)
OLD = written("x")
GONE = deleted(OLD, at=5 * SECOND)
"""Deleted at 5 s; its time is over after 85 s."""
OVER = 86 * SECOND


def holding(versions: Versions, settings: RingSettings = SETTINGS):
    return booted("n1", ("n1", "n2"), disk({"k": versions}), settings)


def collected(versions: Versions, now: int) -> list[str]:
    return [each.cell for each in fired(holding(versions), "tombstones", now) if isinstance(each, Erase)]


def compared(post: Postman, now: int) -> None:
    errand = Errand()
    post.state("n1").now = now
    post.begin("n1", "n2", EVERYWHERE, errand)
    post.deliver_all(now)
    assert errand.said == ["done"]


# ---------------------------------------------------------------- what is collected, and when


def test_a_tombstone_is_forgotten_when_its_time_is_over() -> None:
    machine = holding(GONE)
    effects = fired(machine, "tombstones", OVER)
    assert [each.cell for each in effects if isinstance(each, Erase)] == ["key/k"]
    assert notes(effects) == ["forgets 1 deleted keys: their grace time is over"]
    assert len(machine.state.storage) == 0


@pytest.mark.parametrize("now", [5 * SECOND, 84 * SECOND, 85 * SECOND])
def test_it_is_kept_until_then(now: int) -> None:
    assert collected(GONE, now) == []


def test_a_value_is_never_collected_however_old() -> None:
    assert collected(OLD, 10_000 * SECOND) == []


def test_a_tombstone_beside_a_value_stays_as_long_as_the_value_does() -> None:
    """It is all that keeps the deleted sibling from coming back."""
    both = join(GONE, written("y", "c2.1"))
    assert len(both.siblings) == 2
    assert collected(both, 10_000 * SECOND) == []


def test_of_two_tombstones_the_younger_counts() -> None:
    both = join(GONE, deleted(written("y", "c2.1"), "c2.1", 2, at=50 * SECOND))
    assert collected(both, OVER) == []
    assert collected(both, 131 * SECOND) == ["key/k"]


def test_a_tombstone_from_a_clock_that_is_ahead_waits_for_ours() -> None:
    assert collected(deleted(OLD, at=500 * SECOND), 400 * SECOND) == []


def test_what_came_behind_the_tombstone_is_not_lost_with_it() -> None:
    machine = holding(GONE)
    told(machine, "n2", Store(1, 5, "k", written("new", "c2.1")))
    fired(machine, "tombstones", OVER)
    assert [each.value for each in machine.state.storage.get("k").siblings] == [None, "new"]


@pytest.mark.parametrize(
    ("grace", "interval"),
    [(1, 200_000), (2 * SECOND, 250_000), (GRACE, 10 * SECOND), (864_000 * SECOND, 60 * SECOND)],
)
def test_a_node_looks_eight_times_in_a_grace_time_within_reason(grace: int, interval: int) -> None:
    machine = booted(settings=RingSettings(tombstone_grace=grace))
    assert timers(fired(machine, "tombstones", SECOND))["tombstones"] == (interval, interval)


# ---------------------------------------------------------------- what the grace time is for


def test_a_replica_that_slept_for_less_learns_of_the_delete() -> None:
    post = two({"k": GONE}, {"k": OLD}, SETTINGS)
    post.fire("n1", "tombstones", 84 * SECOND)
    compared(post, 84 * SECOND)
    assert post.held("n1") == post.held("n2") == {"k": GONE}


def test_a_replica_that_slept_for_longer_brings_the_key_back() -> None:
    """The fault that a too short grace time makes: nobody is left who knows that the key was deleted."""
    post = two({"k": GONE}, {"k": OLD}, SETTINGS)
    post.fire("n1", "tombstones", OVER)
    compared(post, OVER)
    assert post.held("n1") == post.held("n2") == {"k": OLD}


def test_a_tombstone_whose_time_is_over_still_kills_what_it_knows() -> None:
    post = two({"k": OLD}, {"k": GONE}, SETTINGS)
    compared(post, OVER)
    assert post.held("n1") == post.held("n2") == {"k": GONE}


def test_a_stored_delete_is_kept_until_the_next_look_however_old_its_clock_says_it_is() -> None:
    """`Stored` must be true when it is said."""
    effects = told(booted("n1", ("n1", "n2"), settings=SETTINGS), "n2", Store(1, 5, "k", GONE), OVER)
    assert Save("key/k", GONE, True) in effects


# ---------------------------------------------------------------- those who collect at other times


@pytest.mark.parametrize("held", [({"k": GONE}, {}), ({}, {"k": GONE})])
def test_who_has_forgotten_a_key_is_not_reminded_of_its_tombstone(held: tuple[Held, Held]) -> None:
    post = two(*held, SETTINGS)
    compared(post, OVER)
    assert [post.held(name) for name in ("n1", "n2")] == list(held)


def test_who_has_forgotten_a_key_is_not_reminded_by_a_stray_either() -> None:
    machine = booted("n1", ("n1", "n2"), settings=SETTINGS)
    effects = told(machine, "n2", FetchKeys(1, 0, 1, (), ("k",), (GONE,)), OVER)
    assert len(machine.state.storage) == 0
    assert [type(each).__name__ for each in effects] == ["Send"]


def test_replicas_that_look_at_different_times_forget_it_all_the_same() -> None:
    """Each looks every 10 s, one 5 s after the other, and they compare in between: one must not remind the other."""
    post = two({"k": GONE}, {"k": GONE}, SETTINGS)
    for second in range(240):
        now = second * SECOND
        if second % 10 == 0:
            post.fire("n1", "tombstones", now)
        if second % 10 == 5:
            post.fire("n2", "tombstones", now)
        compared(post, now)
    assert post.held("n1") == post.held("n2") == {}
