"""Each check of a Paxos log catches the bug that is planted for it, and finds nothing where there is none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from algorithms.kv import Put
from algorithms.machine import Effect, Event, Saved
from algorithms.paxos import accepting, booting, deciding, machine, proposing, requests
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.leading import Leading, Preparation
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Accept
from algorithms.paxos.state import State
from algorithms.replicated.messages import ClientCommand
from playground.checks.paxos import NAMES
from playground.checks.verdict import CheckResult
from playground.kinds.paxos_watcher import PaxosWatcher
from playground.run import run
from playground.scenario import read_scenario
from playground.session import Session
from playground.spec import PAXOS, Spec

STORM = """
title = "T"
[cluster]
services = ["paxos"]
nodes = 3
clients = 2
[cluster.paxos]
pre_prepare = false
leader_stickiness = false
check_quorum = false
snapshot_after = 30
keep_slots = 5
[workload]
keys = 3
rate = 40
[chaos]
start = "500ms"
duration = "12s"
gap = "150ms"
longest = "1s"
without = ["lying-disk", "members"]
"""


def found(seeds: range = range(8)) -> dict[str, str]:
    """What the checks find under a storm, of the first seed with which they find anything."""
    for seed in seeds:
        failed = {each.name: each.detail for each in judged(seed) if each.verdict == "fail"}
        if failed:
            return failed
    return {}


def judged(seed: int) -> tuple[CheckResult, ...]:
    result = run(read_scenario(STORM, "t", "t.toml"), seed)
    return tuple(each for each in result.checks if each.name in NAMES)


def test_nothing_is_found_where_nothing_is_planted() -> None:
    checks = judged(1)
    assert tuple(each.name for each in checks) == NAMES
    assert all(each.verdict == "pass" for each in checks), checks


def test_two_values_in_a_slot_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Preparation, "adopt", lambda self, proposal: None)
    assert "one-value-a-slot" in found()


def test_a_quorum_that_is_one_short_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def short(state: State, slot: int, accepts: dict[str, None]) -> bool:
        return len(accepts) >= state.quorums_for(slot).phase_2 - 1

    monkeypatch.setattr(deciding, "is_chosen", short)
    sentence = found(range(1))["chosen-is-durable"]
    assert "and only" in sentence
    assert "a quorum is 2 of 3" in sentence


def test_an_acceptor_that_forgets_its_promise_in_a_crash_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = booting.boot

    def forgetful(state: State, saved: Saved) -> None:
        boot(state, Saved(tuple(each for each in saved.cells if each.name != "acceptor"), saved.journals))

    monkeypatch.setattr(machine, "boot", forgetful)
    assert "had promised" in found()["promises-kept"]


def test_two_values_in_one_ballot_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    send_again = proposing._send_again

    def another(state: State, leading: Leading, name: str, run: list[int]) -> None:
        for slot in run:
            leading.values[slot] = invented(slot)
        send_again(state, leading, name, run)

    monkeypatch.setattr(proposing, "_send_again", another)
    assert "was proposed" in found()["ballots-unique"]


def test_a_value_that_nobody_has_asked_for_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    propose = requests.propose
    monkeypatch.setattr(requests, "propose", lambda state, leading, value: propose(state, leading, invented(7)))
    assert "no client has asked for it" in found(range(1))["validity"]


def invented(sequence: int) -> ClientCommand:
    return ClientCommand("c9.1.1", sequence, sequence, Put("x", sequence))


def test_proposing_in_anothers_ballot_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def stolen(ballot: Ballot, *rest: object) -> Accept:
        return Accept(Ballot(ballot.round, "n9"), *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(proposing, "Accept", stolen)
    monkeypatch.setattr(accepting, "_follow", lambda state, source, ballot: True)
    assert "which is n9's" in found(range(1))["ballots-unique"]


def test_forgetting_what_is_chosen_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = PaxosMachine.handle

    def forgetful(self: PaxosMachine, event: Event, now: int) -> list[Effect]:
        before = self.state.commit_index
        effects = handle(self, event, now)
        if self.state.commit_index > before == 20 and self.state.role == "follower":
            self.state.commit_index = 19
        return effects

    monkeypatch.setattr(PaxosMachine, "handle", forgetful)
    run_of = watched()
    run_of.session.run_until(500_000)
    for number in range(30):
        run_of.session.do(f"put x {number}")
        run_of.session.run_until(run_of.session.world.now + 20_000)
    assert any(each.startswith("commit-index-monotone: ") for each in run_of.watcher.violations)


# ---------------------------------------------------------------- watched live


@dataclass
class Watched:
    """A session that is watched as the screen watches it."""

    session: Session
    watcher: PaxosWatcher


def watched() -> Watched:
    session = Session(Spec(services=(PAXOS,)), 1)
    watcher = PaxosWatcher(session.world, "paxos")
    session.world.add_observer(watcher.observe)
    return Watched(session, watcher)


def test_the_screen_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "is_chosen", lambda state, slot, accepts: True)
    run_of = watched()
    run_of.session.run_until(500_000)
    run_of.session.do("put x 1")
    run_of.session.run_until(600_000)
    assert run_of.watcher.rules == len(NAMES)
    assert run_of.watcher.violations[0].startswith("chosen-is-durable: ")


def test_it_may_begin_with_a_world_under_way() -> None:
    session = Session(Spec(services=(PAXOS,)), 1)
    session.run_until(500_000)
    session.do("put x 1")
    session.run_until(600_000)
    watcher = PaxosWatcher(session.world, "paxos")
    session.world.add_observer(watcher.observe)
    session.do("put x 2")
    session.run_until(1_000_000)
    assert watcher.violations == ()
    machines = (session.world.machine(name, "paxos") for name in session.world.names)
    assert any(isinstance(each, PaxosMachine) and each.state.commit_index > 1 for each in machines)
