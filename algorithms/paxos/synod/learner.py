"""The learner: finds out what has been chosen ("Paxos Made Simple", section 2.3).

The law: a value is chosen when a quorum has accepted one proposal, so acceptances are counted by ballot. They are
facts that stay true, whatever the acceptors accept later.
"""

from __future__ import annotations

from algorithms.paxos.ballot import NO_BALLOT, Ballot
from algorithms.paxos.synod.messages import Accepted


class Learner:
    """One learner. `quorum` is that of phase 2."""

    def __init__(self, quorum: int) -> None:
        self.quorum = quorum
        self.chosen: str | None = None
        self.chosen_in = NO_BALLOT
        self.newest: Accepted | None = None
        """The highest proposal that it knows to be accepted by somebody."""
        self._accepts: dict[Ballot, dict[str, None]] = {}

    def accepted(self, source: str, accepted: Accepted) -> bool:
        """Count one acceptance; whether the value is chosen by it, and was not known to be."""
        if self.newest is None or accepted.ballot > self.newest.ballot:
            self.newest = accepted
        voters = self._accepts.setdefault(accepted.ballot, {})
        voters[source] = None
        if self.chosen is not None or len(voters) < self.quorum:
            return False
        self.chosen, self.chosen_in = accepted.value, accepted.ballot
        return True

    def acceptors_of(self, ballot: Ballot) -> tuple[str, ...]:
        """Who is known to have accepted this ballot, sorted."""
        return tuple(sorted(self._accepts.get(ballot, {})))
