"""Replicas compare what they share, again and again (Dynamo 4.7)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from ring_postman import Held, Postman
from ring_server_talk import NODES, booted, fired, notes, sent, timers, told
from ring_values import disk, replica_states, written

from algorithms.machine import Started
from algorithms.placement.ring import Member
from algorithms.ring.belongings import tree_of
from algorithms.ring.machine import RingMachine
from algorithms.ring.merkle import ROOT
from algorithms.ring.messages import Compare, Ping, RingIs, Status, Store
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement
from algorithms.ring.versions import NOTHING, Versions, join

SETTINGS = RingSettings(virtual_nodes=8)
FIVE = first_ring(NODES, SETTINGS).members
RING = placement(FIVE, SETTINGS)
INTERVAL = SETTINGS.anti_entropy_interval
STATES = replica_states().filter(lambda each: each != NOTHING)


def homes(key: str) -> tuple[str, ...]:
    return RING.preference_list(key, 3)


def five(held: dict[str, Held]) -> Postman:
    return Postman(*(booted(name, saved=disk(held.get(name, {})), settings=SETTINGS) for name in NODES))


def rounds(post: Postman, count: int) -> None:
    for _ in range(count):
        for name in post.machines:
            post.fire(name, "anti_entropy")
            post.deliver_all()


def peers(machine: RingMachine, count: int) -> list[str]:
    """With whom it compares in so many rounds, each of which nobody answers."""
    found = []
    for _ in range(count):
        effects = fired(machine, "anti_entropy")
        found += [to for to, _ in sent(effects, Compare)]
        for timer in [name for name in timers(effects) if name.startswith("exchange ")]:
            fired(machine, timer)
    return found


# ---------------------------------------------------------------- whose turn it is


def test_each_round_compares_with_one_peer_and_sets_the_next_one() -> None:
    effects = fired(booted(settings=SETTINGS), "anti_entropy")
    assert len(sent(effects, Compare)) == 1
    assert timers(effects)["anti_entropy"] == (INTERVAL, INTERVAL)


def test_the_first_one_comes_at_a_time_of_its_own() -> None:
    effects = RingMachine("n1", NODES, SETTINGS).handle(Started(), 0)
    assert timers(effects)["anti_entropy"] == (0, INTERVAL)


def test_every_peer_has_its_turn() -> None:
    found = peers(booted(settings=SETTINGS), 8)
    assert sorted(found[:4]) == sorted(found[4:]) == ["n2", "n3", "n4", "n5"]


def test_who_seems_dead_is_passed_over() -> None:
    machine = booted(settings=SETTINGS)
    told(machine, "n2", Ping(1, 1, "", (Status("n3", "dead", 99), Status("n4", "dead", 99))))
    assert sorted(peers(machine, 4)) == ["n2", "n2", "n5", "n5"]


def test_with_nobody_alive_nothing_is_said() -> None:
    machine = booted(nodes=("n1", "n2"), settings=SETTINGS)
    told(machine, "n9", Ping(1, 1, "", (Status("n2", "dead", 99),)))
    assert peers(machine, 3) == []


def test_one_comparison_at_a_time() -> None:
    machine = booted(settings=SETTINGS)
    assert len(sent(fired(machine, "anti_entropy"), Compare)) == 1
    effects = fired(machine, "anti_entropy", INTERVAL)
    assert sent(effects, Compare) == []
    assert "anti_entropy" in timers(effects)


def test_a_ring_of_one_has_nobody_to_compare_with() -> None:
    assert peers(booted(nodes=("n1",), settings=SETTINGS), 3) == []


def test_who_is_not_in_the_ring_has_nobody_to_compare_with() -> None:
    assert peers(booted("n9", settings=SETTINGS), 3) == []


def test_it_can_be_switched_off() -> None:
    effects = RingMachine("n1", NODES, RingSettings(anti_entropy=False)).handle(Started(), 0)
    assert "anti_entropy" not in timers(effects)


# ---------------------------------------------------------------- what it mends


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.dictionaries(st.sampled_from(range(3)), STATES, min_size=1), max_size=9))
def test_after_one_rotation_all_replicas_hold_the_same(world: dict[str, dict[int, Versions]]) -> None:
    held: dict[str, Held] = {name: {} for name in NODES}
    wanted: dict[str, Held] = {name: {} for name in NODES}
    for key, states in world.items():
        every = NOTHING
        for place, versions in states.items():
            held[homes(key)[place]][key] = versions
            every = join(every, versions)
        for home in homes(key):
            wanted[home][key] = every
    post = five(held)
    rounds(post, 4)
    assert {name: post.held(name) for name in NODES} == wanted


def test_calm_replicas_agree_again_within_five_seconds() -> None:
    """At the default interval: every node has compared with each of its four peers after two."""
    assert 4 * INTERVAL <= 5_000_000
    lost = {f"k{number}": written("x") for number in range(200)}
    full = {name: {key: value for key, value in lost.items() if name in homes(key)} for name in NODES}
    post = five(full | {"n2": {}})
    rounds(post, 4)
    assert post.held("n2") == full["n2"]
    assert post.state("n2").repaired >= len(full["n2"])


def test_what_is_equal_costs_two_messages_and_no_word() -> None:
    held = {name: {f"k{each}": written("x") for each in range(300) if name in homes(f"k{each}")} for name in NODES}
    post = five(held)
    for name in NODES:
        post.fire(name, "anti_entropy")
        assert post.deliver_all() == {"Compare": 1, "Differ": 1}
    assert not any(notes(post.state(name).effects) for name in NODES)


def test_strays_and_other_peoples_keys_are_left_out() -> None:
    post = five({"n1": {f"k{number}": written("x") for number in range(60)}})
    rounds(post, 4)
    for name in NODES[1:]:
        assert all(name in homes(key) and "n1" in homes(key) for key in post.held(name))


# ---------------------------------------------------------------- trees are kept, and never old


def shared_root(machine: RingMachine, peer: str) -> int:
    """The root over what both own, made from scratch."""
    state = machine.state
    both = [key for key in state.storage.keys if {state.name, peer} <= {*state.preference_list(key)}]
    return tree_of(state, both).digest(ROOT)


def check_belongings(machine: RingMachine) -> None:
    """Kept trees and strays against what the ring's table says of every key."""
    state = machine.state
    for peer in ("n2", "n3", "n6"):
        assert state.belongings.tree_with(state, peer).digest(ROOT) == shared_root(machine, peer)
    homeless = [key for key in state.storage.keys if "n1" not in state.homes(key)]
    assert sorted(state.belongings.strays) == sorted(homeless)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=30))
def test_a_kept_tree_is_the_tree_of_what_is_held_now(deeds: list[tuple[int, int]]) -> None:
    """Whatever is written, erased, moved, or taken back; and nobody else's key is taken for one's own."""
    machine = booted(settings=SETTINGS)
    goals = (FIVE, (*FIVE, Member("n6")), FIVE[:4], FIVE[1:])
    for number, (deed, which) in enumerate(deeds):
        key, ring = f"k{which}", machine.state.ring
        if deed == 0 and key in machine.state.storage.keys:
            machine.state.storage.erase(machine.state, key)
        elif deed == 1:
            told(machine, "n2", RingIs(Ring(ring.epoch + 1, ring.members, goals[which % 4])))
        elif deed == 2:
            told(machine, "n2", RingIs(Ring(ring.epoch + 1, ring.goal if which % 3 else ring.members)))
        else:
            told(machine, "n2", Store(machine.state.ring.epoch, 1, key, written("x", f"c{number}.1")))
        if which % 3 == 0 or number == len(deeds) - 1:  # now and then, so that several changes wait for who asks
            check_belongings(machine)


def test_what_changed_before_a_move_is_not_taken_along_by_it() -> None:
    """A key that waits to be brought up to date in a tree to which it does not belong any more."""
    six = (*FIVE, Member("n6"))
    new = placement(six, SETTINGS)
    keys = (f"k{number}" for number in range(1_000))
    key = next(key for key in keys if {"n1", "n2"} <= {*homes(key)} and "n2" not in new.preference_list(key, 3))
    machine = booted(settings=SETTINGS)
    check_belongings(machine)
    told(machine, "n2", Store(1, 1, key, written("x")))
    told(machine, "n2", RingIs(Ring(2, six)))
    check_belongings(machine)


def test_what_goes_is_in_no_tree_any_more() -> None:
    keys = [f"k{number}" for number in range(30)]
    machine = booted(saved=disk({key: written("x") for key in keys}), settings=SETTINGS)
    check_belongings(machine)
    for key in keys[::2]:
        machine.state.storage.erase(machine.state, key)
    check_belongings(machine)


def test_a_tree_is_made_once_while_nothing_changes() -> None:
    state = booted(saved=disk({f"k{number}": written("x") for number in range(50)}), settings=SETTINGS).state
    assert state.belongings.tree_with(state, "n2") is state.belongings.tree_with(state, "n2")
