"""Transaction markers: control batches that end a transaction in a partition (KIP-98, KIP-890).

The law: a marker is told to be written when it is committed. One that carries the epoch after the transaction's fences
everything that is still on its way in the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import append_as_leader, delay
from algorithms.broker.awaiting import MarkersWritten
from algorithms.broker.errors import Error
from algorithms.broker.groups import coordinator as groups
from algorithms.broker.messages import WriteTxnMarkersRequest, WriteTxnMarkersResponse
from algorithms.broker.messages.group import PartitionError
from algorithms.broker.producing import unhosted
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.replica import Replica
from algorithms.broker.topics import OFFSETS_TOPIC, TopicPartition
from algorithms.broker.transactions import ending

if TYPE_CHECKING:
    from algorithms.broker.state import State


class WaitingMarkers:
    """A request of which some markers are not committed yet."""

    __slots__ = ("errors", "request", "source")

    def __init__(self, source: str, request: WriteTxnMarkersRequest) -> None:
        self.source = source
        self.request = request
        self.errors: dict[TopicPartition, Error] = {}


class Markers:
    """Requests for markers that wait for replicas."""

    def __init__(self) -> None:
        self.number = 0
        self.waiting: dict[int, WaitingMarkers] = {}


# ---------------------------------------------------------------- the partitions' side


def write_markers(state: State, source: str, request: WriteTxnMarkersRequest) -> None:
    """Append one to each partition."""
    state.markers.number += 1
    number = state.markers.number
    waiting = state.markers.waiting[number] = WaitingMarkers(source, request)
    for partition in request.partitions:
        replica = state.leading(partition)
        error = unhosted(state, partition) if replica is None else _why_not(state, replica, request)
        if replica is None or error is not Error.NONE:
            waiting.errors[partition] = error
        else:
            _write(state, replica, request, number)
    _answer_if_complete(state, number)


def _why_not(state: State, replica: Replica, request: WriteTxnMarkersRequest) -> Error:
    who = request.producer_id, request.producer_epoch
    error = replica.producers.marker_verdict(*who, request.coordinator_epoch)
    if error is Error.NONE and _is_new(state, replica, request) and not state.enough_in_sync(replica):
        return Error.NOT_ENOUGH_REPLICAS  # A marker is written with acks=all; the coordinator asks again.
    return error


def _write(state: State, replica: Replica, request: WriteTxnMarkersRequest, number: int) -> None:
    """Append it; or, if it stands there already, wait until it is committed."""
    partition = replica.partition
    then = MarkersWritten(number, partition)
    if _is_new(state, replica, request):
        append_as_leader(state, replica, marker(request, state.now), then)
        if partition.topic == OFFSETS_TOPIC:
            ids = request.producer_id, request.producer_epoch
            groups.transaction_ended(state, partition, *ids, request.committed)
    elif replica.high_watermark >= replica.log.end_offset:
        markers_committed(state, then, Error.NONE)
    else:
        delay(state, replica, replica.log.end_offset, -1, then)


def _is_new(state: State, replica: Replica, request: WriteTxnMarkersRequest) -> bool:
    """With version 2 every marker has an epoch that nothing here has had: a late copy of the last transaction's marker
    names the epoch of the one that is open now, and must not end it. With version 1 nobody can tell them apart."""
    producers, producer_id = replica.producers, request.producer_id
    if producers.epoch_of(producer_id) < request.producer_epoch:
        return True
    return state.settings.transaction_version == 1 and producers.is_open(producer_id)


def marker(request: WriteTxnMarkersRequest, now: int) -> RecordBatch:
    """The control batch."""
    return RecordBatch(
        (KeyValue(None, None, now),),
        producer_id=request.producer_id,
        producer_epoch=request.producer_epoch,
        is_transactional=True,
        control="COMMIT" if request.committed else "ABORT",
        coordinator_epoch=request.coordinator_epoch,
    )


def markers_committed(state: State, then: MarkersWritten, error: Error) -> None:
    """One of them is on every in-sync replica, or will not be known to be."""
    waiting = state.markers.waiting.get(then.markers)
    if waiting is not None:
        waiting.errors[then.partition] = Error.NONE if error is Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND else error
        _answer_if_complete(state, then.markers)


def _answer_if_complete(state: State, number: int) -> None:
    waiting = state.markers.waiting.get(number)
    if waiting is None or len(waiting.errors) < len(waiting.request.partitions):
        return
    del state.markers.waiting[number]
    request = waiting.request
    told = tuple(PartitionError(partition, waiting.errors[partition]) for partition in request.partitions)
    state.send(waiting.source, WriteTxnMarkersResponse(request.client_id, request.correlation_id, partitions=told))


# ---------------------------------------------------------------- the coordinator's side


def markers_written(state: State, source: str, response: WriteTxnMarkersResponse) -> None:
    """A leader has answered. What it refused is asked again, perhaps of another one, by a timer."""
    from algorithms.broker.transactions.coordinator import coordinated_by

    number = response.correlation_id
    name = state.transactions.markers_out.pop(number, "") if response.client_id == state.client_id else ""
    coordinated = coordinated_by(state, name)
    transaction = coordinated.transactions.get(name) if coordinated is not None else None
    if transaction is None:
        return
    for each in response.partitions:
        if each.error in (Error.NONE, Error.INVALID_PRODUCER_EPOCH):
            transaction.markers_due.pop(each.partition, None)
        elif each.error is Error.TRANSACTION_COORDINATOR_FENCED:
            return  # A newer coordinator goes on with it.
    if not transaction.markers_due and not transaction.is_pending:
        ending.complete(state, transaction)
