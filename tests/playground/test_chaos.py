"""A storm is drawn from its seed, is made of everything, and stays within what consensus promises to survive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.chaos import Chaos, Misfortune, storm
from playground.commands import parse_step, write, write_step
from playground.commands.steps import At
from playground.commands.values import Command, Disk, DiskState, Do, Named, OnNodes, Verb
from playground.script import Line

SERVERS = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2")


def drawn(seed: int, chaos: Chaos | None = None, servers: tuple[str, ...] = SERVERS) -> tuple[Line, ...]:
    return storm(chaos or Chaos(), seed, servers, CLIENTS, "raft")


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
    lines = drawn(1, Chaos(kinds=(kind,)))
    assert len(lines) > 20
    assert len({write(each).split()[0] for each in commands(lines)}) <= 2


def test_a_minute_has_misfortunes_that_overlap() -> None:
    times = [line.step for line in drawn(1) if isinstance(line.step, At)]
    spans = [(step.at, step.at + sum(each.delay for each in step.deeds)) for step in times]
    assert 100 < len(spans) < 220
    assert any(later[0] < earlier[1] for earlier, later in pairwise(spans))
