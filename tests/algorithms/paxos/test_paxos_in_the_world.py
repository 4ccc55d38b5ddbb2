"""Multi-Paxos on real nodes: the same clients and the same store as Raft's, under faults."""

from __future__ import annotations

import pickle
from random import Random

import pytest
from paxos_in_a_world import SECOND, SERVERS, make, states, text, trouble, writers

from algorithms.machine import Ok
from algorithms.replicated.messages import ChangeConfiguration, TransferLeadership
from nodes import faults
from nodes.world import World

SETTINGS: tuple[dict[str, object], ...] = (
    {},
    {"reads": "lease"},
    {"snapshot_after": 40, "keep_slots": 5, "snapshot_chunk": 500, "alpha": 8},
    {"phase_1_quorum": 4, "phase_2_quorum": 2},
)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_each_answered_command_was_applied_once_and_all_servers_agree(seed: int) -> None:
    world = make(seed, **SETTINGS[seed % 4])
    trouble(world, Random(f"{seed}:faults"), 12)
    healed = world.now
    world.run_until(healed + 4 * SECOND)
    assert [state.role for state in states(world)].count("leader") == 1
    best = max(states(world), key=lambda state: state.last_applied)
    words = text(best).split(";")
    for state in states(world):
        assert text(best).startswith(text(state))
        assert best.commit_index - state.commit_index < 40
    for writer in writers(world):
        assert writer.last_ok > healed
        for word in writer.sure[:-5]:
            assert words.count(word[:-1]) == 1
        for word in writer.perhaps:
            assert words.count(word[:-1]) <= 1


def test_all_nodes_lose_power_and_what_was_answered_is_there() -> None:
    world = make(1)
    world.run_until(3 * SECOND)
    for state in states(world):
        world.inject(faults.PowerLoss(state.name))
    sure = [word for writer in writers(world) for word in writer.sure]
    world.inject(faults.Calm())
    world.run_until(6 * SECOND)
    for state in states(world):
        assert all(word in text(state) for word in sure)


def test_an_idle_cluster_keeps_its_leader() -> None:
    world = make(2)
    world.run_until(SECOND)
    first = [state.leader for state in states(world)]
    world.run_until(30 * SECOND)
    assert [state.leader for state in states(world)] == first
    assert len(set(first)) == 1


def test_a_server_that_was_away_deposes_nobody() -> None:
    world = make(3)
    world.run_until(SECOND)
    leader = states(world)[0].leader
    away = "n1" if leader != "n1" else "n2"
    rest = tuple(name for name in ("n1", "n2", "n3", "n4", "n5") if name != away)
    world.inject(faults.Partition(((away,), rest)))
    world.run_until(6 * SECOND)
    ballot = states(world)[4].promised
    world.inject(faults.Heal())
    world.run_until(8 * SECOND)
    assert {state.promised for state in states(world)} == {ballot}


def ask(world: World, command: ChangeConfiguration | TransferLeadership) -> object:
    """Ask through a client, and wait for the end of it."""
    request = world.ask("c1", "paxos", command)
    limit = world.now + 5 * SECOND
    while request not in world.outcomes and world.now < limit:
        world.run_until(world.now + 10_000)
    return world.outcomes[request]


@pytest.mark.parametrize("settings", [{}, {"snapshot_after": 50, "keep_slots": 5, "snapshot_chunk": 300}])
def test_all_acceptors_are_replaced_and_the_old_ones_are_switched_off(settings: dict[str, object]) -> None:
    world = make(4, ("n1", "n2"), **settings)
    world.run_until(3 * SECOND)
    assert ask(world, ChangeConfiguration(0, ("n3", "n4", "n5"))) == Ok()
    for name in ("n1", "n2"):
        world.inject(faults.Kill(name))
        world.inject(faults.WipeDisk(name))
    switched_off = world.now
    sure = [word for writer in writers(world) for word in writer.sure]
    world.run_until(switched_off + 3 * SECOND)
    for state in states(world):
        assert state.configuration_for(state.commit_index + 1).acceptors == ("n3", "n4", "n5")
        assert all(word in text(state) for word in sure)
    assert all(writer.last_ok > switched_off + 2 * SECOND for writer in writers(world))


def test_leadership_goes_where_it_is_wished() -> None:
    world = make(5)
    world.run_until(2 * SECOND)
    for target in ("n4", "n2", "n4"):
        assert ask(world, TransferLeadership(0, target)) == Ok()
        assert next(state.name for state in states(world) if state.role == "leader") == target


def test_a_world_that_was_put_aside_goes_on_as_if_nothing_had_been() -> None:
    world = make(6, snapshot_after=40)
    world.run_until(2 * SECOND)
    copy = pickle.loads(pickle.dumps(world))
    for each in (world, copy):
        trouble(each, Random("later"), 3)
    assert [world.view(name, "paxos") for name in SERVERS] == [copy.view(name, "paxos") for name in SERVERS]
    assert world.turns == copy.turns


def test_notes_change_nothing() -> None:
    runs = [make(7), make(7)]
    runs[0].drop_notes = True
    for each in runs:
        trouble(each, Random("the same"), 3)
    assert [runs[0].view(name, "paxos") for name in SERVERS] == [runs[1].view(name, "paxos") for name in SERVERS]
