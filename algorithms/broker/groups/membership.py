"""SyncGroup, Heartbeat, LeaveGroup, and sessions that end (KIP-62, KIP-345).

The law: an assignment is told when it is on record; a member that is silent for its session timeout is out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.groups.group import COMPLETING, EMPTY, NEVER, PREPARING, STABLE, Asker, Group, Member
from algorithms.broker.groups.joining import complete_if_all_joined, complete_join, prepare
from algorithms.broker.messages import (
    HeartbeatRequest,
    HeartbeatResponse,
    LeaveGroupRequest,
    LeaveGroupResponse,
    SyncGroupRequest,
    SyncGroupResponse,
)

if TYPE_CHECKING:
    from algorithms.broker.state import State

KIP_62 = "KIP-62"


def why_no_member(group: Group, member_id: str, instance_id: str, generation: int) -> Error:
    """Whether this is the word of a member of this generation."""
    static = group.static_member(instance_id)
    if static is not None and static.member_id != member_id:
        return Error.FENCED_INSTANCE_ID
    if member_id not in group.members:
        return Error.UNKNOWN_MEMBER_ID
    return Error.NONE if generation == group.generation else Error.ILLEGAL_GENERATION


def sync(state: State, group: Group, source: str, request: SyncGroupRequest) -> None:
    """The leader brings the assignment, everybody waits for it."""
    header = request.client_id, request.correlation_id
    error = why_no_member(group, request.member_id, request.instance_id, request.generation)
    if error is Error.NONE and group.state in (PREPARING, EMPTY):
        error = Error.REBALANCE_IN_PROGRESS
    if error is not Error.NONE:
        state.send(source, SyncGroupResponse(*header, error))
        return
    member = group.members[request.member_id]
    member.begin_session(state.now)
    if group.state == STABLE:
        state.send(source, SyncGroupResponse(*header, protocol=group.protocol, partitions=member.assignment))
        return
    member.syncing = Asker(source, *header)
    if member.member_id == group.leader and not group.is_writing:
        _take_assignment(state, group, request)


def _take_assignment(state: State, group: Group, request: SyncGroupRequest) -> None:
    """Write it down; the members hear of it when it is committed."""
    from algorithms.broker.groups.coordinator import write_group

    given = {each.member_id: each.partitions for each in request.assignments}
    for member in group.members.values():
        member.assignment = given.get(member.member_id, ())
    group.is_writing = True
    write_group(state, group)


def assigned(state: State, group: Group, generation: int, error: Error) -> None:
    """The assignment of this generation is on record, or will never be known to be."""
    if group.state != COMPLETING or group.generation != generation:
        return
    group.is_writing = False
    for member in group.members.values():
        if member.syncing is not None:
            source, header = member.syncing.source, member.syncing.header
            member.syncing = None
            member.begin_session(state.now)
            if error is Error.NONE:
                answer = SyncGroupResponse(*header, protocol=group.protocol, partitions=member.assignment)
            else:
                answer = SyncGroupResponse(*header, error)
            state.send(source, answer)
    if error is Error.NONE:
        group.state = STABLE
        group.deadline = NEVER
        for member in group.members.values():
            member.is_recorded = True
        count = sum(len(each.assignment) for each in group.members.values())
        text = f"group {group.name} is stable: generation {group.generation}, {count} partitions by {group.protocol}"
        state.note(text, KIP_62)


def heartbeat(state: State, group: Group, source: str, request: HeartbeatRequest) -> None:
    """It is still there; while everybody shall join again, it hears so."""
    error = why_no_member(group, request.member_id, request.instance_id, request.generation)
    if error is Error.NONE:
        group.members[request.member_id].begin_session(state.now)
        if group.state == PREPARING:
            error = Error.REBALANCE_IN_PROGRESS
    state.send(source, HeartbeatResponse(request.client_id, request.correlation_id, error))


def leave(state: State, group: Group, source: str, request: LeaveGroupRequest) -> None:
    """It wants no more."""
    error = why_no_member(group, request.member_id, request.instance_id, group.generation)
    state.send(source, LeaveGroupResponse(request.client_id, request.correlation_id, error))
    if error is Error.NONE:
        member = group.members[request.member_id]
        remove(state, group, member, f"{member.client} leaves")


def remove(state: State, group: Group, member: Member, why: str) -> None:
    """The member is out; what it had goes to the others."""
    del group.members[member.member_id]
    if group.state in (STABLE, COMPLETING):
        prepare(state, group, why)
    if group.state == PREPARING:
        if group.members:
            complete_if_all_joined(state, group)
        else:
            complete_join(state, group)


def look_at_time(state: State, group: Group) -> None:
    """Sessions that are over, and phases that have taken long enough."""
    for member in tuple(group.members.values()):
        if member.member_id in group.members and not member.is_waiting and member.deadline <= state.now:
            remove(state, group, member, f"the session of {member.client} is over")
    if group.deadline <= state.now:
        if group.state == PREPARING:
            complete_join(state, group)
        elif group.state == COMPLETING:
            _leave_behind_who_did_not_sync(state, group)


def _leave_behind_who_did_not_sync(state: State, group: Group) -> None:
    """The first to go sends the others back, and then nobody waits any more: so we note first who did not ask."""
    late = [each for each in group.members.values() if each.syncing is None]
    for member in late:
        remove(state, group, member, f"{member.client} did not ask for its partitions in time")
