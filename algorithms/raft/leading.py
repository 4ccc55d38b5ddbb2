"""What only a leader has: Figure 2's volatile state on leaders, and everything else that ends with a leadership.

The law: it is made at the election and thrown away as a whole at step-down, so nothing of it outlives its term.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from algorithms.raft.majorities import members
from algorithms.raft.messages import AppendEntries, Configuration
from algorithms.raft.progress import Progress


class Caller(NamedTuple):
    """Who waits for an answer, and under which number."""

    source: str
    client_id: str
    sequence: int


class Read(NamedTuple):
    """A read that waits until a heartbeat round from `round` on is answered by a majority (dissertation 6.4)."""

    caller: Caller
    key: str
    round: int = 0


class Reads:
    """Reads on their way, and the lease that spares them the way."""

    __slots__ = ("before_commit", "lease_began", "rounds_begun", "waiting")

    def __init__(self) -> None:
        self.before_commit: list[Read] = []
        """Those that came before an entry of this term was committed."""
        self.waiting: deque[Read] = deque()
        self.rounds_begun: deque[tuple[int, int]] = deque()
        """Heartbeat rounds with the local time of their beginning; only with lease reads."""
        self.lease_began: int | None = None
        """When the latest round began that a majority has answered (local time); None without a lease."""

    def forget_lease(self) -> None:
        """Another majority counts from now on, and has promised nothing yet."""
        self.lease_began = None
        self.rounds_begun.clear()


class CatchingUp:
    """A learner's way to the end of the log, in rounds (dissertation 4.2.1). Times are local."""

    __slots__ = ("began_at", "round", "target")

    def __init__(self, target: int, began_at: int) -> None:
        self.round = 1
        self.target = target
        self.began_at = began_at


class Change:
    """A change of the configuration that somebody waits for."""

    __slots__ = ("caller", "joint", "learning", "seen", "voters")

    def __init__(self, caller: Caller, voters: tuple[str, ...]) -> None:
        self.caller = caller
        self.voters = voters
        self.learning: dict[str, CatchingUp] = {}
        self.joint = False
        """Whether the entry is appended that leads to the new configuration: from here on it may come true."""
        self.seen: tuple[tuple[int, int], ...] = ()
        """How far the learners had come when we last looked."""


class Transfer:
    """A leadership that is being handed over (dissertation 3.10)."""

    __slots__ = ("caller", "target", "told")

    def __init__(self, caller: Caller, target: str) -> None:
        self.caller = caller
        self.target = target
        self.told = False


class Leading:
    """One leadership. `peers` is everybody but the leader, in the order of names."""

    def __init__(self, name: str, configuration: Configuration, last_index: int) -> None:
        self.name = name
        self.term_start = last_index + 1
        """The index of the first entry of this term: once it is committed, so is everything before."""
        self.round = 0
        """The number of the latest heartbeat round."""
        self.own = Progress(last_index + 1)
        self.own.match_index = last_index
        self.progress: dict[str, Progress] = {}
        self.peers: tuple[tuple[str, Progress], ...] = ()
        self.waiting: dict[int, Caller] = {}
        """Who waits for which entry to be applied."""
        self.reads = Reads()
        self.change: Change | None = None
        self.transfer: Transfer | None = None
        self.lease_given_up = False
        """A successor was told not to wait for us, and may hear of it at any time in this term."""
        self.last_batch: AppendEntries | None = None
        """The message to one follower is often the message to the next."""
        self.adopt(configuration, last_index + 1)

    def adopt(self, configuration: Configuration, next_index: int) -> None:
        """Lead the members of `configuration`; whoever is new is first sent the entry at `next_index`."""
        known = self.progress
        names = [name for name in members(configuration) if name != self.name]
        self.reads.forget_lease()
        self.peers = tuple((name, known.get(name) or Progress(next_index)) for name in names)
        self.progress = {**dict(self.peers), self.name: self.own}

    def match_indexes(self) -> dict[str, int]:
        """Up to where each server's log is durable and agrees."""
        return {name: progress.match_index for name, progress in self.progress.items()}

    def rounds(self) -> dict[str, int]:
        """Which heartbeat round each server has answered last; the leader answers itself."""
        return {name: progress.round for name, progress in self.peers} | {self.name: self.round}
