"""Records and batches (Kafka's message format v2, KIP-98).

The law: a batch is appended, replicated and cut off as a whole; only compaction takes records out of one. Offsets begin
at 0. A batch that a producer sends has base offset 0 and leader epoch -1; the leader gives it its own.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from algorithms.machine import Record

Value = str | Record | None
"""What a record holds. Text of applications; a `Record` in the internal topics; None is a tombstone."""

NO_PRODUCER = -1
BATCH_OVERHEAD = 61
"""Bytes of a batch beside its records, as in Kafka."""
RECORD_OVERHEAD = 7
"""Bytes of a record beside key and value, about."""


class KeyValue(Record, frozen=True):
    """One record. `timestamp` is the producer's clock (us)."""

    key: str | None
    value: Value
    timestamp: int = 0


class RecordBatch(Record, frozen=True):
    """Records `base_offset`..`last_offset`. `offset_deltas` is empty unless compaction has taken some out.

    `producer_id`, `producer_epoch`, `base_sequence` are -1 without idempotence. `control` marks the batch as a
    transaction's end: then it has one record without meaning, and `coordinator_epoch` is who wrote it.
    """

    records: tuple[KeyValue, ...]
    base_offset: int = 0
    partition_leader_epoch: int = -1
    producer_id: int = NO_PRODUCER
    producer_epoch: int = -1
    base_sequence: int = -1
    is_transactional: bool = False
    control: Literal["", "COMMIT", "ABORT"] = ""
    coordinator_epoch: int = -1
    offset_deltas: tuple[int, ...] = ()
    last_offset_delta: int = -1
    """-1: one less than there are records."""

    @property
    def last_offset(self) -> int:
        """The offset of the last record, also of one that was compacted away."""
        delta = self.last_offset_delta
        return self.base_offset + (delta if delta >= 0 else len(self.records) - 1)

    @property
    def next_offset(self) -> int:
        """The offset behind the batch."""
        return self.last_offset + 1

    @property
    def last_sequence(self) -> int:
        """The sequence number of its last record; -1 without idempotence."""
        return self.base_sequence + self.last_offset - self.base_offset if self.base_sequence >= 0 else -1

    @property
    def max_timestamp(self) -> int:
        """The newest record's."""
        return max((record.timestamp for record in self.records), default=0)

    def placed(self, base_offset: int, leader_epoch: int) -> RecordBatch:
        """The same batch as the leader of `leader_epoch` appends it."""
        return msgspec.structs.replace(self, base_offset=base_offset, partition_leader_epoch=leader_epoch)

    def offsets(self) -> tuple[int, ...] | range:
        """The offset of each record."""
        if self.offset_deltas:
            return tuple(self.base_offset + delta for delta in self.offset_deltas)
        return range(self.base_offset, self.base_offset + len(self.records))


def size_of(record: KeyValue) -> int:
    """Bytes of one record, about."""
    value = record.value
    return RECORD_OVERHEAD + len(record.key or "") + (len(value) if isinstance(value, str) else 32 if value else 0)


def batch_size(batch: RecordBatch) -> int:
    """Bytes of a batch, about: the same everywhere."""
    return BATCH_OVERHEAD + sum(size_of(record) for record in batch.records)
