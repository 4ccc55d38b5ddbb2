"""One consumer group as its coordinator has it (KIP-62).

The law: this keeps the books. A generation is a set of members with one assignment; it ends when the next one begins.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.broker.messages.group import CommittedOffset, GroupProtocol, JoinedMember, Subscription
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Microseconds, Record

EMPTY = "Empty"
PREPARING = "PreparingRebalance"
COMPLETING = "CompletingRebalance"
STABLE = "Stable"
NEVER = 1 << 62
"""A local time behind all others."""


class Asker(NamedTuple):
    """Who waits for an answer."""

    source: str
    client_id: str
    correlation_id: int

    @property
    def header(self) -> tuple[str, int]:
        """What every response repeats."""
        return self.client_id, self.correlation_id


class Member:
    """One member. `client` is its node; timeouts in us; `deadline` is when its session ends (local us)."""

    __slots__ = (
        "assignment",
        "client",
        "deadline",
        "instance_id",
        "is_recorded",
        "joining",
        "member_id",
        "protocols",
        "rebalance_timeout",
        "session_timeout",
        "syncing",
    )

    def __init__(self, member_id: str, instance_id: str, client: str, timeouts: tuple[int, int]) -> None:
        self.member_id = member_id
        self.instance_id = instance_id
        self.client = client
        self.session_timeout, self.rebalance_timeout = timeouts
        self.protocols: tuple[GroupProtocol, ...] = ()
        self.assignment: tuple[TopicPartition, ...] = ()
        self.joining: Asker | None = None
        self.syncing: Asker | None = None
        self.deadline = NEVER
        self.is_recorded = True
        """Whether the log has this life of it; for a static member that came back, not at once."""

    def begin_session(self, now: int) -> None:
        """It has given a sign of life, or we have just spoken to it."""
        self.deadline = now + self.session_timeout

    @property
    def is_waiting(self) -> bool:
        """It waits for us, so its silence means nothing."""
        return self.joining is not None or self.syncing is not None

    def subscription(self, protocol: str) -> Subscription:
        """What it has said for this assignor."""
        return next(each.subscription for each in self.protocols if each.name == protocol)


class Group:
    """One group."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.state = EMPTY
        self.generation = 0
        self.protocol = ""
        self.leader = ""
        self.members: dict[str, Member] = {}
        self.offsets: dict[TopicPartition, CommittedOffset] = {}
        self.pending: dict[int, dict[TopicPartition, CommittedOffset]] = {}
        """By producer id: what counts if its transaction commits."""
        self.join_opens = 0
        """Until then (local us) an empty group waits for more members."""
        self.deadline = NEVER
        """When the join or sync phase ends, whoever is missing (local us)."""
        self.is_writing = False
        """Whether an assignment is being written."""

    def static_member(self, instance_id: str) -> Member | None:
        """The member that has this instance id now."""
        if not instance_id:
            return None
        return next((each for each in self.members.values() if each.instance_id == instance_id), None)

    def begin_sessions(self, now: int) -> None:
        """Whatever was not heard before does not count."""
        for member in self.members.values():
            member.begin_session(now)

    def joined(self) -> tuple[JoinedMember, ...]:
        """The members as the leader is told of them."""
        return tuple(
            JoinedMember(each.member_id, each.instance_id, each.subscription(self.protocol))
            for each in self.members.values()
        )

    def vote(self) -> str:
        """The assignor that all know and most prefer, ties by name; empty if they have none in common."""
        common = [
            name
            for name in dict.fromkeys(each.name for member in self.members.values() for each in member.protocols)
            if all(any(each.name == name for each in member.protocols) for member in self.members.values())
        ]
        votes = dict.fromkeys(sorted(common), 0)
        for member in self.members.values():
            favourite = next((each.name for each in member.protocols if each.name in votes), "")
            if favourite:
                votes[favourite] += 1
        return max(votes, key=lambda name: votes[name]) if votes else ""

    def next_deadline(self) -> int:
        """When something runs out first."""
        sessions = (each.deadline for each in self.members.values() if not each.is_waiting)
        return min((self.deadline, *sessions))


# ---------------------------------------------------------------- what stands in the log


class OffsetStored(Record, frozen=True):
    """A committed offset."""

    group: str
    committed: CommittedOffset


class MemberStored(Record, frozen=True):
    """A member."""

    member_id: str
    instance_id: str
    client: str
    session_timeout: Microseconds
    rebalance_timeout: Microseconds
    protocols: tuple[GroupProtocol, ...]
    assignment: tuple[TopicPartition, ...]


class GroupStored(Record, frozen=True):
    """A group as it is stable."""

    group: str
    generation: int
    protocol: str
    leader: str
    members: tuple[MemberStored, ...]


def stored(group: Group) -> GroupStored:
    """The group as a value."""
    members = tuple(
        MemberStored(
            each.member_id,
            each.instance_id,
            each.client,
            each.session_timeout,
            each.rebalance_timeout,
            each.protocols,
            each.assignment,
        )
        for each in group.members.values()
    )
    return GroupStored(group.name, group.generation, group.protocol, group.leader, members)


def restore(group: Group, found: GroupStored, now: int) -> None:
    """Become what was stored; sessions begin anew."""
    group.generation, group.protocol, group.leader = found.generation, found.protocol, found.leader
    group.members = {}
    for each in found.members:
        member = Member(each.member_id, each.instance_id, each.client, (each.session_timeout, each.rebalance_timeout))
        member.protocols, member.assignment = each.protocols, each.assignment
        member.begin_session(now)
        group.members[each.member_id] = member
    group.state = STABLE if group.members else EMPTY
