"""Segments: a log is kept in pieces, so that its oldest part can be dropped (Kafka's log.segment.bytes).

The law: only the last segment, the active one, is written to; retention drops whole segments and never the active one.
"""

from __future__ import annotations

from algorithms.broker.records import RecordBatch


class Segment:
    """One piece. Times are the records' (us), -1 while it is empty."""

    __slots__ = ("base_offset", "batches", "first_timestamp", "max_timestamp", "size")

    def __init__(self, base_offset: int) -> None:
        self.base_offset = base_offset
        self.batches = 0
        self.size = 0
        self.first_timestamp = -1
        self.max_timestamp = -1

    def take(self, batch: RecordBatch, size: int) -> None:
        """Count a batch of so many bytes in."""
        self.batches += 1
        self.size += size
        newest = batch.max_timestamp
        self.max_timestamp = max(self.max_timestamp, newest)
        if self.first_timestamp < 0:
            self.first_timestamp = newest


class Roll:
    """When a new segment begins. 0 switches a bound off."""

    __slots__ = ("segment_bytes", "segment_time")

    def __init__(self, segment_bytes: int, segment_time: int) -> None:
        self.segment_bytes = segment_bytes
        self.segment_time = segment_time

    def is_due(self, segment: Segment, batch: RecordBatch, size: int) -> bool:
        """Whether `batch`, of so many bytes, belongs into a new segment."""
        if not segment.batches:
            return False
        full = self.segment_bytes and segment.size + size > self.segment_bytes
        old = self.segment_time and batch.max_timestamp - segment.first_timestamp > self.segment_time
        return bool(full or old)
