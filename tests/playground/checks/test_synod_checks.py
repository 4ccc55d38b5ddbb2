"""Each check of Paxos for one value catches the bug that is planted for it, and finds nothing where there is none."""

from __future__ import annotations

import pytest

from algorithms.machine import Saved
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.synod.acceptor import Acceptor, AcceptorState
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare
from algorithms.paxos.synod.proposer import Proposer
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from nodes.faults import Constant
from playground.checks.synod import NAMES, SynodJudge
from playground.kinds.synod_watcher import SynodWatcher
from playground.session import Session
from playground.spec import NetworkSpec, ServiceSpec, Spec

MILLISECOND = 1_000


class Trial:
    """Three servers and two clients, judged and watched from the boot on."""

    def __init__(self, seed: int = 1, **settings: object) -> None:
        synod = ServiceSpec("synod", "synod", SynodSettings(**settings), SynodClientSettings())  # type: ignore[arg-type]
        spec = Spec(("n1", "n2", "n3"), ("c1", "c2"), (synod,), NetworkSpec(Constant(2 * MILLISECOND)))
        self.session = Session(spec, seed)
        self.world = self.session.world
        self.judge = SynodJudge(self.world, "synod", synod.settings.quorums(3))  # type: ignore[union-attr]
        self.watcher = SynodWatcher(self.world, "synod")
        self.world.add_observer(self.judge.observe)
        self.world.add_observer(self.watcher.observe)

    def do(self, *lines: str, then: int = 100) -> Trial:
        """One line after the other, with so many milliseconds behind each."""
        for line in lines:
            self.session.do(line)
            self.session.run_until(self.world.now + then * MILLISECOND)
            self.judge.look(self.world)
        return self

    @property
    def failed(self) -> dict[str, str]:
        return {each.name: each.detail for each in self.judge.results(self.world) if each.verdict == "fail"}


def machine(trial: Trial, name: str) -> SynodMachine:
    found = trial.world.machine(name, "synod")
    assert isinstance(found, SynodMachine)
    return found


def two_majorities(trial: Trial) -> Trial:
    """n1 and n2 choose red; n3, which was out of reach, proposes blue before it hears of that."""
    return trial.do("isolate n3", "propose red at n1").do("heal", "propose blue at n3 on c2")


def test_nothing_is_found_where_nothing_is_planted() -> None:
    trial = two_majorities(Trial())
    assert (trial.failed, trial.watcher.violations) == ({}, ())
    assert tuple(each.name for each in trial.judge.results(trial.world)) == NAMES
    assert machine(trial, "n3").view().chosen == "red"


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_found_whatever_happens(seed: int) -> None:
    trial = Trial(seed, backoff_shortest=1_000, backoff_longest=20_000)
    for line in ("lose n1 -- * 30%", "duplicate n2 -- * 50%", "reorder n3 -- * 50% within 20ms"):
        trial.do(line, then=0)
    trial.do("propose red at n1", "propose blue at n2 on c2", then=3)
    trial.do("kill n1", "restart n1", "power-loss n2", "restart n2", "propose green at n1", then=20)
    trial.do("calm", then=3_000)
    assert (trial.failed, trial.watcher.violations) == ({}, ())
    assert machine(trial, "n3").view().chosen is not None


def test_two_values_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proposer, "choice", lambda self: self.wanted)
    trial = two_majorities(Trial())
    assert trial.failed["agreement"].startswith("red was chosen in 1.n1 by n1, n2 at 1")
    assert "; and blue was chosen in 1.n3" in trial.failed["agreement"]
    assert any(each.startswith("agreement: ") for each in trial.watcher.violations)


def test_two_clients_that_are_told_two_things_are_caught() -> None:
    trial = Trial().do("propose red at n1")
    machine(trial, "n2").learning.learner.chosen = "blue"
    trial.do("learn at n2 on c2")
    assert "c2 was told blue" in trial.failed["agreement"] or "n2 has learned blue" in trial.failed["agreement"]
    assert "no quorum had accepted it" in trial.failed["learned-is-chosen"]


def test_a_value_that_nobody_proposed_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proposer, "choice", lambda self: "grey")
    trial = Trial().do("propose red at n1")
    assert "accepted grey in 1.n1, which no client has asked for" in trial.failed["validity"]


def test_a_learner_that_believes_too_few_is_caught() -> None:
    trial = Trial()
    machine(trial, "n1").learning.learner.quorum = 1
    trial.do("propose red at n1")
    assert trial.failed["learned-is-chosen"].startswith("n1 has learned red at ")
    assert set(trial.failed) == {"learned-is-chosen"}


def test_a_lost_disk_is_caught() -> None:
    trial = Trial().do("isolate n3", "propose red at n1", "kill n2")
    assert trial.failed == {}
    trial.do("disk n2 wipe")
    assert "only n1 has it on disk" in trial.failed["chosen-is-durable"]


def test_disks_that_lied_are_caught_when_the_power_fails() -> None:
    """How much of what was not synced is lost is up to the dice."""
    found: dict[str, str] = {}
    for seed in range(5):
        trial = Trial(seed).do("disk all lie", "isolate n3", "propose red at n1")
        assert trial.failed == {}
        found |= trial.do("power-loss n1 n2", "restart n1 n2").failed
    assert set(found) == {"chosen-is-durable", "promises-kept"}
    assert "comes back" in found["promises-kept"]


def test_a_ballot_of_two_proposers_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = Proposer.prepare

    def nameless(self: Proposer, highest: Ballot) -> Prepare:
        self.ballot = Ballot(prepare(self, highest).ballot.round, "")
        return Prepare(self.ballot)

    monkeypatch.setattr(Proposer, "prepare", nameless)
    trial = Trial().do("propose red at n1", "propose blue at n2 on c2", then=1)
    assert " uses the ballot 1. at" in trial.do("heal").failed["ballots-unique"]


def test_a_ballot_of_two_lives_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SynodMachine._start

    def forget(self: SynodMachine, saved: Saved) -> None:
        start(self, Saved(tuple(each for each in saved.cells if each.name != "proposer")))

    monkeypatch.setattr(SynodMachine, "_start", forget)
    trial = Trial().do("isolate n1", "propose red at n1", "kill n1", "restart n1", "propose blue at n1 on c2", then=4)
    assert "and so did itself in an earlier life" in trial.failed["ballots-unique"]


def test_an_acceptor_that_breaks_its_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def accept(self: Acceptor, message: Accept) -> Accepted | Nack:
        self.state = AcceptorState(max(self.state.promised, message.ballot), message.ballot, message.value)
        return Accepted(message.ballot, message.value)

    monkeypatch.setattr(Acceptor, "accept", accept)
    trial = Trial().do("propose red at n1", then=7).do("slow n1 -> n2 n3 50ms", then=0)
    trial.do("propose blue at n2 on c2", then=200)
    assert "accepts 1.n1" in trial.failed["promises-kept"]
    assert "having promised" in trial.failed["promises-kept"]


def test_an_acceptor_that_forgets_its_promise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    start = SynodMachine._start
    trial = Trial().do("propose red at n3")
    monkeypatch.setattr(SynodMachine, "_start", lambda self, saved: start(self, Saved()))
    trial.do("kill n1 n2", "restart n1 n2", "propose blue at n1 on c2")
    assert "promises 1.n1 at" in trial.failed["promises-kept"]
    assert "having promised 1.n3" in trial.failed["promises-kept"]


@pytest.mark.parametrize("begins", range(0, 40, 3))
def test_a_watcher_may_begin_at_any_time(begins: int) -> None:
    """What happened before is not judged, and does not pass for a mistake."""
    trial = Trial().do("propose red at n1", then=0).do("propose blue at n2 on c2", then=begins)
    late = SynodWatcher(trial.world, "synod")
    trial.world.add_observer(late.observe)
    trial.do(
        "power-loss n2", "restart n2", "kill n1", "learn at n2 on c2", "restart n1", "propose green at n3", then=90
    )
    assert (late.violations, trial.failed) == ((), {})
