"""Produce, the leader's side (KIP-98 for idempotence; min.insync.replicas: KAFKA-1555).

The law: with acks=1 a record is acknowledged when the leader has it, with acks=all when every in-sync replica has it;
a batch that the log holds already is not appended again, and its answer is the first one's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import append_as_leader, delay
from algorithms.broker.awaiting import ProduceWaits
from algorithms.broker.errors import Error
from algorithms.broker.messages import ProduceRequest, ProduceResponse
from algorithms.broker.messages.data import PartitionBatch, PartitionProduceResponse
from algorithms.broker.records import RecordBatch, size_of
from algorithms.broker.topics import INTERNAL, TopicPartition

if TYPE_CHECKING:
    from algorithms.broker.replica import Replica
    from algorithms.broker.state import State

ALL = -1


class Waiting:
    """A produce request of which some partitions are not answered yet."""

    __slots__ = ("answered", "request", "source")

    def __init__(self, source: str, request: ProduceRequest) -> None:
        self.source = source
        self.request = request
        self.answered: dict[TopicPartition, PartitionProduceResponse] = {}


class Produces:
    """Produce requests that wait for replicas."""

    def __init__(self) -> None:
        self.number = 0
        self.waiting: dict[int, Waiting] = {}


def produce(state: State, source: str, request: ProduceRequest) -> None:
    """Append each batch, or say why not."""
    produces = state.produces
    produces.number += 1
    number = produces.number
    waiting = produces.waiting[number] = Waiting(source, request)
    for each in request.batches:
        answer = _take(state, number, request, each)
        if answer is not None:
            waiting.answered[each.partition] = answer
    _answer_if_complete(state, number)


def _take(state: State, number: int, request: ProduceRequest, each: PartitionBatch) -> PartitionProduceResponse | None:
    """The answer for one partition; None if it waits for replicas."""
    partition, batch = each.partition, each.batch
    replica = state.leading(partition)
    error = Error.INVALID_REQUIRED_ACKS if request.acks not in (0, 1, ALL) else _why_not(state, replica, request, each)
    if error is not Error.NONE or replica is None:
        return refusal(state, partition, error)
    verdict = replica.producers.verdict(batch, replica.log.start_offset) if batch.producer_id >= 0 else None
    if isinstance(verdict, Error):
        state.note(f"refuses a batch of producer {batch.producer_id} for {partition}: {verdict.value}", "KIP-98")
        return refusal(state, partition, verdict)
    deadline = state.now + request.timeout
    if verdict is not None:
        return _again(state, number, request, replica, batch, verdict, deadline)
    base = replica.log.end_offset
    then = ProduceWaits(number, partition, base) if request.acks == ALL else None
    append_as_leader(state, replica, batch, then, deadline)
    return _done(replica, base) if then is None else None  # `committed` keeps the answer, perhaps already.


def _why_not(state: State, replica: Replica | None, request: ProduceRequest, each: PartitionBatch) -> Error:
    topic = each.partition.topic
    if replica is None:
        return unhosted(state, each.partition)
    if topic in INTERNAL:
        return Error.INVALID_TOPIC_EXCEPTION
    most = int(state.topic_setting(topic, "max_message_bytes"))
    if any(size_of(record) > most for record in each.batch.records):
        return Error.MESSAGE_TOO_LARGE
    if request.acks == ALL and not state.enough_in_sync(replica):
        return Error.NOT_ENOUGH_REPLICAS
    return Error.NONE


def unhosted(state: State, partition: TopicPartition) -> Error:
    """Why we do not lead it."""
    known = state.image.partitions.get(partition)
    return Error.UNKNOWN_TOPIC_OR_PARTITION if known is None else Error.NOT_LEADER_OR_FOLLOWER


def refusal(state: State, partition: TopicPartition, error: Error) -> PartitionProduceResponse:
    """Nothing was written. Who leads is said along with it."""
    known = state.image.partitions.get(partition)
    leader, epoch = (known.leader, known.leader_epoch) if known is not None else ("", -1)
    return PartitionProduceResponse(partition, error, -1, -1, leader, epoch)


def _done(replica: Replica, base: int) -> PartitionProduceResponse:
    return PartitionProduceResponse(replica.partition, Error.NONE, base, replica.log.start_offset)


def _again(
    state: State,
    number: int,
    request: ProduceRequest,
    replica: Replica,
    batch: RecordBatch,
    base: int,
    deadline: int,
) -> PartitionProduceResponse | None:
    """The log has the batch already. It counts when the first copy counts."""
    end = base + len(batch.records)
    state.note(f"{replica.partition} has the batch of producer {batch.producer_id} at {base} already", "KIP-98")
    if request.acks != ALL or replica.high_watermark >= end:
        return _done(replica, base)
    delay(state, replica, end, deadline, ProduceWaits(number, replica.partition, base))
    return None


def committed(state: State, then: ProduceWaits, error: Error) -> None:
    """The replicas have it, or will not be known to have it. Where it stands is said in any case: it was written."""
    waiting = state.produces.waiting.get(then.produce)
    if waiting is not None:
        waiting.answered[then.partition] = PartitionProduceResponse(then.partition, error, then.base_offset)
        if len(waiting.answered) == len(waiting.request.batches):
            _answer_if_complete(state, then.produce)


def _answer_if_complete(state: State, number: int) -> None:
    """The request's own order; with acks=0 nobody wants to hear anything."""
    waiting = state.produces.waiting.get(number)
    if waiting is None or len(waiting.answered) < len(waiting.request.batches):
        return
    del state.produces.waiting[number]
    request = waiting.request
    if request.acks != 0:
        answers = tuple(waiting.answered[each.partition] for each in request.batches)
        state.send(waiting.source, ProduceResponse(request.client_id, request.correlation_id, partitions=answers))
