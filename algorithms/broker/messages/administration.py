"""What brokers and administrators say to the active controller (KIP-500, KIP-631, KIP-455, KIP-460, KIP-966).

The law: the controller answers when what it decided is committed; a broker names its epoch, an alteration the
partition's, and an old one is refused.
"""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.broker.messages.header import Request, Response
from algorithms.broker.topics import TopicConfig, TopicPartition
from algorithms.machine import Record


class MetadataQuorum(Record, frozen=True):
    """A message between the Raft machines that carry the metadata."""

    message: Record


class BrokerRegistrationRequest(Request, frozen=True):
    """A broker has booted. `incarnation` numbers its lives; `is_clean`: the last one was shut down in order, so its
    logs lack nothing (KIP-966)."""

    broker: str
    incarnation: int
    rack: str
    is_clean: bool = False


class BrokerRegistrationResponse(Response, frozen=True):
    """`broker_epoch` is the metadata offset of the registration; the broker is fenced until it has caught up."""

    broker_epoch: int = -1


class BrokerHeartbeatRequest(Request, frozen=True):
    """I am up, and have applied the metadata up to this offset."""

    broker: str
    broker_epoch: int
    current_metadata_offset: int
    want_shut_down: bool = False


class BrokerHeartbeatResponse(Response, frozen=True):
    """How the controller sees the broker."""

    is_caught_up: bool = False
    is_fenced: bool = True
    should_shut_down: bool = False


class PartitionAlteration(Record, frozen=True):
    """A leader's wish: these shall be the in-sync replicas (KIP-497)."""

    partition: TopicPartition
    leader_epoch: int
    partition_epoch: int
    in_sync_replicas: tuple[str, ...]


class AlterPartitionRequest(Request, frozen=True):
    """ISR changes of one leader."""

    broker: str
    broker_epoch: int
    partitions: tuple[PartitionAlteration, ...]


class PartitionAltered(Record, frozen=True):
    """What became of the wish; what counts comes with the metadata."""

    partition: TopicPartition
    error: Error


class AlterPartitionResponse(Response, frozen=True):
    """One for each partition."""

    partitions: tuple[PartitionAltered, ...] = ()


class AllocateProducerIdsRequest(Request, frozen=True):
    """A broker that coordinates producers needs a block of producer ids (KIP-730)."""

    broker: str
    broker_epoch: int


class AllocateProducerIdsResponse(Response, frozen=True):
    """`count` ids from `first` on are the broker's alone."""

    first: int = -1
    count: int = 0


class CreateTopicsRequest(Request, frozen=True):
    """One topic. 0 partitions or replicas: the cluster's default."""

    topic: str
    partitions: int
    replication_factor: int
    config: TopicConfig = TopicConfig()
    internal: bool = False
    """A broker needs one of its own topics."""


class DeleteTopicsRequest(Request, frozen=True):
    """One topic."""

    topic: str


class AlterTopicRequest(Request, frozen=True):
    """Kafka's IncrementalAlterConfigs and CreatePartitions in one."""

    topic: str
    config: TopicConfig
    partitions: int = 0


class AlterPartitionReassignmentsRequest(Request, frozen=True):
    """KIP-455; no replicas cancel what is under way."""

    partition: TopicPartition
    replicas: tuple[str, ...]
    throttle: int = 0


class ElectLeadersRequest(Request, frozen=True):
    """KIP-460."""

    partition: TopicPartition
    unclean: bool = False


class ShutDownRequest(Request, frozen=True):
    """To a broker itself: hand over what you lead, then stop."""


class AdministrationResponse(Response, frozen=True):
    """The end of an administrator's request."""
