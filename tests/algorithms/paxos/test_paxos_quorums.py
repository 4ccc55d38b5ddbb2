"""Flexible quorums (Howard, Malkhi, Spiegelman 2016)."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paxos_server_talk import FIVE, accepts, hear, leader, preparing, promise, put

from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Configuration
from algorithms.paxos.quorums import quorums_of, why_broken
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.view import Quorums


def test_a_majority_is_the_default() -> None:
    assert [quorums_of(acceptors) for acceptors in (1, 2, 3, 4, 5)] == [
        Quorums(1, 1),
        Quorums(2, 2),
        Quorums(2, 2),
        Quorums(3, 3),
        Quorums(3, 3),
    ]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6))
def test_sizes_are_sound_exactly_if_any_two_such_quorums_meet(acceptors: int, one: int, two: int) -> None:
    everybody = range(acceptors)
    possible = one <= acceptors and two <= acceptors
    meet = all(
        set(first) & set(second) for first in combinations(everybody, one) for second in combinations(everybody, two)
    )
    assert (why_broken(acceptors, Quorums(one, two)) == "") is (possible and meet)


def test_the_reason_is_a_sentence() -> None:
    assert why_broken(5, Quorums(3, 2)) == (
        "quorums of 3 for phase 1 and 2 for phase 2 of 5 acceptors need not meet: their sum must be at least 6"
    )
    assert why_broken(3, Quorums(4, 1)) == "a quorum of 4 for phase 1 cannot be had of 3 acceptors"


def test_a_server_does_not_begin_with_broken_quorums_unless_it_was_asked_for() -> None:
    configuration = Configuration(FIVE)
    with pytest.raises(AssertionError, match="need not meet"):
        PaxosMachine("n1", configuration, PaxosSettings(phase_1_quorum=3, phase_2_quorum=2))
    PaxosMachine("n1", configuration, PaxosSettings(phase_1_quorum=3, phase_2_quorum=2, allow_broken_quorums=True))


def test_a_small_quorum_of_phase_2_is_paid_for_in_phase_1() -> None:
    machine = preparing(acceptors=FIVE, phase_1_quorum=4, phase_2_quorum=2)
    promise(machine, "n2")
    promise(machine, "n3")
    assert machine.state.role == "preparing"
    promise(machine, "n4")
    assert machine.state.role == "leader"
    hear(machine, "c1", put("1"))
    accepts(machine, "n1", 1)
    accepts(machine, "n5", 1)
    assert machine.state.commit_index == 1


def test_the_sizes_are_seen() -> None:
    assert leader().view().quorums == Quorums(2, 2)
    machine = preparing(acceptors=FIVE, phase_1_quorum=5, phase_2_quorum=1)
    assert machine.state.quorums_for(1) == Quorums(5, 1)
