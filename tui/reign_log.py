"""Who led one service, since when: told from what only a leader says.

The law: as in `tui.events`: it changes nothing, and keeps a bounded amount however long the run. A reign begins with
the first word of a leader that is newer than all before, and ends when that leader waits for an election, or is down.
"""

from __future__ import annotations

from collections import deque

from algorithms.broker.messages import MetadataQuorum
from algorithms.keeper.zab.messages import NewLeader, Notification, PeerSegment, UpToDate
from algorithms.machine import Record, SetTimer
from algorithms.paxos.messages import Accept, Heartbeat
from algorithms.raft.messages import AppendEntries
from nodes.observation import Turn
from tui.frame import Reign

MOST_REIGNS = 200

Rank = tuple[int, str]
"""What numbers reigns: a term, an epoch, or a ballot's round and proposer."""

SAID_BY_LEADERS = (AppendEntries, Heartbeat, Accept, MetadataQuorum, PeerSegment)

WAITS = "election"
"""How the timer's name ends that a leader of Raft or Paxos does not have set."""


class ReignLog:
    """Of one service. Tell it of messages of these kinds that are sent, of timers, and of nodes that go down."""

    def __init__(self) -> None:
        self.reigns: deque[Reign] = deque(maxlen=MOST_REIGNS)
        self.rank: Rank = (0, "")
        self.leader = ""
        self._coming: dict[str, int] = {}
        """The epoch that each server would lead, once a quorum has its history."""

    @property
    def term(self) -> int:
        """The newest in which anybody is known to have led."""
        return self.rank[0]

    def said(self, turn: Turn, message: Record) -> None:
        """A node sends this."""
        match message:
            case AppendEntries(term=term):
                self._crown(turn, (term, ""), "")
            case Heartbeat(ballot=ballot) | Accept(ballot=ballot):
                self._crown(turn, (ballot.round, ballot.proposer), f"ballot {ballot}")
            case MetadataQuorum(AppendEntries(term=term)):
                self._crown(turn, (term, ""), f"epoch {term}")
            case PeerSegment(segment):
                self._zab(turn, segment.carried)

    def _zab(self, turn: Turn, carried: Record | None) -> None:
        if isinstance(carried, NewLeader):
            self._coming[turn.node] = carried.epoch
        elif isinstance(carried, UpToDate):
            epoch = self._coming.get(turn.node, 0)
            self._crown(turn, (epoch, ""), f"epoch {epoch}")

    def _crown(self, turn: Turn, rank: Rank, title: str) -> None:
        if rank > self.rank:
            self.rank, self.leader = rank, turn.node
            self.reigns.append(Reign(turn.at, turn.node, rank[0], title))

    def waits(self, turn: Turn, timer: SetTimer) -> None:
        """Leaders wait for no election."""
        if turn.node == self.leader and timer.name.endswith(WAITS):
            self.end(turn.at, turn.node)

    def votes(self, turn: Turn, message: Notification) -> None:
        """A server of a keeper tells its vote."""
        if turn.node == self.leader and message.role == "looking":
            self.end(turn.at, turn.node)

    def end(self, at: int, node: str) -> None:
        """Whoever is down leads no more."""
        if node == self.leader:
            self.leader = ""
            self.reigns.append(Reign(at, "", self.reigns[-1].term))
