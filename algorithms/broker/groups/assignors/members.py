"""What assignors are given. The law: they see members in one order, and topics by name."""

from __future__ import annotations

from algorithms.broker.messages.group import JoinedMember
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Record

Owned = dict[str, list[TopicPartition]]
"""What each member gets, by member id."""


class TopicCount(Record, frozen=True, order=True):
    """A topic and how many partitions it has."""

    topic: str
    partitions: int


def in_order(members: tuple[JoinedMember, ...]) -> tuple[JoinedMember, ...]:
    """Static members by their instance ids before the others by their member ids (KIP-345)."""
    return tuple(sorted(members, key=_place))


def _place(member: JoinedMember) -> tuple[bool, str, str]:
    return not member.instance_id, member.instance_id, member.member_id


def all_partitions(topics: tuple[TopicCount, ...]) -> list[TopicPartition]:
    """Every partition, by topic and number."""
    return [TopicPartition(each.topic, number) for each in topics for number in range(each.partitions)]
