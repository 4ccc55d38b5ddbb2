"""The assignors without memory: range and round robin (Kafka's RangeAssignor and RoundRobinAssignor).

The law: range divides each topic by itself, so members with early names get more; round robin deals out all partitions
of all topics one by one.
"""

from __future__ import annotations

from algorithms.broker.groups.assignors.members import Owned, TopicCount, all_partitions
from algorithms.broker.messages.group import JoinedMember
from algorithms.broker.topics import TopicPartition


def range_assignor(members: tuple[JoinedMember, ...], topics: tuple[TopicCount, ...]) -> Owned:
    """Consecutive partitions of each topic; the first members get one more if it does not come out even."""
    owned: Owned = {member.member_id: [] for member in members}
    for topic in topics:
        readers = [member.member_id for member in members if topic.topic in member.subscription.topics]
        if readers:
            each, more = divmod(topic.partitions, len(readers))
            begin = 0
            for place, reader in enumerate(readers):
                end = begin + each + (1 if place < more else 0)
                owned[reader] += [TopicPartition(topic.topic, number) for number in range(begin, end)]
                begin = end
    return owned


def round_robin(members: tuple[JoinedMember, ...], topics: tuple[TopicCount, ...]) -> Owned:
    """Each partition to the next member that wants its topic."""
    owned: Owned = {member.member_id: [] for member in members}
    turn = 0
    for partition in all_partitions(topics):
        if not any(partition.topic in member.subscription.topics for member in members):
            continue
        while partition.topic not in members[turn % len(members)].subscription.topics:
            turn += 1
        owned[members[turn % len(members)].member_id].append(partition)
        turn += 1
    return owned
