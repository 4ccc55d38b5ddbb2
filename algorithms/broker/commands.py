"""What a broker client can be asked for, and how each request ends.

The law: whatever may have been written and is not known to be ends as `Unknown`; `Failed` begins with Kafka's name of
the error. What is read ends as a value of its own.
"""

from __future__ import annotations

from algorithms.broker.topics import TopicConfig, TopicPartition
from algorithms.machine import Record

# ---------------------------------------------------------------- producer


class ProduceRecord(Record, frozen=True):
    """Produce one record. Ends as `Produced`.

    `partition` None: by murmur2 of the key, or sticky without one (KIP-480). `acks`: `0`, `1`, `all`; empty is the
    client's setting.
    """

    topic: str
    key: str | None
    value: str | None
    partition: int | None = None
    acks: str = ""


class Produced(Record, frozen=True):
    """Where the record stands; offset -1 if nobody was asked to say (acks 0)."""

    partition: TopicPartition
    offset: int


class BeginTransaction(Record, frozen=True):
    """Begin a transaction; what is produced from now on is part of it. Ends as `Ok`."""


class CommitTransaction(Record, frozen=True):
    """Commit it, with the positions of the consumer if it is in a group. Ends as `Ok`."""


class AbortTransaction(Record, frozen=True):
    """Abort it. Ends as `Ok`."""


class Transact(Record, frozen=True):
    """A whole transaction: begin, poll if `poll`, produce `records`, and with the consumed offsets commit or abort.

    Ends as `Transacted`, as `Failed` if it surely does not count, as `Unknown` if the coordinator did not say.
    """

    records: tuple[ProduceRecord, ...]
    poll: bool = False
    abort: bool = False


class Transacted(Record, frozen=True):
    """A transaction that was committed: where its records stand, in order, and what it had polled."""

    produced: tuple[Produced, ...]
    polled: tuple[Consumed, ...] = ()


# ---------------------------------------------------------------- consumer


class Consume(Record, frozen=True):
    """Subscribe to `topics` as a member of `group`, or without a group read all their partitions.

    Ends as `Ok` with the generation when the client has its first assignment. From then on it polls by itself, each
    poll that finds something being a `Poll` of its own in the history, until `StopConsuming`.
    """

    topics: tuple[str, ...]
    group: str = ""


class ReadPartition(Record, frozen=True):
    """Read `partition` once from `offset` on, without a group. -1: from its beginning. Ends as `Polled`."""

    partition: TopicPartition
    offset: int = -1


class StopConsuming(Record, frozen=True):
    """Leave the group, or stop reading. Ends as `Ok`."""


class Poll(Record, frozen=True):
    """What the consumer does by itself: hand records to the application. Ends as `Polled`."""

    group: str


class Consumed(Record, frozen=True):
    """One record as a consumer saw it."""

    partition: TopicPartition
    offset: int
    key: str | None
    value: str | None


class Polled(Record, frozen=True):
    """What a poll gave, in order of offsets within each partition.

    `generation` is the group's (0 without one). `assignment` says which partitions the consumer had; a partition that
    is new in it since the last poll, or whose position was reset, is in `fresh`: reading may begin anywhere there.
    """

    records: tuple[Consumed, ...]
    generation: int = 0
    assignment: tuple[TopicPartition, ...] = ()
    fresh: tuple[TopicPartition, ...] = ()


class CommitOffsets(Record, frozen=True):
    """Commit the positions of the consumer now. Ends as `OffsetsCommitted`. (By itself it does so at an interval.)"""

    group: str


class OffsetsCommitted(Record, frozen=True):
    """The next offset to be read of each partition, as the group has it now."""

    generation: int
    offsets: tuple[PartitionOffset, ...]


class PartitionOffset(Record, frozen=True):
    """An offset in a partition."""

    partition: TopicPartition
    offset: int


# ---------------------------------------------------------------- administration (all end as `Ok`)


class CreateTopic(Record, frozen=True):
    """Create a topic; 0 partitions or replicas: as the cluster has it by default."""

    topic: str
    partitions: int = 0
    replicas: int = 0
    config: TopicConfig = TopicConfig()


class DeleteTopic(Record, frozen=True):
    """Delete a topic with all it holds."""

    topic: str


class AlterTopic(Record, frozen=True):
    """Set what is not None in `config`; with `partitions` above 0, have as many from now on."""

    topic: str
    config: TopicConfig = TopicConfig()
    partitions: int = 0


class Reassign(Record, frozen=True):
    """Let `replicas` hold the partition, the first one preferred as leader; none: cancel what is under way (KIP-455).

    `throttle`: bytes a second that the new replicas may fetch (KIP-73); 0: as many as they can.
    """

    partition: TopicPartition
    replicas: tuple[str, ...]
    throttle: int = 0


class ElectLeader(Record, frozen=True):
    """Let the preferred replica lead (KIP-183), or with `unclean` any that is up (KIP-460)."""

    partition: TopicPartition
    unclean: bool = False


class ShutDown(Record, frozen=True):
    """Controlled shutdown: `broker` hands over all it leads, then stops. Ends as `Ok` when it has."""

    broker: str


BrokerCommand = (
    ProduceRecord
    | BeginTransaction
    | CommitTransaction
    | AbortTransaction
    | Transact
    | Consume
    | ReadPartition
    | StopConsuming
    | Poll
    | CommitOffsets
    | CreateTopic
    | DeleteTopic
    | AlterTopic
    | Reassign
    | ElectLeader
    | ShutDown
)
