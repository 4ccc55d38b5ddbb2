"""The broker's messages, outcomes and offsets in words. The law: partitions are named as one types them, `orders/0`."""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.broker import messages as kafka
from algorithms.broker.commands import Consumed, OffsetsCommitted, Polled, Produced, Transacted
from algorithms.broker.errors import Error
from algorithms.broker.messages import MetadataQuorum, Request, Response
from algorithms.broker.records import RecordBatch
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record
from tui.broker_kinds import refusal
from tui.raft_kinds import raft_words
from tui.ring_words import counted

MOST_NAMES = 2
"""Partitions that are named before the rest is only counted."""

MOST_RECORDS = 3


def place(partition: TopicPartition) -> str:
    """`orders/0`."""
    return f"{partition.topic}/{partition.partition}"


def places(partitions: Iterable[TopicPartition], most: int = MOST_NAMES) -> str:
    """`orders/0 orders/1 and 3 more`."""
    names = [place(each) for each in partitions]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return " ".join(names[:most]) + more


def offset_words(offset: int) -> str:
    """`1,240`; what nobody knows is a dash."""
    return f"{offset:,}" if offset >= 0 else "-"


# ---------------------------------------------------------------- messages


def broker_words(message: Record) -> str:
    """Empty for what is not the broker's."""
    match message:
        case MetadataQuorum(inner):
            return f"metadata {raft_words(inner)}"
        case Response() if refusal(message) is not Error.NONE:
            return f"{_name(message)}: {refusal(message).name}"
        case Request() | Response():
            return _data_words(message) or _session_words(message) or _name(message)
        case _:
            return ""


def _name(message: Record) -> str:
    """`join group`, of JoinGroupResponse."""
    name = type(message).__name__.removesuffix("Request").removesuffix("Response")
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()


def _records(batches: Iterable[RecordBatch]) -> str:
    return counted(sum(len(each.records) for each in batches), "record")


def _data_words(message: Record) -> str:
    match message:
        case kafka.ProduceRequest(acks=acks, batches=batches):
            where = places(each.partition for each in batches)
            return f"{_records(each.batch for each in batches)} to {where}, acks {'all' if acks < 0 else acks}"
        case kafka.ProduceResponse(partitions=partitions):
            return "at " + " ".join(f"{place(each.partition)}:{each.base_offset}" for each in partitions[:MOST_NAMES])
        case kafka.FetchRequest(replica=replica, partitions=partitions):
            reads = [f"{place(each.partition)}:{each.fetch_offset}" for each in partitions]
            what = f"{reads[0]}" if len(reads) == 1 else counted(len(reads), "partition")
            return f"{'replica fetch' if replica else 'fetch'} {what}"
        case kafka.FetchResponse(partitions=partitions):
            full = [each for each in partitions if each.batches]
            where = places(each.partition for each in full)
            return f"{_records(batch for each in full for batch in each.batches)} of {where}" if full else "nothing new"
        case kafka.OffsetForLeaderEpochRequest(partitions=partitions):
            return f"where does epoch {partitions[0].leader_epoch} end?" if partitions else ""
        case kafka.AlterPartitionRequest(partitions=partitions):
            return " ".join(f"ISR {place(each.partition)} {','.join(each.in_sync_replicas)}" for each in partitions[:1])
        case _:
            return ""


def _session_words(message: Record) -> str:
    """Groups, transactions, topics."""
    match message:
        case kafka.JoinGroupRequest(group=group):
            return f"joins {group}"
        case kafka.SyncGroupResponse(partitions=partitions):
            return f"gets {places(partitions)}" if partitions else "gets nothing"
        case kafka.OffsetCommitRequest(group=group, offsets=offsets):
            return f"commits {counted(len(offsets), 'offset')} of {group}"
        case kafka.AddPartitionsToTxnRequest(transactional_id=name, partitions=partitions):
            return f"{name} adds {places(partitions)}"
        case kafka.EndTxnRequest(transactional_id=name, committed=committed):
            return f"{'commit' if committed else 'abort'} {name}"
        case kafka.WriteTxnMarkersRequest(committed=committed, partitions=partitions):
            return f"{'commit' if committed else 'abort'} marker to {places(partitions)}"
        case kafka.FindCoordinatorRequest(key=key):
            return f"who coordinates {key}?"
        case kafka.CreateTopicsRequest(topic=topic) | kafka.DeleteTopicsRequest(topic=topic):
            return f"{'create' if isinstance(message, kafka.CreateTopicsRequest) else 'delete'} {topic}"
        case kafka.BrokerHeartbeatRequest(broker=broker):
            return f"{broker} lives"
        case kafka.HeartbeatRequest(group=group):
            return f"heartbeat of {group}"
        case _:
            return ""


# ---------------------------------------------------------------- outcomes


def outcome_words(outcome: Record) -> str:
    """What a request gave; empty for outcomes that other services have as well."""
    match outcome:
        case Produced():
            return _produced(outcome)
        case Transacted(produced, polled):
            what = ", ".join(map(_produced, produced[:MOST_RECORDS])) or "nothing written"
            return f"committed: {what}" + (f", of {counted(len(polled), 'record')} read" if polled else "")
        case Polled(records=()):
            return "no records"
        case Polled(records=records):
            more = f" and {len(records) - MOST_RECORDS} more" if len(records) > MOST_RECORDS else ""
            return f"{counted(len(records), 'record')}: " + ", ".join(map(_consumed, records[:MOST_RECORDS])) + more
        case OffsetsCommitted(_, offsets):
            where = " ".join(f"{place(each.partition)}:{each.offset}" for each in offsets)
            return f"committed {where}" if offsets else "nothing to commit"
        case _:
            return ""


def _produced(produced: Produced) -> str:
    at = f"at offset {produced.offset}" if produced.offset >= 0 else "nobody says where (acks 0)"
    return f"{place(produced.partition)} {at}"


def _consumed(record: Consumed) -> str:
    key = f"{record.key} = " if record.key is not None else ""
    return f"{place(record.partition)}:{record.offset} {key}{record.value if record.value is not None else 'null'}"
