"""A server of the synod: an acceptor, a proposer and a learner on one node, and which of them each event goes to.

The law: `handle` is deterministic. The agents talk by messages, also to those on their own node. What the acceptor
remembers is saved before its answer is sent (`_keep`), in the cell `acceptor`; the proposer's round in `proposer`.

The timers are `retry` and `back-off` (of the proposer), `learn` and `inquiry` (of the learner).
"""

from __future__ import annotations

from typing import assert_never

from algorithms.machine import Answer, Asked, Effect, Event, Failed, Received, Record, Saved, Started, TimerFired
from algorithms.paxos.synod.acceptor import Acceptor, AcceptorState
from algorithms.paxos.synod.learner import Learner
from algorithms.paxos.synod.learning import ASK, INQUIRY, Learning
from algorithms.paxos.synod.messages import (
    Accept,
    Accepted,
    Inquire,
    LearnRequest,
    Nack,
    Prepare,
    Promise,
    ProposeRequest,
)
from algorithms.paxos.synod.outbox import Outbox
from algorithms.paxos.synod.proposer import Proposer
from algorithms.paxos.synod.proposing import Proposing
from algorithms.paxos.synod.settings import SynodSettings
from algorithms.paxos.view import SynodView

CELL = "acceptor"


class SynodMachine:
    """One server. `acceptors` are all nodes; each of them plays all three roles."""

    def __init__(self, name: str, acceptors: tuple[str, ...], settings: SynodSettings) -> None:
        self.name = name
        self.acceptors = acceptors
        self.quorums = settings.quorums(len(acceptors))
        self._outbox = Outbox(acceptors)
        self._saved = AcceptorState()
        self.acceptor = Acceptor(self._saved)
        self.proposing = Proposing(Proposer(name, self.quorums), settings, self._outbox)
        self.learning = Learning(Learner(self.quorums.phase_2), settings, self._outbox)

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event of a life is `Started`."""
        effects = self._outbox.begin_turn()
        match event:
            case Received(source, message):
                self._receive(source, message)
            case TimerFired(name):
                self._ring(name)
            case Started(saved):
                self._start(saved)
            case Asked(request_id):
                effects.append(Answer(request_id, Failed("a server of the synod takes requests as messages")))
            case _:
                assert_never(event)
        return effects

    def _start(self, saved: Saved) -> None:
        state = saved.cell(CELL)
        if isinstance(state, AcceptorState):
            self._saved = self.acceptor.state = state
            self.learning.may_have_missed_something()
        self.proposing.start(saved)

    def _receive(self, source: str, message: Record) -> None:
        match message:
            case Prepare() | Accept() | Inquire():
                self._ask_acceptor(source, message)
            case Promise():
                self.proposing.promise(source, message)
            case Nack():
                self.proposing.nack(source, message)
            case Accepted():
                self._accepted(source, message)
            case ProposeRequest():
                if self.learning.wants_a_value(source, message):
                    self.proposing.propose(message.value)
            case LearnRequest():
                self.learning.wants_to_know(source, message)
            case _:
                raise AssertionError(f"{source} sent a server of the synod {message}")

    def _ring(self, timer: str) -> None:
        if timer not in (ASK, INQUIRY):
            self.proposing.ring(timer)
        elif (value := self.learning.ring(timer)) is not None:
            self.proposing.propose(value)

    # ------------------------------------------------------------ the acceptor

    def _ask_acceptor(self, source: str, message: Prepare | Accept | Inquire) -> None:
        match message:
            case Prepare(ballot):
                promise = self.acceptor.prepare(message)
                self._keep()
                self._outbox.send(source, promise)
                self.proposing.heard_of(ballot)
            case Accept(ballot):
                self._accept(source, message)
                self.proposing.heard_of(ballot)
            case Inquire():
                accepted = self.acceptor.has_accepted
                if accepted is not None:
                    self._outbox.send(source, accepted)
            case _:
                assert_never(message)

    def _accept(self, source: str, message: Accept) -> None:
        answer = self.acceptor.accept(message)
        self._keep()
        if isinstance(answer, Accepted):
            self._outbox.broadcast(answer)
        else:
            self._outbox.send(source, answer)
            self._outbox.note(f"refuses {answer.ballot} of {source}: it has promised {answer.promised}", "2.2, P1a")

    def _keep(self) -> None:
        """On disk before it is told (section 2.5). And from now on its learner has something to ask about."""
        if self.acceptor.state != self._saved:
            self._saved = self.acceptor.state
            self._outbox.save(CELL, self._saved)
        self.learning.may_have_missed_something()

    # ------------------------------------------------------------ the learner

    def _accepted(self, source: str, accepted: Accepted) -> None:
        self.proposing.accepted(source, accepted)
        if self.learning.accepted(source, accepted):
            self.proposing.stop()

    def view(self) -> SynodView:
        """The three agents as one picture."""
        state, proposer, learner = self.acceptor.state, self.proposing.proposer, self.learning.learner
        return SynodView(
            self.name,
            state.promised,
            state.accepted,
            state.value,
            proposer.phase,
            proposer.ballot,
            tuple(sorted(proposer.promises)),
            tuple(sorted(proposer.accepts)),
            tuple(sorted(proposer.refusals)),
            proposer.proposing,
            proposer.wanted,
            learner.chosen,
            self.acceptors,
            self.quorums,
            learner.chosen_in,
        )
