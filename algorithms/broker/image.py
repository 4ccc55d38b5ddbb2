"""The metadata image: what the records of the metadata log make together (KIP-631).

The law: it is made from records alone, in their order, so it is equal wherever the same have been applied. `changed`
only says what its owner has not looked at yet.
"""

from __future__ import annotations

from typing import assert_never

import msgspec

from algorithms.broker.metadata import (
    BrokerRegistrationChangeRecord,
    MetadataRecord,
    PartitionRecord,
    ProducerIdsRecord,
    RegisterBrokerRecord,
    RemoveTopicRecord,
    TopicRecord,
)
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record


class RegisteredBroker(Record, frozen=True):
    """A broker as the metadata have it."""

    name: str
    broker_epoch: int
    incarnation: int
    rack: str
    is_fenced: bool = True
    is_shutting_down: bool = False

    @property
    def is_active(self) -> bool:
        """Whether it may lead and be in sync."""
        return not (self.is_fenced or self.is_shutting_down)


class Contents(Record, frozen=True):
    """An image as a value: what a snapshot holds."""

    offset: int
    brokers: tuple[RegisteredBroker, ...]
    topics: tuple[TopicRecord, ...]
    partitions: tuple[PartitionRecord, ...]
    next_producer_id: int


class Image:
    """One image; brokers, topics and partitions stand in the order of their first record."""

    def __init__(self) -> None:
        self.offset = 0
        """The metadata offset of the last record in it (1-based, Raft's index)."""
        self.brokers: dict[str, RegisteredBroker] = {}
        self.topics: dict[str, TopicRecord] = {}
        self.partitions: dict[TopicPartition, PartitionRecord] = {}
        self.next_producer_id = 0
        self.changed: dict[TopicPartition, None] = {}
        self._of_topic: dict[str, list[TopicPartition]] = {}

    def copy(self) -> Image:
        """One that can be changed without changing this one."""
        other = Image()
        other.offset, other.next_producer_id = self.offset, self.next_producer_id
        other.brokers, other.topics, other.partitions = dict(self.brokers), dict(self.topics), dict(self.partitions)
        other._of_topic = {topic: list(partitions) for topic, partitions in self._of_topic.items()}
        return other

    # ------------------------------------------------------------ looking

    def of_topic(self, topic: str) -> tuple[PartitionRecord, ...]:
        """The partitions of a topic, in order; none if there is no such topic."""
        return tuple(self.partitions[partition] for partition in self._of_topic.get(topic, ()))

    def is_active(self, broker: str) -> bool:
        """Whether the broker may lead and be in sync."""
        found = self.brokers.get(broker)
        return found is not None and found.is_active

    def active_brokers(self) -> tuple[str, ...]:
        """Those that are neither fenced nor about to stop, sorted."""
        return tuple(sorted(name for name, broker in self.brokers.items() if broker.is_active))

    # ------------------------------------------------------------ changing

    def apply(self, record: MetadataRecord, offset: int) -> None:
        """Take in one record, which stands at `offset`."""
        self.offset = offset
        match record:
            case PartitionRecord(partition):
                self._put(record)
                self.changed[partition] = None
            case RegisterBrokerRecord(broker, incarnation, rack):
                self.brokers[broker] = RegisteredBroker(broker, offset, incarnation, rack)
            case BrokerRegistrationChangeRecord(broker, _, fenced, shutting_down):
                self.brokers[broker] = msgspec.structs.replace(
                    self.brokers[broker], is_fenced=fenced, is_shutting_down=shutting_down
                )
            case TopicRecord(topic):
                self.topics[topic] = record
                self.changed.update(dict.fromkeys(self._of_topic.get(topic, ())))
            case RemoveTopicRecord(topic):
                self._remove(topic)
            case ProducerIdsRecord(_, next_producer_id):
                self.next_producer_id = next_producer_id
            case _:
                assert_never(record)

    def _put(self, record: PartitionRecord) -> None:
        partition = record.partition
        if partition not in self.partitions:
            self._of_topic.setdefault(partition.topic, []).append(partition)
        self.partitions[partition] = record

    def _remove(self, topic: str) -> None:
        self.topics.pop(topic, None)
        for partition in self._of_topic.pop(topic, ()):
            self.partitions.pop(partition, None)
            self.changed[partition] = None

    def take_changed(self) -> tuple[TopicPartition, ...]:
        """The partitions that changed since this was asked last."""
        changed = tuple(self.changed)
        self.changed.clear()
        return changed

    # ------------------------------------------------------------ snapshots

    def contents(self) -> Contents:
        """All of it as a value."""
        parts = tuple(self.brokers.values()), tuple(self.topics.values()), tuple(self.partitions.values())
        return Contents(self.offset, *parts, self.next_producer_id)

    def restore(self, contents: Contents) -> None:
        """Become what `contents()` returned."""
        self.changed.update(dict.fromkeys(self.partitions))
        self.offset, self.next_producer_id = contents.offset, contents.next_producer_id
        self.brokers = {each.name: each for each in contents.brokers}
        self.topics = {each.topic: each for each in contents.topics}
        self.partitions, self._of_topic = {}, {}
        for each in contents.partitions:
            self._put(each)
            self.changed[each.partition] = None
