"""One replica of one partition on this broker.

The law: a leader's high watermark is the smallest log end offset among the in-sync replicas, those included that it
has asked the controller to add or not yet to leave out (the maximal ISR, KIP-497); a follower's is what the leader has
told it, as far as its own log goes. Within one leader epoch it never goes back.
"""

from __future__ import annotations

from algorithms.broker.awaiting import Delayed
from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.log.producers import Producers
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.topics import TopicPartition

NEVER = -(1 << 62)
"""A local time before all others."""


class Following:
    """What a leader knows of one other replica. Times are the leader's clock (us)."""

    __slots__ = (
        "broker_epoch",
        "last_caught_up",
        "last_fetch",
        "last_fetch_end_offset",
        "log_end_offset",
        "told_high_watermark",
    )

    def __init__(self, last_caught_up: int) -> None:
        self.log_end_offset = -1
        """-1: it has not fetched in this leader epoch yet."""
        self.last_caught_up = last_caught_up
        self.last_fetch = NEVER
        self.last_fetch_end_offset = 0
        """The leader's own end when it fetched last."""
        self.broker_epoch = -1
        self.told_high_watermark = -1

    def fetched(self, offset: int, log_end_offset: int, now: int) -> None:
        """It asks for what stands at `offset`, so it has all before. It has caught up if that was our end, now or
        when it asked last time (KIP-16)."""
        if offset >= log_end_offset:
            self.last_caught_up = now
        elif offset >= self.last_fetch_end_offset:
            self.last_caught_up = max(self.last_caught_up, self.last_fetch)
        self.log_end_offset = offset
        self.last_fetch, self.last_fetch_end_offset = now, log_end_offset


class Leading:
    """What only a leader has; it ends with its leader epoch."""

    __slots__ = ("delayed", "epoch_start_offset", "followers", "in_sync_replicas", "partition_epoch", "proposed")

    def __init__(self, epoch_start_offset: int) -> None:
        self.epoch_start_offset = epoch_start_offset
        self.in_sync_replicas: tuple[str, ...] = ()
        """As the controller has committed them."""
        self.partition_epoch = -1
        self.proposed: tuple[str, ...] | None = None
        """In-sync replicas that the controller was asked for."""
        self.followers: dict[str, Following] = {}
        self.delayed: list[Delayed] = []

    def adopt(self, record: PartitionRecord, name: str, now: int) -> None:
        """Believe the controller; what was proposed is decided. A replica that is new begins as if caught up now."""
        self.in_sync_replicas, self.partition_epoch, self.proposed = (
            record.in_sync_replicas,
            record.partition_epoch,
            None,
        )
        known = self.followers
        self.followers = {each: known.get(each) or Following(now) for each in record.replicas if each != name}

    def maximal_isr(self) -> tuple[str, ...]:
        """Whoever is in sync, or would be if what we have asked for came true."""
        proposed = self.proposed or ()
        return (*self.in_sync_replicas, *(each for each in proposed if each not in self.in_sync_replicas))


class Replica:
    """One replica. `leading` is None on a follower."""

    __slots__ = (
        "checkpointed",
        "high_watermark",
        "leader",
        "leader_epoch",
        "leading",
        "log",
        "parked",
        "partition",
        "producers",
        "unflushed",
    )

    def __init__(self, partition: TopicPartition, log: PartitionLog) -> None:
        self.partition = partition
        self.log = log
        self.producers = Producers()
        self.high_watermark = 0
        self.leader = ""
        self.leader_epoch = -1
        self.leading: Leading | None = None
        self.parked: dict[tuple[str, int], None] = {}
        """Fetches that wait for news of this partition."""
        self.unflushed = 0
        """Records written since the last sync that we asked for."""
        self.checkpointed: tuple[int, int, int] = (-1, -1, -1)
        """High watermark, log start offset and epochs that the checkpoint on disk has."""

    @property
    def last_stable_offset(self) -> int:
        """Below it every transaction is decided (KIP-98)."""
        unstable = self.producers.first_unstable_offset(self.high_watermark)
        return self.high_watermark if unstable is None else min(unstable, self.high_watermark)
