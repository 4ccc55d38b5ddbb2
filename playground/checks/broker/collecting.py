"""From what clients do to a history of sends and polls.

The law: sends stand in the order in which a client began them; one that never ended is `info`. A process is one life of
one client.
"""

from __future__ import annotations

from algorithms.broker.commands import (
    AbortTransaction,
    BeginTransaction,
    CommitTransaction,
    Polled,
    Produced,
    ProduceRecord,
    ReadPartition,
    Transact,
    Transacted,
)
from algorithms.machine import Answer, Asked, Failed, Invoke, Ok, Record
from nodes.observation import Booted, Observation, Turn
from nodes.world import World
from playground.checks.broker.anomalies import Operation, Poll, Send
from playground.kinds.broker_standing import client_of


class _Sending:
    """One record on its way. `index` is its place among the sends of all."""

    __slots__ = ("acks", "offset", "outcome", "partition", "process", "topic", "transaction", "value")

    def __init__(self, process: str, topic: str, value: str, transaction: int) -> None:
        self.process, self.topic, self.value, self.transaction = process, topic, value, transaction
        self.partition = topic
        self.offset = -1
        self.outcome = "info"
        self.acks = "all"

    def as_send(self) -> Send:
        """As a value. With acks=0 nobody was promised anything."""
        outcome = "info" if self.outcome == "ok" and self.acks == "0" else self.outcome
        return Send(self.process, self.partition, self.offset, self.value, outcome, self.transaction)


class Collector:
    """The history of one service's clients, as it grows."""

    def __init__(self, world: World, service: str, clients: tuple[str, ...]) -> None:
        self._world, self._service = world, service
        self._life = dict.fromkeys(clients, 1)
        self._sends: list[_Sending] = []
        self._polls: list[Poll] = []
        self._open: dict[tuple[str, int], tuple[Record, list[_Sending]]] = {}
        self._transactions = 0
        self._by_hand: dict[str, list[_Sending]] = {}
        """What each client has sent since it began a transaction by hand."""

    @property
    def history(self) -> list[Operation]:
        """Sends, then polls: each in its own order."""
        return [*(each.as_send() for each in self._sends), *self._polls]

    @property
    def count(self) -> int:
        """How many operations there are."""
        return len(self._sends) + len(self._polls)

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if isinstance(observation, Turn):
            if observation.node in self._life and observation.service == self._service:
                self._turn(observation)
        elif isinstance(observation, Booted) and observation.node in self._life:
            self._life[observation.node] = observation.life
            self._by_hand.pop(observation.node, None)
            self._open = {key: each for key, each in self._open.items() if key[0] != observation.node}

    def _turn(self, turn: Turn) -> None:
        if isinstance(turn.event, Asked):
            self._begin(turn.node, turn.event.request_id, turn.event.command)
        for effect in turn.effects:
            if isinstance(effect, Invoke):
                self._begin(turn.node, effect.request_id, effect.command)
            elif isinstance(effect, Answer):
                self._end(turn.node, effect.request_id, effect.result)

    def _process(self, client: str) -> str:
        life = self._life[client]
        return client if life == 1 else f"{client} in life {life}"

    # ------------------------------------------------------------ beginning

    def _begin(self, client: str, request_id: int, command: Record) -> None:
        sends: list[_Sending] = []
        match command:
            case ProduceRecord():
                sends = [self._sending(client, command, 0)]
                if client in self._by_hand:
                    self._by_hand[client] += sends
            case Transact(records):
                self._transactions += 1
                sends = [self._sending(client, each, self._transactions) for each in records]
            case BeginTransaction():
                self._by_hand[client] = []
        self._open[client, request_id] = command, sends

    def _sending(self, client: str, command: ProduceRecord, transaction: int) -> _Sending:
        send = _Sending(self._process(client), command.topic, command.value or "", transaction)
        machine = client_of(self._world, client, self._service)
        usual = machine.session.settings.acks if machine is not None else "all"
        send.acks = "all" if transaction else command.acks or usual
        self._sends.append(send)
        return send

    # ------------------------------------------------------------ ending

    def _end(self, client: str, request_id: int, result: Record) -> None:
        command, sends = self._open.pop((client, request_id), (None, []))
        match command, result:
            case ProduceRecord(), _:
                self._sent(client, sends[0], result)
            case Transact(), Transacted(produced):
                for send, place in zip(sends, produced, strict=True):
                    send.outcome, send.partition, send.offset = "ok", str(place.partition), place.offset
                self._polled(client, Polled(result.polled))
            case Transact(), Failed():
                for send in sends:
                    send.outcome = "fail"
            case CommitTransaction() | AbortTransaction(), _:
                self._decided(client, command, result)
            case _, Polled() if not isinstance(command, ReadPartition):
                self._polled(client, result)
            case _:
                pass

    def _sent(self, client: str, send: _Sending, result: Record) -> None:
        """Within a transaction an acknowledged record counts only when that is committed."""
        if isinstance(result, Produced):
            send.partition, send.offset = str(result.partition), result.offset
            send.outcome = "info" if send in self._by_hand.get(client, ()) else "ok"
        elif isinstance(result, Failed):
            send.outcome = "fail"

    def _decided(self, client: str, command: Record | None, result: Record) -> None:
        sends = self._by_hand.pop(client, [])
        committed = isinstance(command, CommitTransaction) and isinstance(result, Ok)
        aborted = isinstance(result, Failed) or (isinstance(command, AbortTransaction) and isinstance(result, Ok))
        for send in sends:
            if committed and send.offset >= 0:
                send.outcome = "ok"
            elif aborted:
                send.outcome = "fail"

    def _polled(self, client: str, polled: Polled) -> None:
        machine = client_of(self._world, client, self._service)
        committed = machine is not None and machine.session.settings.isolation_level == "read_committed"
        fresh = dict.fromkeys(polled.fresh)
        for each in polled.records:
            first = each.partition in fresh
            fresh.pop(each.partition, None)
            process = self._process(client)
            self._polls.append(Poll(process, str(each.partition), each.offset, each.value or "", first, committed))
