"""The cooperative sticky assignor (KIP-429).

The law: the sticky assignment, but a partition that changes hands is given to nobody until its old owner has given it
up. Its owner sees that it is missing, gives it up and joins again; the next rebalance hands it on.
"""

from __future__ import annotations

from algorithms.broker.groups.assignors.members import Owned, TopicCount
from algorithms.broker.groups.assignors.sticky import sticky
from algorithms.broker.messages.group import JoinedMember
from algorithms.broker.topics import TopicPartition


def cooperative_sticky(members: tuple[JoinedMember, ...], topics: tuple[TopicCount, ...]) -> Owned:
    """The sticky assignment without what others still have."""
    target = sticky(members, topics)
    owners: dict[TopicPartition, str] = {}
    newest: dict[TopicPartition, int] = {}
    for member in members:
        for partition in member.subscription.owned_partitions:
            if member.subscription.generation >= newest.get(partition, -2):
                owners[partition], newest[partition] = member.member_id, member.subscription.generation
    return {
        name: [partition for partition in partitions if owners.get(partition, name) == name]
        for name, partitions in target.items()
    }
