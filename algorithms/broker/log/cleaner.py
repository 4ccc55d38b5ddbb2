"""Retention and compaction (Kafka, "Log Compaction"; KIP-280's offset strategy, the usual one).

The law: compaction keeps offsets and the last record of every key, takes out nothing above the first offset that may
still change, and keeps a tombstone until every reader had time to see it. Transaction markers stay, and of each
producer the last batch, if only empty; what was aborted replaces nothing.
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
    aborted, newest = _aborted(log), _newest_of_producers(log)
    last = _last_of_keys(log, end, aborted)
    kept: list[RecordBatch] = []
    for each in log.batches:
        cleaned: RecordBatch | None = each
        if each.next_offset <= end:
            known = {} if each.base_offset in aborted else last
            cleaned = _clean(each, known, now - delete_retention, newest.get(each.producer_id) == each.base_offset)
        if cleaned is not None:
            kept.append(cleaned)
    changed = len(kept) < len(log.batches) or any(a is not b for a, b in zip(kept, log.batches, strict=True))
    return kept if changed else None


def _aborted(log: PartitionLog) -> dict[int, None]:
    """The batches of transactions that were aborted, by base offset: what stands in them counts for nothing."""
    since: dict[int, list[int]] = {}
    aborted: dict[int, None] = {}
    for batch in log.batches:
        if batch.control:
            ended = since.pop(batch.producer_id, [])
            aborted |= dict.fromkeys(ended if batch.control == "ABORT" else ())
        elif batch.is_transactional:
            since.setdefault(batch.producer_id, []).append(batch.base_offset)
    return aborted


def _newest_of_producers(log: PartitionLog) -> dict[int, int]:
    """The base offset of each producer's last batch: it stays, if only empty, so that its sequence is remembered."""
    return {batch.producer_id: batch.base_offset for batch in log.batches if batch.producer_id >= 0}


def _last_of_keys(log: PartitionLog, end: int, aborted: dict[int, None]) -> dict[str, int]:
    last: dict[str, int] = {}
    for batch in log.batches:
        if batch.next_offset <= end and not batch.control and batch.base_offset not in aborted:
            for offset, record in zip(batch.offsets(), batch.records, strict=True):
                if record.key is not None:
                    last[record.key] = offset
    return last


def _clean(
    batch: RecordBatch, last: dict[str, int], tombstones_before: int, is_newest_of_producer: bool
) -> RecordBatch | None:
    """The batch without what was replaced; itself if nothing was; None if nothing of it need stay."""
    if batch.control:
        return batch
    kept = tuple(
        (offset, record)
        for offset, record in zip(batch.offsets(), batch.records, strict=True)
        if record.key is not None
        and last.get(record.key) == offset
        and (record.value is not None or record.timestamp >= tombstones_before)
    )
    if len(kept) == len(batch.records):
        return batch
    if not kept and not is_newest_of_producer:
        return None
    deltas = tuple(offset - batch.base_offset for offset, _ in kept)
    return msgspec.structs.replace(
        batch,
        records=tuple(record for _, record in kept),
        offset_deltas=deltas,
        last_offset_delta=batch.last_offset - batch.base_offset,
    )
