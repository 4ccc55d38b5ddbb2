"""Producer ids and transactions on the wire (KIP-98, KIP-360, KIP-447, KIP-890).

The law: a transaction is named by producer id and epoch; who names an older epoch than the coordinator, or a partition,
has heard of is fenced.
"""

from __future__ import annotations

from algorithms.broker.messages.group import CommittedOffset, PartitionError
from algorithms.broker.messages.header import Request, Response
from algorithms.broker.topics import TopicPartition


class InitProducerIdRequest(Request, frozen=True):
    """A new producer, or one that wants a new epoch. `transactional_id` empty: only idempotence is wanted.

    With `producer_id` and `producer_epoch` (else -1) it says who it was (KIP-360).
    """

    transactional_id: str
    transaction_timeout: int
    producer_id: int = -1
    producer_epoch: int = -1


class InitProducerIdResponse(Response, frozen=True):
    """Who the producer is from now on."""

    producer_id: int = -1
    producer_epoch: int = -1


class AddPartitionsToTxnRequest(Request, frozen=True):
    """These partitions will be written to."""

    transactional_id: str
    producer_id: int
    producer_epoch: int
    partitions: tuple[TopicPartition, ...]


class AddPartitionsToTxnResponse(Response, frozen=True):
    """They are part of the transaction."""


class AddOffsetsToTxnRequest(Request, frozen=True):
    """Offsets of `group` will be committed."""

    transactional_id: str
    producer_id: int
    producer_epoch: int
    group: str


class AddOffsetsToTxnResponse(Response, frozen=True):
    """The group's partition of the offsets topic is part of the transaction."""


class TxnOffsetCommitRequest(Request, frozen=True):
    """To the group's coordinator: these offsets count if the transaction commits (KIP-447 names the member too)."""

    transactional_id: str
    group: str
    producer_id: int
    producer_epoch: int
    generation: int
    member_id: str
    instance_id: str
    offsets: tuple[CommittedOffset, ...]


class TxnOffsetCommitResponse(Response, frozen=True):
    """`error` tells of all of them."""


class EndTxnRequest(Request, frozen=True):
    """Commit or abort."""

    transactional_id: str
    producer_id: int
    producer_epoch: int
    committed: bool


class EndTxnResponse(Response, frozen=True):
    """It is decided; with transaction version 2 the producer goes on under the epoch given here (KIP-890)."""

    producer_id: int = -1
    producer_epoch: int = -1


class WriteTxnMarkersRequest(Request, frozen=True):
    """Coordinator to a partition's leader: end the transaction of this producer there."""

    coordinator: str
    coordinator_epoch: int
    producer_id: int
    producer_epoch: int
    committed: bool
    partitions: tuple[TopicPartition, ...]


class WriteTxnMarkersResponse(Response, frozen=True):
    """What became of each partition's marker."""

    partitions: tuple[PartitionError, ...] = ()
