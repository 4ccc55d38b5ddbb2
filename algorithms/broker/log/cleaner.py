"""Retention and compaction (Kafka, "Log Compaction"; KIP-280's offset strategy, the usual one).

The law: compaction keeps offsets and the last record of every key, takes out nothing above the first offset that may
still change, and keeps a tombstone until every reader had time to see it. Transaction markers stay.
"""

from __future__ import annotations

import msgspec

from algorithms.broker.log.partition_log import PartitionLog
from algorithms.broker.records import RecordBatch


def retention_start(log: PartitionLog, now: int, retention_time: int, retention_bytes: int, upto: int) -> int:
    """The new log start offset: whole segments that are too old or too many go, as far as `upto` (the high watermark).

    Times in us; 0 switches a bound off.
    """
    start, size = log.start_offset, log.size
    for segment, following in zip(log.segments, log.segments[1:], strict=False):
        old = retention_time and segment.max_timestamp < now - retention_time
        large = retention_bytes and size - segment.size >= retention_bytes
        if not (old or large) or following.base_offset > upto:
            break
        start, size = following.base_offset, size - segment.size
    return start


def compacted(log: PartitionLog, upto: int, now: int, delete_retention: int) -> list[RecordBatch] | None:
    """The batches without the records that a later one of the same key replaces, below the active segment and `upto`;
    None if there is nothing to take out."""
    end = min(upto, log.segments[-1].base_offset)
    last = _last_of_keys(log, end)
    oldest = now - delete_retention
    cleaned = [_clean(each, last, oldest) if each.next_offset <= end else each for each in log.batches]
    kept = [each for each in cleaned if each is not None]
    changed = len(kept) < len(log.batches) or any(a is not b for a, b in zip(kept, log.batches, strict=True))
    return kept if changed else None


def _last_of_keys(log: PartitionLog, end: int) -> dict[str, int]:
    last: dict[str, int] = {}
    for batch in log.batches:
        if batch.next_offset <= end and not batch.control:
            for offset, record in zip(batch.offsets(), batch.records, strict=True):
                if record.key is not None:
                    last[record.key] = offset
    return last


def _clean(batch: RecordBatch, last: dict[str, int], tombstones_before: int) -> RecordBatch | None:
    """The batch without what was replaced; itself if nothing was; None if nothing is left. A producer's last sequence
    is remembered elsewhere, so an empty batch need not stay."""
    if batch.control:
        return batch
    kept = tuple(
        (offset, record)
        for offset, record in zip(batch.offsets(), batch.records, strict=True)
        if record.key is not None
        and last[record.key] == offset
        and (record.value is not None or record.timestamp >= tombstones_before)
    )
    if len(kept) == len(batch.records):
        return batch
    if not kept:
        return None
    deltas = tuple(offset - batch.base_offset for offset, _ in kept)
    return msgspec.structs.replace(
        batch,
        records=tuple(record for _, record in kept),
        offset_deltas=deltas,
        last_offset_delta=batch.last_offset - batch.base_offset,
    )
