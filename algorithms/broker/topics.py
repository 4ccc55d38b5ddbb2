"""Topics, partitions and what can be set about a topic.

The law: partitions are numbered from 0. What a topic does not set, the cluster's settings say.
"""

from __future__ import annotations

from algorithms.machine import Microseconds, Record

OFFSETS_TOPIC = "__consumer_offsets"
"""The internal compacted topic of committed offsets and groups."""
TRANSACTIONS_TOPIC = "__transaction_state"
"""The internal compacted topic of transactions."""
INTERNAL = (OFFSETS_TOPIC, TRANSACTIONS_TOPIC)
LONGEST_NAME = 249
"""Characters of a topic's name at most, as in Kafka."""


class TopicPartition(Record, frozen=True, order=True):
    """One partition; `str` is the name of its directory in Kafka, `orders-0`."""

    topic: str
    partition: int

    def __str__(self) -> str:
        return f"{self.topic}-{self.partition}"


class TopicConfig(Record, frozen=True):
    """Settings of one topic (KIP-226's names with underscores). None: as the cluster has it. Times are microseconds."""

    min_insync_replicas: int | None = None
    cleanup_policy: str | None = None
    """`delete`, `compact` or `compact,delete`."""
    retention_time: Microseconds | None = None
    retention_bytes: int | None = None
    segment_bytes: int | None = None
    segment_time: Microseconds | None = None
    delete_retention_time: Microseconds | None = None
    max_message_bytes: int | None = None
    unclean_leader_election_enable: bool | None = None
    flush_messages: int | None = None


def is_topic_name(name: str) -> bool:
    """Kafka's rule: letters, digits, `.`, `_` and `-`; not `.` or `..`; at most 249 characters."""
    legal = all(each.isascii() and (each.isalnum() or each in "._-") for each in name)
    return 0 < len(name) <= LONGEST_NAME and legal and name not in (".", "..")
