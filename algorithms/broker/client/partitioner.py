"""Which partition a record goes to (Kafka's default partitioner; KIP-480 for records without a key).

The law: the same key goes to the same partition as long as there are as many partitions; the hash is Kafka's murmur2,
so it is the partition that Kafka would choose.
"""

from __future__ import annotations

from algorithms.broker.topics import TopicPartition

SEED = 0x9747B28C
M = 0x5BD1E995
MASK = 0xFFFFFFFF


def murmur2(data: bytes) -> int:
    """Kafka's murmur2: 32 bits, signed (org.apache.kafka.common.utils.Utils)."""
    length = len(data)
    h = (SEED ^ length) & MASK
    whole = length - length % 4
    for place in range(0, whole, 4):
        k = int.from_bytes(data[place : place + 4], "little") * M & MASK
        k = (k ^ k >> 24) * M & MASK
        h = h * M & MASK ^ k
    if length > whole:
        h = (h ^ int.from_bytes(data[whole:], "little")) * M & MASK
    h = (h ^ h >> 13) * M & MASK
    h ^= h >> 15
    return h - (1 << 32) if h >= 1 << 31 else h


def partition_of_key(key: str, count: int) -> int:
    """The partition, from 0 on, of `count`."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % count


class Sticky:
    """Records without a key stay with one partition of a topic until a batch of them has left (KIP-480)."""

    def __init__(self) -> None:
        self._current: dict[str, int] = {}

    def partition(self, topic: str, available: tuple[int, ...]) -> int:
        """The partition for the next record, of those that are available."""
        current = self._current.get(topic, 0)
        chosen = next((each for each in available if each >= current), available[0])
        self._current[topic] = chosen
        return chosen

    def batch_left(self, partition: TopicPartition) -> None:
        """If it was the current one, the next records go to the next."""
        if self._current.get(partition.topic) == partition.partition:
            self._current[partition.topic] = partition.partition + 1
