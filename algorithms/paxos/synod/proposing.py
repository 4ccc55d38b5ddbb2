"""When the proposer tries, asks again, gives up and tries anew ("Paxos Made Simple", sections 2.2, 2.4 and 2.5).

The law: no ballot is used twice, also in another life: its round is on disk before its prepare request leaves (section
2.5). Who was asked to propose keeps on until something is chosen.
"""

from __future__ import annotations

from algorithms.machine import Record, Saved
from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare, Promise
from algorithms.paxos.synod.outbox import Outbox
from algorithms.paxos.synod.proposer import Proposer
from algorithms.paxos.synod.settings import SynodSettings

CELL = "proposer"
RETRY, BACKOFF = "retry", "back-off"


class LastRound(Record, frozen=True):
    """The round of this proposer's newest ballot."""

    round: int


class Proposing:
    """The proposer of one server, with its timers and its disk."""

    def __init__(self, proposer: Proposer, settings: SynodSettings, outbox: Outbox) -> None:
        self.proposer = proposer
        self.attempts = 0
        """How many ballots it has begun in this life."""
        self._settings = settings
        self._outbox = outbox
        self._highest = NO_BALLOT

    def start(self, saved: Saved) -> None:
        """Begin above the last life's ballots."""
        last = saved.cell(CELL)
        if isinstance(last, LastRound):
            self.proposer.ballot = Ballot(last.round, self.proposer.name)

    def propose(self, value: str) -> None:
        """Somebody wishes for `value`. Who proposes one already goes on with that."""
        proposer = self.proposer
        if proposer.wanted is None:
            proposer.wanted = value
        if proposer.phase == "idle":
            self._begin()

    def _begin(self) -> None:
        """Phase 1a."""
        message = self.proposer.prepare(self._highest)
        self.attempts += 1
        self._outbox.save(CELL, LastRound(message.ballot.round))
        self._outbox.broadcast(message)
        self._outbox.set_timer(RETRY, self._settings.retry_timeout)
        self._outbox.note(f"begins ballot {message.ballot}", "2.2, phase 1 (a)")

    # ------------------------------------------------------------ answers

    def promise(self, source: str, promise: Promise) -> None:
        """Phase 2a, once a quorum has promised."""
        accept = self.proposer.promised(source, promise)
        if accept is not None:
            self._outbox.broadcast(accept)
            self._outbox.set_timer(RETRY, self._settings.retry_timeout)
            self._outbox.note(self._reason(accept), "2.2, phase 2 (a)")

    def _reason(self, accept: Accept) -> str:
        who = ", ".join(sorted(self.proposer.promises))
        adopted = self.proposer.adopted
        if adopted is None:
            return f"proposes {accept.value} in {accept.ballot}: of {who} nobody has accepted anything"
        return f"proposes {accept.value} in {accept.ballot}, for it was accepted in {adopted.accepted}, say {who}"

    def nack(self, source: str, nack: Nack) -> None:
        """An acceptor has promised a higher ballot."""
        self._highest = max(self._highest, nack.promised)
        if self.proposer.refused(source, nack):
            self._make_way(nack.promised, f"{source} refuses {nack.ballot}")

    def heard_of(self, ballot: Ballot) -> None:
        """A prepare request of somebody has come to this node's acceptor."""
        self._highest = max(self._highest, ballot)
        if self.proposer.is_overtaken_by(ballot):
            self._make_way(ballot, f"{self.proposer.ballot} is overtaken")

    def accepted(self, source: str, accepted: Accepted) -> None:
        """For the record: whether the value is chosen by it is the learner's business."""
        self.proposer.accepted(source, accepted)

    def _make_way(self, ballot: Ballot, why: str) -> None:
        """Give this ballot up. Without back-off the next one begins at once, and the other proposer's fails."""
        if self._settings.backoff:
            self.proposer.wait()
            self._outbox.cancel_timer(RETRY)
            self._outbox.set_timer(BACKOFF, self._settings.backoff_shortest, self._settings.backoff_longest)
            self._outbox.note(f"{why}: {ballot} has begun; waits before it tries a higher one", "2.4")
        else:
            self._outbox.note(f"{why}: {ballot} has begun; tries a higher one at once", "2.4")
            self._begin()

    # ------------------------------------------------------------ timers

    def ring(self, timer: str) -> None:
        """The answers were too few, or the back-off is over."""
        message = self.proposer.unanswered
        if timer == BACKOFF:
            self._begin()
        elif message is not None:
            done = self.proposer.promises if isinstance(message, Prepare) else self.proposer.accepts
            self._outbox.broadcast(message, besides=done)
            self._outbox.set_timer(RETRY, self._settings.retry_timeout)

    def stop(self) -> None:
        """A value has been chosen."""
        if self.proposer.phase != "idle":
            self.proposer.stop()
            self._outbox.cancel_timer(RETRY)
            self._outbox.cancel_timer(BACKOFF)
