"""What can be set about a server of the synod. Times are microseconds."""

from __future__ import annotations

from algorithms.machine import Microseconds, Record
from algorithms.paxos.view import Quorums


class SynodSettings(Record, frozen=True):
    """The defaults are majorities, and proposers that make way for each other."""

    phase_1_quorum: int = 0
    """So many promises begin phase 2; 0 is a majority."""
    phase_2_quorum: int = 0
    """So many acceptances choose a value; 0 is a majority. Any two sizes whose sum is above the number of acceptors
    are safe (Howard, Malkhi, Spiegelman 2016, "Flexible Paxos")."""
    allow_broken_quorums: bool = False
    """Let the sum be too small: only lessons want it, for two values can be chosen then."""
    backoff: bool = True
    """A proposer that is overtaken waits for a random time. Off: it tries again at once, and two of them can duel for
    ever (section 2.4)."""
    backoff_shortest: Microseconds = 20_000
    backoff_longest: Microseconds = 200_000
    retry_timeout: Microseconds = 100_000
    """How long a proposer waits for answers before it asks those again that have not given one; also how long a
    learner that was asked by a client waits for the acceptors."""
    learn_interval: Microseconds = 500_000
    """How often a learner that knows of a proposal and not of a choice asks the acceptors; 0 is never."""

    def quorums(self, acceptors: int) -> Quorums:
        """How many of so many acceptors make a quorum of each phase."""
        majority = acceptors // 2 + 1
        return Quorums(self.phase_1_quorum or majority, self.phase_2_quorum or majority)


class SynodClientSettings(Record, frozen=True):
    """How long a client waits."""

    try_timeout: Microseconds = 500_000
    """How long one server may take to answer before the next one is asked, or the same again if it was named."""
    request_timeout: Microseconds = 2_000_000
    """How long the client goes on asking before it gives up."""
