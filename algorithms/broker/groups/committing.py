"""Committed offsets (KIP-98 for those in transactions, KIP-211, KIP-447).

The law: an offset counts when it is committed in the coordinator's log, one in a transaction when its marker stands
there. Only a member of the present generation may commit, so that a zombie does not take a group back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.appending import append_as_leader
from algorithms.broker.awaiting import GroupWritten
from algorithms.broker.errors import Error
from algorithms.broker.groups.group import COMPLETING, EMPTY, Asker, Group, OffsetStored
from algorithms.broker.groups.membership import why_no_member
from algorithms.broker.messages import (
    OffsetCommitRequest,
    OffsetCommitResponse,
    OffsetFetchRequest,
    OffsetFetchResponse,
    TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
)
from algorithms.broker.messages.group import NO_GENERATION, CommittedOffset
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.replica import Replica
from algorithms.machine import Record

if TYPE_CHECKING:
    from algorithms.broker.state import State


class OffsetsWritten(Record, frozen=True):
    """Offsets that are being written, and who is told when they are committed."""

    source: str
    client_id: str
    correlation_id: int
    offsets: tuple[CommittedOffset, ...]
    in_transaction: bool = False


def commit(state: State, replica: Replica, group: Group, source: str, request: OffsetCommitRequest) -> None:
    """A member's offsets."""
    asker = Asker(source, request.client_id, request.correlation_id)
    error = _why_not(state, group, request)
    if error is Error.NONE and not state.enough_in_sync(replica):
        error = Error.COORDINATOR_NOT_AVAILABLE
    if error is not Error.NONE:
        text = f"group {group.name} refuses {source}'s commit of generation {request.generation}: {error.value}"
        state.note(text, "KIP-62")
        state.send(source, OffsetCommitResponse(*asker.header, error))
        return
    if request.member_id in group.members:
        group.members[request.member_id].begin_session(state.now)
    batch = RecordBatch(_records(state, group, request.offsets))
    append_as_leader(state, replica, batch, GroupWritten(group.name, OffsetsWritten(*asker, request.offsets)))


def _records(state: State, group: Group, offsets: tuple[CommittedOffset, ...]) -> tuple[KeyValue, ...]:
    return tuple(
        KeyValue(f"offset {group.name} {each.partition}", OffsetStored(group.name, each), state.now) for each in offsets
    )


def _why_not(state: State, group: Group, request: OffsetCommitRequest | TxnOffsetCommitRequest) -> Error:
    if request.generation == NO_GENERATION:
        alone = group.state == EMPTY or isinstance(request, TxnOffsetCommitRequest)
        return Error.NONE if alone else Error.UNKNOWN_MEMBER_ID
    if not state.settings.fence_old_generations:
        return Error.NONE
    error = why_no_member(group, request.member_id, request.instance_id, request.generation)
    if error is Error.NONE and group.state == COMPLETING:
        return Error.REBALANCE_IN_PROGRESS
    return error


def commit_in_transaction(
    state: State, replica: Replica, group: Group, source: str, request: TxnOffsetCommitRequest
) -> None:
    """Offsets that count if the producer's transaction commits."""
    asker = Asker(source, request.client_id, request.correlation_id)
    error = _why_not(state, group, request)
    if error is Error.NONE and replica.producers.epoch_of(request.producer_id) > request.producer_epoch:
        error = Error.INVALID_PRODUCER_EPOCH
    if error is Error.NONE and not state.enough_in_sync(replica):
        error = Error.COORDINATOR_NOT_AVAILABLE
    if error is not Error.NONE:
        state.send(source, TxnOffsetCommitResponse(*asker.header, error))
        return
    group.pending.setdefault(request.producer_id, {}).update({each.partition: each for each in request.offsets})
    batch = RecordBatch(
        _records(state, group, request.offsets),
        producer_id=request.producer_id,
        producer_epoch=request.producer_epoch,
        is_transactional=True,
    )
    then = GroupWritten(group.name, OffsetsWritten(*asker, request.offsets, True))
    append_as_leader(state, replica, batch, then)


def offsets_written(state: State, group: Group | None, what: OffsetsWritten, error: Error) -> None:
    """They are committed, or will never be known to be."""
    if group is None or error is not Error.NONE:
        error = Error.NOT_COORDINATOR
    elif not what.in_transaction:
        group.offsets.update({each.partition: each for each in what.offsets})
    header = what.client_id, what.correlation_id, error
    state.send(what.source, TxnOffsetCommitResponse(*header) if what.in_transaction else OffsetCommitResponse(*header))


def decided(group: Group, producer_id: int, committed: bool) -> None:
    """The producer's transaction is over."""
    pending = group.pending.pop(producer_id, {})
    if committed:
        group.offsets.update(pending)


def fetch_offsets(state: State, group: Group, source: str, request: OffsetFetchRequest) -> None:
    """What the group has committed; not while a transaction may still change it, if the reader cares (KIP-447)."""
    header = request.client_id, request.correlation_id
    wanted = request.partitions or tuple(group.offsets)
    unstable = any(partition in pending for pending in group.pending.values() for partition in wanted)
    if request.require_stable and unstable:
        state.send(source, OffsetFetchResponse(*header, Error.UNSTABLE_OFFSET_COMMIT))
        return
    found = tuple(group.offsets[partition] for partition in wanted if partition in group.offsets)
    state.send(source, OffsetFetchResponse(*header, offsets=found))
