"""A machine carries a Multi-Paxos log for records of its own, as it could carry Raft's (`algorithms/replicated`)."""

from __future__ import annotations

from collections.abc import Sequence

from paxos_server_talk import choose, leader, told

from algorithms.carrying import Inner
from algorithms.machine import Asked, Cell, Effect, Failed, Ok, Record, Saved, Send, Started
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Accept, Accepted, AcceptorState, Configuration, Promise, Snapshot
from algorithms.paxos.settings import PaxosSettings
from algorithms.replicated.messages import Carried
from algorithms.replicated.state_machine import Contents, StateMachine


class Fact(Record, frozen=True):
    """What the carrying machine has to say."""

    text: str


class Wrapped(Record, frozen=True):
    """A message of the inner machine on its way between the outer ones."""

    message: Record


class Facts(StateMachine):
    """Remembers all of them, each with its slot."""

    def __init__(self) -> None:
        super().__init__(max_sessions=1)
        self.facts: list[tuple[int, str]] = []

    def carry(self, record: Record, index: int) -> None:
        assert isinstance(record, Fact)
        self.facts.append((index, record.text))

    def contents(self) -> Contents:
        return Contents(carried=";".join(f"{index}={text}" for index, text in self.facts))

    def restore(self, contents: Contents) -> None:
        pairs = [pair.split("=") for pair in contents.carried.split(";") if pair]
        self.facts = [(int(index), text) for index, text in pairs]


ALONE = Configuration(("n1",))


def test_records_are_applied_in_the_order_of_their_slots() -> None:
    facts = Facts()
    machine = leader()
    machine.state.state_machine = facts
    for text in ("a", "b"):
        effects = machine.handle(Asked(1, Carried(Fact(text))), 0)
        assert isinstance(told(effects, "n2", Accept), Accept)
    assert facts.facts == []
    choose(machine, "n2")
    assert facts.facts == [(1, "a"), (2, "b")]


def test_a_snapshot_holds_what_the_carrier_has_made_of_its_records() -> None:
    facts = Facts()
    machine = leader(snapshot_after=2)
    machine.state.state_machine = facts
    for text in ("a", "b"):
        machine.handle(Asked(1, Carried(Fact(text))), 0)
    choose(machine, "n2")
    snapshot = machine.state.snapshot
    assert isinstance(snapshot, Snapshot)
    other = Facts()
    heir = PaxosMachine("n1", ALONE, PaxosSettings(), other)
    heir.handle(Started(Saved((Cell("acceptor", AcceptorState()), Cell("snapshot", snapshot)))), 0)
    assert other.facts == [(1, "a"), (2, "b")]


def test_the_inner_machine_does_not_know_that_it_is_carried() -> None:
    facts = Facts()
    inner = Inner("metadata", PaxosMachine("n1", ALONE, PaxosSettings(pre_prepare=False), facts), Wrapped)
    inner.start(Saved(), 0)
    assert inner.ask(Carried(Fact("too early")), 0)[1] == Failed("this server does not lead")
    effects = inner.ring("metadata election", 0)
    assert any(isinstance(each, Send) and isinstance(each.message, Wrapped) for each in effects)
    deliver(inner, effects)
    effects, answer = inner.ask(Carried(Fact("now")), 0)
    assert answer == Ok(1)
    deliver(inner, effects)
    assert facts.facts == [(1, "now")]


def deliver(inner: Inner, effects: Sequence[Effect]) -> None:
    """What it sends to itself arrives."""
    for each in effects:
        if isinstance(each, Send) and isinstance(each.message, Wrapped):
            assert isinstance(each.message.message, Promise | Accepted)
            inner.receive("n1", each.message.message, 0)
