"""What Multi-Paxos promises of every slot ("Paxos Made Simple", sections 2 and 3), watched after every turn.

The law: watching changes nothing and costs almost nothing. Most turns are heartbeats, which accept, promise and commit
nothing, and are left after a few comparisons.
"""

from __future__ import annotations

from algorithms.machine import Append, Received, Send, Started
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Accept, Accepted, Configuration, Promise, Proposal, Value
from algorithms.paxos.state import State
from algorithms.paxos.words import describe
from algorithms.replicated.messages import Carried, ClientCommand, ClientRequest, NoOp
from nodes.observation import Observation, Turn
from nodes.world import World
from playground.checks.findings import Findings
from playground.checks.paxos.disks import holders

AGREEMENT, VALIDITY, DURABLE = "one-value-a-slot", "validity", "chosen-is-durable"
UNIQUE, KEPT, MONOTONE = "ballots-unique", "promises-kept", "commit-index-monotone"

SOURCES = {
    AGREEMENT: "in each slot only a single value is chosen, for ever [Paxos Made Simple 2.1, 3]",
    VALIDITY: "only what was proposed is chosen: a client's command, a configuration, a no-op [Paxos Made Simple 2.1]",
    DURABLE: "what is chosen is on the disks of a quorum of phase 2 [Paxos Made Simple 2.2; Flexible Paxos]",
    UNIQUE: "no ballot has two proposers, and no slot two values in one ballot [Paxos Made Simple 2.2]",
    KEPT: "no acceptor goes back behind a promise, also in another life [Paxos Made Simple 2.2, P1a]",
    MONOTONE: "what a server knows to be chosen it does not forget while it lives [Paxos Made Simple 2.3]",
}
NAMES = tuple(SOURCES)
"""The checks, in the order of a report."""
MILLISECOND = 1_000


class Watched:
    """What one server was after its last turn."""

    __slots__ = ("commit_index", "name", "promised", "state")

    def __init__(self, name: str, state: State) -> None:
        self.name, self.state = name, state
        self.remember()

    def remember(self) -> None:
        """The turn is judged."""
        self.commit_index, self.promised = self.state.commit_index, self.state.promised


class PaxosRules:
    """All rules of one service; `world.add_observer(rules.observe)`. It belongs to this world, and is not pickled with
    it. It may begin with any world, also one under way; what happened before is not judged."""

    def __init__(self, world: World, service: str) -> None:
        self.world, self.service = world, service
        self.findings = Findings()
        self._watched: dict[str, Watched] = {}
        self._chosen: dict[int, Value] = {}
        """By slot: the value that a server first knew to be chosen."""
        self._proposed: dict[tuple[Ballot, int], Value] = {}
        """By ballot and slot: the value that somebody has accepted or was asked to."""
        self._asked: dict[tuple[str, int], None] = {}
        """Commands that clients have sent."""
        self._told: dict[str, Ballot] = {}
        """By acceptor: the newest promise that somebody has heard of."""
        self._from_the_start = world.now == 0
        for name in world.names:
            self._begin(name)

    def _begin(self, name: str) -> None:
        """Watch the life of `name` that is under way, if it is a Paxos server's."""
        machine = self.world.machine(name, self.service)
        if isinstance(machine, PaxosMachine):
            self._watched[name] = Watched(name, machine.state)

    # ------------------------------------------------------------ observing

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if observation.__class__ is not Turn or observation.service != self.service:
            return
        if observation.event.__class__ is Started:
            self._begin(observation.node)
            self._judge_promise(observation.node)
            return
        watched = self._watched.get(observation.node)
        if watched is None:
            self._hear_client(observation)
            return
        event = observation.event
        if event.__class__ is Received and event.message.__class__ in (Promise, Accepted):
            self._hear_acceptor(event.source, event.message)
        state = watched.state
        if state.promised is not watched.promised:
            self._judge_promise(observation.node)
        for effect in observation.effects:
            if effect.__class__ is Append:
                self._accepted(observation.node, effect)
            elif effect.__class__ is Send and effect.message.__class__ is Accept:
                self._proposes(observation.node, effect.message)
        if state.commit_index != watched.commit_index:
            self._commits(watched, state)
        watched.remember()

    def _when(self) -> str:
        return f"at {self.world.now // MILLISECOND} ms"

    def _hear_client(self, turn: Turn) -> None:
        for effect in turn.effects:
            if isinstance(effect, Send) and isinstance(effect.message, ClientRequest):
                request = effect.message.request
                self._asked[request.client_id, request.sequence] = None

    # ------------------------------------------------------------ promises

    def _hear_acceptor(self, source: str, message: Promise | Accepted) -> None:
        if message.ballot > self._told.get(source, NO_BALLOT):
            self._told[source] = message.ballot

    def _judge_promise(self, name: str) -> None:
        """P1a: what somebody has heard of is never taken back."""
        told, now = self._told.get(name, NO_BALLOT), self._watched[name].state.promised
        if now < told:
            self.findings.add(KEPT, f"{name} had promised {told}, and stands at {now} {self._when()}")
            self._told[name] = now

    # ------------------------------------------------------------ ballots

    def _proposes(self, name: str, message: Accept) -> None:
        if message.ballot.proposer != name:
            sentence = f"{name} proposes in {message.ballot}, which is {message.ballot.proposer}'s, {self._when()}"
            self.findings.add(UNIQUE, sentence)
        for slot, value in enumerate(message.values, message.first_slot):
            self._one_value(name, message.ballot, slot, value)

    def _accepted(self, name: str, append: Append) -> None:
        for record in append.records:
            if isinstance(record, Proposal):
                self._one_value(name, record.ballot, record.slot, record.value)

    def _one_value(self, name: str, ballot: Ballot, slot: int, value: Value) -> None:
        first = self._proposed.setdefault((ballot, slot), value)
        if first is not value and first != value:
            sentence = f"{name} has {describe(value)} in slot {slot} by {ballot}, where {describe(first)} was proposed"
            self.findings.add(UNIQUE, f"{sentence} {self._when()}")

    # ------------------------------------------------------------ what is chosen

    def _commits(self, watched: Watched, state: State) -> None:
        """A server knows more to be chosen than before."""
        if state.commit_index < watched.commit_index:
            sentence = f"{watched.name} knew {watched.commit_index} slots to be chosen, and knows {state.commit_index}"
            self.findings.add(MONOTONE, f"{sentence} {self._when()}")
            return
        first = max(watched.commit_index, state.snapshot_index) + 1
        for slot in range(first, state.commit_index + 1):
            value = state.chosen(slot)
            if value is None:
                continue
            known = self._chosen.get(slot)
            if known is None:
                self._first_chosen(watched.name, state, slot, value)
            elif known is not value and known != value:
                sentence = (
                    f"in slot {slot} {watched.name} holds {describe(value)} for chosen, where {describe(known)} was"
                )
                self.findings.add(AGREEMENT, f"{sentence} {self._when()}")

    def _first_chosen(self, name: str, state: State, slot: int, value: Value) -> None:
        self._chosen[slot] = value
        if not self._is_valid(value):
            self.findings.add(VALIDITY, f"{describe(value)} is chosen in slot {slot}, and no client has asked for it")
        acceptors, needed = state.configuration_for(slot).acceptors, state.quorums_for(slot).phase_2
        having = holders(self.world, self.service, acceptors, slot, value)
        if len(having) < needed:
            there = ", ".join(having) or "nobody"
            sentence = f"{name} holds slot {slot} for chosen {self._when()}, and only {there} has its value on disk"
            self.findings.add(DURABLE, f"{sentence}; a quorum is {needed} of {len(acceptors)}")

    def _is_valid(self, value: Value) -> bool:
        match value:
            case NoOp() | Configuration() | Carried():
                return True
            case ClientCommand(client_id, sequence):
                return not self._from_the_start or (client_id, sequence) in self._asked
