"""Consumer groups on the wire (the classic protocol: KIP-62, KIP-345, KIP-394, KIP-429).

The law: a member names group, generation and itself; the coordinator refuses whoever names another generation.
"""

from __future__ import annotations

from algorithms.broker.errors import Error
from algorithms.broker.messages.header import Request, Response
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record

UNKNOWN_MEMBER = ""
"""A member that has no id yet."""
NO_GENERATION = -1
"""Commits of a consumer that assigns its partitions itself."""


class FindCoordinatorRequest(Request, frozen=True):
    """Who coordinates the group (`GROUP`) or the transactional id (`TRANSACTION`) called `key`?"""

    key: str
    key_type: str


class FindCoordinatorResponse(Response, frozen=True):
    """`hint` is the coordinator."""


class Subscription(Record, frozen=True):
    """What a member wants, and for the sticky assignors what it had and in which generation (KIP-429)."""

    topics: tuple[str, ...]
    owned_partitions: tuple[TopicPartition, ...] = ()
    generation: int = NO_GENERATION
    rack: str = ""


class GroupProtocol(Record, frozen=True):
    """An assignor that the member knows: `range`, `round_robin`, `sticky` or `cooperative_sticky`."""

    name: str
    subscription: Subscription


class JoinGroupRequest(Request, frozen=True):
    """`member_id` is `UNKNOWN_MEMBER` at first; the coordinator makes one of the client's name, the answer brings it.
    `instance_id` is empty for dynamic members. `protocols` stand in the order of the member's preference."""

    group: str
    member_id: str
    instance_id: str
    session_timeout: int
    rebalance_timeout: int
    protocols: tuple[GroupProtocol, ...]


class JoinedMember(Record, frozen=True):
    """A member as the group's leader is told of it."""

    member_id: str
    instance_id: str
    subscription: Subscription


class JoinGroupResponse(Response, frozen=True):
    """`members` is filled only for the leader, which assigns. With `skip_assignment` even the leader must not: a static
    leader came back and the assignment stands (KIP-814)."""

    generation: int = NO_GENERATION
    protocol: str = ""
    leader: str = ""
    member_id: str = UNKNOWN_MEMBER
    members: tuple[JoinedMember, ...] = ()
    skip_assignment: bool = False


class MemberAssignment(Record, frozen=True):
    """What one member gets, sorted."""

    member_id: str
    partitions: tuple[TopicPartition, ...]


class SyncGroupRequest(Request, frozen=True):
    """Everybody asks for its assignment; the leader brings all of them along."""

    group: str
    generation: int
    member_id: str
    instance_id: str
    assignments: tuple[MemberAssignment, ...] = ()


class SyncGroupResponse(Response, frozen=True):
    """The member's own part."""

    protocol: str = ""
    partitions: tuple[TopicPartition, ...] = ()


class HeartbeatRequest(Request, frozen=True):
    """I am still there."""

    group: str
    generation: int
    member_id: str
    instance_id: str


class HeartbeatResponse(Response, frozen=True):
    """REBALANCE_IN_PROGRESS means: join again."""


class LeaveGroupRequest(Request, frozen=True):
    """A dynamic member that stops says so; a static one does not (KIP-345)."""

    group: str
    member_id: str
    instance_id: str


class LeaveGroupResponse(Response, frozen=True):
    """It is out."""


class CommittedOffset(Record, frozen=True):
    """`offset` is the next one to be read. `leader_epoch` is that of the record before (KIP-320), -1 if unknown."""

    partition: TopicPartition
    offset: int
    leader_epoch: int = -1


class OffsetCommitRequest(Request, frozen=True):
    """The members' way to commit."""

    group: str
    generation: int
    member_id: str
    instance_id: str
    offsets: tuple[CommittedOffset, ...]


class PartitionError(Record, frozen=True):
    """What became of one partition."""

    partition: TopicPartition
    error: Error


class OffsetCommitResponse(Response, frozen=True):
    """`error` tells of all, `partitions` of those that differ."""

    partitions: tuple[PartitionError, ...] = ()


class OffsetFetchRequest(Request, frozen=True):
    """What has the group committed? With `require_stable` not while a transaction is about to change it (KIP-447)."""

    group: str
    partitions: tuple[TopicPartition, ...]
    require_stable: bool = False


class OffsetFetchResponse(Response, frozen=True):
    """Only partitions with a committed offset."""

    offsets: tuple[CommittedOffset, ...] = ()
