"""What a server has only while it leads, or only while it learns from a leader.

The law: these are made when an election ends and thrown away as a whole when the server looks for a leader again, so
nothing of them outlives its reign.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.keeper.zab.messages import AckEpoch, FollowerInfo
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Record


class Proposal(NamedTuple):
    """A transaction that is proposed and not committed, with the servers that have it on disk."""

    txn: Record
    acks: tuple[str, ...]


class Learner:
    """A follower or observer, as its leader sees it."""

    __slots__ = ("acked", "connection", "epoch", "heard_at", "info", "sent")

    def __init__(self, connection: int, info: FollowerInfo, half_tick: int) -> None:
        self.connection = connection
        self.info = info
        self.heard_at = half_tick
        """The half tick in which it was last heard."""
        self.epoch: AckEpoch | None = None
        self.sent: Zxid | None = None
        """Up to where it has been sent the initial history; None before synchronisation."""
        self.acked: Zxid | None = None
        """Up to where it has all on disk; None before it has acknowledged NEWLEADER."""


class Leading:
    """One reign, from the end of an election. `learners` is in the order in which they came."""

    __slots__ = ("accepted", "acked", "counter", "epoch", "half_tick", "initial", "learners", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.epoch = 0
        """0 until a quorum has told its accepted epochs."""
        self.accepted = False
        """Whether our own disk has the epoch as accepted."""
        self.initial = ZERO
        """The end of the history with which the epoch begins."""
        self.acked: Zxid | None = None
        """Up to where our own disk has all; None before it has the current epoch."""
        self.counter = 0
        self.half_tick = 0
        self.learners: dict[str, Learner] = {}

    def voters_acked(self, name: str, voters: tuple[str, ...]) -> dict[str, Zxid]:
        """Up to where each synchronised voter has all on disk; `name` is the leader itself."""
        acked = {each: self.learners[each].acked for each in voters if each in self.learners} | {name: self.acked}
        return {each: zxid for each, zxid in acked.items() if zxid is not None}


class Following:
    """A learner's time with one leader."""

    __slots__ = ("connection", "leader")

    def __init__(self, leader: str, connection: int) -> None:
        self.leader = leader
        self.connection = connection
