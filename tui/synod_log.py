"""What an onlooker remembers of one synod: the ballots that were begun, so that a duel can be seen climbing.

The law: as in `tui.events`: it changes nothing, and keeps a bounded amount however long the run.
"""

from __future__ import annotations

from collections import deque

from algorithms.paxos.ballot import Ballot
from algorithms.paxos.synod.messages import Prepare

MOST = 64


class SynodLog:
    """Tell it of every Prepare that is sent; the same ballot goes to many acceptors and counts once."""

    def __init__(self) -> None:
        self.ballots: deque[Ballot] = deque(maxlen=MOST)
        self.begun = 0

    def begun_by(self, message: Prepare) -> None:
        """A proposer has sent it."""
        if message.ballot not in self.ballots:
            self.ballots.append(message.ballot)
            self.begun += 1
