"""The judge of brokers: replication and groups while a run goes on, the history when it is over.

The law: watching changes nothing and costs little. It belongs to this world and is not pickled with it.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.broker.client.positions import Position
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from nodes.observation import Observation
from nodes.world import World
from playground.checks.broker import anomalies, groups, replication
from playground.checks.broker.collecting import Collector
from playground.checks.broker.groups import GroupRules
from playground.checks.broker.replication import Replication
from playground.checks.findings import Findings
from playground.checks.search import never
from playground.checks.verdict import CheckResult
from playground.kinds.broker_standing import client_of, leading_replica, newest_image, topics

NAMES = (*anomalies.NAMES, *groups.NAMES, *replication.NAMES)
"""The checks, in the order of a report."""
LOOK = 100_000
"""Virtual time between two looks at logs and groups (us), however often it is asked to."""
FINE = {**anomalies.FINE, **groups.FINE, **replication.FINE}


class BrokerJudge:
    """All checks of one broker service; `world.add_observer(judge.observe)`."""

    names = NAMES

    def __init__(self, world: World, service: str, settings: BrokerSettings, clients: tuple[str, ...]) -> None:
        self._service, self._settings, self._clients = service, settings, clients
        self.findings = Findings()
        self.collector = Collector(world, service, clients)
        self.replication = Replication(world, service, self.findings)
        self.groups = GroupRules(world, service, clients, self.replication, self.findings)
        self._looked_at = -LOOK

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        self.replication.observe(observation)
        self.groups.observe(observation)
        self.collector.observe(observation)

    def look(self, world: World) -> None:
        """See `Judge.look`."""
        if world.now >= self._looked_at + LOOK:
            self._looked_at = world.now
            self.replication.look()
            self.groups.look()

    def results(self, world: World, expired: Callable[[], bool] = never) -> tuple[CheckResult, ...]:
        """See `Judge.results`."""
        self._looked_at = -LOOK
        self.look(world)
        history = self.collector.history
        found = anomalies.find(history, self._logs(world), self._all_read(world))
        size = f"; {len(history):,} sends and polls"
        told = [found.result(name, FINE[name]) for name in anomalies.NAMES]
        told[0] = found.result(NAMES[0], FINE[NAMES[0]] + size)
        return (*told, *(self.findings.result(name, FINE[name]) for name in (*groups.NAMES, *replication.NAMES)))

    def _logs(self, world: World) -> dict[str, list[tuple[int, str]]]:
        """What a last reader of committed records would find, from the leaders' logs."""
        image = newest_image(world, self._service)
        found: dict[str, list[tuple[int, str]]] = {}
        for topic in topics(world, self._service):
            for record in image.of_topic(topic) if image is not None else ():
                found[str(record.partition)] = self._log(world, record.partition)
        return found

    def _log(self, world: World, partition: TopicPartition) -> list[tuple[int, str]]:
        replica = leading_replica(world, self._service, partition)
        if replica is None:
            return []
        reader = Position(partition)
        reader.begin_at(replica.log.start_offset)
        end = replica.last_stable_offset
        aborted = replica.producers.aborted_between(0, end)
        reader.take(tuple(each for each in replica.log.batches if each.next_offset <= end), aborted, True)
        return [(each.offset, each.value or "") for each in reader.hand_over(1 << 40)]

    def _all_read(self, world: World) -> list[str]:
        """Partitions of topics that a group has read from the beginning to the end."""
        machines = (client_of(world, client, self._service) for client in self._clients)
        readers = [each for each in machines if each is not None and each.consumer.group]
        early = [each for each in readers if each.session.settings.auto_offset_reset == "earliest"]
        stands = (where for each in early for where in each.consumer.consumed_view())
        return [str(each.partition) for each in stands if each.position >= each.high_watermark >= 0]
