"""A broker as onlookers see it: frozen, and asked for when somebody looks."""

from __future__ import annotations

from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record


class BrokerStanding(Record, frozen=True):
    """A broker as the metadata have it."""

    name: str
    broker_epoch: int
    is_fenced: bool
    is_shutting_down: bool
    rack: str


class PartitionStanding(Record, frozen=True):
    """A partition as the metadata have it. `leader` is empty while it is offline; `adding` and `removing` are filled
    while it is reassigned."""

    partition: TopicPartition
    replicas: tuple[str, ...]
    in_sync_replicas: tuple[str, ...]
    eligible_leader_replicas: tuple[str, ...]
    leader: str
    leader_epoch: int
    partition_epoch: int
    adding: tuple[str, ...] = ()
    removing: tuple[str, ...] = ()


class ReplicaView(Record, frozen=True):
    """One replica on this broker. `role` is `leader` or `follower`; offsets as in Kafka, the end ones exclusive."""

    partition: TopicPartition
    role: str
    leader_epoch: int
    log_start_offset: int
    last_stable_offset: int
    high_watermark: int
    log_end_offset: int
    size: int
    """Bytes."""
    segments: int
    in_sync_replicas: tuple[str, ...] = ()
    """As the leader counts them, also those it has asked the controller for; empty on a follower."""
    producers: int = 0
    """Producers that the partition remembers."""
    open_transactions: int = 0


class MemberView(Record, frozen=True):
    """A member of a group. `client` is its node (`c1`)."""

    member_id: str
    client: str
    instance_id: str
    partitions: tuple[TopicPartition, ...]


class GroupOffset(Record, frozen=True):
    """What a group has committed of a partition: the next offset to be read."""

    partition: TopicPartition
    offset: int


class GroupView(Record, frozen=True):
    """A group as its coordinator has it. `state`: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead."""

    group: str
    state: str
    generation: int
    protocol: str
    leader: str
    members: tuple[MemberView, ...]
    offsets: tuple[GroupOffset, ...]


class TransactionView(Record, frozen=True):
    """A transactional id as its coordinator has it. `state`: Empty, Ongoing, PrepareCommit, PrepareAbort,
    CompleteCommit, CompleteAbort."""

    transactional_id: str
    producer_id: int
    producer_epoch: int
    state: str
    partitions: tuple[TopicPartition, ...]


class BrokerView(Record, frozen=True):
    """One broker at one moment. `metadata_role` is the Raft role of its part of the metadata quorum (`learner` if it
    does not vote); the active controller is the leader there."""

    name: str
    metadata_role: str
    controller: str
    controller_epoch: int
    metadata_offset: int
    broker_epoch: int
    is_fenced: bool
    is_shut_down: bool
    brokers: tuple[BrokerStanding, ...]
    partitions: tuple[PartitionStanding, ...]
    replicas: tuple[ReplicaView, ...]
    groups: tuple[GroupView, ...]
    """Those that this broker coordinates."""
    transactions: tuple[TransactionView, ...]
    """Those that this broker coordinates."""


class ConsumedPartition(Record, frozen=True):
    """Where a consumer stands: the next offset it will read, the last it committed (-1: none), and the newest end of
    the partition that a broker has told it (-1: none)."""

    partition: TopicPartition
    position: int
    committed: int
    high_watermark: int


class BrokerClientView(Record, frozen=True):
    """A client at one moment. `done`, `failed`, `unknown` count the requests that ended so."""

    name: str
    client_id: str
    producer_id: int
    producer_epoch: int
    transaction: str
    """Empty without a transactional.id; else `ready`, `ongoing`, `committing`, `aborting`, `fenced`."""
    buffered: int
    """Records that wait in batches."""
    in_flight: int
    """Produce requests without an answer."""
    group: str
    member_id: str
    generation: int
    consumer_state: str
    """Empty if it does not consume; else `joining`, `syncing`, `stable`, `assigned` (without a group)."""
    consumed: tuple[ConsumedPartition, ...]
    produced_records: int
    consumed_records: int
    done: int
    failed: int
    unknown: int
