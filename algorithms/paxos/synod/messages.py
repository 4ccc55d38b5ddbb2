"""What proposers, acceptors, learners and clients say to each other ("Paxos Made Simple", sections 2.2 and 2.3).

The law: a proposal is a ballot with a value, and nobody ever issues two proposals of one ballot. `NO_BALLOT` and None
stand where nothing has been accepted.
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.paxos.ballot import Ballot

# ---------------------------------------------------------------- phase 1


class Prepare(Record, frozen=True):
    """1a, proposer to acceptors: promise to accept nothing below `ballot`, and tell what you have accepted."""

    ballot: Ballot


class Promise(Record, frozen=True):
    """1b, acceptor to proposer: it will accept nothing below `ballot`; `accepted` is its highest proposal so far."""

    ballot: Ballot
    accepted: Ballot
    value: str | None


# ---------------------------------------------------------------- phase 2


class Accept(Record, frozen=True):
    """2a, proposer to acceptors: accept this proposal."""

    ballot: Ballot
    value: str


class Accepted(Record, frozen=True):
    """2b, acceptor to learners: it has accepted this proposal. (The proposer's node is one of the learners.)"""

    ballot: Ballot
    value: str


class Nack(Record, frozen=True):
    """Acceptor to proposer: no, for it has promised a higher ballot. Not needed for safety; it saves a timeout."""

    ballot: Ballot
    """The one that is refused."""
    promised: Ballot


class Inquire(Record, frozen=True):
    """Learner to acceptors: what have you accepted? For learners that messages did not reach (section 2.3)."""


# ---------------------------------------------------------------- clients


class ProposeRequest(Record, frozen=True):
    """A client's wish that `value` be proposed; it is answered when some value is chosen, this one or another."""

    client_id: str
    sequence: int
    value: str


class LearnRequest(Record, frozen=True):
    """A client's question what has been chosen."""

    client_id: str
    sequence: int


class SynodResponse(Record, frozen=True):
    """The answer to either: what has been chosen. None: no acceptor that could be heard has accepted anything."""

    client_id: str
    sequence: int
    chosen: str | None
