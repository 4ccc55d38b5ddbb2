"""One value is chosen, whatever messages, timers, disks and crashes do (Paxos Made Simple, section 2.1).

And the schedules bite: with a rule taken away, some of them choose two.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synod_schedule import Broken, Make, World

from algorithms.machine import Effect, Event, Save, Saved
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.synod import machine as machines
from algorithms.paxos.synod.acceptor import Acceptor
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare
from algorithms.paxos.synod.proposer import Proposer
from algorithms.paxos.synod.settings import SynodSettings

FIVE = ("n1", "n2", "n3", "n4", "n5")
SCHEDULES = st.binary(min_size=100, max_size=1_500)


def maker(names: tuple[str, ...] = FIVE[:3], **about: Any) -> Make:
    return lambda name: SynodMachine(name, names, SynodSettings(**about))


def schedule_of(seed: int) -> bytes:
    return Random(f"{seed}:schedule").randbytes(2_000)


@given(SCHEDULES)
@settings(max_examples=150, deadline=None)
def test_three_acceptors_never_choose_two_values(schedule: bytes) -> None:
    World(FIVE[:3], maker()).run(schedule)


@given(SCHEDULES)
@settings(max_examples=80, deadline=None)
def test_nor_do_proposers_that_never_pause(schedule: bytes) -> None:
    World(FIVE[:3], maker(backoff=False)).run(schedule)


@given(SCHEDULES, st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=80, deadline=None)
def test_nor_do_flexible_quorums_that_meet(schedule: bytes, phase_1: int, phase_2: int) -> None:
    second = max(phase_2, 6 - phase_1)
    World(FIVE, maker(FIVE, phase_1_quorum=phase_1, phase_2_quorum=second)).run(schedule)


def test_long_schedules_do_choose_something() -> None:
    chosen = []
    for seed in range(20):
        world = World(FIVE[:3], maker())
        world.run(schedule_of(seed))
        chosen.append(world.chosen)
    assert len([each for each in chosen if each is not None]) >= 15


# ---------------------------------------------------------------- planted bugs


def breaks(make: Make, names: tuple[str, ...] = FIVE[:3], tries: int = 200) -> str:
    """How some schedule chooses two values; empty if none of so many does."""
    for seed in range(tries):
        try:
            World(names, make).run(schedule_of(seed))
        except Broken as broken:
            return str(broken)
    return ""


def test_an_acceptor_that_forgets_in_a_crash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SynodMachine._start
    forgetful = lambda self, saved: start(self, Saved(tuple(c for c in saved.cells if c.name != "acceptor")))  # noqa: E731
    monkeypatch.setattr(SynodMachine, "_start", forgetful)
    assert breaks(maker())


def test_a_promise_that_is_not_kept_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(self: Acceptor, message: Accept) -> Accepted | Nack:
        self.state = machines.AcceptorState(max(self.state.promised, message.ballot), message.ballot, message.value)
        return Accepted(message.ballot, message.value)

    monkeypatch.setattr(Acceptor, "accept", accept)
    assert breaks(maker())


def test_a_proposer_that_takes_its_own_value_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proposer, "choice", lambda self: self.wanted)
    assert breaks(maker())


def test_a_proposer_that_takes_the_lowest_accepted_value_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def choice(self: Proposer) -> str:
        heard = [each for each in self.promises.values() if each.value is not None]
        return min(heard, key=lambda each: each.accepted).value if heard else self.wanted

    monkeypatch.setattr(Proposer, "choice", choice)
    assert breaks(maker(), tries=600)


def test_equal_ballots_of_two_proposers_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = Proposer.prepare

    def nameless(self: Proposer, highest: Ballot) -> Prepare:
        self.ballot = Ballot(prepare(self, highest).ballot.round, "")
        return Prepare(self.ballot)

    monkeypatch.setattr(Proposer, "prepare", nameless)
    assert breaks(maker())


def test_quorums_that_need_not_meet_are_caught() -> None:
    assert breaks(maker(FIVE, phase_1_quorum=3, phase_2_quorum=2, allow_broken_quorums=True), FIVE)


def test_a_promise_told_before_it_is_on_disk_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = SynodMachine.handle

    def hasty(self: SynodMachine, event: Event, now: int) -> list[Effect]:
        effects = handle(self, event, now)
        return sorted(effects, key=lambda each: isinstance(each, Save))

    monkeypatch.setattr(SynodMachine, "handle", hasty)
    assert breaks(maker())
