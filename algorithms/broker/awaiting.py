"""What is to be done once records are committed, as values (a machine can be pickled at any time).

The law: each of them is completed exactly once: with NONE when the high watermark has passed its records, else with
the error that says why they will never be known to be.
"""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.broker.messages.header import Response
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record


class Reply(Record, frozen=True):
    """Send `response` to `target`; if the records failed, with that error instead of its own."""

    target: str
    response: Response


class ProduceWaits(Record, frozen=True):
    """One partition of a produce request with acks=all. `produce` numbers the requests that wait."""

    produce: int
    partition: TopicPartition
    base_offset: int


class GroupWritten(Record, frozen=True):
    """The group coordinator wrote something; `what` tells it what (a record of its own)."""

    group: str
    what: Record


class TransactionWritten(Record, frozen=True):
    """The transaction coordinator wrote something."""

    transactional_id: str
    what: Record


class MarkersWritten(Record, frozen=True):
    """One partition of a WriteTxnMarkersRequest. `markers` is the number of the request among those that wait."""

    markers: int
    partition: TopicPartition


Then = Reply | ProduceWaits | GroupWritten | TransactionWritten | MarkersWritten


class Delayed(Record, frozen=True):
    """`then` waits until the high watermark is at `offset` or above, or until `deadline` (local us; -1: for ever)."""

    offset: int
    deadline: int
    then: Then


class Completed(Record, frozen=True):
    """`then` is to be done now."""

    then: Then
    error: Error
