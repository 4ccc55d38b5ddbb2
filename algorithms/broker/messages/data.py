"""Producing, fetching, and finding out who leads what (Kafka's Produce, Fetch, ListOffsets, OffsetForLeaderEpoch,
Metadata).

The law: names are Kafka's; partitions of one request are answered one by one, in the request's order.
"""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.broker.messages.header import Request, Response
from algorithms.broker.records import RecordBatch, batch_size
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record

EARLIEST = -2
LATEST = -1
NO_EPOCH = -1


class PartitionBatch(Record, frozen=True):
    """A batch for one partition."""

    partition: TopicPartition
    batch: RecordBatch


class ProduceRequest(Request, frozen=True):
    """`acks`: 0, 1 or -1 (all). `timeout`: how long the leader waits for the in-sync replicas (us)."""

    acks: int
    timeout: int
    transactional_id: str
    batches: tuple[PartitionBatch, ...]

    @property
    def payload(self) -> int:
        """Bytes on a limited link."""
        return sum(batch_size(each.batch) for each in self.batches)


class PartitionProduceResponse(Record, frozen=True):
    """`base_offset` is where the batch stands; -1 if it does not. `leader` is known if the error says it is another."""

    partition: TopicPartition
    error: Error
    base_offset: int = -1
    log_start_offset: int = -1
    leader: str = ""
    leader_epoch: int = NO_EPOCH


class ProduceResponse(Response, frozen=True):
    """There is none to acks 0."""

    partitions: tuple[PartitionProduceResponse, ...] = ()


class FetchPartition(Record, frozen=True):
    """From where one partition is to be read. `last_fetched_epoch` is the epoch of the batch before (KIP-595), -1 if
    the reader does not say; `current_leader_epoch` -1 is not checked. `log_start_offset` is a follower's own."""

    partition: TopicPartition
    fetch_offset: int
    current_leader_epoch: int = NO_EPOCH
    last_fetched_epoch: int = NO_EPOCH
    log_start_offset: int = -1


class FetchRequest(Request, frozen=True):
    """`replica` names the follower that asks, with its `broker_epoch` (KIP-903); empty for a consumer."""

    replica: str
    broker_epoch: int
    max_wait: int
    min_bytes: int
    max_bytes: int
    read_committed: bool
    rack: str
    partitions: tuple[FetchPartition, ...]


class EpochEnd(Record, frozen=True):
    """A leader epoch, and the offset behind its last record."""

    epoch: int
    end_offset: int


class AbortedTransaction(Record, frozen=True):
    """A transaction that was aborted: this producer's records from `first_offset` up to its marker do not count."""

    producer_id: int
    first_offset: int


class FetchedPartition(Record, frozen=True):
    """What one partition gave. `diverging` (KIP-595): the follower's log leaves ours there; nothing else counts then.

    `aborted` holds what a reader of committed records must leave out. `preferred_read_replica` says to fetch there
    (KIP-392).
    """

    partition: TopicPartition
    error: Error = Error.NONE
    high_watermark: int = -1
    last_stable_offset: int = -1
    log_start_offset: int = -1
    batches: tuple[RecordBatch, ...] = ()
    aborted: tuple[AbortedTransaction, ...] = ()
    diverging: EpochEnd | None = None
    preferred_read_replica: str = ""
    leader: str = ""
    leader_epoch: int = NO_EPOCH


class FetchResponse(Response, frozen=True):
    """Partitions without news are left out (as in the incremental sessions of KIP-227)."""

    partitions: tuple[FetchedPartition, ...] = ()

    @property
    def payload(self) -> int:
        """Bytes on a limited link."""
        return sum(batch_size(batch) for each in self.partitions for batch in each.batches)


class EpochAsked(Record, frozen=True):
    """Where does `leader_epoch` end?"""

    partition: TopicPartition
    current_leader_epoch: int
    leader_epoch: int


class OffsetForLeaderEpochRequest(Request, frozen=True):
    """A follower asks before it truncates (KIP-101, KIP-279)."""

    replica: str
    partitions: tuple[EpochAsked, ...]


class EpochEndOffset(Record, frozen=True):
    """The largest epoch not above the one asked for, and where it ends; -1 and -1 if there is none (KIP-279)."""

    partition: TopicPartition
    error: Error = Error.NONE
    leader_epoch: int = NO_EPOCH
    end_offset: int = -1


class OffsetForLeaderEpochResponse(Response, frozen=True):
    """One for each partition asked for."""

    partitions: tuple[EpochEndOffset, ...] = ()


class OffsetAsked(Record, frozen=True):
    """`timestamp` `EARLIEST`, `LATEST`, or a time (us): the first record that is not older."""

    partition: TopicPartition
    timestamp: int
    current_leader_epoch: int = NO_EPOCH


class ListOffsetsRequest(Request, frozen=True):
    """`LATEST` is the high watermark, or with `read_committed` the last stable offset."""

    read_committed: bool
    partitions: tuple[OffsetAsked, ...]


class OffsetListed(Record, frozen=True):
    """-1 if no record is as new."""

    partition: TopicPartition
    error: Error = Error.NONE
    offset: int = -1
    timestamp: int = -1
    leader_epoch: int = NO_EPOCH


class ListOffsetsResponse(Response, frozen=True):
    """One for each partition asked for."""

    partitions: tuple[OffsetListed, ...] = ()


class MetadataRequest(Request, frozen=True):
    """Any broker answers, from its own copy of the metadata. No topics: all but the internal ones."""

    topics: tuple[str, ...] = ()


class PartitionMetadata(Record, frozen=True):
    """Who has the partition. `leader` is empty, with LEADER_NOT_AVAILABLE, while there is none."""

    partition: TopicPartition
    error: Error
    leader: str
    leader_epoch: int
    replicas: tuple[str, ...]
    in_sync_replicas: tuple[str, ...]
    eligible_leader_replicas: tuple[str, ...] = ()


class TopicMetadata(Record, frozen=True):
    """One topic."""

    topic: str
    error: Error
    partitions: tuple[PartitionMetadata, ...] = ()


class MetadataResponse(Response, frozen=True):
    """`brokers` are those that are not fenced, `controller` is the active one as far as this broker knows."""

    brokers: tuple[str, ...] = ()
    controller: str = ""
    topics: tuple[TopicMetadata, ...] = ()
