"""One transactional id as its coordinator has it, and what of it stands in the log (KIP-98, KIP-890).

The law: a change counts when it is committed in the coordinator's log. While one is being written, nothing else is
begun for the same transactional id.
"""

from __future__ import annotations

from algorithms.broker.topics import TopicPartition
from algorithms.machine import Microseconds, Record

EMPTY, ONGOING = "Empty", "Ongoing"
PREPARE_COMMIT, PREPARE_ABORT = "PrepareCommit", "PrepareAbort"
COMPLETE_COMMIT, COMPLETE_ABORT = "CompleteCommit", "CompleteAbort"
LAST_EPOCH = 32_766
"""The largest producer epoch that is given to anybody; behind it comes a new producer id."""


class TransactionState(Record, frozen=True):
    """What is written of a transactional id."""

    transactional_id: str
    producer_id: int
    producer_epoch: int
    state: str
    timeout: Microseconds
    partitions: tuple[TopicPartition, ...] = ()
    last_producer_epoch: int = -1
    """The epoch before the one that the last request gave, and the id that had it: by them a retried EndTxn (KIP-890)
    or InitProducerId (KIP-360) is known. -1: the producer has none that it may still name."""
    last_producer_id: int = -1
    next_producer_id: int = -1
    """While a transaction ends in the last epoch: the id that its producer goes on with, from epoch 0 (KIP-890)."""

    @property
    def given(self) -> tuple[int, int]:
        """The id and the epoch that the producer is told to use."""
        return (self.next_producer_id, 0) if self.next_producer_id >= 0 else (self.producer_id, self.producer_epoch)

    @property
    def last(self) -> tuple[int, int]:
        """The id and the epoch before."""
        return self.last_producer_id, self.last_producer_epoch


class Transaction:
    """One transactional id."""

    __slots__ = ("asked_at", "began", "is_pending", "marker_requests", "markers_due", "now")

    def __init__(self, now: TransactionState, began: int) -> None:
        self.now = now
        """What is committed."""
        self.is_pending = False
        """Whether a change is being written."""
        self.began = began
        """When the transaction under way began (local us)."""
        self.markers_due: dict[TopicPartition, None] = {}
        """Partitions that have no marker yet."""
        self.marker_requests: dict[int, None] = {}
        """Under which correlation ids they were asked for."""
        self.asked_at = 0
        """When they were asked for last (local us)."""

    @property
    def is_decided(self) -> bool:
        """Whether only markers are missing."""
        return self.now.state in (PREPARE_COMMIT, PREPARE_ABORT)


class Asker(Record, frozen=True):
    """Who waits for an answer."""

    source: str
    client_id: str
    correlation_id: int


class Changed(Record, frozen=True):
    """A change that is being written. `asker` is told when it is committed, if there is one; `request` names what was
    asked: `init`, `partitions`, `offsets`, `end`."""

    after: TransactionState
    request: str = ""
    asker: Asker | None = None


class Loaded(Record, frozen=True):
    """Everything that stood in the partition when we were elected is committed."""

    partition: TopicPartition
    coordinator_epoch: int
