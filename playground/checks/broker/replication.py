"""What must hold of brokers' logs, whatever clients do (Kafka's replication; KIP-101, KIP-497).

The law: it looks at each replica's numbers after its broker's turns, and at new batches ten times a second. Topics that
are compacted are left out where every replica may compact on its own.
"""

from __future__ import annotations

from algorithms.broker.machine import BrokerMachine
from algorithms.broker.records import RecordBatch
from algorithms.broker.replica import Replica
from algorithms.broker.state import State
from algorithms.broker.topics import TopicPartition
from nodes.observation import Booted, Observation, Turn
from nodes.world import World
from playground.checks.findings import Findings

ONE_LEADER = "one-leader-an-epoch"
ONE_CONTROLLER = "one-controller-an-epoch"
HIGH_WATERMARK = "high-watermark"
OFFSETS = "contiguous-offsets"
EQUAL_REPLICAS = "equal-replicas"
NAMES = (ONE_LEADER, ONE_CONTROLLER, HIGH_WATERMARK, OFFSETS, EQUAL_REPLICAS)
FINE = {
    ONE_LEADER: "no partition had two leaders in one leader epoch",
    ONE_CONTROLLER: "no metadata epoch had two active controllers",
    HIGH_WATERMARK: "no leader's high watermark went back, or passed the end of its log",
    OFFSETS: "offsets go on without a gap in every log",
    EQUAL_REPLICAS: "below their high watermarks all replicas hold the same",
}


class Replication:
    """The rules of one service's logs."""

    def __init__(self, world: World, service: str, findings: Findings) -> None:
        self._world, self._service, self._findings = world, service, findings
        self._leaders: dict[tuple[TopicPartition, int], str] = {}
        self._controllers: dict[int, str] = {}
        self._watermarks: dict[tuple[str, TopicPartition], tuple[int, int]] = {}
        """By broker and partition: the leader epoch and the high watermark in it."""
        self.committed: dict[TopicPartition, int] = {}
        """The highest high watermark that any broker has had."""
        self._batches: dict[TopicPartition, dict[int, RecordBatch]] = {}
        """By partition and base offset: what was seen first below a high watermark."""
        self._looked: dict[tuple[str, TopicPartition], int] = {}
        """How many batches of each replica were compared."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn):
            if observation.service == self._service:
                machine = self._world.machine(observation.node, self._service)
                if isinstance(machine, BrokerMachine):
                    self._turn(observation.node, machine.state)
        elif isinstance(observation, Booted):
            self._forget(observation.node)

    def _forget(self, node: str) -> None:
        """A new life may know less."""
        self._watermarks = {key: each for key, each in self._watermarks.items() if key[0] != node}
        self._looked = {key: each for key, each in self._looked.items() if key[0] != node}

    def _turn(self, node: str, state: State) -> None:
        epoch = state.active.epoch
        if epoch and self._controllers.setdefault(epoch, node) != node:
            sentence = f"{self._controllers[epoch]} and {node} are both the controller of epoch {epoch}"
            self._findings.add(ONE_CONTROLLER, sentence)
        for partition, replica in state.replicas.items():
            now = replica.leader_epoch, replica.high_watermark
            known = self._watermarks.get((node, partition))
            if known != now:
                self._watermarks[node, partition] = now
                self._moved(node, replica, known)

    def _moved(self, node: str, replica: Replica, known: tuple[int, int] | None) -> None:
        partition, high_watermark = replica.partition, replica.high_watermark
        self.committed[partition] = max(self.committed.get(partition, 0), high_watermark)
        if high_watermark > replica.log.end_offset:
            sentence = f"{node} has {high_watermark} for {partition}, whose log ends at {replica.log.end_offset}"
            self._findings.add(HIGH_WATERMARK, sentence)
        if replica.leading is None:
            return
        leader = self._leaders.setdefault((partition, replica.leader_epoch), node)
        if leader != node:
            sentence = f"{leader} and {node} both led {partition} in epoch {replica.leader_epoch}"
            self._findings.add(ONE_LEADER, sentence)
        if known is not None and known[0] == replica.leader_epoch and known[1] > high_watermark:
            self._findings.add(HIGH_WATERMARK, f"{node} went back from {known[1]} to {high_watermark} for {partition}")

    # ------------------------------------------------------------ logs

    def look(self) -> None:
        """Compare what is new in every log."""
        for name in self._world.names:
            machine = self._world.machine(name, self._service)
            if isinstance(machine, BrokerMachine):
                for partition, replica in machine.state.replicas.items():
                    if "compact" not in str(machine.state.topic_setting(partition.topic, "cleanup_policy")):
                        self._compare(name, replica)

    def _compare(self, node: str, replica: Replica) -> None:
        partition, log = replica.partition, replica.log
        first, batches = log.first, log.batches
        looked = self._looked.get((node, partition), first)
        place = min(max(looked, first) - first, len(batches))
        reference = self._batches.setdefault(partition, {})
        while place < len(batches) and batches[place].next_offset <= replica.high_watermark:
            batch = batches[place]
            if place and batches[place - 1].next_offset != batch.base_offset:
                sentence = f"{node}: {partition} goes from {batches[place - 1].next_offset} to {batch.base_offset}"
                self._findings.add(OFFSETS, sentence)
            known = reference.setdefault(batch.base_offset, batch)
            if known is not batch and known != batch:
                self._findings.add(EQUAL_REPLICAS, _difference(node, partition, known, batch))
            place += 1
        self._looked[node, partition] = first + place


def _difference(node: str, partition: TopicPartition, known: RecordBatch, batch: RecordBatch) -> str:
    return (
        f"{node} holds {_words(batch)} at {partition}@{batch.base_offset} below its high watermark, "
        f"where {_words(known)} was committed"
    )


def _words(batch: RecordBatch) -> str:
    what = batch.control or " ".join(str(record.value) for record in batch.records[:2])
    return f"{what} of epoch {batch.partition_leader_epoch}"
