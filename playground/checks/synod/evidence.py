"""What acceptors have accepted and promised, and what was chosen by that, as an onlooker knows it.

The law: an acceptance or a promise counts once it is on the acceptor's disk, or once somebody has received word of it;
and then for ever, whatever becomes of the acceptor (Paxos Made Simple, section 2.2). A lying disk is taken at its word.
"""

from __future__ import annotations

from collections.abc import Iterator

from algorithms.machine import Asked, Invoke, Received, Record, Save, Started
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.acceptor import AcceptorState
from algorithms.paxos.synod.commands import Propose
from algorithms.paxos.synod.machine import CELL, SynodMachine
from algorithms.paxos.synod.messages import Accepted, Promise, ProposeRequest
from algorithms.paxos.view import Quorums
from nodes.observation import Turn
from nodes.world import World


class Choice(Record, frozen=True):
    """A quorum has accepted one proposal, as of `at` (true us); `acceptors` are sorted."""

    ballot: Ballot
    value: str
    at: int
    acceptors: tuple[str, ...]


class Evidence:
    """Of one service. What was on the disks when it began counts, too, and what servers had learned by then."""

    def __init__(self, world: World, service: str, quorums: Quorums) -> None:
        self._world, self._service, self._quorums = world, service, quorums
        self.proposed: dict[str, None] = {}
        """Every value that a client asked for."""
        self.promised: dict[str, Ballot] = {}
        """By acceptor: the highest ballot that it has promised."""
        self.accepts: dict[tuple[Ballot, str], dict[str, None]] = {}
        """By proposal: who has accepted it. It only grows."""
        self.fresh: list[tuple[Ballot, str]] = []
        """Proposals that nobody had accepted before; whoever judges them takes them away."""
        self.choices: list[Choice] = []
        """Every proposal that was chosen, in order; they should all have one value."""
        self._pending: dict[str, list[AcceptorState]] = {}
        """By acceptor: states that it has saved and that are not known to be durable."""
        for name in world.names:
            self._begin(name)

    def _begin(self, name: str) -> None:
        for state in self.on_disk(name):
            self._believe(name, state)
        machine = self._world.machine(name, self._service)
        if isinstance(machine, SynodMachine):
            self._pending[name] = [machine.acceptor.state]
            view = machine.view()
            if view.chosen is not None and all(each.value != view.chosen for each in self.choices):
                self.choices.append(Choice(view.chosen_in, view.chosen, self._world.now, view.acceptors))
            for value in filter(None, (view.accepted_value, view.proposing, view.wanted, view.chosen)):
                self.proposed[value] = None

    # ------------------------------------------------------------ what happens

    def confirm(self) -> None:
        """See which states have become durable. To be called before every turn is judged."""
        for name in [name for name, states in self._pending.items() if states]:
            self._confirm(name, tuple(self.on_disk(name)))

    def _confirm(self, name: str, durable: tuple[AcceptorState, ...]) -> None:
        states = self._pending[name]
        last = max((place for place, state in enumerate(states) if state in durable), default=-1)
        for state in states[: last + 1]:
            self._believe(name, state)
        del states[: last + 1]

    def on_disk(self, name: str) -> Iterator[AcceptorState]:
        """What would survive a power loss on `name`, and what its disk says would."""
        disk = self._world.node(name).disk
        durable = disk.durable.cells.get((self._service, CELL))
        lied = (write for owner, write in disk.lied_about() if owner == self._service)
        for each in (durable, *(write.value for write in lied if isinstance(write, Save))):
            if isinstance(each, AcceptorState):
                yield each

    def take(self, turn: Turn) -> None:
        """Learn from this turn; what it saves counts later."""
        match turn.event:
            case Asked(_, Propose(value)) | Received(_, ProposeRequest(value=value)):
                self.proposed[value] = None
            case Started(saved):
                recovered = saved.cell(CELL)
                if isinstance(recovered, AcceptorState) and turn.node in self._pending:
                    self._confirm(turn.node, (recovered,))
                self._pending[turn.node] = []
            case Received(source, Promise(ballot)):
                self._promise(source, ballot)
            case Received(source, Accepted(ballot, value)):
                self._accept(source, ballot, value)
        for effect in turn.effects:
            if isinstance(effect, Save) and isinstance(effect.value, AcceptorState):
                self._pending.setdefault(turn.node, []).append(effect.value)
            elif isinstance(effect, Invoke) and isinstance(effect.command, Propose):
                self.proposed[effect.command.value] = None

    # ------------------------------------------------------------ what is known by it

    def _believe(self, name: str, state: AcceptorState) -> None:
        self._promise(name, state.promised)
        if state.value is not None:
            self._accept(name, state.accepted, state.value)

    def _promise(self, name: str, ballot: Ballot) -> None:
        self.promised[name] = max(ballot, self.promised.get(name, NO_BALLOT))

    def _accept(self, name: str, ballot: Ballot, value: str) -> None:
        who = self.accepts.get((ballot, value))
        if who is None:
            who = self.accepts[ballot, value] = {}
            self.fresh.append((ballot, value))
        if name not in who:
            who[name] = None
            if len(who) == self._quorums.phase_2:
                self.choices.append(Choice(ballot, value, self._world.now, tuple(sorted(who))))
