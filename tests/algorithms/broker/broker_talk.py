"""A broker to talk to in tests: registered, unfenced, and told by hand what the controller has decided."""

from __future__ import annotations

from collections.abc import Sequence

from algorithms.broker.machine import BrokerMachine, settle
from algorithms.broker.messages import FetchRequest, FetchResponse, ProduceRequest, ProduceResponse
from algorithms.broker.messages.data import FetchedPartition, FetchPartition, PartitionBatch, PartitionProduceResponse
from algorithms.broker.metadata import (
    BrokerRegistrationChangeRecord,
    MetadataRecord,
    PartitionRecord,
    RegisterBrokerRecord,
    TopicRecord,
)
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.replica import Replica
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicConfig, TopicPartition
from algorithms.machine import Effect, Received, Record, Send, Started, TimerFired

NODES = ("n1", "n2", "n3")
ORDERS = TopicPartition("orders", 0)
MILLISECOND = 1_000
SECOND = 1_000_000


def batch(*values: str, epoch: int = -1, base: int = 0, **fields: object) -> RecordBatch:
    """A batch of records whose keys are their values."""
    records = tuple(KeyValue(value, value) for value in values)
    return RecordBatch(records, base, epoch, **fields)  # type: ignore[arg-type]


class Talk:
    """One broker, n1 unless told otherwise, that believes what it is told of the metadata."""

    def __init__(self, settings: BrokerSettings | None = None, name: str = "n1") -> None:
        self.machine = BrokerMachine(name, NODES, settings or BrokerSettings())
        self.state = self.machine.state
        self.now = 0
        self.offset = 0
        self.machine.handle(Started(), 0)
        for number, node in enumerate(NODES, 1):
            self.decide(RegisterBrokerRecord(node, 1, ""))
            self.decide(BrokerRegistrationChangeRecord(node, number, False, False))
        self.state.broker_epoch = self.state.image.brokers[name].broker_epoch

    def decide(self, record: MetadataRecord) -> list[Effect]:
        """The controller has decided this, and we hear of it."""
        self.offset += 1
        self.state.effects = []
        self.state.now = self.now
        self.state.image.apply(record, self.offset)
        settle(self.state)
        return self.state.effects

    def topic(self, config: TopicConfig | None = None, name: str = "orders") -> None:
        """There is such a topic."""
        self.decide(TopicRecord(name, config or TopicConfig()))

    def partition(
        self,
        leader: str = "n1",
        epoch: int = 0,
        isr: tuple[str, ...] = NODES,
        partition_epoch: int | None = None,
        replicas: tuple[str, ...] = NODES,
    ) -> list[Effect]:
        """`orders-0` stands so from now on."""
        number = epoch if partition_epoch is None else partition_epoch
        return self.decide(PartitionRecord(ORDERS, replicas, isr, leader, epoch, number))

    @property
    def replica(self) -> Replica:
        """Our replica of `orders-0`."""
        return self.state.replicas[ORDERS]

    def at(self, now: int) -> Talk:
        """It is this time now (local us)."""
        self.now = now
        return self

    def hear(self, source: str, message: Record) -> list[Effect]:
        """A message comes in."""
        return self.machine.handle(Received(source, message), self.now)

    def ring(self, timer: str) -> list[Effect]:
        """A timer runs out."""
        return self.machine.handle(TimerFired(timer), self.now)

    # ------------------------------------------------------------ usual requests

    def produce(self, *values: str, acks: int = -1, number: int = 1, **fields: object) -> list[Effect]:
        """c1 produces a batch."""
        data = (PartitionBatch(ORDERS, batch(*values, **fields)),)
        return self.hear("c1", ProduceRequest("c1.1", number, acks, SECOND, "", data))

    def follower_fetches(
        self, follower: str, offset: int, epoch: int = 0, last: int = -1, number: int = 1
    ) -> list[Effect]:
        """A follower asks for what stands at `offset`."""
        asked = (FetchPartition(ORDERS, offset, epoch, last),)
        known = self.state.image.brokers[follower].broker_epoch
        return self.hear(
            follower, FetchRequest(f"{follower}.1", number, follower, known, 500, 1, 1 << 20, False, "", asked)
        )

    def consumer_fetches(self, offset: int, read_committed: bool = False, number: int = 1) -> list[Effect]:
        """c1 asks for what stands at `offset`, and waits for nothing."""
        asked = (FetchPartition(ORDERS, offset),)
        return self.hear("c1", FetchRequest("c1.1", number, "", -1, 0, 1, 1 << 20, read_committed, "", asked))

    def leader_answers(self, leader: str, found: FetchedPartition) -> list[Effect]:
        """Our fetch under way comes back."""
        number = self.state.fetchers[leader].outstanding
        return self.hear(leader, FetchResponse(self.state.client_id, number, partitions=(found,)))


def sent(effects: Sequence[Effect], target: str) -> list[Record]:
    """What goes to `target`."""
    return [each.message for each in effects if isinstance(each, Send) and each.target == target]


def produced(effects: Sequence[Effect]) -> list[PartitionProduceResponse]:
    """What c1 is told of its records."""
    return [part for each in sent(effects, "c1") if isinstance(each, ProduceResponse) for part in each.partitions]


def fetched(effects: Sequence[Effect], target: str = "c1") -> list[FetchedPartition]:
    """What `target` is told of its fetch."""
    return [part for each in sent(effects, target) if isinstance(each, FetchResponse) for part in each.partitions]


def values(found: FetchedPartition) -> list[str]:
    """The values in it."""
    return [str(record.value) for each in found.batches for record in each.records]
