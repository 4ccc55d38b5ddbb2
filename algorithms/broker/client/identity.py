"""Who the producer is to the brokers: producer id, epoch and the next sequence of each partition (KIP-98, KIP-360).

The law: a sequence is given to a batch once and for all under one id and epoch; when something with a sequence is given
up, the producer takes a new epoch, so that no partition waits for what will never come.
"""

from __future__ import annotations

from algorithms.broker.topics import TopicPartition

LAST_EPOCH = 32_767
"""Then a new producer id is needed."""


class Identity:
    """One producer's."""

    def __init__(self) -> None:
        self.producer_id = -1
        self.epoch = -1
        self.is_asking = False
        """Whether InitProducerId is under way."""
        self.is_broken = False
        """Whether something was given up that had a sequence: under this epoch nothing behind it is taken."""
        self._next: dict[TopicPartition, int] = {}

    @property
    def is_known(self) -> bool:
        """Whether we are somebody."""
        return self.producer_id >= 0

    @property
    def producer(self) -> tuple[int, int]:
        """Id and epoch."""
        return self.producer_id, self.epoch

    def become(self, producer_id: int, epoch: int) -> None:
        """A new id or a new epoch: sequences begin at 0. The same as before: they go on."""
        self.is_asking = False
        if (producer_id, epoch) != self.producer:
            self.producer_id, self.epoch = producer_id, epoch
            self.is_broken = False
            self._next = {}

    def raise_epoch(self) -> None:
        """Begin anew without asking anybody, which only a producer without a transactional id may (KIP-360)."""
        if self.epoch < LAST_EPOCH:
            self.become(self.producer_id, self.epoch + 1)
        else:
            self.forget()

    def forget(self) -> None:
        """Be nobody, till somebody is asked again."""
        self.producer_id = self.epoch = -1
        self.is_broken = False
        self._next = {}

    def sequence(self, partition: TopicPartition, count: int) -> int:
        """The first sequence of the next batch of the partition, which has `count` records."""
        first = self._next.get(partition, 0)
        self._next[partition] = first + count
        return first
