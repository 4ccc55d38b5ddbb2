"""A partition's log: batches one behind another, of which the oldest may be gone.

The law: offsets grow, and behind the last batch the log ends; without compaction there is no gap. The journal on disk
holds one batch a record, numbered from 1 on, and everything else here can be made from it again. Nothing here acts:
each change returns the wish that makes it durable.
"""

from __future__ import annotations

from bisect import bisect_right

from algorithms.broker.log.epochs import EpochCache, EpochStart
from algorithms.broker.log.segments import Roll, Segment
from algorithms.broker.records import RecordBatch, batch_size
from algorithms.machine import Append, Trim


class PartitionLog:
    """One log. `start_offset` is the first that can be read, `end_offset` (LEO) the next to be written."""

    __slots__ = (
        "_bases",
        "batches",
        "end_offset",
        "epochs",
        "first",
        "journal",
        "roll",
        "segments",
        "size",
        "start_offset",
    )

    def __init__(self, journal: str, roll: Roll) -> None:
        self.journal = journal
        self.roll = roll
        self.begin_at(0, 1)

    def begin_at(self, offset: int, number: int) -> None:
        """Become empty, beginning at `offset`; the next batch has this journal number."""
        self.batches: list[RecordBatch] = []
        self._bases: list[int] = []
        self.first = number
        self.start_offset = self.end_offset = offset
        self.size = 0
        self.segments = [Segment(offset)]
        self.epochs = EpochCache()

    def restore(self, first: int, batches: tuple[RecordBatch, ...], epochs: tuple[EpochStart, ...], start: int) -> None:
        """Become what was on disk."""
        self.begin_at(batches[0].base_offset if batches else start, first)
        self.epochs = EpochCache(epochs)
        for batch in batches:
            self._take(batch)
        self.start_offset = max(self.start_offset, min(start, self.end_offset))
        self.epochs.truncate_from_end(max(self.end_offset, 1))

    # ------------------------------------------------------------ changing it

    def append(self, batch: RecordBatch, sync: bool) -> Append:
        """Put a placed batch behind the last one."""
        assert batch.base_offset >= self.end_offset, f"{self.journal}: {batch.base_offset} lies before the log's end"
        self._take(batch)
        return Append(self.journal, self.first + len(self.batches) - 1, (batch,), sync)

    def _take(self, batch: RecordBatch) -> None:
        size = batch_size(batch)
        if self.roll.is_due(self.segments[-1], batch, size):
            self.segments.append(Segment(batch.base_offset))
        self.segments[-1].take(batch, size)
        self.batches.append(batch)
        self._bases.append(batch.base_offset)
        self.size += size
        self.epochs.assign(batch.partition_leader_epoch, batch.base_offset)
        self.end_offset = batch.next_offset

    def truncate(self, offset: int) -> Append | None:
        """Let the log end at `offset`, or before the batch that holds it; None if it ends there already."""
        if offset >= self.end_offset:
            return None
        kept = max(0, bisect_right(self._bases, offset) - 1)
        if kept < len(self.batches) and self.batches[kept].next_offset <= offset:
            kept += 1
        end = self.batches[kept].base_offset if kept < len(self.batches) else self.end_offset
        self._rebuild(self.batches[:kept], min(offset, max(end, self.start_offset)))
        return Append(self.journal, self.first + kept, (), False)

    def _rebuild(self, batches: list[RecordBatch], end_offset: int) -> None:
        start, first, epochs = self.start_offset, self.first, self.epochs
        self.begin_at(batches[0].base_offset if batches else min(start, end_offset), first)
        self.epochs = epochs
        for batch in batches:
            self._take(batch)
        self.end_offset = end_offset
        self.start_offset = min(start, end_offset)
        self.epochs.truncate_from_end(end_offset)

    def restart_at(self, offset: int) -> Trim:
        """Forget everything and go on at `offset`: the leader has nothing before it any more."""
        number = self.first + len(self.batches)
        self.begin_at(offset, number)
        return Trim(self.journal, number, False)

    def advance_start(self, offset: int) -> Trim | None:
        """What lies before `offset` cannot be read any more; whole segments before it are dropped."""
        self.start_offset = max(self.start_offset, min(offset, self.end_offset))
        dropped = 0
        while len(self.segments) > 1 and self.segments[1].base_offset <= self.start_offset:
            dropped += self.segments.pop(0).batches
        if not dropped:
            return None
        self.size -= sum(batch_size(batch) for batch in self.batches[:dropped])
        del self.batches[:dropped], self._bases[:dropped]
        self.first += dropped
        self.epochs.truncate_from_start(self.start_offset)
        return Trim(self.journal, self.first, False)

    def replace(self, batches: list[RecordBatch]) -> Append:
        """Hold `batches` instead, as compaction has left them; start and end stay."""
        start, end = self.start_offset, self.end_offset
        self._rebuild(batches, end)
        self.start_offset = start
        return Append(self.journal, self.first, tuple(batches), False)

    # ------------------------------------------------------------ reading it

    def place_of(self, offset: int) -> int:
        """The place in `batches` of the one that holds `offset`, or of the first behind it."""
        place = bisect_right(self._bases, offset) - 1
        return place if place >= 0 and self.batches[place].last_offset >= offset else place + 1

    def read(self, offset: int, max_bytes: int, upto: int | None = None) -> tuple[RecordBatch, ...]:
        """Batches from the one that holds `offset` on, ending at or below `upto`; at least one, whatever its size."""
        end = self.end_offset if upto is None else upto
        found: list[RecordBatch] = []
        size = 0
        for batch in self.batches[self.place_of(offset) :]:
            size += batch_size(batch)
            if batch.next_offset > end or (found and size > max_bytes):
                break
            found.append(batch)
        return tuple(found)

    def offset_of_time(self, timestamp: int) -> tuple[int, int] | None:
        """Offset and time of the first record that is not older than `timestamp`; None if there is none (KIP-79)."""
        for batch in self.batches:
            if batch.max_timestamp >= timestamp:
                pairs = zip(batch.offsets(), batch.records, strict=True)
                return next((offset, record.timestamp) for offset, record in pairs if record.timestamp >= timestamp)
        return None
