"""JoinGroup and the rebalance (KIP-62, KIP-134, KIP-345, KIP-814).

The law: a rebalance ends when every member has joined, or when time is up; whoever has not joined by then is out,
static members apart. Each rebalance makes a new generation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from algorithms.broker.errors import Error
from algorithms.broker.groups.group import COMPLETING, EMPTY, NEVER, PREPARING, STABLE, Asker, Group, Member
from algorithms.broker.messages import JoinGroupRequest, JoinGroupResponse, SyncGroupResponse
from algorithms.broker.messages.group import UNKNOWN_MEMBER
from algorithms.machine import Record

if TYPE_CHECKING:
    from algorithms.broker.state import State

KIP_62 = "KIP-62"


class LifeWritten(Record, frozen=True):
    """A static member's new life is being written."""

    member_id: str


def join(state: State, group: Group, source: str, request: JoinGroupRequest) -> None:
    """Take the member in, or say why not."""
    asker = Asker(source, request.client_id, request.correlation_id)
    error = _why_not(state, group, request)
    if error is not Error.NONE:
        state.send(source, JoinGroupResponse(asker.client_id, asker.correlation_id, error))
        return
    lives = list(group.members)
    member = group.members.get(request.member_id) or _admit(state, group, source, request)
    stays = _may_stay(group, member, request, is_new=member.member_id not in lives)
    member.protocols = request.protocols
    member.session_timeout, member.rebalance_timeout = request.session_timeout, request.rebalance_timeout
    member.begin_session(state.now)
    if stays:
        _stay(state, group, member, asker)
        return
    member.joining = asker
    if group.state != PREPARING:
        prepare(state, group, f"{member.client} joins")
    complete_if_all_joined(state, group)


def _why_not(state: State, group: Group, request: JoinGroupRequest) -> Error:
    settings = state.settings
    if not settings.group_min_session_timeout <= request.session_timeout <= settings.group_max_session_timeout:
        return Error.INVALID_SESSION_TIMEOUT
    if request.member_id != UNKNOWN_MEMBER:
        static = group.static_member(request.instance_id)
        if static is not None and static.member_id != request.member_id:
            return Error.FENCED_INSTANCE_ID
        if request.member_id not in group.members:
            return Error.UNKNOWN_MEMBER_ID
    names = [each.name for each in request.protocols]
    others = [each for each in group.members.values() if each.member_id != request.member_id]
    common = (name for name in names if all(any(p.name == name for p in each.protocols) for each in others))
    return Error.NONE if next(common, "") else Error.INCONSISTENT_GROUP_PROTOCOL


def _admit(state: State, group: Group, source: str, request: JoinGroupRequest) -> Member:
    """A new member; or a static one that comes back in another life, with all it had. The old life is fenced.

    A member is named after the client's life, so that a retried join does not make a second one.
    """
    instance = request.instance_id
    member_id = f"{instance}-{request.client_id}" if instance else request.client_id
    timeouts = request.session_timeout, request.rebalance_timeout
    before = group.static_member(instance)
    if before is None:
        known = group.members.get(member_id)
        member = group.members[member_id] = known or Member(member_id, instance, source, timeouts)
        return member
    if before.member_id != member_id:
        state.note(f"group {group.name}: {instance} is back as {member_id}, the old life is fenced", "KIP-345")
        group.members = {
            (member_id if name == before.member_id else name): each for name, each in group.members.items()
        }
        group.leader = member_id if group.leader == before.member_id else group.leader
        _turn_away(state, before)
        before.member_id, before.client, before.is_recorded = member_id, source, False
    return before


def _turn_away(state: State, member: Member) -> None:
    """Its old life, if it still waits for something."""
    if member.joining is not None:
        source, header = member.joining.source, member.joining.header
        state.send(source, JoinGroupResponse(*header, Error.FENCED_INSTANCE_ID))
    if member.syncing is not None:
        source, header = member.syncing.source, member.syncing.header
        state.send(source, SyncGroupResponse(*header, Error.FENCED_INSTANCE_ID))
    member.joining = member.syncing = None


def _may_stay(group: Group, member: Member, request: JoinGroupRequest, is_new: bool) -> bool:
    """Nothing changes by this join: a second copy of it, or a static member that came back and wants the same.

    Not while the leader assigns: it would give the partitions to the old life. And not if a member says to own other
    partitions than before: somebody shall get what it has given up (KIP-429).
    """
    if group.state == COMPLETING:
        return not is_new and member.protocols == request.protocols
    if group.state != STABLE:
        return False
    if request.member_id == UNKNOWN_MEMBER:
        return bool(member.instance_id) and _wants_the_same(member, request)
    return member.member_id != group.leader and member.protocols == request.protocols


def _wants_the_same(member: Member, request: JoinGroupRequest) -> bool:
    """The same assignors and topics. What it says to own does not count: a new life owns nothing."""
    return [(p.name, p.subscription.topics) for p in member.protocols] == [
        (p.name, p.subscription.topics) for p in request.protocols
    ]


def _stay(state: State, group: Group, member: Member, asker: Asker) -> None:
    """Tell it the generation. A life that the log does not have yet is put there first: the next coordinator would take
    it for the one that is fenced."""
    from algorithms.broker.groups.coordinator import write_group

    if member.is_recorded or group.state != STABLE:
        _tell(state, group, member, asker, skip=True)
    else:
        member.joining = asker
        write_group(state, group, LifeWritten(member.member_id))


def life_written(state: State, group: Group, member_id: str, error: Error) -> None:
    """The new life is on record, or will never be known to be. If a rebalance has begun, it has joined that already."""
    member = group.members.get(member_id)
    if member is None:
        return
    member.is_recorded |= error is Error.NONE
    if group.state != STABLE or member.joining is None:
        return
    asker, member.joining = member.joining, None
    member.begin_session(state.now)
    if error is Error.NONE:
        _tell(state, group, member, asker, skip=True)
    else:
        state.send(asker.source, JoinGroupResponse(*asker.header, error))


# ---------------------------------------------------------------- the rebalance


def prepare(state: State, group: Group, why: str) -> None:
    """Everybody shall join again. An empty group waits a little, so that those who start together begin together."""
    for member in group.members.values():
        if member.syncing is not None:
            source, header = member.syncing.source, member.syncing.header
            state.send(source, SyncGroupResponse(*header, Error.REBALANCE_IN_PROGRESS))
            member.syncing = None
            member.begin_session(state.now)
    longest = max((each.rebalance_timeout for each in group.members.values()), default=0)
    delay = state.settings.group_initial_rebalance_delay if group.state == EMPTY else 0
    group.join_opens = state.now + delay
    group.deadline = state.now + max(longest, delay)
    group.state = PREPARING
    state.note(f"group {group.name} rebalances: {why}", KIP_62)


def complete_if_all_joined(state: State, group: Group) -> None:
    """The join phase is over when nobody is missing."""
    if group.state == PREPARING and all(each.joining is not None for each in group.members.values()):
        if state.now >= group.join_opens:
            complete_join(state, group)
        else:
            group.deadline = group.join_opens


def complete_join(state: State, group: Group) -> None:
    """A new generation of those who have joined. A static member that is late stays: its session decides (KIP-345)."""
    missing = [each for each in group.members.values() if each.joining is None and not each.instance_id]
    for member in missing:
        del group.members[member.member_id]
        state.note(f"group {group.name}: {member.client} has not joined in time and is out", KIP_62)
    if group.members and all(each.joining is None for each in group.members.values()):
        group.deadline = state.now + max(each.rebalance_timeout for each in group.members.values())
        state.note(f"group {group.name} waits for its static members", "KIP-345")
        return
    group.generation += 1
    group.is_writing = False
    if not group.members:
        _become_empty(state, group)
        return
    group.protocol = group.vote()
    if group.leader not in group.members or group.members[group.leader].joining is None:
        group.leader = next(name for name, each in group.members.items() if each.joining is not None)
    group.state = COMPLETING
    group.deadline = state.now + max(each.rebalance_timeout for each in group.members.values())
    names = " ".join(each.client for each in group.members.values())
    state.note(f"group {group.name}: generation {group.generation} of {names}, by {group.protocol}", KIP_62)
    for member in group.members.values():
        if member.joining is not None:
            asker, member.joining = member.joining, None
            member.begin_session(state.now)
            _tell(state, group, member, asker)


def _become_empty(state: State, group: Group) -> None:
    from algorithms.broker.groups.coordinator import write_group

    group.leader = group.protocol = ""
    group.state, group.deadline = EMPTY, NEVER
    state.note(f"group {group.name} is empty", KIP_62)
    write_group(state, group)


def _tell(state: State, group: Group, member: Member, asker: Asker, skip: bool = False) -> None:
    """The generation; the leader hears who is in it, unless there is nothing to assign."""
    leads = member.member_id == group.leader
    response = JoinGroupResponse(
        asker.client_id,
        asker.correlation_id,
        generation=group.generation,
        protocol=group.protocol,
        leader=group.leader,
        member_id=member.member_id,
        members=group.joined() if leads else (),
        skip_assignment=skip and leads and group.state == STABLE,
    )
    state.send(asker.source, response)
