"""How often partitions changed their leaders, and how long they had none, as the metadata say.

The law: it only watches. Brokers learn of the metadata one after another; the first one that knows counts.
"""

from __future__ import annotations

from algorithms.broker.image import Image
from algorithms.broker.machine import BrokerMachine
from algorithms.broker.topics import INTERNAL, TopicPartition
from nodes.world import World


class BrokerOffline:
    """Of one service, of the topics of applications. Ask it to `look` after each turn of a broker."""

    def __init__(self, world: World, service: str) -> None:
        self._world, self._service = world, service
        self._known = -1
        """The offset of the newest image that was looked at."""
        self._since: dict[TopicPartition, int] = {}
        self._gone: dict[str, int] = {}
        self._leaders: dict[TopicPartition, str] = {}
        self._changes: dict[str, int] = {}

    def look(self, node: str, at: int) -> None:
        """This broker has had a turn (true us)."""
        machine = self._world.machine(node, self._service)
        if isinstance(machine, BrokerMachine) and machine.state.image.offset > self._known:
            self._take(machine.state.image, at)

    def _take(self, image: Image, at: int) -> None:
        self._known = image.offset
        for partition, record in image.partitions.items():
            if partition.topic not in INTERNAL:
                self._led(partition, record.leader, at)
        for partition in [each for each in self._since if each not in image.partitions]:
            self._back(partition, at)

    def _led(self, partition: TopicPartition, leader: str, at: int) -> None:
        if not leader:
            self._since.setdefault(partition, at)
            return
        self._back(partition, at)
        if self._leaders.get(partition, leader) != leader:
            self._changes[partition.topic] = self._changes.get(partition.topic, 0) + 1
        self._leaders[partition] = leader

    def _back(self, partition: TopicPartition, at: int) -> None:
        since = self._since.pop(partition, None)
        if since is not None:
            self._gone[partition.topic] = self._gone.get(partition.topic, 0) + at - since

    def changes(self, topic: str) -> int:
        """How often another broker began to lead one of its partitions."""
        return self._changes.get(topic, 0)

    def time(self, topic: str) -> int:
        """How long its partitions had no leader, summed, up to now (us)."""
        running = sum(self._world.now - since for each, since in self._since.items() if each.topic == topic)
        return self._gone.get(topic, 0) + running
