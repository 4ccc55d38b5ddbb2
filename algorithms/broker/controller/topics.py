"""Topics: created, deleted, altered; where their replicas go (KIP-36 for racks).

The law: leaders are spread evenly over the brokers, and the replicas of a partition over as many racks as there are.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.controller.draft import Draft
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AdministrationResponse,
    AlterTopicRequest,
    CreateTopicsRequest,
    DeleteTopicsRequest,
)
from algorithms.broker.metadata import PartitionRecord, RemoveTopicRecord, TopicRecord
from algorithms.broker.topics import INTERNAL, TopicConfig, TopicPartition, is_topic_name

Header = tuple[str, int]


def create(draft: Draft, request: CreateTopicsRequest) -> AdministrationResponse:
    """Create a topic with its partitions."""
    header = request.client_id, request.correlation_id
    topic, image = request.topic, draft.image
    if not is_topic_name(topic) or (topic in INTERNAL and not request.internal):
        return AdministrationResponse(*header, Error.INVALID_TOPIC_EXCEPTION)
    if topic in image.topics:
        return AdministrationResponse(*header, Error.TOPIC_ALREADY_EXISTS)
    if request.partitions < 0:
        return AdministrationResponse(*header, Error.INVALID_PARTITIONS)
    wrong = _what_is_wrong(request.config)
    if wrong:
        return AdministrationResponse(*header, Error.INVALID_CONFIG, wrong)
    brokers = image.active_brokers()
    factor = request.replication_factor or min(draft.settings.default_replication_factor, len(image.brokers))
    if factor < 1 or factor > len(brokers):
        what = f"{factor} replicas were asked for, and {len(brokers)} brokers are up"
        return AdministrationResponse(*header, Error.INVALID_REPLICATION_FACTOR, what)
    draft.put(TopicRecord(topic, request.config, request.internal))
    _add_partitions(draft, topic, request.partitions or draft.settings.num_partitions, factor)
    draft.note(f"creates {topic} with {len(image.of_topic(topic))} partitions of {factor} replicas", "Kafka")
    return AdministrationResponse(*header)


def _what_is_wrong(config: TopicConfig) -> str:
    """Values that no topic can have; empty if there are none."""
    least = {"min_insync_replicas": 1, "segment_bytes": 64, "max_message_bytes": 1}
    for name, value in msgspec.structs.asdict(config).items():
        if isinstance(value, int) and value < least.get(name, 0):
            return f"{name.replace('_', '.')} cannot be {value}"
    if config.cleanup_policy not in (None, "delete", "compact", "compact,delete"):
        return f"cleanup.policy cannot be {config.cleanup_policy}; it is delete, compact or compact,delete"
    return ""


def _add_partitions(draft: Draft, topic: str, upto: int, factor: int) -> None:
    """Partitions from the next one on; the first broker moves on with every partition of the cluster."""
    start = len(draft.image.partitions)
    first = len(draft.image.of_topic(topic))
    for number in range(first, upto):
        replicas = place(draft, start + number - first, factor)
        draft.put(PartitionRecord(TopicPartition(topic, number), replicas, replicas, replicas[0]))


def place(draft: Draft, turn: int, factor: int) -> tuple[str, ...]:
    """The brokers of a partition: racks alternate, and followers shift after each round of leaders (KIP-36)."""
    image = draft.image
    brokers = _alternating(draft, image.active_brokers())
    count = len(brokers)
    leader = brokers[turn % count]
    shift = (turn // count) % max(1, count - 1)
    others = [brokers[(turn + 1 + (step + shift) % (count - 1)) % count] for step in range(count - 1)]
    chosen, racks = [leader], [image.brokers[leader].rack]
    while len(chosen) < factor:
        fresh = [each for each in others if each not in chosen and image.brokers[each].rack not in racks]
        following = fresh[0] if fresh else next(each for each in others if each not in chosen)
        chosen.append(following)
        racks.append(image.brokers[following].rack)
    return tuple(chosen)


def _alternating(draft: Draft, brokers: tuple[str, ...]) -> list[str]:
    """One broker of each rack in turn."""
    by_rack: dict[str, list[str]] = {}
    for name in brokers:
        by_rack.setdefault(draft.image.brokers[name].rack, []).append(name)
    longest = max((len(names) for names in by_rack.values()), default=0)
    return [by_rack[rack][place] for place in range(longest) for rack in sorted(by_rack) if place < len(by_rack[rack])]


def delete(draft: Draft, request: DeleteTopicsRequest) -> AdministrationResponse:
    """Delete a topic with all it holds."""
    header = request.client_id, request.correlation_id
    if request.topic not in draft.image.topics:
        return AdministrationResponse(*header, Error.UNKNOWN_TOPIC_OR_PARTITION)
    if request.topic in INTERNAL:
        return AdministrationResponse(*header, Error.INVALID_TOPIC_EXCEPTION)
    draft.put(RemoveTopicRecord(request.topic))
    draft.note(f"deletes {request.topic}", "Kafka")
    return AdministrationResponse(*header)


def alter(draft: Draft, request: AlterTopicRequest) -> AdministrationResponse:
    """Set what is set in the request; more partitions if there are to be more."""
    header = request.client_id, request.correlation_id
    record = draft.image.topics.get(request.topic)
    if record is None:
        return AdministrationResponse(*header, Error.UNKNOWN_TOPIC_OR_PARTITION)
    wrong = _what_is_wrong(request.config)
    if wrong:
        return AdministrationResponse(*header, Error.INVALID_CONFIG, wrong)
    partitions = draft.image.of_topic(request.topic)
    if request.partitions and request.partitions < len(partitions):
        what = f"{request.topic} has {len(partitions)} partitions and cannot have fewer"
        return AdministrationResponse(*header, Error.INVALID_PARTITIONS, what)
    config = _merged(record.config, request.config)
    if config != record.config:
        draft.put(TopicRecord(request.topic, config, record.internal))
    if request.partitions > len(partitions):
        factor = min(len(partitions[0].replicas), len(draft.image.active_brokers()))
        _add_partitions(draft, request.topic, request.partitions, factor)
    return AdministrationResponse(*header)


def _merged(config: TopicConfig, wish: TopicConfig) -> TopicConfig:
    named = {name: value for name, value in msgspec.structs.asdict(wish).items() if value is not None}
    return msgspec.structs.replace(config, **named)
