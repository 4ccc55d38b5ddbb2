"""What any broker tells a client about the cluster (Kafka's Metadata request).

The law: it is this broker's own copy of the metadata, which may be a little old. A broker that has not caught up with
its own registration says nothing about the cluster: Kafka's would not have opened its port yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.messages import CreateTopicsRequest, MetadataRequest, MetadataResponse
from algorithms.broker.messages.data import PartitionMetadata, TopicMetadata
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.topics import INTERNAL, is_topic_name

if TYPE_CHECKING:
    from algorithms.broker.state import State


def metadata(state: State, source: str, request: MetadataRequest) -> None:
    """Brokers, controller, topics."""
    if not state.is_registered:
        state.send(source, MetadataResponse(request.client_id, request.correlation_id, Error.BROKER_NOT_AVAILABLE))
        return
    if state.settings.auto_create_topics_enable:
        _create_missing(state, request.topics)
    topics = request.topics or tuple(topic for topic in state.image.topics if topic not in INTERNAL)
    told = tuple(_topic(state, topic) for topic in topics)
    brokers = tuple(sorted(name for name, broker in state.image.brokers.items() if not broker.is_fenced))
    header = request.client_id, request.correlation_id
    state.send(source, MetadataResponse(*header, brokers=brokers, controller=state.controller, topics=told))


def _create_missing(state: State, topics: tuple[str, ...]) -> None:
    """`auto.create.topics.enable`: who asks for a topic that is not there gets it, a little later."""
    asked = [each.topic for each in state.asked.values() if isinstance(each, CreateTopicsRequest)]
    for topic in topics:
        if topic not in state.image.topics and topic not in asked and is_topic_name(topic):
            state.ask_controller(CreateTopicsRequest("", 0, topic, 0, 0))


def _topic(state: State, topic: str) -> TopicMetadata:
    if topic not in state.image.topics:
        return TopicMetadata(topic, Error.UNKNOWN_TOPIC_OR_PARTITION)
    return TopicMetadata(topic, Error.NONE, tuple(_partition(each) for each in state.image.of_topic(topic)))


def _partition(record: PartitionRecord) -> PartitionMetadata:
    error = Error.NONE if record.leader else Error.LEADER_NOT_AVAILABLE
    who = record.leader, record.leader_epoch, record.replicas, record.in_sync_replicas, record.eligible_leader_replicas
    return PartitionMetadata(record.partition, error, *who)
