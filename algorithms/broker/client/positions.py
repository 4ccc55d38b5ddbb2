"""Where a consumer stands in each of its partitions.

The law: `position` is the next offset to be fetched, `consumed` the next one that the application has not seen,
`processed` the next one that it has not finished; only that is committed.
"""

from __future__ import annotations

from algorithms.broker.commands import Consumed
from algorithms.broker.messages.data import AbortedTransaction
from algorithms.broker.records import RecordBatch
from algorithms.broker.topics import TopicPartition

UNKNOWN = -1


class Position:
    """One partition. Offsets are -1 while they are not known."""

    __slots__ = (
        "buffer",
        "committed",
        "consumed",
        "high_watermark",
        "is_fresh",
        "is_resetting",
        "partition",
        "position",
        "preferred",
        "processed",
        "wait_until",
    )

    def __init__(self, partition: TopicPartition) -> None:
        self.partition = partition
        self.position = UNKNOWN
        self.consumed = UNKNOWN
        self.processed = UNKNOWN
        self.committed = UNKNOWN
        self.high_watermark = UNKNOWN
        self.is_fresh = True
        """Nothing was handed over since it was assigned, or since its position was set anew."""
        self.is_resetting = False
        """A broker is being asked where to begin."""
        self.buffer: list[tuple[Consumed, int]] = []
        """Records that were fetched, each with the position behind it."""
        self.preferred = ""
        """Another replica to fetch from (KIP-392)."""
        self.wait_until = 0
        """Not to be fetched before this local time."""

    def begin_at(self, offset: int) -> None:
        """Go on from here."""
        self.position = self.consumed = self.processed = offset
        self.buffer = []
        self.is_fresh, self.is_resetting = True, False

    def take(
        self, batches: tuple[RecordBatch, ...], aborted: tuple[AbortedTransaction, ...], read_committed: bool
    ) -> None:
        """Buffer what was fetched: no control records, nothing before the position, and under read_committed nothing
        of transactions that were aborted (KIP-98)."""
        waiting = list(aborted)
        dead: dict[int, None] = {}
        for batch in batches:
            while waiting and waiting[0].first_offset <= batch.last_offset:
                dead[waiting.pop(0).producer_id] = None
            if batch.control:
                dead.pop(batch.producer_id, None)
            elif not (read_committed and batch.is_transactional and batch.producer_id in dead):
                self._buffer(batch)
            if batch.next_offset > self.position:
                self.position = batch.next_offset
                self._skip_to(batch.next_offset)

    def _buffer(self, batch: RecordBatch) -> None:
        for offset, record in zip(batch.offsets(), batch.records, strict=True):
            if offset >= self.position:
                value = record.value if isinstance(record.value, str) else None
                self.buffer.append((Consumed(self.partition, offset, record.key, value), offset + 1))

    def _skip_to(self, offset: int) -> None:
        """What cannot be handed over counts as seen with the record before it."""
        if self.buffer:
            self.buffer[-1] = (self.buffer[-1][0], offset)
        elif self.consumed == self.processed:
            self.consumed = self.processed = offset
        else:
            self.consumed = offset

    def hand_over(self, most: int) -> list[Consumed]:
        """The next records for the application."""
        given, self.buffer = self.buffer[:most], self.buffer[most:]
        if given:
            self.consumed = given[-1][1]
        return [record for record, _ in given]
