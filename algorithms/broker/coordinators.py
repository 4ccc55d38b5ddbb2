"""Who coordinates a group or a transactional id: the leader of its partition in an internal topic (KIP-98).

The law: the partition is Java's String.hashCode of the key, so everybody finds the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.messages import CreateTopicsRequest, FindCoordinatorRequest, FindCoordinatorResponse
from algorithms.broker.topics import OFFSETS_TOPIC, TRANSACTIONS_TOPIC, TopicConfig, TopicPartition

if TYPE_CHECKING:
    from algorithms.broker.state import State

GROUP = "GROUP"
TRANSACTION = "TRANSACTION"
TOPICS = {GROUP: OFFSETS_TOPIC, TRANSACTION: TRANSACTIONS_TOPIC}


def java_hash(text: str) -> int:
    """`String.hashCode`: 32 bits, signed."""
    value = 0
    for unit in _utf16_units(text):
        value = (31 * value + unit) & 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value


def _utf16_units(text: str) -> list[int]:
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]


def partition_of(state: State, key_type: str, key: str) -> TopicPartition | None:
    """The partition of the internal topic that `key` belongs to; None if the topic is not there yet."""
    topic = TOPICS[key_type]
    count = len(state.image.of_topic(topic))
    return TopicPartition(topic, (java_hash(key) & 0x7FFFFFFF) % count) if count else None


def find_coordinator(state: State, source: str, request: FindCoordinatorRequest) -> None:
    """Name the leader of the key's partition."""
    partition = partition_of(state, request.key_type, request.key)
    if partition is None and state.is_registered:
        _want_topic(state, request.key_type)
    known = state.image.partitions.get(partition) if partition is not None else None
    leader = known.leader if known is not None else ""
    error = Error.NONE if leader else Error.COORDINATOR_NOT_AVAILABLE
    state.send(source, FindCoordinatorResponse(request.client_id, request.correlation_id, error, hint=leader))


def _want_topic(state: State, key_type: str) -> None:
    """Let the controller create it, unless it has been asked already."""
    topic, settings = TOPICS[key_type], state.settings
    if any(isinstance(each, CreateTopicsRequest) and each.topic == topic for each in state.asked.values()):
        return
    offsets = key_type == GROUP
    partitions = settings.offsets_topic_num_partitions if offsets else settings.transaction_topic_num_partitions
    wanted = settings.offsets_topic_replication_factor if offsets else settings.transaction_topic_replication_factor
    factor = min(wanted, max(1, len(state.image.brokers)))
    config = TopicConfig(cleanup_policy="compact")
    state.ask_controller(CreateTopicsRequest("", 0, topic, partitions, factor, config, internal=True))
