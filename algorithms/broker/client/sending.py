"""What may leave now, and to whom (Kafka's Sender).

The law: at most `max_in_flight` requests to one broker; batches of one partition leave in order. With idempotence up to
five of them may be under way, for the partition takes them in order of their sequences; but while one is sent again,
that one alone. Without idempotence several under way may change places, unless `max_in_flight` is 1.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.broker.client.accumulator import Accumulator, Batch
from algorithms.broker.client.identity import Identity
from algorithms.broker.client.partitioner import Sticky
from algorithms.broker.client.session import Session
from algorithms.broker.messages import InitProducerIdRequest, ProduceRequest
from algorithms.broker.messages.data import PartitionBatch
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Send

MOST_WITH_IDEMPOTENCE = 5
"""Batches of a producer that a partition remembers."""


class InFlight(NamedTuple):
    """A produce request without an answer."""

    target: str
    batches: tuple[Batch, ...]


class Sender:
    """Sends batches; what becomes of them others decide."""

    def __init__(self, session: Session, accumulator: Accumulator, identity: Identity, sticky: Sticky) -> None:
        self._session = session
        self._accumulator = accumulator
        self._identity = identity
        self._sticky = sticky
        self.requests: dict[int, InFlight] = {}
        self.ready_partitions: dict[TopicPartition, None] = {}
        """Those that the coordinator has made part of the transaction."""

    def send_what_may_leave(self) -> list[Batch]:
        """Those that were sent with acks 0, of which nobody will say anything."""
        silent: list[Batch] = []
        while ready := self._ready():
            for (leader, acks), batches in ready.items():
                self._send(leader, acks, batches)
                silent += batches if acks == 0 else []
            for batch in silent:
                self._accumulator.done(batch)
        return silent

    def _ready(self) -> dict[tuple[str, int], list[Batch]]:
        """The first batch of each partition that may leave, by leader and acks: each entry is one request."""
        ready: dict[tuple[str, int], list[Batch]] = {}
        for partition, queue in self._accumulator.queues.items():
            if not queue or not self._may_leave(queue[0]):
                continue
            leader = self._session.leader(partition)
            if not leader:
                self._session.refresh_soon()
            elif self._has_room(leader, ready.get((leader, queue[0].acks), []), queue[0]):
                ready.setdefault((leader, queue[0].acks), []).append(queue[0])
        return ready

    def _has_room(self, leader: str, beside: list[Batch], batch: Batch) -> bool:
        settings = self._session.settings
        flying = sum(each.target == leader for each in self.requests.values())
        size = sum(each.size for each in beside)
        return flying < settings.max_in_flight and (not beside or size + batch.size <= settings.max_request_size)

    def _may_leave(self, batch: Batch) -> bool:
        now = self._session.now
        if batch.retry_at > now or not self._is_in_order(batch):
            return False
        if not batch.tries and now < batch.began + self._session.settings.linger and not self._is_full(batch):
            return False
        if batch.is_transactional:
            return self._identity.is_known and batch.partition in self.ready_partitions
        if self.has_name(batch) and not self._identity.is_known:
            self._ask_identity()
            return False
        return True

    def _is_full(self, batch: Batch) -> bool:
        """Or others wait behind it."""
        return batch.size >= self._session.settings.batch_size or len(self._accumulator.queues[batch.partition]) > 1

    def has_name(self, batch: Batch) -> bool:
        """Whether brokers know it by producer and sequence."""
        settings = self._session.settings
        few = settings.max_in_flight <= MOST_WITH_IDEMPOTENCE
        return batch.is_transactional or (settings.enable_idempotence and few and batch.acks == -1)

    def _is_in_order(self, batch: Batch) -> bool:
        flying = self._accumulator.in_flight.get(batch.partition, [])
        if not flying or self._session.settings.max_in_flight == 1:
            return not flying
        if not self.has_name(batch):
            return True
        producer = self._identity.producer
        return not batch.tries and all(each.tries == 1 and each.producer == producer for each in flying)

    def _send(self, leader: str, acks: int, batches: list[Batch]) -> None:
        session = self._session
        for batch in batches:
            self._accumulator.begin(batch)
            batch.tries += 1
            if self.has_name(batch):
                self._name(batch)
            self._sticky.batch_left(batch.partition)
        data = tuple(PartitionBatch(each.partition, each.as_record()) for each in batches)
        name = transactional_id(session) if batches[0].is_transactional else ""
        request = ProduceRequest(session.client_id, 0, acks, session.settings.request_timeout, name, data)
        if acks == 0:
            session.effects.append(Send(leader, request))
        else:
            self.requests[session.ask(leader, request, "producer", "produce")] = InFlight(leader, tuple(batches))

    def _name(self, batch: Batch) -> None:
        """Under our present epoch, unless a broker may know it under an earlier one."""
        producer = self._identity.producer
        if batch.has_sequence and batch.producer != producer and not batch.perhaps_written:
            batch.unname()
        if not batch.has_sequence:
            batch.number(producer, self._identity.sequence(batch.partition, len(batch.records)))

    def _ask_identity(self) -> None:
        if not self._identity.is_asking:
            self._identity.is_asking = True
            session = self._session
            session.ask(session.any_broker(), InitProducerIdRequest("", 0, "", 0), "producer", "identity")

    def next_due(self) -> list[int]:
        """When something that waits may leave (local us)."""
        now, linger = self._session.now, self._session.settings.linger
        heads = [queue[0] for queue in self._accumulator.queues.values() if queue]
        times = [time for head in heads for time in (head.retry_at, head.began + linger)]
        return [time for time in times if time > now]


def transactional_id(session: Session) -> str:
    """The transactional.id of this client; empty if it has none."""
    settings = session.settings
    if not settings.transactional_id or settings.share_transactional_id:
        return settings.transactional_id
    return f"{settings.transactional_id}-{session.name}"
