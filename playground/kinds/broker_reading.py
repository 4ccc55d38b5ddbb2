"""How histories and people are told of what clients do with brokers."""

from __future__ import annotations

import msgspec

from algorithms.broker.commands import (
    CommitOffsets,
    OffsetsCommitted,
    Poll,
    Polled,
    Produced,
    ProduceRecord,
    ReadPartition,
    Transact,
    Transacted,
)
from algorithms.machine import Ok, Record
from playground import history


class BrokerReading:
    """See `history.Reading`. What was read, and where something stands, is a list of `topic/partition@offset`."""

    def call(self, command: Record) -> tuple[str, history.Key, history.Argument] | None:
        """See `history.Reading`. A key is a topic, a partition or a group."""
        match command:
            case ProduceRecord(topic, _, value):
                return "produce", topic, value
            case Transact(records):
                topic = records[0].topic if records else ""
                return "transact", topic, _listed(tuple(record.value or "" for record in records))
            case ReadPartition(partition):
                return "read", str(partition), None
            case Poll(group):
                return "poll", group, None
            case CommitOffsets(group):
                return "commit", group, None
            case _:
                return None

    def outcome(self, command: Record, result: Record) -> tuple[str, history.Value]:
        """See `history.Reading`."""
        match result:
            case Produced(partition, offset):
                return "ok", f"{partition}@{offset}"
            case Transacted(produced):
                return "ok", _listed(tuple(f"{each.partition}@{each.offset}" for each in produced))
            case Polled(records):
                return "ok", _listed(tuple(f"{each.partition}@{each.offset} {each.value}" for each in records))
            case OffsetsCommitted(_, offsets):
                return "ok", _listed(tuple(f"{each.partition}@{each.offset}" for each in offsets))
            case Ok():
                return "ok", None
            case _:
                return history.without_result(result), None


def _listed(texts: tuple[str, ...]) -> history.Compound:
    return history.Compound(msgspec.json.encode(texts).decode())
