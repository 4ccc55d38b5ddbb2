"""Commands in words, as one would type them. The law: nothing is decided here."""

from __future__ import annotations

from algorithms.broker.commands import (
    AbortTransaction,
    AlterTopic,
    BeginTransaction,
    CommitOffsets,
    CommitTransaction,
    Consume,
    CreateTopic,
    DeleteTopic,
    ElectLeader,
    Poll,
    ProduceRecord,
    ReadPartition,
    Reassign,
    ShutDown,
    StopConsuming,
    Transact,
)
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record


def words(command: Record) -> str:
    """`produce orders k v --acks all`."""
    match command:
        case ProduceRecord(topic, key, value, partition, acks):
            where = f" --partition {partition}" if partition is not None else ""
            what = " ".join(each for each in (key, value) if each is not None)
            return f"produce {topic} {what}{where}" + (f" --acks {acks}" if acks else "")
        case Consume(topics, group):
            return f"consume {' '.join(topics)}" + (f" --group {group}" if group else "")
        case ReadPartition(partition, offset):
            return f"consume {place(partition)}" + (f" --offset {offset}" if offset >= 0 else "")
        case Transact(records, _, abort):
            return f"{'aborted ' if abort else ''}transaction of {len(records)} records"
        case Poll(group) | CommitOffsets(group):
            return f"{'poll' if isinstance(command, Poll) else 'commit offsets'}{f' of {group}' if group else ''}"
        case _:
            return _administration(command)


def _administration(command: Record) -> str:
    match command:
        case CreateTopic(topic, partitions, replicas):
            counts = (("partitions", partitions), ("replicas", replicas))
            return f"topic create {topic}" + "".join(f" --{name} {count}" for name, count in counts if count)
        case DeleteTopic(topic):
            return f"topic delete {topic}"
        case AlterTopic(topic):
            return f"topic alter {topic}"
        case Reassign(partition, replicas):
            return f"reassign {place(partition)} {' '.join(replicas) or 'cancel'}"
        case ElectLeader(partition, unclean):
            return f"elect {place(partition)}{' --unclean' if unclean else ''}"
        case ShutDown(broker):
            return f"stop {broker}"
        case BeginTransaction():
            return "begin"
        case CommitTransaction():
            return "commit"
        case AbortTransaction():
            return "abort"
        case StopConsuming():
            return "consume stop"
        case _:
            return type(command).__name__


def place(partition: TopicPartition) -> str:
    """`orders/0`."""
    return f"{partition.topic}/{partition.partition}"
