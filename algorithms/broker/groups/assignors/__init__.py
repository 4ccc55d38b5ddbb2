"""Who reads what: the assignors of the classic group protocol, as functions on values.

The law: the same members and topics give the same assignment, in whatever order they are named. A member's place is
that of its instance id if it has one, so that a static member keeps its partitions over a restart (KIP-345).
"""

from __future__ import annotations

from algorithms.broker.groups.assignors.cooperative_sticky import cooperative_sticky
from algorithms.broker.groups.assignors.members import TopicCount, in_order
from algorithms.broker.groups.assignors.plain import range_assignor, round_robin
from algorithms.broker.groups.assignors.sticky import sticky
from algorithms.broker.messages.group import JoinedMember, MemberAssignment

__all__ = ["ASSIGNORS", "TopicCount", "assign"]

ASSIGNORS = {
    "range": range_assignor,
    "round_robin": round_robin,
    "sticky": sticky,
    "cooperative_sticky": cooperative_sticky,
}


def assign(
    protocol: str, members: tuple[JoinedMember, ...], topics: tuple[TopicCount, ...]
) -> tuple[MemberAssignment, ...]:
    """Every partition of the topics that somebody wants, each to one who wants it; one entry a member, by member id."""
    assert protocol in ASSIGNORS, f"there is no assignor {protocol}"
    owned = ASSIGNORS[protocol](in_order(members), tuple(sorted(topics)))
    return tuple(MemberAssignment(member, tuple(sorted(owned[member]))) for member in sorted(owned))
