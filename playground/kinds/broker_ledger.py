"""What producers were told, and how long consumers had to do without partitions: kept while a session goes on.

The law: it only watches. A record counts as acknowledged when a client was told `Produced` with an offset, or its
transaction was committed; whether it is still there is asked of the logs. While a partition has no leader that is up,
nobody can say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from algorithms.broker.commands import Produced, ProduceRecord, Transact, Transacted
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Answer, Asked, Invoke, Record
from nodes.observation import Crashed, Injected, Observation, Turn
from nodes.world import World
from playground.kinds.broker_offline import BrokerOffline
from playground.kinds.broker_standing import client_of, is_compacted, leading_replicas


class Acknowledged(NamedTuple):
    """A record that a client was told of; `at` is true time (us). Offset -1: it was not said where."""

    partition: TopicPartition
    offset: int
    key: str | None
    value: str | None
    acks: str
    at: int
    client: str


class BrokerLedger:
    """Of one service. Give `observe` to the world."""

    def __init__(self, world: World, service: str, clients: tuple[str, ...]) -> None:
        self._world, self._service = world, service
        self._clients = dict.fromkeys(clients)
        self.offline = BrokerOffline(world, service)
        self._asked: dict[tuple[str, int], Record] = {}
        self._sent: dict[tuple[str, str], int] = {}
        """How often each value was produced to each topic."""
        self.acknowledged: list[Acknowledged] = []
        self._without: dict[str, int] = {}
        """Clients that had partitions of their group and have none now: since when (true us)."""
        self._had: dict[str, str] = {}
        """Clients that have had partitions since they joined, and their group."""
        self._stopped: dict[str, int] = {}
        """By group: the time that members were without, summed (us)."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn):
            if observation.service == self._service:
                if observation.node in self._clients:
                    self._turn(observation)
                else:
                    self.offline.look(observation.node, observation.at)
        elif isinstance(observation, Injected | Crashed):
            self._forget_the_dead(observation.at)

    def _forget_the_dead(self, at: int) -> None:
        """A client that is down waits for nothing, and will not be told how its requests ended."""
        for client in self._clients:
            if client_of(self._world, client, self._service) is None:
                self._leave(client, at)
                self._asked = {key: each for key, each in self._asked.items() if key[0] != client}

    def _turn(self, turn: Turn) -> None:
        if isinstance(turn.event, Asked):
            self._begin(turn.node, turn.event.request_id, turn.event.command)
        for effect in turn.effects:
            if isinstance(effect, Invoke):
                self._begin(turn.node, effect.request_id, effect.command)
            elif isinstance(effect, Answer):
                self._end(turn, effect.request_id, effect.result)
        self._watch_group(turn)

    def _begin(self, client: str, request_id: int, command: Record) -> None:
        if isinstance(command, ProduceRecord | Transact):
            self._asked[client, request_id] = command
            for each in command.records if isinstance(command, Transact) else (command,):
                name = each.topic, each.value or ""
                self._sent[name] = self._sent.get(name, 0) + 1

    def _end(self, turn: Turn, request_id: int, result: Record) -> None:
        command = self._asked.pop((turn.node, request_id), None)
        match command, result:
            case ProduceRecord(), Produced():
                self._acknowledge(turn, command, result)
            case Transact(), Transacted():
                for record, place in zip(command.records, result.produced, strict=True):
                    self._acknowledge(turn, record, place)
            case _:
                pass

    def _acknowledge(self, turn: Turn, command: ProduceRecord, place: Produced) -> None:
        machine = client_of(self._world, turn.node, self._service)
        usual = machine.session.settings.acks if machine is not None else "all"
        acks = command.acks or usual
        if acks != "0":
            self.acknowledged.append(
                Acknowledged(place.partition, place.offset, command.key, command.value, acks, turn.at, turn.node)
            )

    # ------------------------------------------------------------ stop the world

    def _watch_group(self, turn: Turn) -> None:
        """A member that had partitions and has none while its group rebalances stands still."""
        machine = client_of(self._world, turn.node, self._service)
        if machine is None:
            return
        consumer, client = machine.consumer, turn.node
        if self._had.get(client, consumer.group) != consumer.group:
            self._leave(client, turn.at)
        if consumer.group and consumer.partition_count:
            self._had[client] = consumer.group
            self._stopped.setdefault(consumer.group, 0)
        if consumer.partition_count or consumer.state_word == "stable":
            self._go_on(client, turn.at)
        elif client in self._had:
            self._without.setdefault(client, turn.at)

    def _leave(self, client: str, at: int) -> None:
        self._go_on(client, at)
        self._had.pop(client, None)

    def _go_on(self, client: str, at: int) -> None:
        since = self._without.pop(client, None)
        if since is not None:
            group = self._had[client]
            self._stopped[group] += at - since

    def stopped(self, group: str) -> int | None:
        """How long members of the group had to do without partitions, summed, up to now (us); None if nobody ever had
        any as one of its members."""
        if group not in self._stopped:
            return None
        running = sum(self._world.now - since for client, since in self._without.items() if self._had[client] == group)
        return self._stopped[group] + running

    # ------------------------------------------------------------ what became of the records

    def _held(self, topic: str) -> dict[str, int] | None:
        """Every value that the leaders of the topic hold, and how often; None while one of them cannot be asked."""
        replicas = leading_replicas(self._world, self._service, topic)
        if replicas is None:
            return None
        found: dict[str, int] = {}
        batches = (batch for replica in replicas.values() for batch in replica.log.batches if not batch.control)
        for each in (record for batch in batches for record in batch.records):
            if isinstance(each.value, str):
                found[each.value] = found.get(each.value, 0) + 1
        return found

    def lost(self, topic: str) -> tuple[Acknowledged, ...] | None:
        """Acknowledged records that no leader of the topic holds, and that nobody was allowed to drop."""
        held, lost = self._held(topic), []
        if held is None:
            return None
        for each in self._due(topic):
            if held.get(each.value or "", 0):
                held[each.value or ""] -= 1
            else:
                lost.append(each)
        return tuple(lost)

    def _due(self, topic: str) -> Iterator[Acknowledged]:
        """What must still be there: neither below the start of its log nor, if it is compacted, replaced."""
        replicas = leading_replicas(self._world, self._service, topic) or {}
        starts = {partition: replica.log.start_offset for partition, replica in replicas.items()}
        compacted = is_compacted(self._world, self._service, topic)
        last = {(each.partition, each.key): each for each in self.acknowledged if compacted}
        for each in self.acknowledged:
            dropped = 0 <= each.offset < starts.get(each.partition, 0)
            replaced = compacted and (last[each.partition, each.key] is not each or each.value is None)
            if each.partition.topic == topic and not dropped and not replaced:
                yield each

    def doubled(self, topic: str) -> int | None:
        """Copies that the leaders of the topic hold beyond what was sent."""
        held = self._held(topic)
        if held is None:
            return None
        return sum(max(0, count - self._sent.get((topic, value), 0)) for value, count in held.items())
