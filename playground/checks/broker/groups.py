"""What must hold of consumers and their groups (KIP-62, KIP-98).

The law: a partition has one owner in a generation, what a group has committed never goes back, and nobody is given a
record that is not committed. It looks at owners ten times a second, and at polls and commits as they happen.
"""

from __future__ import annotations

from algorithms.broker.client.machine import BrokerClient
from algorithms.broker.commands import OffsetsCommitted, Polled, Transacted
from algorithms.broker.machine import BrokerMachine
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Answer
from nodes.observation import Booted, Observation, Turn
from nodes.world import World
from playground.checks.broker.replication import Replication
from playground.checks.findings import Findings
from playground.kinds.broker_standing import client_of

ONE_OWNER = "one-owner-a-generation"
COMMITTED_OFFSETS = "committed-offsets"
COMMITTED_READS = "committed-reads"
NAMES = (ONE_OWNER, COMMITTED_OFFSETS, COMMITTED_READS)
FINE = {
    ONE_OWNER: "no partition had two owners in one generation of a group",
    COMMITTED_OFFSETS: "no group's committed offset went back",
    COMMITTED_READS: "nobody was given a record from above the high watermark",
}


class GroupRules:
    """The rules of one service's consumers."""

    def __init__(
        self, world: World, service: str, clients: tuple[str, ...], replication: Replication, findings: Findings
    ) -> None:
        self._world, self._service, self._findings = world, service, findings
        self._clients = dict.fromkeys(clients)
        self._replication = replication
        self._owners: dict[tuple[str, int, TopicPartition], str] = {}
        self._offsets: dict[tuple[str, TopicPartition], int] = {}
        self._told: dict[tuple[str, TopicPartition], int] = {}
        """What members were told to be committed."""
        self._epochs: dict[TopicPartition, int] = {}
        """The newest leader epoch of each partition of the offsets topic."""

    def observe(self, observation: Observation) -> None:
        """Take one observation: a poll, or whatever a coordinator does."""
        if isinstance(observation, Booted):
            self._forget_what_nobody_was_told()
        if not isinstance(observation, Turn) or observation.service != self._service:
            return
        if observation.node in self._clients:
            for effect in observation.effects:
                if isinstance(effect, Answer):
                    self._answered(observation.node, effect)
        else:
            machine = self._world.machine(observation.node, self._service)
            if isinstance(machine, BrokerMachine) and machine.state.groups.coordinated:
                self._look_at_coordinator(machine)

    def _forget_what_nobody_was_told(self) -> None:
        """A coordinator that was alone in sync may have lost what it had not synced; nobody had heard of that."""
        self._offsets = dict(self._told)

    def _answered(self, client: str, answer: Answer) -> None:
        result = answer.result
        if isinstance(result, OffsetsCommitted):
            machine = client_of(self._world, client, self._service)
            for where in result.offsets if machine is not None else ():
                assert machine is not None
                key = machine.consumer.group, where.partition
                self._told[key] = max(self._told.get(key, 0), where.offset)
        records = result.records if isinstance(result, Polled) else ()
        if isinstance(result, Transacted):
            records = result.polled
        for each in records:
            if each.offset >= self._replication.committed.get(each.partition, 0):
                sentence = f"{client} was given {each.value} at {each.partition}@{each.offset}, which is not committed"
                self._findings.add(COMMITTED_READS, sentence)

    def look(self) -> None:
        """Who owns what."""
        for name in self._world.names:
            client = client_of(self._world, name, self._service)
            if client is not None:
                self._look_at_member(name, client)

    def _look_at_member(self, client: str, machine: BrokerClient) -> None:
        consumer = machine.consumer
        if consumer.state_word != "stable" or not consumer.group:
            return
        for each in consumer.consumed_view():
            key = consumer.group, consumer.generation, each.partition
            owner = self._owners.setdefault(key, client)
            if owner != client:
                sentence = f"{owner} and {client} both have {each.partition} in generation {consumer.generation}"
                self._findings.add(ONE_OWNER, f"{sentence} of {consumer.group}")

    def _look_at_coordinator(self, machine: BrokerMachine) -> None:
        state = machine.state
        for partition, groups in state.groups.coordinated.items():
            replica = state.leading(partition)
            if replica is None or replica.leader_epoch < self._epochs.get(partition, -1):
                continue  # It has been deposed and does not know it yet.
            self._epochs[partition] = replica.leader_epoch
            if replica.high_watermark < replica.log.end_offset:
                continue  # Some of what it has is not committed, and may yet be none of it.
            for name, group in groups.items():
                for each in group.offsets.values():
                    self._committed(name, each.partition, each.offset)

    def _committed(self, group: str, partition: TopicPartition, offset: int) -> None:
        known = self._offsets.get((group, partition), 0)
        if offset < known:
            self._findings.add(COMMITTED_OFFSETS, f"{group} went from {known} back to {offset} in {partition}")
        self._offsets[group, partition] = offset
