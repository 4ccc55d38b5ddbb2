"""What brokers are asked for, as text. The law: reading it gives the same value."""

from __future__ import annotations

import json
import re
from typing import assert_never

import msgspec

from algorithms.broker import commands
from algorithms.broker.topics import TopicConfig, TopicPartition
from playground.commands.amounts import write_duration
from playground.commands.build_broker import CLEANUP, CONFIG
from playground.commands.grammar import is_bare

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*/[0-9]+")
"""A partition that the lexer takes for one word."""

OwnWish = (
    commands.CreateTopic
    | commands.DeleteTopic
    | commands.AlterTopic
    | commands.ProduceRecord
    | commands.Consume
    | commands.ReadPartition
    | commands.StopConsuming
    | commands.CommitOffsets
    | commands.ElectLeader
    | commands.BeginTransaction
    | commands.CommitTransaction
    | commands.AbortTransaction
)


def write_broker_wish(wish: OwnWish) -> str:
    """The wish as one would type it."""
    match wish:
        case commands.CreateTopic(topic, partitions, replicas, config):
            counts = _flag("partitions", partitions) + _flag("replicas", replicas)
            return f"topic create {_name(topic)}{counts}{_config(config)}"
        case commands.DeleteTopic(topic):
            return f"topic delete {_name(topic)}"
        case commands.AlterTopic(topic, config, partitions):
            return f"topic alter {_name(topic)}{_flag('partitions', partitions)}{_config(config)}"
        case commands.ProduceRecord(topic, key, value, partition, acks):
            where = f" --partition {partition}" if partition is not None else ""
            how = f" --acks {acks}" if acks else ""
            return f"produce {_name(topic)} {_name(key or '')} {json.dumps(value or '')}{where}{how}"
        case _:
            return _reading(wish)


def _reading(
    wish: commands.Consume
    | commands.ReadPartition
    | commands.StopConsuming
    | commands.CommitOffsets
    | commands.ElectLeader
    | commands.BeginTransaction
    | commands.CommitTransaction
    | commands.AbortTransaction,
) -> str:
    match wish:
        case commands.Consume(topics, group):
            return f"consume {' '.join(_name(each) for each in topics)}" + (f" --group {_name(group)}" if group else "")
        case commands.ReadPartition(partition, offset):
            return f"consume {_partition(partition)}" + (f" --offset {offset}" if offset >= 0 else "")
        case commands.StopConsuming():
            return "consume stop"
        case commands.CommitOffsets(group):
            return f"group {_name(group)} commit"
        case commands.ElectLeader(partition, unclean):
            return f"elect {_partition(partition)}{' --unclean' if unclean else ''}"
        case commands.BeginTransaction():
            return "transaction begin"
        case commands.CommitTransaction():
            return "transaction commit"
        case commands.AbortTransaction():
            return "transaction abort"
        case _:
            assert_never(wish)


def write_partition(partition: TopicPartition) -> str:
    """`orders/0`."""
    return f"{partition.topic}/{partition.partition}"


def write_partition_of(text: str) -> str:
    """The name of a partition as it can stand in a command: unquoted, if its topic is named as most are."""
    return text if PLAIN.fullmatch(text) else json.dumps(text)


def _partition(partition: TopicPartition) -> str:
    return write_partition_of(write_partition(partition))


def _name(text: str) -> str:
    return text if is_bare(text) else json.dumps(text)


def _flag(name: str, count: int) -> str:
    return f" --{name} {count}" if count else ""


def _config(config: TopicConfig) -> str:
    said = msgspec.structs.asdict(config)
    return "".join(f" --{flag} {_value(flag, said[name])}" for flag, name in CONFIG.items() if said[name] is not None)


def _value(flag: str, value: object) -> str:
    match flag, value:
        case "cleanup", _:
            return next(word for word, policy in CLEANUP.items() if policy == value)
        case "retention", int():
            return write_duration(value)
        case _, bool():
            return "true" if value else "false"
        case _:
            return str(value)
