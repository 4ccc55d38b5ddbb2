"""The acceptor: the memory of the synod ("Paxos Made Simple", section 2.2).

The law: P1a, it accepts a proposal only if it has not promised a higher ballot. What it remembers is on disk before
any answer that follows from it is sent (section 2.5); whoever owns it sees to that.
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare, Promise


class AcceptorState(Record, frozen=True):
    """All that an acceptor must remember, even if it fails and is then restarted (section 2.2)."""

    promised: Ballot = NO_BALLOT
    accepted: Ballot = NO_BALLOT
    value: str | None = None


class Acceptor:
    """One acceptor."""

    def __init__(self, state: AcceptorState) -> None:
        self.state = state

    def prepare(self, message: Prepare) -> Promise | Nack:
        """Phase 1b. A second copy of the newest prepare request gets a second promise, which changes nothing."""
        state = self.state
        if message.ballot < state.promised:
            return Nack(message.ballot, state.promised)
        self.state = AcceptorState(message.ballot, state.accepted, state.value)
        return Promise(message.ballot, state.accepted, state.value)

    def accept(self, message: Accept) -> Accepted | Nack:
        """Phase 2b. Who accepts a ballot has promised it, too: then the highest accepted one is the newest."""
        if message.ballot < self.state.promised:
            return Nack(message.ballot, self.state.promised)
        self.state = AcceptorState(message.ballot, message.ballot, message.value)
        return Accepted(message.ballot, message.value)

    @property
    def has_accepted(self) -> Accepted | None:
        """Its highest proposal, for learners that ask; None if there is none."""
        value = self.state.value
        return Accepted(self.state.accepted, value) if value is not None else None
