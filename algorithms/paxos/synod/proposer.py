"""The proposer: issues proposals until a value is chosen ("Paxos Made Simple", sections 2.2 and 2.4).

The law: P2c, a proposal's value is that of the highest ballot among the promises of a quorum, and free only if none of
them has accepted anything. It knows no timers; when to try again is `proposing.py`'s business.
"""

from __future__ import annotations

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare, Promise
from algorithms.paxos.view import Quorums


class Proposer:
    """One proposer. `phase` is `idle`, `prepare`, `accept` or `waiting`."""

    def __init__(self, name: str, quorums: Quorums) -> None:
        self.name = name
        self.quorums = quorums
        self.wanted: str | None = None
        """The value that it was asked to propose; the first one, if it was asked for several."""
        self.phase = "idle"
        self.ballot = NO_BALLOT
        self.proposing: str | None = None
        """The value of its proposal, from phase 2 on."""
        self.promises: dict[str, Promise] = {}
        self.accepts: dict[str, None] = {}
        self.refusals: dict[str, None] = {}

    def prepare(self, highest: Ballot) -> Prepare:
        """Phase 1a, with a ballot above its own ones and above `highest`, the highest it has heard of."""
        self.ballot = Ballot(max(self.ballot.round, highest.round) + 1, self.name)
        self.phase, self.proposing = "prepare", None
        self.promises, self.accepts, self.refusals = {}, {}, {}
        return Prepare(self.ballot)

    def promised(self, source: str, promise: Promise) -> Accept | None:
        """Take a promise; the one that makes a quorum begins phase 2a."""
        if self.phase != "prepare" or promise.ballot != self.ballot:
            return None
        self.promises[source] = promise
        if len(self.promises) < self.quorums.phase_1:
            return None
        self.phase, self.proposing = "accept", self.choice()
        return Accept(self.ballot, self.proposing)

    def choice(self) -> str:
        """P2c: what it may propose after these promises."""
        highest = self.adopted
        value = highest.value if highest is not None else self.wanted
        assert value is not None, f"{self.name} proposes and was never asked to"
        return value

    @property
    def adopted(self) -> Promise | None:
        """The promise whose value it must take; None if nobody has told it of an accepted proposal."""
        bound = [each for each in self.promises.values() if each.accepted > NO_BALLOT]
        return max(bound, key=_accepted, default=None)

    def accepted(self, source: str, accepted: Accepted) -> None:
        """Somebody has accepted a proposal, perhaps this one."""
        if accepted.ballot == self.ballot:
            self.accepts[source] = None

    def refused(self, source: str, nack: Nack) -> bool:
        """Whether this refusal ends its attempt: its ballot cannot win any more where it was refused (2.4)."""
        if nack.ballot != self.ballot or not self.is_trying:
            return False
        self.refusals[source] = None
        return True

    def is_overtaken_by(self, ballot: Ballot) -> bool:
        """Whether a higher one has begun while this was trying: then it is a good idea to give up (section 2.2)."""
        return self.is_trying and ballot > self.ballot

    @property
    def is_trying(self) -> bool:
        """An attempt is under way."""
        return self.phase in ("prepare", "accept")

    @property
    def unanswered(self) -> Prepare | Accept | None:
        """What it has asked the acceptors and may ask again; None if it waits for nothing."""
        if self.phase == "prepare":
            return Prepare(self.ballot)
        if self.phase == "accept" and self.proposing is not None:
            return Accept(self.ballot, self.proposing)
        return None

    def wait(self) -> None:
        """Give this attempt up, and wait before the next one."""
        self.phase = "waiting"

    def stop(self) -> None:
        """A value has been chosen: there is nothing left to do."""
        self.phase = "idle"


def _accepted(promise: Promise) -> Ballot:
    return promise.accepted
