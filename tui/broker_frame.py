"""What is on the screen of a broker cluster, as values. The law: offsets are Kafka's, and the end ones exclusive.

An offset of -1 is one that nobody who is up knows. `age` goes from 0 (just now) to 1 (no news any more).
`tui/broker_framing.py` makes these from a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

OLD = 1.0
"""The age of what is no news."""


class Standing(Enum):
    """How a replica stands in its partition; the value is the word for it."""

    LEADER = "leader"
    IN_SYNC = "in sync"
    ELIGIBLE = "eligible"
    BEHIND = "out of sync"


@dataclass(frozen=True, slots=True)
class ReplicaFace:
    """One replica. `end` is the end of the log there (-1: its broker is down)."""

    node: str
    standing: Standing
    up: bool = True
    end: int = -1
    adding: bool = False
    removing: bool = False


@dataclass(frozen=True, slots=True)
class PartitionFace:
    """One partition as the metadata have it, with the offsets of its leader's log."""

    topic: str
    number: int
    leader: str
    leader_epoch: int
    replicas: tuple[ReplicaFace, ...]
    partition_epoch: int = 0
    start: int = -1
    stable: int = -1
    high_watermark: int = -1
    end: int = -1
    size: int = 0
    segments: int = 0
    open_transactions: int = 0
    age: float = OLD
    """Since the leader changed."""

    @property
    def name(self) -> str:
        """`orders/0`."""
        return f"{self.topic}/{self.number}"

    @property
    def offline(self) -> bool:
        """Nobody leads it."""
        return not self.leader

    @property
    def stranded(self) -> bool:
        """Its leader is down, and no controller has noticed yet."""
        return any(each.standing is Standing.LEADER and not each.up for each in self.replicas)

    @property
    def in_sync(self) -> int:
        """How many replicas are in sync, the leader among them."""
        return sum(each.standing in (Standing.LEADER, Standing.IN_SYNC) for each in self.replicas)

    @property
    def lacking(self) -> bool:
        """A replica that is here to stay is not in sync (Kafka: under-replicated)."""
        return any(each.standing in (Standing.BEHIND, Standing.ELIGIBLE) and not each.adding for each in self.replicas)

    @property
    def moving(self) -> bool:
        """It is reassigned (KIP-455)."""
        return any(each.adding or each.removing for each in self.replicas)

    def replica(self, node: str) -> ReplicaFace | None:
        """The replica on this node."""
        return next((each for each in self.replicas if each.node == node), None)

    def copied(self, replica: ReplicaFace) -> float:
        """How much of the leader's log the replica has."""
        whole = self.end - max(0, self.start)
        return min(1.0, max(0.0, (replica.end - max(0, self.start)) / whole)) if whole > 0 else 1.0


@dataclass(frozen=True, slots=True)
class TopicFace:
    """A topic; internal ones belong to the brokers."""

    topic: str
    internal: bool
    partitions: tuple[PartitionFace, ...]


@dataclass(frozen=True, slots=True)
class BrokerFace:
    """A broker for its card and its column of the grid. `mark` is its one character, `hue` its colour's number."""

    mark: str = "?"
    hue: int = 0
    controller: bool = False
    """It is the active controller."""
    votes: bool = True
    """It is one of the controllers' quorum."""
    fenced: bool = False
    leaving: bool = False
    """Its controlled shutdown is under way."""
    stopped: bool = False
    """Its controlled shutdown is over; its process waits to be restarted."""
    led: int = 0
    hosted: int = 0
    behind: int = 0
    """Replicas here that are not in sync."""
    epoch: int = -1
    rack: str = ""
    load: float = 0.0
    """Partitions led, as a share of those of the broker with the most."""


@dataclass(frozen=True, slots=True)
class BrokerRow:
    """A broker, in the cluster's order."""

    node: str
    up: bool
    broker: BrokerFace


@dataclass(frozen=True, slots=True)
class Reading:
    """A partition that somebody reads: the next offset, the last committed (-1: none), and the high watermark."""

    name: str
    position: int
    committed: int
    high_watermark: int
    age: float = OLD
    """Since it came into these hands."""

    @property
    def lag(self) -> int:
        """Records that are still to be read; without a position those that are still to be committed."""
        at = self.position if self.position >= 0 else self.committed
        return max(0, self.high_watermark - max(0, at))


@dataclass(frozen=True, slots=True)
class MemberFace:
    """A member of a group, with what it owns."""

    client: str
    leader: bool
    readings: tuple[Reading, ...]
    instance: str = ""
    """Of a static member (KIP-345)."""

    @property
    def lag(self) -> int:
        """Over all its partitions."""
        return sum(each.lag for each in self.readings)


@dataclass(frozen=True, slots=True)
class GroupFace:
    """A group as its coordinator has it. `state` is Kafka's word."""

    group: str
    state: str
    generation: int
    protocol: str
    coordinator: str
    members: tuple[MemberFace, ...]
    orphans: tuple[Reading, ...] = ()
    """Partitions with a committed offset that no member owns."""

    @property
    def lag(self) -> int:
        """Over all partitions."""
        return sum(member.lag for member in self.members) + sum(each.lag for each in self.orphans)

    @property
    def rebalancing(self) -> bool:
        """Nobody knows yet who gets what."""
        return self.state.endswith("Rebalance")


@dataclass(frozen=True, slots=True)
class TransactionFace:
    """A transactional id as its coordinator has it. `state` is Kafka's word."""

    name: str
    producer_id: int
    producer_epoch: int
    state: str
    coordinator: str
    partitions: tuple[str, ...]

    @property
    def open(self) -> bool:
        """It holds readers of committed records back."""
        return self.state in ("Ongoing", "PrepareCommit", "PrepareAbort")


@dataclass(frozen=True, slots=True)
class ClientFace:
    """A client: what it has produced and consumed. `transaction` is empty if it has no transactional id."""

    node: str
    up: bool
    produced: int = 0
    consumed: int = 0
    in_flight: int = 0
    buffered: int = 0
    producer_id: int = -1
    producer_epoch: int = -1
    transaction: str = ""
    group: str = ""
    state: str = ""
    """Of the consumer; empty if it does not consume."""
    unsure: int = 0
    """Requests that failed, or of which nobody knows."""
    readings: tuple[Reading, ...] = ()

    @property
    def lag(self) -> int:
        """Over all it reads."""
        return sum(each.lag for each in self.readings)


@dataclass(frozen=True, slots=True)
class BrokerFrame:
    """The cluster at one moment, by the newest metadata that anybody who is up has."""

    controller: str = ""
    """Empty while nobody is up that any of the others takes for it."""
    controller_epoch: int = 0
    known: bool = False
    """Somebody is up who has metadata."""
    brokers: tuple[BrokerRow, ...] = ()
    topics: tuple[TopicFace, ...] = ()
    """Those of applications first."""
    groups: tuple[GroupFace, ...] = ()
    transactions: tuple[TransactionFace, ...] = ()
    clients: tuple[ClientFace, ...] = ()
    chosen: str = ""
    """The name of the partition that is shown in full; empty: none."""

    @property
    def partitions(self) -> tuple[PartitionFace, ...]:
        """Of all topics."""
        return tuple(each for topic in self.topics for each in topic.partitions)

    @property
    def offline(self) -> int:
        """Partitions without a leader."""
        return sum(each.offline for each in self.partitions)

    @property
    def ails(self) -> bool:
        """Something cannot be served, or nobody could mend it."""
        return self.known and bool(self.offline or not self.controller)

    @property
    def lacking(self) -> int:
        """Partitions with a replica that is not in sync."""
        return sum(each.lacking for each in self.partitions)

    @property
    def moving(self) -> int:
        """Partitions that are reassigned."""
        return sum(each.moving for each in self.partitions)

    @property
    def most_lag(self) -> int:
        """The largest of any one reader."""
        members = (member.lag for group in self.groups for member in group.members)
        return max((*members, *(client.lag for client in self.clients)), default=0)

    def partition(self, name: str) -> PartitionFace | None:
        """The partition of this name."""
        return next((each for each in self.partitions if each.name == name), None)
