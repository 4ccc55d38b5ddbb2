"""What only a proposer has: phase 1 while it prepares and leads, and everything that ends with a leadership.

The law: it is made with a ballot and thrown away as a whole with it, so nothing of it outlives its ballot.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from algorithms.paxos.ballot import Ballot
from algorithms.paxos.messages import Proposal, Value


class Caller(NamedTuple):
    """Who waits for an answer, and under which number."""

    source: str
    client_id: str
    sequence: int


class Read(NamedTuple):
    """A read that waits until a heartbeat round from `round` on is answered by a quorum."""

    caller: Caller
    key: str
    round: int = 0


class Preparation:
    """Phase 1 of one ballot, for all slots at once. A leader keeps it, for acceptors that come later."""

    __slots__ = ("adopted", "asked", "ballot", "handover", "known", "promised", "who_knows")

    def __init__(self, ballot: Ballot, handover: Ballot) -> None:
        self.ballot = ballot
        self.handover = handover
        """The leader of this ballot wishes it so, and those that hear it shall not mind."""
        self.asked: dict[str, int] = {}
        """Whom we have asked, and from which slot on an answer is missing; 0 if none is."""
        self.promised: dict[str, None] = {}
        """Whose whole answer is here."""
        self.known = 0
        """Somebody knows that all slots up to here are chosen."""
        self.who_knows = ""
        self.adopted: dict[int, Proposal] = {}
        """In each slot, what was accepted in the highest ballot."""

    def adopt(self, proposal: Proposal) -> bool:
        """Keep it if none of a higher ballot was told for its slot."""
        best = self.adopted.get(proposal.slot)
        if best is not None and best.ballot >= proposal.ballot:
            return False
        self.adopted[proposal.slot] = proposal
        return True


class Progress:
    """What a leader believes of one other server."""

    __slots__ = ("active", "commit_index", "round")

    def __init__(self) -> None:
        self.commit_index = 0
        """Up to where it has learned, as it said last."""
        self.round = 0
        """The latest heartbeat round it has answered."""
        self.active = False
        """Whether it was heard of since the last check for a quorum."""


class Reads:
    """Reads on their way, and the lease that spares them the way."""

    __slots__ = ("held", "lease_began", "rounds_begun", "waiting")

    def __init__(self) -> None:
        self.held: list[Read] = []
        """Those that came before all was chosen that phase 1 had found."""
        self.waiting: deque[Read] = deque()
        self.rounds_begun: deque[tuple[int, int]] = deque()
        """Heartbeat rounds with the local time of their beginning; only with lease reads."""
        self.lease_began: int | None = None
        """When the latest round began that a quorum has answered (local time); None without a lease."""


class Change:
    """A change of the configuration that somebody waits for."""

    __slots__ = ("acceptors", "caller", "learning", "proposed", "seen")

    def __init__(self, caller: Caller, acceptors: tuple[str, ...], learning: tuple[str, ...]) -> None:
        self.caller = caller
        self.acceptors = acceptors
        self.learning = learning
        """Who is new, and has to learn what is chosen before it counts."""
        self.proposed = False
        """Whether it has a slot: from here on it may come true."""
        self.seen: tuple[int, ...] = ()
        """How far the learners had come when we last looked."""


class Transfer:
    """A leadership that is being handed over."""

    __slots__ = ("caller", "target", "told")

    def __init__(self, caller: Caller, target: str) -> None:
        self.caller = caller
        self.target = target
        self.told = False


class Leading:
    """One leadership. `peers` is everybody but the leader to whom it speaks, in the order of names."""

    __slots__ = (
        "accepts", "change", "decided", "lease_given_up", "leaving", "next_slot", "peers", "progress", "reads", "round",
        "sent", "sent_before", "settled", "transfer", "values", "waiting",
    )  # fmt: skip

    def __init__(self, next_slot: int) -> None:
        self.round = 0
        """The number of the latest heartbeat round."""
        self.peers: tuple[tuple[str, Progress], ...] = ()
        self.progress: dict[str, Progress] = {}
        self.next_slot = next_slot
        """The slot that the next value gets."""
        self.values: dict[int, Value] = {}
        """The values of the slots behind the commit index."""
        self.accepts: dict[int, dict[str, None]] = {}
        """Who has accepted what was sent for a slot that is not decided yet."""
        self.decided: dict[int, None] = {}
        """Slots behind the commit index that are chosen: there is a hole before them."""
        self.sent = next_slot - 1
        """Slots up to here were sent to the acceptors."""
        self.sent_before = next_slot - 1
        """And up to here before the last heartbeat, so that answers are overdue."""
        self.settled = next_slot - 1
        """Up to here phase 1 has found something: once that is chosen, so is all that any earlier leader has chosen."""
        self.waiting: dict[int, Caller] = {}
        """Who waits for which slot to be applied."""
        self.reads = Reads()
        self.change: Change | None = None
        self.leaving: dict[str, None] = {}
        """Who counts no more and has not learned of it yet."""
        self.transfer: Transfer | None = None
        self.lease_given_up = False
        """A successor was told not to wait for us."""

    def speak_to(self, names: tuple[str, ...]) -> None:
        """From now on these are the peers."""
        known = self.progress
        self.peers = tuple((name, known.get(name) or Progress()) for name in names)
        self.progress = dict(self.peers)
