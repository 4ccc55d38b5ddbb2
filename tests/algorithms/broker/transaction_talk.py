"""A transaction coordinator to talk to: n1 leads the only partition of the transactions topic, and `orders-0`."""

from __future__ import annotations

from collections.abc import Sequence

from broker_talk import NODES, ORDERS, Talk, sent

from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    AllocateProducerIdsRequest,
    AllocateProducerIdsResponse,
    EndTxnRequest,
    EndTxnResponse,
    FetchRequest,
    InitProducerIdRequest,
    InitProducerIdResponse,
    Request,
    Response,
    WriteTxnMarkersRequest,
    WriteTxnMarkersResponse,
)
from algorithms.broker.messages.data import FetchPartition
from algorithms.broker.messages.group import PartitionError
from algorithms.broker.metadata import PartitionRecord, TopicRecord
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import OFFSETS_TOPIC, TRANSACTIONS_TOPIC, TopicConfig, TopicPartition
from algorithms.broker.transactions.transaction import Transaction
from algorithms.machine import Effect, Send

STATE = TopicPartition(TRANSACTIONS_TOPIC, 0)
OFFSETS = TopicPartition(OFFSETS_TOPIC, 0)
PAYMENTS = TopicPartition("payments", 0)
APP = "app"
TIMEOUT = 6_000_000


class Coordinator(Talk):
    """n1, with a block of producer ids that begins at 1000. `payments-0` is led by n2. The transactions topic has only
    the replica on n1 unless `isr` says otherwise."""

    def __init__(self, version: int = 2, isr: tuple[str, ...] = ("n1",), min_isr: int = 1) -> None:
        super().__init__(BrokerSettings(transaction_version=version))  # type: ignore[arg-type]
        self.isr = isr
        self.number = 0
        for name in ("orders", "payments", OFFSETS_TOPIC):
            self.decide(TopicRecord(name, TopicConfig()))
        self.decide(TopicRecord(TRANSACTIONS_TOPIC, TopicConfig(min_insync_replicas=min_isr)))
        self.stands(ORDERS, "n1")
        self.stands(PAYMENTS, "n2")
        self.stands(OFFSETS, "n1")
        self.stands(STATE, "n1", isr=isr)
        self.state.transactions.ids.next, self.state.transactions.ids.end = 1_000, 2_000

    def stands(
        self,
        partition: TopicPartition,
        leader: str,
        epoch: int = 0,
        isr: tuple[str, ...] = (),
        partition_epoch: int = 0,
    ) -> list[Effect]:
        """A partition stands so from now on; only its leader is in sync, unless told otherwise."""
        in_sync = isr or (leader,)
        return self.decide(PartitionRecord(partition, NODES, in_sync, leader, epoch, partition_epoch or epoch))

    @property
    def transaction(self) -> Transaction:
        """What n1 has of `app`."""
        return self.state.transactions.coordinated[STATE].transactions[APP]

    @property
    def standing(self) -> tuple[int, int, str]:
        """Producer id, epoch and state of `app`."""
        now = self.transaction.now
        return now.producer_id, now.producer_epoch, now.state

    def replicate(self, follower: str = "n2", epoch: int = 0) -> list[Effect]:
        """A follower has fetched all of the transactions topic."""
        end = self.state.replicas[STATE].log.end_offset
        asked = (FetchPartition(STATE, end, epoch),)
        known = self.state.image.brokers[follower].broker_epoch
        self.number += 1
        request = FetchRequest(f"{follower}.1", self.number, follower, known, 500, 1, 1 << 20, False, "", asked)
        return self.hear(follower, request)

    # ------------------------------------------------------------ requests

    def ask(self, request: Request, source: str = "c1") -> list[Effect]:
        """A client asks."""
        return self.hear(source, request)

    def init(self, producer_id: int = -1, epoch: int = -1, source: str = "c1", timeout: int = TIMEOUT) -> list[Effect]:
        """Who am I?"""
        self.number += 1
        return self.ask(InitProducerIdRequest(f"{source}.1", self.number, APP, timeout, producer_id, epoch), source)

    def add(self, *partitions: TopicPartition, epoch: int = 0, producer_id: int = 1_000) -> list[Effect]:
        """These partitions will be written to."""
        self.number += 1
        return self.ask(AddPartitionsToTxnRequest("c1.1", self.number, APP, producer_id, epoch, partitions))

    def add_offsets(self, group: str = "g", epoch: int = 0) -> list[Effect]:
        """The group's offsets will be committed."""
        self.number += 1
        return self.ask(AddOffsetsToTxnRequest("c1.1", self.number, APP, 1_000, epoch, group))

    def end(self, committed: bool = True, epoch: int = 0, producer_id: int = 1_000) -> list[Effect]:
        """Commit or abort."""
        self.number += 1
        return self.ask(EndTxnRequest("c1.1", self.number, APP, producer_id, epoch, committed))

    def mark(self, asked: WriteTxnMarkersRequest, error: Error = Error.NONE, source: str = "n2") -> list[Effect]:
        """A leader answers a request for markers."""
        told = tuple(PartitionError(each, error) for each in asked.partitions)
        return self.hear(source, WriteTxnMarkersResponse(asked.client_id, asked.correlation_id, partitions=told))

    def begun(self, *partitions: TopicPartition, epoch: int = 0) -> Coordinator:
        """A transaction is under way, on `payments-0` unless told otherwise."""
        if APP not in self.state.transactions.coordinated[STATE].transactions:
            self.init()
        self.add(*(partitions or (PAYMENTS,)), epoch=epoch)
        return self

    def allocate(self, first: int) -> list[Effect]:
        """The controller gives us a block of ten ids."""
        number = next(n for n, each in self.state.asked.items() if isinstance(each, AllocateProducerIdsRequest))
        return self.hear("n2", AllocateProducerIdsResponse(self.state.client_id, number, first=first, count=10))


def answers(effects: Sequence[Effect], target: str = "c1") -> list[Response]:
    """What a client is told."""
    return [each for each in sent(effects, target) if isinstance(each, Response)]


def errors(effects: Sequence[Effect], target: str = "c1") -> list[Error]:
    """How the answers to a client end."""
    return [each.error for each in answers(effects, target)]


def given_ids(effects: Sequence[Effect], target: str = "c1") -> list[tuple[int, int]]:
    """Ids and epochs that a client is told."""
    told = answers(effects, target)
    return [
        (each.producer_id, each.producer_epoch)
        for each in told
        if isinstance(each, InitProducerIdResponse | EndTxnResponse)
    ]


def markers(effects: Sequence[Effect]) -> list[WriteTxnMarkersRequest]:
    """Markers that leaders are asked for."""
    return [
        each.message for each in effects if isinstance(each, Send) and isinstance(each.message, WriteTxnMarkersRequest)
    ]
