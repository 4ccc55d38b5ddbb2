"""What one partition remembers of producers: sequences and open transactions (KIP-98, KIP-360, KIP-890).

The law: it can be made again from the log alone, so every replica that has the same log has the same. A batch is
appended once: its producer, epoch and first sequence name it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from algorithms.broker.errors import Error
from algorithms.broker.messages.data import AbortedTransaction
from algorithms.broker.records import RecordBatch

REMEMBERED = 5
"""Batches of a producer by which a late copy is known: as many as may be in flight."""


class Remembered:
    """One producer in this partition."""

    __slots__ = ("batches", "coordinator_epoch", "epoch", "last_timestamp")

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.batches: deque[tuple[int, int, int]] = deque(maxlen=REMEMBERED)
        """First sequence, last sequence and base offset of the last batches."""
        self.coordinator_epoch = -1
        self.last_timestamp = 0
        """When it was heard last (local us)."""

    def begin_epoch(self, epoch: int) -> None:
        """A newer epoch counts its sequences from 0 again."""
        self.epoch = epoch
        self.batches.clear()

    @property
    def last_sequence(self) -> int:
        """Of the last batch; -1 if none is remembered."""
        return self.batches[-1][1] if self.batches else -1


class Decided:
    """A transaction that is decided, as long as its marker is not known to be replicated; or aborted, for readers."""

    __slots__ = ("first_offset", "marker_offset", "producer_id")

    def __init__(self, producer_id: int, first_offset: int, marker_offset: int) -> None:
        self.producer_id = producer_id
        self.first_offset = first_offset
        self.marker_offset = marker_offset


class Producers:
    """All producers of one partition."""

    def __init__(self) -> None:
        self._known: dict[int, Remembered] = {}
        self._open: dict[int, int] = {}
        """By producer id: where its open transaction begins."""
        self._decided: list[Decided] = []
        self._aborted: list[Decided] = []

    @property
    def count(self) -> int:
        """How many are remembered."""
        return len(self._known)

    @property
    def open_count(self) -> int:
        """How many have an open transaction here."""
        return len(self._open)

    def is_open(self, producer_id: int) -> bool:
        """Whether the producer has an open transaction here."""
        return producer_id in self._open

    def epoch_of(self, producer_id: int) -> int:
        """The newest epoch of the producer that has written here; -1 if none has."""
        known = self._known.get(producer_id)
        return known.epoch if known is not None else -1

    # ------------------------------------------------------------ before an append

    def verdict(self, batch: RecordBatch, log_start_offset: int = 0) -> Error | int | None:
        """None: append it. A number: it was appended before, at this base offset. Else why it is refused.

        A producer of which no batch is known here begins with sequence 0; with another one only where old records were
        deleted, and the earlier ones of its batches perhaps among them. (Kafka takes any sequence of an unknown
        producer. Then a second batch that overtakes the first at a new leader makes the first a duplicate that was
        never written.)
        """
        known = self._known.get(batch.producer_id)
        if known is None:
            return _first_verdict(batch, log_start_offset)
        if batch.producer_epoch < known.epoch:
            return Error.INVALID_PRODUCER_EPOCH
        if batch.producer_epoch > known.epoch:
            return None if batch.base_sequence == 0 else Error.OUT_OF_ORDER_SEQUENCE_NUMBER
        for first, last, base in known.batches:
            if (first, last) == (batch.base_sequence, batch.last_sequence):
                return base
        if not known.batches:
            return _first_verdict(batch, log_start_offset)
        if batch.base_sequence <= known.last_sequence:
            return Error.DUPLICATE_SEQUENCE_NUMBER
        return None if batch.base_sequence == known.last_sequence + 1 else Error.OUT_OF_ORDER_SEQUENCE_NUMBER

    def marker_verdict(self, producer_id: int, producer_epoch: int, coordinator_epoch: int) -> Error:
        """Whether a coordinator may write a marker: no newer one has, and no newer epoch of the producer."""
        known = self._known.get(producer_id)
        if known is None:
            return Error.NONE
        if producer_epoch < known.epoch:
            return Error.INVALID_PRODUCER_EPOCH
        return Error.TRANSACTION_COORDINATOR_FENCED if coordinator_epoch < known.coordinator_epoch else Error.NONE

    # ------------------------------------------------------------ after an append

    def take(self, batch: RecordBatch, now: int) -> None:
        """A batch stands in the log now, at its place."""
        if batch.producer_id < 0:
            return
        known = self._known.get(batch.producer_id)
        if known is None:
            known = self._known[batch.producer_id] = Remembered(batch.producer_epoch)
        elif batch.producer_epoch > known.epoch:
            known.begin_epoch(batch.producer_epoch)
        known.last_timestamp = now
        if batch.control:
            self._end(known, batch)
        else:
            self._count(known, batch)

    def _count(self, known: Remembered, batch: RecordBatch) -> None:
        if batch.base_sequence >= 0:
            known.batches.append((batch.base_sequence, batch.last_sequence, batch.base_offset))
        if batch.is_transactional:
            self._open.setdefault(batch.producer_id, batch.base_offset)

    def _end(self, known: Remembered, batch: RecordBatch) -> None:
        """A marker: the transaction that was open here is decided."""
        known.coordinator_epoch = max(known.coordinator_epoch, batch.coordinator_epoch)
        first_offset = self._open.pop(batch.producer_id, None)
        if first_offset is None:
            return
        decided = Decided(batch.producer_id, first_offset, batch.base_offset)
        self._decided.append(decided)
        if batch.control == "ABORT":
            self._aborted.append(decided)

    def rebuild(self, batches: Iterable[RecordBatch], now: int) -> None:
        """Make all of it again from what the log holds."""
        self._known, self._open, self._decided, self._aborted = {}, {}, [], []
        for batch in batches:
            self.take(batch, now)

    def expire(self, now: int, after: int) -> None:
        """Forget who has been silent for longer than `after` (us) and has no open transaction."""
        old = [
            producer_id
            for producer_id, each in self._known.items()
            if producer_id not in self._open and now - each.last_timestamp > after
        ]
        for producer_id in old:
            del self._known[producer_id]

    # ------------------------------------------------------------ what readers need

    def first_unstable_offset(self, high_watermark: int) -> int | None:
        """Where the first transaction begins that is open, or whose marker is not below the high watermark."""
        if self._decided:
            self._decided = [each for each in self._decided if each.marker_offset >= high_watermark]
        elif not self._open:
            return None
        return min((*self._open.values(), *(each.first_offset for each in self._decided)), default=None)

    def aborted_between(self, first: int, end: int) -> tuple[AbortedTransaction, ...]:
        """Aborted transactions that have records in [first, end), by their first offset."""
        found = [each for each in self._aborted if each.first_offset < end and each.marker_offset >= first]
        found.sort(key=_by_first_offset)
        return tuple(AbortedTransaction(each.producer_id, each.first_offset) for each in found)


def _first_verdict(batch: RecordBatch, log_start_offset: int) -> Error | None:
    is_next = batch.base_sequence == 0 or log_start_offset > 0
    return None if is_next else Error.OUT_OF_ORDER_SEQUENCE_NUMBER


def _by_first_offset(each: Decided) -> int:
    return each.first_offset
