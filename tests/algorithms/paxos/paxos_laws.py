"""What must hold whatever happens, as somebody sees it who sees everything.

A value is chosen as soon as a quorum of its slot's configuration has said that it accepted it in one ballot, whether
any server knows of that or not.
"""

from __future__ import annotations

from algorithms.machine import Record, Saved
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import (
    Accept,
    Accepted,
    Configuration,
    Promise,
    Proposal,
    Snapshot,
    Value,
)
from algorithms.paxos.quorums import quorums_of
from algorithms.paxos.settings import PaxosSettings
from algorithms.replicated.messages import ClientCommand, NoOp


class Broken(AssertionError):
    """A law does not hold."""


class Laws:
    """Everything that was said, and what follows from it."""

    def __init__(self, acceptors: tuple[str, ...], settings: PaxosSettings) -> None:
        self.settings = settings
        self.configurations = [(1, acceptors)]
        self.requested: dict[ClientCommand, None] = {}
        self.wished: dict[tuple[str, ...], None] = {}
        self.proposed: dict[tuple[int, Ballot], Value] = {}
        self.accepted: dict[tuple[int, Ballot], dict[str, None]] = {}
        self.chosen: dict[int, Value] = {}
        self.prefix = 0
        self.promises: dict[str, Ballot] = {}
        self.makers: dict[Ballot, int] = {}
        self.commit_index = 0
        self.stores: dict[int, str] = {}

    # ------------------------------------------------------------ what is said

    def hear(self, source: str, target: str, message: Record) -> None:
        """A message is on its way, behind all that it had to wait for."""
        match message:
            case Accept(ballot, first_slot, values):
                for slot, value in enumerate(values, first_slot):
                    self._propose(slot, ballot, value)
            case Accepted(ballot, first_slot, last_slot):
                self._promised(source, ballot)
                for slot in range(first_slot, last_slot + 1):
                    self._accept(source, slot, ballot)
            case Promise(ballot):
                self._promised(source, ballot)
            case _:
                pass

    def write(self, proposals: tuple[Record, ...]) -> None:
        """A server means to accept these; one that is alone tells nobody of them."""
        for each in proposals:
            assert isinstance(each, Proposal)
            self._propose(each.slot, each.ballot, each.value)

    def _promised(self, source: str, ballot: Ballot) -> None:
        self.promises[source] = max(ballot, self.promises.get(source, NO_BALLOT))

    def _propose(self, slot: int, ballot: Ballot, value: Value) -> None:
        """Validity, and one value a slot and ballot."""
        first = self.proposed.setdefault((slot, ballot), value)
        if first != value:
            raise Broken(f"Ballots unique: two values in slot {slot} of ballot {ballot}")
        match value:
            case ClientCommand():
                known = value in self.requested
            case Configuration(acceptors):
                known = acceptors in self.wished
            case _:
                known = isinstance(value, NoOp)
        if not known:
            raise Broken(f"Validity: nobody asked for {value}")

    def _accept(self, source: str, slot: int, ballot: Ballot) -> None:
        if (slot, ballot) in self.proposed:
            self.accepted.setdefault((slot, ballot), {})[source] = None
            self._count(slot, ballot)

    def _count(self, slot: int, ballot: Ballot) -> None:
        acceptors = self.acceptors(slot)
        count = sum(name in self.accepted[slot, ballot] for name in acceptors)
        if count >= self.needed(slot):
            self._choose(slot, self.proposed[slot, ballot])

    def _choose(self, slot: int, value: Value) -> None:
        """Agreement."""
        first = self.chosen.setdefault(slot, value)
        if first != value:
            raise Broken(f"Agreement: slot {slot} has {first} and {value}")
        while self.prefix + 1 in self.chosen:
            self.prefix += 1
            found = self.chosen[self.prefix]
            if isinstance(found, Configuration):
                self.configurations.append((self.prefix + self.settings.alpha, found.acceptors))

    def acceptors(self, slot: int) -> tuple[str, ...]:
        """Who counts for `slot`."""
        return next(each for first, each in reversed(self.configurations) if first <= slot)

    def needed(self, slot: int) -> int:
        """How many of them choose a value."""
        return quorums_of(len(self.acceptors(slot)), 0, self.settings.phase_2_quorum).phase_2

    # ------------------------------------------------------------ what a server believes

    def check(self, machine: PaxosMachine, disks: dict[str, Saved]) -> None:
        """After a turn of `machine`; `disks` is what would be left of each server."""
        state = machine.state
        if state.promised < self.promises.get(state.name, NO_BALLOT):
            raise Broken(f"Promises never go back: {state.name} has forgotten {self.promises[state.name]}")
        for slot in range(max(state.acceptor.base_slot, state.commit_index - 8) + 1, state.commit_index + 1):
            value = state.chosen(slot)
            if slot not in self.chosen or self.chosen[slot] != value:
                raise Broken(f"Agreement: {state.name} holds {value} for chosen in slot {slot}")
        while self.commit_index < state.commit_index:
            self.commit_index += 1
            self._durable(self.commit_index, disks)
        self._same_store(machine)

    def _durable(self, slot: int, disks: dict[str, Saved]) -> None:
        """Whoever is first to know that a slot is chosen: a quorum has it on disk."""
        value = self.chosen[slot]
        count = sum(holds(disks[name], slot, value) for name in self.acceptors(slot))
        if count < self.needed(slot):
            raise Broken(f"Durability: slot {slot} is chosen, and {count} have it on disk")

    def _same_store(self, machine: PaxosMachine) -> None:
        state = machine.state
        text = str(state.store.snapshot())
        if self.stores.setdefault(state.last_applied, text) != text:
            raise Broken(f"State machine: {state.name}'s store differs after slot {state.last_applied}")


def holds(saved: Saved, slot: int, value: Value) -> bool:
    """Whether this disk has the value of that slot."""
    snapshot, journal = saved.cell("snapshot"), saved.journal("log")
    if isinstance(snapshot, Snapshot) and snapshot.last_included_slot >= slot:
        return True
    records = journal.records if journal is not None else ()
    found = [each.value for each in records if isinstance(each, Proposal) and each.slot == slot]
    return bool(found) and found[-1] == value
