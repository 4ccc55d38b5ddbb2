"""Agreement, validity and all that follows hold whatever messages, timers, disks and crashes do. And each check bites:
with a rule taken away, some schedule breaks a law.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paxos_laws import Broken
from paxos_schedule import NAMES, World, world

from algorithms.machine import Cell, Saved, Send
from algorithms.paxos import accepting, booting, catching_up, deciding, leadership, learning, machine, promising, reads
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.configurations import Configurations
from algorithms.paxos.leading import Leading, Preparation
from algorithms.paxos.messages import AcceptorState, Configuration, Prepare, Promise, Proposal
from algorithms.paxos.proposing import assign
from algorithms.paxos.state import State

PLAIN: dict[str, Any] = {"pre_prepare": False, "leader_stickiness": False, "check_quorum": False, "alpha": 6}
"""Nothing that keeps the peace: the more ballots, the better for finding faults."""

SMALL: dict[str, Any] = {"snapshot_after": 5, "keep_slots": 1, "snapshot_chunk": 100, "max_batch": 2, "alpha": 3}

SCHEDULES = st.binary(min_size=200, max_size=1_200)


@given(SCHEDULES)
@settings(max_examples=60, deadline=None)
def test_safe_with_nothing_that_keeps_the_peace(schedule: bytes) -> None:
    world(NAMES[:3], **PLAIN).run(schedule)


@given(SCHEDULES)
@settings(max_examples=60, deadline=None)
def test_safe_with_everything_on_and_much_compaction(schedule: bytes) -> None:
    world(**SMALL).run(schedule)


@pytest.mark.parametrize("seed", range(30))
def test_safe_in_long_schedules(seed: int) -> None:
    world(NAMES[: 3 + seed % 3], **{**PLAIN, **(SMALL if seed % 2 else {})}).run(schedule_of(seed))


@pytest.mark.parametrize(("phase_1", "phase_2"), [(4, 2), (5, 1), (2, 4)])
def test_safe_with_any_two_quorums_that_meet(phase_1: int, phase_2: int) -> None:
    quorums = {"phase_1_quorum": phase_1, "phase_2_quorum": phase_2}
    for seed in range(8):
        world(**PLAIN, **quorums).run(schedule_of(seed))


def test_two_values_are_chosen_where_two_quorums_need_not_meet() -> None:
    broken = {"phase_1_quorum": 3, "phase_2_quorum": 2, "allow_broken_quorums": True}
    assert breaks(lambda: world(NAMES, **PLAIN, **broken)) == "Agreement"


def schedule_of(seed: int, length: int = 6_000) -> bytes:
    dice = Random(f"{seed}:schedule")
    return bytes(int(dice.random() * 256) for _ in range(length))


# ---------------------------------------------------------------- planted bugs


def breaks(make: Callable[[], World], tries: int = 60, length: int = 20_000) -> str:
    """Which law some schedule breaks; empty if none of so many does."""
    for seed in range(tries):
        try:
            make().run(schedule_of(seed, length))
        except Broken as broken:
            return str(broken).partition(":")[0]
    return ""


def three() -> World:
    return world(NAMES[:3], **PLAIN)


def small() -> World:
    return world(NAMES[:4], **{**PLAIN, **SMALL})


def test_a_promise_that_is_forgotten_in_a_crash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot

    def forgetful(state: State, saved: Saved) -> None:
        boot(state, Saved(tuple(each for each in saved.cells if each.name != "acceptor"), saved.journals))

    monkeypatch.setattr(machine, "boot", forgetful)
    assert breaks(three) == "Promises never go back"


def test_a_quorum_that_is_one_short_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(state: State, slot: int, accepts: dict[str, None]) -> bool:
        return len(accepts) >= state.quorums_for(slot).phase_2 - 1

    monkeypatch.setattr(deciding, "is_chosen", short)
    assert breaks(three) == "Agreement"


def test_a_leader_that_adopts_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Preparation, "adopt", lambda self, proposal: False)
    assert breaks(three) == "Agreement"


def test_adopting_what_is_heard_last_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def last(self: Preparation, proposal: Proposal) -> None:
        self.adopted[proposal.slot] = proposal

    monkeypatch.setattr(Preparation, "adopt", last)
    assert breaks(three) == "Agreement"


def test_a_hole_that_is_closed_by_moving_up_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def close_ranks(state: State, leading: Leading, preparation: Preparation) -> None:
        for slot in sorted(preparation.adopted):
            if slot > state.commit_index:
                leading.settled = assign(leading, preparation.adopted[slot].value)

    monkeypatch.setattr(leadership, "finish_predecessors", close_ranks)
    assert breaks(three) == "Agreement"


def test_accepting_below_the_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    follow = accepting._follow

    def obliging(state: State, source: str, ballot: Ballot) -> bool:
        return True if ballot < state.promised else follow(state, source, ballot)

    monkeypatch.setattr(accepting, "_follow", obliging)
    assert breaks(three) == "Agreement"


def test_promising_any_ballot_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def obliging(state: State, source: str, message: Prepare) -> None:
        if message.ballot < state.promised:
            state.acceptor.promised = message.ballot
        promising.prepare(state, source, message)

    monkeypatch.setattr(machine, "prepare", obliging)
    assert breaks(three) == "Promises never go back"


def test_an_acceptance_that_does_not_wait_for_the_disk_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "Send", lambda target, message: Send(target, message, True))
    assert breaks(three)


def test_believing_what_was_accepted_in_another_ballot_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def credulous(state: State, ballot: Ballot, commit_index: int) -> None:
        slot = state.commit_index
        while slot < commit_index and slot + 1 in state.acceptor.accepted:
            slot += 1
        learning.advance(state, slot)

    monkeypatch.setattr(accepting, "learn_accepted", credulous)
    assert breaks(three) == "Agreement"


def test_a_log_that_is_read_backwards_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot

    def backwards(state: State, saved: Saved) -> None:
        boot(state, saved)
        journal = saved.journal("log")
        for each in reversed(journal.records if journal else ()):
            if isinstance(each, Proposal) and each.slot > state.commit_index:
                state.acceptor.accepted[each.slot] = each

    monkeypatch.setattr(machine, "boot", backwards)
    assert breaks(three)


def test_a_promise_that_leaves_something_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    take = catching_up.take_promise

    def first_part_only(state: State, source: str, message: Promise) -> bool:
        cut = Promise(message.ballot, message.first_slot, message.accepted[:1], 0, message.commit_index)
        return take(state, source, cut)

    monkeypatch.setattr(catching_up, "take_promise", first_part_only)
    assert breaks(three)


def test_a_configuration_that_counts_at_once_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    add = Configurations.add

    def at_once(self: Configurations, slot: int, configuration: Configuration) -> None:
        add(self, max(1, slot - 6 + 1), configuration)

    monkeypatch.setattr(Configurations, "add", at_once)
    assert breaks(lambda: world(NAMES[:3], **PLAIN))


def test_a_leader_that_runs_ahead_of_alpha_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    init = State.__init__

    def far_sighted(self: State, *arguments: Any) -> None:
        init(self, *arguments)
        self.settings = self.settings.__class__(**{**PLAIN, "alpha": 60})

    monkeypatch.setattr(State, "__init__", far_sighted)
    assert breaks(three)


def test_a_learner_that_forgets_where_the_snapshot_ends_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot

    def without(state: State, saved: Saved) -> None:
        boot(state, Saved(tuple(each for each in saved.cells if each.name != "snapshot"), saved.journals))

    monkeypatch.setattr(machine, "boot", without)
    assert breaks(small)


def test_reading_without_asking_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "_wait_for_round", lambda state, leading, read: reads._answer(state, read))
    assert breaks(three) == "Linearizability"


def test_reading_before_all_is_chosen_that_was_found_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    finish = leadership.finish_predecessors

    def hasty(state: State, leading: Leading, preparation: Preparation) -> None:
        finish(state, leading, preparation)
        leading.settled = 0

    monkeypatch.setattr(leadership, "finish_predecessors", hasty)
    assert breaks(three) == "Linearizability"


def test_an_acceptor_state_without_its_commit_index_is_only_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot

    def humble(state: State, saved: Saved) -> None:
        found = saved.cell("acceptor")
        promised = found.promised if isinstance(found, AcceptorState) else NO_BALLOT
        others = tuple(each for each in saved.cells if each.name != "acceptor")
        boot(state, Saved((*others, Cell("acceptor", AcceptorState(promised))), saved.journals))

    monkeypatch.setattr(machine, "boot", humble)
    assert not breaks(three, tries=10)
