"""The records of the metadata log (KRaft, KIP-631): what the controller has decided.

The law: the log of these is the truth; everybody's picture of the cluster is what they make of it. A PartitionRecord
says all there is to say of a partition, where KRaft's PartitionChangeRecord says only what changes.
"""

from __future__ import annotations

from algorithms.broker.topics import TopicConfig, TopicPartition
from algorithms.machine import Record


class RegisterBrokerRecord(Record, frozen=True):
    """A broker has booted. Its epoch is this record's offset; it is fenced."""

    broker: str
    incarnation: int
    rack: str


class BrokerRegistrationChangeRecord(Record, frozen=True):
    """A broker is fenced or not, and whether it is about to stop."""

    broker: str
    broker_epoch: int
    is_fenced: bool
    is_shutting_down: bool


class TopicRecord(Record, frozen=True):
    """A topic is there, with these settings."""

    topic: str
    config: TopicConfig = TopicConfig()
    internal: bool = False


class RemoveTopicRecord(Record, frozen=True):
    """A topic is gone with all its partitions."""

    topic: str


class PartitionRecord(Record, frozen=True):
    """A partition. `leader` is empty while none can lead. `replicas` begins with the preferred leader; those in
    `adding` come and those in `removing` go (KIP-455). `throttle`: bytes a second for those that come, 0: no bound."""

    partition: TopicPartition
    replicas: tuple[str, ...]
    in_sync_replicas: tuple[str, ...]
    leader: str
    leader_epoch: int = 0
    partition_epoch: int = 0
    adding: tuple[str, ...] = ()
    removing: tuple[str, ...] = ()
    eligible_leader_replicas: tuple[str, ...] = ()
    throttle: int = 0
    last_known_leader: str = ""
    """Who led last, while neither an in-sync nor an eligible replica is left (KIP-966)."""


class ProducerIdsRecord(Record, frozen=True):
    """Producer ids below `next_producer_id` are given away (KIP-730)."""

    broker: str
    next_producer_id: int


MetadataRecord = (
    RegisterBrokerRecord
    | BrokerRegistrationChangeRecord
    | TopicRecord
    | RemoveTopicRecord
    | PartitionRecord
    | ProducerIdsRecord
)


class MetadataRecords(Record, frozen=True):
    """Records that are decided together, and count together or not at all (KIP-868)."""

    records: tuple[MetadataRecord, ...]
