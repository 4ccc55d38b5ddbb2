"""Fetch, ListOffsets and OffsetForLeaderEpoch, the answering side (KIP-101, KIP-279, KIP-320, KIP-392, KIP-595).

The law: a consumer sees nothing above the high watermark, or under read_committed above the last stable offset; a
follower's fetch says what it has. A fetch that finds no news waits for some.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.in_sync import follower_fetched, preferred_replica
from algorithms.broker.messages import (
    FetchRequest,
    FetchResponse,
    ListOffsetsRequest,
    ListOffsetsResponse,
    OffsetForLeaderEpochRequest,
    OffsetForLeaderEpochResponse,
)
from algorithms.broker.messages.data import (
    EARLIEST,
    LATEST,
    AbortedTransaction,
    EpochAsked,
    EpochEnd,
    EpochEndOffset,
    FetchedPartition,
    FetchPartition,
    OffsetAsked,
    OffsetListed,
)
from algorithms.broker.producing import unhosted
from algorithms.broker.replica import Replica
from algorithms.broker.topics import TopicPartition

if TYPE_CHECKING:
    from algorithms.broker.state import State


def fetch(state: State, source: str, request: FetchRequest) -> None:
    """Answer at once if there is anything to say, else park it."""
    if request.replica:
        for each in request.partitions:
            follower_fetched(state, request, each)
    found = _news(state, request)
    if found or request.max_wait <= 0:
        _respond(state, source, request, found)
    else:
        _park(state, source, request)


def _respond(state: State, source: str, request: FetchRequest, found: tuple[FetchedPartition, ...]) -> None:
    state.send(source, FetchResponse(request.client_id, request.correlation_id, partitions=found))


# ---------------------------------------------------------------- waiting for news


def _park(state: State, source: str, request: FetchRequest) -> None:
    from algorithms.broker.state import Parked

    key = request.client_id, request.correlation_id
    state.parked[key] = Parked(source, request)
    for each in request.partitions:
        state.replicas[each.partition].parked[key] = None
    state.timer(f"fetch {key[0]} {key[1]}", request.max_wait)


def _unpark(state: State, key: tuple[str, int]) -> None:
    parked = state.parked.pop(key)
    for each in parked.request.partitions:
        replica = state.replicas.get(each.partition)
        if replica is not None:
            replica.parked.pop(key, None)


def waited_long_enough(state: State, key: tuple[str, int]) -> None:
    """The timer of a parked fetch ran out: answer with what there is."""
    parked = state.parked.get(key)
    if parked is not None:
        _unpark(state, key)
        found = tuple(_read(state, parked.request, each) for each in parked.request.partitions)
        _respond(state, parked.source, parked.request, tuple(each for each in found if _says_something(state, each)))


def _says_something(state: State, found: FetchedPartition) -> bool:
    """At the end of a long poll the watermarks are worth telling, too."""
    return found.error is not Error.NONE or found.high_watermark >= 0


def answer_parked(state: State) -> None:
    """At the end of a turn: whoever waits for a partition that has news."""
    while state.touched:
        touched, state.touched = state.touched, {}
        keys = [key for partition in touched for key in _waiting_for(state, partition)]
        for key in dict.fromkeys(keys):
            parked = state.parked.get(key)
            found = _news(state, parked.request) if parked is not None else ()
            if parked is not None and found:
                _unpark(state, key)
                state.cancel(f"fetch {key[0]} {key[1]}")
                _respond(state, parked.source, parked.request, found)


def _waiting_for(state: State, partition: TopicPartition) -> tuple[tuple[str, int], ...]:
    replica = state.replicas.get(partition)
    return tuple(replica.parked) if replica is not None else ()


def release_all(state: State, replica: Replica) -> None:
    """The partition has another leader, or is gone: whoever waits for it shall hear so."""
    for key in tuple(replica.parked):
        parked = state.parked.get(key)
        if parked is not None:
            _unpark(state, key)
            state.cancel(f"fetch {key[0]} {key[1]}")
            _respond(state, parked.source, parked.request, _news(state, parked.request))


# ---------------------------------------------------------------- one partition


def _news(state: State, request: FetchRequest) -> tuple[FetchedPartition, ...]:
    """What there is to say now; empty if the fetch should wait."""
    read = [_read(state, request, each) for each in request.partitions]
    urgent = [each for each in read if each.error is not Error.NONE or each.diverging or each.preferred_read_replica]
    full = [each for each in read if each.batches]
    if urgent or full or _owes_watermark(state, request):
        return tuple(each for each in read if each in urgent or each in full or each.high_watermark >= 0)
    return ()


def _owes_watermark(state: State, request: FetchRequest) -> bool:
    """Consumers read from followers, so these must hear of a new high watermark at once (KAFKA-9731)."""
    if not request.replica or state.settings.replica_selector == "leader":
        return False
    for each in request.partitions:
        replica = state.leading(each.partition)
        if replica is not None and replica.leading is not None:
            following = replica.leading.followers.get(request.replica)
            if following is not None and following.told_high_watermark < replica.high_watermark:
                return True
    return False


def _read(state: State, request: FetchRequest, asked: FetchPartition) -> FetchedPartition:
    partition = asked.partition
    replica = state.replicas.get(partition)
    error = _why_not(state, replica, request, asked)
    if error is not Error.NONE or replica is None:
        known = state.image.partitions.get(partition)
        leader, epoch = (known.leader, known.leader_epoch) if known else ("", -1)
        return FetchedPartition(partition, error, leader=leader, leader_epoch=epoch)
    elsewhere = "" if request.replica else preferred_replica(state, replica, request.rack, asked.fetch_offset)
    if elsewhere:
        return FetchedPartition(partition, preferred_read_replica=elsewhere)
    diverging = _diverging(replica, asked)
    if diverging is not None:
        return FetchedPartition(partition, diverging=diverging)
    if not replica.log.start_offset <= asked.fetch_offset <= replica.log.end_offset:
        return _out_of_range(replica, asked)
    return _batches(replica, request, asked)


def _why_not(state: State, replica: Replica | None, request: FetchRequest, asked: FetchPartition) -> Error:
    if replica is None:
        return unhosted(state, asked.partition)
    if asked.current_leader_epoch >= 0 and asked.current_leader_epoch != replica.leader_epoch:
        older = asked.current_leader_epoch < replica.leader_epoch
        return Error.FENCED_LEADER_EPOCH if older else Error.UNKNOWN_LEADER_EPOCH
    if replica.leading is None and (request.replica or state.settings.replica_selector == "leader"):
        return Error.NOT_LEADER_OR_FOLLOWER
    if request.replica and replica.leading is not None and request.replica not in replica.leading.followers:
        return Error.UNKNOWN_LEADER_EPOCH
    return Error.NONE


def _diverging(replica: Replica, asked: FetchPartition) -> EpochEnd | None:
    """Where the reader's log leaves ours, if its last batch is not one of ours (KIP-595)."""
    if asked.last_fetched_epoch < 0:
        return None
    ours = replica.log.epochs.end_of(asked.last_fetched_epoch, replica.log.end_offset)
    if ours is None:
        start = replica.log.start_offset
        return EpochEnd(-1, start) if asked.fetch_offset > start else None
    if ours.epoch != asked.last_fetched_epoch or ours.end_offset < asked.fetch_offset:
        return ours
    return None


def _out_of_range(replica: Replica, asked: FetchPartition) -> FetchedPartition:
    log = replica.log
    beyond = EpochEnd(log.epochs.latest, log.end_offset) if asked.fetch_offset > log.end_offset else None
    return FetchedPartition(
        asked.partition,
        Error.OFFSET_OUT_OF_RANGE,
        high_watermark=replica.high_watermark,
        last_stable_offset=replica.last_stable_offset,
        log_start_offset=log.start_offset,
        diverging=beyond,
    )


def _batches(replica: Replica, request: FetchRequest, asked: FetchPartition) -> FetchedPartition:
    log, offset = replica.log, asked.fetch_offset
    stable = replica.last_stable_offset if request.read_committed else replica.high_watermark
    upto = None if request.replica else stable
    end = log.end_offset if upto is None else upto
    batches = log.read(offset, request.max_bytes, upto) if offset < end else ()
    aborted: tuple[AbortedTransaction, ...] = ()
    if request.read_committed and batches:
        aborted = replica.producers.aborted_between(offset, batches[-1].next_offset)
    if request.replica and replica.leading is not None:
        replica.leading.followers[request.replica].told_high_watermark = replica.high_watermark
    return FetchedPartition(
        asked.partition, Error.NONE, replica.high_watermark, stable, log.start_offset, batches, aborted
    )


# ---------------------------------------------------------------- offsets


def list_offsets(state: State, source: str, request: ListOffsetsRequest) -> None:
    """The first, the last, or the first at some time (KIP-79)."""
    listed = tuple(_list(state, request, each) for each in request.partitions)
    state.send(source, ListOffsetsResponse(request.client_id, request.correlation_id, partitions=listed))


def _list(state: State, request: ListOffsetsRequest, asked: OffsetAsked) -> OffsetListed:
    replica = state.leading(asked.partition)
    if replica is None:
        return OffsetListed(asked.partition, unhosted(state, asked.partition))
    epoch = replica.leader_epoch
    match asked.timestamp:
        case -2:
            return OffsetListed(asked.partition, Error.NONE, replica.log.start_offset, EARLIEST, epoch)
        case -1:
            end = replica.last_stable_offset if request.read_committed else replica.high_watermark
            return OffsetListed(asked.partition, Error.NONE, end, LATEST, epoch)
        case timestamp:
            offset, time = replica.log.offset_of_time(timestamp) or (-1, -1)
            return OffsetListed(asked.partition, Error.NONE, offset, time, epoch)


def offset_for_leader_epoch(state: State, source: str, request: OffsetForLeaderEpochRequest) -> None:
    """A follower asks where an epoch ends, before it truncates."""
    ends = tuple(_epoch_end(state, each) for each in request.partitions)
    state.send(source, OffsetForLeaderEpochResponse(request.client_id, request.correlation_id, partitions=ends))


def _epoch_end(state: State, asked: EpochAsked) -> EpochEndOffset:
    replica = state.leading(asked.partition)
    if replica is None:
        return EpochEndOffset(asked.partition, unhosted(state, asked.partition))
    if asked.current_leader_epoch != replica.leader_epoch:
        older = asked.current_leader_epoch < replica.leader_epoch
        return EpochEndOffset(asked.partition, Error.FENCED_LEADER_EPOCH if older else Error.UNKNOWN_LEADER_EPOCH)
    log = replica.log
    if state.settings.truncation == "kip_101":
        end_offset = log.epochs.end_before_279(asked.leader_epoch, log.end_offset)
        return EpochEndOffset(asked.partition, Error.NONE, asked.leader_epoch, end_offset)
    end = log.epochs.end_of(asked.leader_epoch, log.end_offset)
    return EpochEndOffset(asked.partition, Error.NONE, *((end.epoch, end.end_offset) if end else (-1, -1)))
