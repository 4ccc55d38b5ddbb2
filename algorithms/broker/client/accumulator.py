"""Records on their way: collected into batches, partition by partition (Kafka's RecordAccumulator).

The law: batches of one partition leave in their order; a batch that must be sent again goes before all that have not
been sent yet.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from algorithms.broker.commands import ProduceRecord
from algorithms.broker.errors import Error
from algorithms.broker.records import BATCH_OVERHEAD, KeyValue, RecordBatch, size_of
from algorithms.broker.topics import TopicPartition


class Ask(NamedTuple):
    """Who asked for a record. `part` is its place in a `Transact`; -1: it was asked for by itself."""

    request_id: int
    command: ProduceRecord
    part: int = -1


class Batch:
    """One batch of one partition. Times are local (us)."""

    __slots__ = (
        "acks",
        "asks",
        "began",
        "deadline",
        "has_sequence",
        "is_done",
        "is_transactional",
        "last_error",
        "order",
        "partition",
        "perhaps_written",
        "producer",
        "records",
        "retry_at",
        "sequence",
        "size",
        "target",
        "tries",
    )

    def __init__(self, partition: TopicPartition, acks: int, is_transactional: bool, began: int, deadline: int) -> None:
        self.partition = partition
        self.acks = acks
        self.is_transactional = is_transactional
        self.began = began
        self.deadline = deadline
        self.records: list[KeyValue] = []
        self.asks: list[Ask] = []
        self.size = BATCH_OVERHEAD
        self.tries = 0
        self.target = ""
        """Whom it was sent to last."""
        self.retry_at = 0
        self.perhaps_written = False
        """Some try may have been appended, and we were not told."""
        self.last_error = Error.NONE
        self.order = 0
        """Its place among all batches of this client."""
        self.is_done = False
        self.producer = (-1, -1)
        """Producer id and epoch under which it has its sequence."""
        self.sequence = -1
        self.has_sequence = False

    def add(self, record: KeyValue, ask: Ask) -> None:
        """One more."""
        self.records.append(record)
        self.asks.append(ask)
        self.size += size_of(record)

    def number(self, producer: tuple[int, int], sequence: int) -> None:
        """From now on the brokers know it by this name."""
        self.producer, self.sequence, self.has_sequence = producer, sequence, True

    def unname(self) -> None:
        """No broker can have it under its name: the next try gives it another."""
        assert not self.perhaps_written, "what may have been written keeps its name"
        self.producer, self.sequence, self.has_sequence = (-1, -1), -1, False

    def as_record(self) -> RecordBatch:
        """As it is sent."""
        producer_id, epoch = self.producer if self.has_sequence else (-1, -1)
        return RecordBatch(
            tuple(self.records),
            producer_id=producer_id,
            producer_epoch=epoch,
            base_sequence=self.sequence if self.has_sequence else -1,
            is_transactional=self.is_transactional,
        )


class Accumulator:
    """All that was asked for and is not done."""

    def __init__(self) -> None:
        self.queues: dict[TopicPartition, deque[Batch]] = {}
        """Not under way, the next one to be sent first."""
        self.in_flight: dict[TopicPartition, list[Batch]] = {}
        self._batches = 0

    def add(self, batch_for: Batch, record: KeyValue, ask: Ask, batch_size: int) -> None:
        """Put the record into the last batch that has room and is of the same kind, else into `batch_for`."""
        queue = self.queues.setdefault(batch_for.partition, deque())
        last = queue[-1] if queue else None
        same = last is not None and (last.acks, last.is_transactional) == (batch_for.acks, batch_for.is_transactional)
        if last is None or not same or last.tries or last.has_sequence or last.size + size_of(record) > batch_size:
            last = batch_for
            self._batches += 1
            last.order = self._batches
            queue.append(last)
        last.add(record, ask)

    def begin(self, batch: Batch) -> None:
        """The first of its queue is under way."""
        assert self.queues[batch.partition].popleft() is batch, "batches leave in order"
        self.in_flight.setdefault(batch.partition, []).append(batch)

    def again(self, batch: Batch, retry_at: int) -> None:
        """It has to be sent again: before all that came after it."""
        self.in_flight[batch.partition].remove(batch)
        batch.retry_at = retry_at
        queue = self.queues[batch.partition]
        place = next((i for i, each in enumerate(queue) if each.order > batch.order), len(queue))
        queue.insert(place, batch)

    def done(self, batch: Batch) -> None:
        """It is over."""
        batch.is_done = True
        flight = self.in_flight.get(batch.partition, [])
        if batch in flight:
            flight.remove(batch)
        queue = self.queues.get(batch.partition)
        if queue is not None and batch in queue:
            queue.remove(batch)

    def all(self) -> list[Batch]:
        """Everything that is not done."""
        flying = [batch for batches in self.in_flight.values() for batch in batches]
        return [*flying, *(batch for queue in self.queues.values() for batch in queue)]

    @property
    def buffered(self) -> int:
        """Records that wait."""
        return sum(len(batch.records) for queue in self.queues.values() for batch in queue)

    def is_flying(self, batch: Batch) -> bool:
        """Whether it is under way."""
        return batch in self.in_flight.get(batch.partition, ())
