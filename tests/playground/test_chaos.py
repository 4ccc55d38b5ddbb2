"""A storm is drawn from its seed, is made of everything, and stays within what consensus promises to survive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.brokers_under_storm import BrokersUnderStorm
from playground.chaos import (
    NEWCOMERS,
    Chaos,
    RingUnderStorm,
    storm,
)
from playground.commands import parse_step, write, write_step
from playground.commands.steps import At
from playground.commands.values import (
    AddNode,
    Ask,
    Command,
    Disk,
    DiskState,
    Do,
    Named,
    OnNodes,
    Reassign,
    RemoveNode,
    SetWeight,
    ShutDown,
    Verb,
)
from playground.misfortunes import OF_A_RING, OF_BROKERS, OF_KEEPERS, OF_LEADERS, Misfortune, possible
from playground.script import Line

SERVERS = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2")


def drawn(seed: int, chaos: Chaos | None = None, servers: tuple[str, ...] = SERVERS) -> tuple[Line, ...]:
    return storm(chaos or Chaos(), seed, servers, CLIENTS, "raft")


def over_a_ring(
    seed: int, chaos: Chaos | None = None, n: int = 3, servers: tuple[str, ...] = SERVERS
) -> tuple[Line, ...]:
    usual = Chaos(kinds=possible(False, True))
    return storm(chaos or usual, seed, servers, CLIENTS, "", RingUnderStorm("ring", n))


def over_a_keeper(seed: int, chaos: Chaos | None = None) -> tuple[Line, ...]:
    usual = Chaos(kinds=possible(True, False, keeper=True, members=False))
    return storm(chaos or usual, seed, SERVERS, CLIENTS, "keeper", keeper="keeper")


def over_brokers(seed: int, chaos: Chaos | None = None) -> tuple[Line, ...]:
    usual = Chaos(kinds=possible(False, False, True))
    brokers = BrokersUnderStorm("broker", "orders", 6, 3, "g", ("c1",))
    return storm(chaos or usual, seed, SERVERS, CLIENTS, "", None, brokers)


def alone(kind: Misfortune) -> tuple[Line, ...]:
    chaos = Chaos(kinds=(kind,))
    if kind in OF_KEEPERS:
        return over_a_keeper(1, chaos)
    return (over_a_ring if kind in OF_A_RING else over_brokers if kind in OF_BROKERS else drawn)(1, chaos)


def commands(lines: tuple[Line, ...]) -> list[Command]:
    return [deed.command for line in lines if isinstance(line.step, At) for deed in line.step.deeds]


def concerned(lines: tuple[Line, ...], action: object) -> set[str]:
    return {
        who.name
        for command in commands(lines)
        if isinstance(command, OnNodes) and command.action == action
        for who in command.nodes
        if isinstance(who, Named)
    }


def test_the_same_seed_draws_the_same_storm() -> None:
    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7))
def test_every_line_of_a_storm_is_a_sentence(seed: int, size: int) -> None:
    for line in drawn(seed, servers=SERVERS[:size] if size <= 5 else (*SERVERS, "n6", "n7")):
        assert parse_step(write_step(line.step)) == line.step


@given(st.integers(0, 10**6))
def test_a_server_whose_disk_lies_never_loses_power(seed: int) -> None:
    lines = drawn(seed)
    liars, powerless = concerned(lines, Disk(DiskState.LIE)), concerned(lines, Do(Verb.POWER_LOSS))
    assert not liars & powerless
    assert len(liars) <= 2


@given(st.integers(0, 10**6))
def test_no_disk_is_ever_wiped(seed: int) -> None:
    assert not concerned(drawn(seed), Disk(DiskState.WIPE))


def test_a_power_loss_names_its_node() -> None:
    """A selector could hit a liar."""
    lines = [each for seed in range(30) for each in commands(drawn(seed))]
    lost = [each for each in lines if isinstance(each, OnNodes) and each.action == Do(Verb.POWER_LOSS)]
    assert lost
    assert all(isinstance(who, Named) for each in lost for who in each.nodes)


@given(st.integers(0, 10**6))
def test_a_storm_begins_and_ends_in_its_time(seed: int) -> None:
    chaos = Chaos(start=2_000_000, duration=10_000_000)
    for line in drawn(seed, chaos):
        assert isinstance(line.step, At)
        assert chaos.start <= line.step.at < chaos.start + chaos.duration
        assert line.step.at + sum(deed.delay for deed in line.step.deeds) <= chaos.start + chaos.duration


@pytest.mark.parametrize("kind", list(Misfortune))
def test_every_kind_of_misfortune_can_be_had_alone(kind: Misfortune) -> None:
    lines = alone(kind)
    assert len(lines) > 20
    assert len({write(each).split()[0] for each in commands(lines)}) <= 2


def test_a_minute_has_misfortunes_that_overlap() -> None:
    times = [line.step for line in drawn(1) if isinstance(line.step, At)]
    spans = [(step.at, step.at + sum(each.delay for each in step.deeds)) for step in times]
    assert 100 < len(spans) < 220
    assert any(later[0] < earlier[1] for earlier, later in pairwise(spans))


# ---------------------------------------------------------------- rings


def wishes(lines: tuple[Line, ...], kind: type) -> set[str]:
    """The nodes that are added, removed or weighed."""
    found = [each.wish for each in commands(lines) if isinstance(each, Ask) and isinstance(each.wish, kind)]
    return {each.node.name if isinstance(each.node, Named) else each.node for each in found}  # type: ignore[union-attr]


def test_without_leaders_nobody_asks_for_one() -> None:
    assert not set(possible(False, True)) & set(OF_LEADERS)
    assert not set(possible(True, False)) & set(OF_A_RING)
    assert not set(possible(True, True)) & set(OF_BROKERS)
    assert set(possible(True, True, True, True)) == set(Misfortune)
    texts = [write_step(line.step) for seed in range(10) for line in over_a_ring(seed)]
    assert not [text for text in texts if "leader" in text or "transfer" in text or "members" in text]


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_as_many_nodes_stay_for_ever_as_a_key_has_replicas(seed: int, n: int) -> None:
    assert len(wishes(over_a_ring(seed, n=n), RemoveNode) & set(SERVERS)) <= len(SERVERS) - n


@given(st.integers(0, 10**6))
def test_only_those_that_may_leave_are_added_again(seed: int) -> None:
    lines = over_a_ring(seed)
    newcomers = wishes(lines, AddNode) - set(SERVERS)
    assert newcomers <= {"n6", "n7"}
    assert len(newcomers) <= NEWCOMERS
    assert wishes(lines, SetWeight) <= {*SERVERS, "n6", "n7"}


def test_members_come_and_go_and_are_weighed() -> None:
    lines = tuple(line for seed in range(10) for line in over_a_ring(seed))
    for kind in (AddNode, RemoveNode, SetWeight):
        assert len(wishes(lines, kind)) > 2


@given(st.integers(0, 10**6))
def test_over_a_ring_too_a_liar_keeps_its_power(seed: int) -> None:
    lines = over_a_ring(seed)
    assert not concerned(lines, Disk(DiskState.LIE)) & concerned(lines, Do(Verb.POWER_LOSS))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_every_line_of_a_storm_over_a_ring_is_a_sentence(seed: int, size: int) -> None:
    for line in over_a_ring(seed, n=1, servers=SERVERS[:size]):
        assert parse_step(write_step(line.step)) == line.step


# ---------------------------------------------------------------- brokers


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_every_line_of_a_storm_over_brokers_is_a_sentence(seed: int) -> None:
    for line in over_brokers(seed):
        assert parse_step(write_step(line.step)) == line.step


def test_a_broker_that_shuts_down_is_started_again() -> None:
    for line in alone(Misfortune.SHUT_DOWN):
        assert isinstance(line.step, At)
        stop, start = (deed.command for deed in line.step.deeds)
        assert isinstance(stop, Ask)
        assert isinstance(stop.wish, ShutDown)
        assert start == OnNodes(Do(Verb.RESTART), (stop.wish.broker,))


def test_only_members_of_the_group_leave_it_and_they_come_back() -> None:
    for line in alone(Misfortune.LEAVE_GROUP):
        assert isinstance(line.step, At)
        texts = [write(deed.command) for deed in line.step.deeds]
        assert texts == ["broker: consume stop on c1", "broker: consume orders --group g on c1"]


def test_partitions_move_to_as_many_brokers_as_they_have_replicas() -> None:
    wished = [each.wish for each in commands(alone(Misfortune.REASSIGN)) if isinstance(each, Ask)]
    moves = [each for each in wished if isinstance(each, Reassign)]
    assert {len(set(each.replicas)) for each in moves} == {3}
    assert {each.partition.partition for each in moves} == set(range(6))


def test_only_a_keeper_has_sessions_to_disturb() -> None:
    assert not set(possible(True, True, True)) & set(OF_KEEPERS)
    kinds = possible(True, False, keeper=True, members=False)
    assert set(OF_KEEPERS) <= set(kinds)
    assert Misfortune.TRANSFER not in kinds
    deeds = [write_step(line.step) for line in over_a_keeper(3)]
    for word in ("pause c", "kill c", "keeper: reconnect on c", "keeper: close session on c"):
        assert any(word in each for each in deeds), word
