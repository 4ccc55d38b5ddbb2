"""The group coordinator: the leader of a group's partition of the offsets topic (KIP-62).

The law: what a coordinator knows is in its log; its successor reads that, and goes on with the same generation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from algorithms.broker.appending import append_as_leader
from algorithms.broker.awaiting import GroupWritten
from algorithms.broker.coordinators import GROUP, partition_of
from algorithms.broker.errors import Error
from algorithms.broker.groups import committing, joining, membership
from algorithms.broker.groups.group import NEVER, Group, GroupStored, OffsetStored, restore, stored
from algorithms.broker.messages import (
    GroupRequest,
    HeartbeatRequest,
    HeartbeatResponse,
    JoinGroupRequest,
    JoinGroupResponse,
    LeaveGroupRequest,
    LeaveGroupResponse,
    OffsetCommitRequest,
    OffsetCommitResponse,
    OffsetFetchRequest,
    OffsetFetchResponse,
    SyncGroupRequest,
    SyncGroupResponse,
    TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
)
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.topics import TopicPartition
from algorithms.broker.view import GroupOffset, GroupView, MemberView
from algorithms.machine import Record

if TYPE_CHECKING:
    from algorithms.broker.replica import Replica
    from algorithms.broker.state import State


class AssignmentWritten(Record, frozen=True):
    """A generation's assignment is being written."""

    generation: int


class Groups:
    """Every group that this broker coordinates, by partition of the offsets topic."""

    def __init__(self) -> None:
        self.coordinated: dict[TopicPartition, dict[str, Group]] = {}
        self.read_up_to: dict[TopicPartition, int] = {}
        """The end of each partition when we were elected: what is behind the high watermark then may yet be nothing."""
        self.timer_at = NEVER
        """When the timer `group check` runs out (local us)."""


# ---------------------------------------------------------------- coming and going


def elected(state: State, partition: TopicPartition, leader_epoch: int) -> None:
    """We lead the partition now: read all of it."""
    groups: dict[str, Group] = {}
    state.groups.coordinated[partition] = groups
    replica = state.replicas[partition]
    if replica.high_watermark < replica.log.end_offset:
        state.groups.read_up_to[partition] = replica.log.end_offset
    for batch in replica.log.batches:
        if batch.control:
            for group in groups.values():
                committing.decided(group, batch.producer_id, batch.control == "COMMIT")
        else:
            for record in batch.records:
                _replay(state, groups, batch, record)
    if groups:
        state.note(f"coordinates {' '.join(groups)}, by {partition} in epoch {leader_epoch}", "KIP-62")
    _set_timer(state)


def _replay(state: State, groups: dict[str, Group], batch: RecordBatch, record: KeyValue) -> None:
    match record.value:
        case OffsetStored(name, committed):
            group = groups.setdefault(name, Group(name))
            offsets = group.pending.setdefault(batch.producer_id, {}) if batch.is_transactional else group.offsets
            offsets[committed.partition] = committed
        case GroupStored(name):
            restore(groups.setdefault(name, Group(name)), record.value, state.now)
        case _:
            pass


def resigned(state: State, partition: TopicPartition) -> None:
    """Somebody else coordinates them now; whoever waits here will ask there."""
    state.groups.read_up_to.pop(partition, None)
    for group in state.groups.coordinated.pop(partition, {}).values():
        for member in group.members.values():
            if member.joining is not None:
                source, header = member.joining.source, member.joining.header
                state.send(source, JoinGroupResponse(*header, Error.NOT_COORDINATOR))
            if member.syncing is not None:
                source, header = member.syncing.source, member.syncing.header
                state.send(source, SyncGroupResponse(*header, Error.NOT_COORDINATOR))


def group_of(state: State, name: str) -> Group | None:
    """The group, if we coordinate it and there is one."""
    partition = partition_of(state, GROUP, name)
    return state.groups.coordinated.get(partition, {}).get(name) if partition is not None else None


# ---------------------------------------------------------------- requests


def group_request(state: State, source: str, request: GroupRequest) -> None:
    """Which rule takes which request, if we are the one to ask."""
    partition = partition_of(state, GROUP, request.group)
    replica = state.leading(partition) if partition is not None else None
    groups = state.groups.coordinated.get(partition) if partition is not None else None
    if not _is_group_name(request.group):
        _refuse(state, source, request, Error.INVALID_GROUP_ID)
    elif partition is None or replica is None or groups is None:
        _refuse(state, source, request, Error.NOT_COORDINATOR)
    elif _is_loading(state, partition, replica):
        _refuse(state, source, request, Error.COORDINATOR_LOAD_IN_PROGRESS)
    else:
        group = groups.get(request.group)
        if group is None:
            group = groups[request.group] = Group(request.group)
        _take(state, replica, group, source, request)
        _set_timer(state)


def _is_loading(state: State, partition: TopicPartition, replica: Replica | None) -> bool:
    """Whether what we have read may yet be nothing. Members are not heard until then: their sessions begin after it."""
    end = state.groups.read_up_to.get(partition)
    if end is None:
        return False
    for group in state.groups.coordinated[partition].values():
        group.begin_sessions(state.now)
    if replica is None or replica.high_watermark < end:
        return True
    del state.groups.read_up_to[partition]
    return False


def _is_group_name(name: str) -> bool:
    return bool(name) and " " not in name


def _take(state: State, replica: Replica, group: Group, source: str, request: GroupRequest) -> None:
    match request:
        case HeartbeatRequest():
            membership.heartbeat(state, group, source, request)
        case OffsetCommitRequest():
            committing.commit(state, replica, group, source, request)
        case JoinGroupRequest():
            joining.join(state, group, source, request)
        case SyncGroupRequest():
            membership.sync(state, group, source, request)
        case LeaveGroupRequest():
            membership.leave(state, group, source, request)
        case OffsetFetchRequest():
            committing.fetch_offsets(state, group, source, request)
        case TxnOffsetCommitRequest():
            committing.commit_in_transaction(state, replica, group, source, request)
        case _:
            assert_never(request)


def _refuse(state: State, source: str, request: GroupRequest, error: Error) -> None:
    header = request.client_id, request.correlation_id, error
    match request:
        case HeartbeatRequest():
            state.send(source, HeartbeatResponse(*header))
        case OffsetCommitRequest():
            state.send(source, OffsetCommitResponse(*header))
        case JoinGroupRequest():
            state.send(source, JoinGroupResponse(*header))
        case SyncGroupRequest():
            state.send(source, SyncGroupResponse(*header))
        case LeaveGroupRequest():
            state.send(source, LeaveGroupResponse(*header))
        case OffsetFetchRequest():
            state.send(source, OffsetFetchResponse(*header))
        case TxnOffsetCommitRequest():
            state.send(source, TxnOffsetCommitResponse(*header))
        case _:
            assert_never(request)


# ---------------------------------------------------------------- writing


def write_group(state: State, group: Group, what: Record | None = None) -> None:
    """Put the group on record: its generation's assignment, or `what` has changed in it."""
    what = what or AssignmentWritten(group.generation)
    partition = partition_of(state, GROUP, group.name)
    replica = state.leading(partition) if partition is not None else None
    if replica is None or not state.enough_in_sync(replica):
        _group_written(state, group, what, Error.COORDINATOR_NOT_AVAILABLE)
        return
    batch = RecordBatch((KeyValue(f"group {group.name}", stored(group), state.now),))
    append_as_leader(state, replica, batch, GroupWritten(group.name, what))


def written(state: State, then: GroupWritten, error: Error) -> None:
    """It is committed, or will never be known to be. Written below min.insync.replicas is written, too."""
    group = group_of(state, then.group)
    if error is Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND:
        error = Error.NONE
    if isinstance(then.what, committing.OffsetsWritten):
        committing.offsets_written(state, group, then.what, error)
    elif group is not None:
        _group_written(state, group, then.what, Error.NONE if error is Error.NONE else Error.NOT_COORDINATOR)
        _set_timer(state)


def _group_written(state: State, group: Group, what: Record, error: Error) -> None:
    match what:
        case AssignmentWritten(generation):
            membership.assigned(state, group, generation, error)
        case joining.LifeWritten(member_id):
            joining.life_written(state, group, member_id, error)
        case _:
            raise AssertionError(f"the group coordinator did not write {what}")


def transaction_ended(
    state: State, partition: TopicPartition, producer_id: int, producer_epoch: int, committed: bool
) -> None:
    """A marker stands in the partition: what the producer's transaction committed counts now, or never."""
    for group in state.groups.coordinated.get(partition, {}).values():
        if producer_id in group.pending:
            word = "commits" if committed else "drops"
            text = f"group {group.name} {word} the offsets of producer {producer_id}, epoch {producer_epoch}"
            state.note(text, "KIP-98")
            committing.decided(group, producer_id, committed)


# ---------------------------------------------------------------- time


def ring(state: State, timer: str) -> None:
    """`group check`: something has run out."""
    assert timer == "group check", f"the group coordinator has no timer {timer}"
    state.groups.timer_at = NEVER
    for partition, groups in tuple(state.groups.coordinated.items()):
        if _is_loading(state, partition, state.leading(partition)):
            continue
        for group in tuple(groups.values()):
            if group.next_deadline() <= state.now:
                membership.look_at_time(state, group)
    _set_timer(state)


def _set_timer(state: State) -> None:
    """One timer for whatever runs out first; if that is put off meanwhile, it rings in vain."""
    deadlines = (group.next_deadline() for groups in state.groups.coordinated.values() for group in groups.values())
    first = min(deadlines, default=NEVER)
    if first < state.groups.timer_at:
        state.groups.timer_at = first
        state.timer("group check", max(1, first - state.now))


def views(state: State) -> tuple[GroupView, ...]:
    """What we coordinate, for onlookers."""
    return tuple(_view(group) for groups in state.groups.coordinated.values() for group in groups.values())


def _view(group: Group) -> GroupView:
    members = tuple(
        MemberView(each.member_id, each.client, each.instance_id, each.assignment) for each in group.members.values()
    )
    offsets = tuple(GroupOffset(each.partition, each.offset) for each in group.offsets.values())
    return GroupView(group.name, group.state, group.generation, group.protocol, group.leader, members, offsets)
