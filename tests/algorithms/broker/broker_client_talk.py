"""How tests talk to a broker client: one event in, the effects that matter out. It keeps what was asked of brokers."""

from __future__ import annotations

from typing import TypeVar

from algorithms.broker.client.machine import BrokerClient
from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import ProduceRecord
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    FindCoordinatorRequest,
    FindCoordinatorResponse,
    InitProducerIdRequest,
    InitProducerIdResponse,
    MetadataRequest,
    MetadataResponse,
    ProduceRequest,
    ProduceResponse,
    Request,
    Response,
)
from algorithms.broker.messages.data import PartitionMetadata, PartitionProduceResponse, TopicMetadata
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Answer, Asked, Effect, Event, Received, Record, Send, SetTimer, Started, TimerFired

SERVERS = ("n1", "n2", "n3")
Kind = TypeVar("Kind", bound=Request)


def partition(number: int, topic: str = "orders") -> TopicPartition:
    return TopicPartition(topic, number)


def record(key: str | None = None, value: str = "v", number: int | None = 0, acks: str = "") -> ProduceRecord:
    return ProduceRecord("orders", key, value, number, acks)


class Talk:
    """A client that has started its first life, and what it has asked of the brokers so far."""

    def __init__(self, **settings: object) -> None:
        self.machine = BrokerClient("c1", SERVERS, BrokerClientSettings(**settings))  # type: ignore[arg-type]
        self.now = 0
        self.requests: list[tuple[str, Request]] = []
        self.answers: dict[int, Record] = {}
        self.timers: dict[str, int] = {}
        """When each timer would run out."""
        self.turn(Started())

    def turn(self, event: Event, wait: int = 0) -> list[Effect]:
        self.now += wait
        effects = self.machine.handle(event, self.now)
        for each in effects:
            match each:
                case Send(target, message) if isinstance(message, Request):
                    self.requests.append((target, message))
                case Answer(request_id, result):
                    assert request_id not in self.answers, "a request ends once"
                    self.answers[request_id] = result
                case SetTimer(name, wait_for):
                    self.timers[name] = self.now + wait_for
        return effects

    def ask(self, request_id: int, command: Record, wait: int = 0) -> list[Effect]:
        return self.turn(Asked(request_id, command), wait)

    def fire(self, timer: str) -> list[Effect]:
        """The timer runs out when it is due."""
        self.now = max(self.now, self.timers.pop(timer))
        return self.turn(TimerFired(timer))

    def answer(self, request: Request, response: type[Response], source: str = "n1", **fields: object) -> list[Effect]:
        """A broker answers this request."""
        self.timers.pop(f"request {request.correlation_id}", None)
        answer = response(request.client_id, request.correlation_id, **fields)  # type: ignore[arg-type]
        return self.turn(Received(source, answer))

    def silence(self, request: Request) -> list[Effect]:
        """Nobody answers this request."""
        return self.fire(f"request {request.correlation_id}")

    def take(self, kind: type[Kind]) -> Kind:
        """The oldest request of this kind that no test has taken yet."""
        return self.take_from(kind)[1]

    def take_from(self, kind: type[Kind]) -> tuple[str, Kind]:
        """The same, with whom it went to."""
        for place, (target, request) in enumerate(self.requests):
            if isinstance(request, kind):
                del self.requests[place]
                return target, request
        raise AssertionError(f"no {kind.__name__} among {self.requests}")

    def has(self, kind: type[Request]) -> bool:
        """Whether such a request waits to be taken."""
        return any(isinstance(request, kind) for _, request in self.requests)

    # ------------------------------------------------------------ usual answers

    def metadata(self, leaders: tuple[str, ...] = ("n1", "n2", "n3"), topic: str = "orders") -> list[Effect]:
        """A broker says who leads the partitions of the topic; no leaders: there is no such topic."""
        partitions = tuple(
            PartitionMetadata(partition(number, topic), Error.NONE, leader, 1, SERVERS, SERVERS)
            for number, leader in enumerate(leaders)
        )
        error = Error.NONE if leaders else Error.UNKNOWN_TOPIC_OR_PARTITION
        told = TopicMetadata(topic, error, partitions)
        return self.answer(
            self.take(MetadataRequest), MetadataResponse, brokers=SERVERS, controller="n1", topics=(told,)
        )

    def identity(self, producer_id: int = 7, epoch: int = 0) -> list[Effect]:
        """A broker gives the producer its id."""
        request = self.take(InitProducerIdRequest)
        return self.answer(request, InitProducerIdResponse, producer_id=producer_id, producer_epoch=epoch)

    def coordinator(self, name: str = "n2") -> list[Effect]:
        """A broker says who coordinates."""
        return self.answer(self.take(FindCoordinatorRequest), FindCoordinatorResponse, hint=name)

    def produced(
        self, request: ProduceRequest, error: Error = Error.NONE, offset: int = 0, number: int = 0
    ) -> list[Effect]:
        """The leader answers a request for one partition."""
        offset = offset if error is Error.NONE else -1
        answer = PartitionProduceResponse(partition(number), error, offset)
        return self.answer(request, ProduceResponse, partitions=(answer,))


def ready(**settings: object) -> Talk:
    """A client that knows the topic `orders`, and who it is; its first record stands at offset 0 already."""
    talk = Talk(**settings)
    talk.ask(1, record(value="first"))
    talk.metadata()
    if talk.has(InitProducerIdRequest):
        talk.identity()
    talk.produced(talk.take(ProduceRequest))
    assert 1 in talk.answers, "the first record is there"
    return talk


def sequences(request: ProduceRequest) -> list[tuple[int, int, int]]:
    """Producer id, epoch and first sequence of each batch."""
    batches = [each.batch for each in request.batches]
    return [(batch.producer_id, batch.producer_epoch, batch.base_sequence) for batch in batches]


def values(request: ProduceRequest) -> list[object]:
    """What the records hold."""
    return [each.value for batch in request.batches for each in batch.batch.records]
