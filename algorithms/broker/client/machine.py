"""A broker client: the one door of an application's producer, consumer and administrator.

The law: each life has a name of its own, which is on disk before anything leaves. Every request ends once.
"""

from __future__ import annotations

from typing import assert_never

from algorithms.broker.client.accumulator import Ask
from algorithms.broker.client.administration import Administration
from algorithms.broker.client.consumer import Consumer
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.picture import view_of
from algorithms.broker.client.producer import Producer
from algorithms.broker.client.sending import transactional_id
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.client.transactions import ProducerTransactions, TransactionCommand
from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import (
    AbortTransaction,
    AlterTopic,
    BeginTransaction,
    BrokerCommand,
    CommitOffsets,
    CommitTransaction,
    Consume,
    CreateTopic,
    DeleteTopic,
    ElectLeader,
    Poll,
    ProduceRecord,
    ReadPartition,
    Reassign,
    ShutDown,
    StopConsuming,
    Transact,
)
from algorithms.broker.errors import Error
from algorithms.broker.messages import FindCoordinatorRequest, FindCoordinatorResponse, MetadataResponse, Response
from algorithms.broker.view import BrokerClientView
from algorithms.lives import Life, next_life
from algorithms.machine import Asked, Effect, Event, Received, Record, Save, Saved, Started, TimerFired

__all__ = ["BrokerClient", "BrokerClientSettings"]


class BrokerClient:
    """The machine of a broker service on a client node. Any number of requests may be outstanding at once."""

    def __init__(self, name: str, servers: tuple[str, ...], settings: BrokerClientSettings) -> None:
        self.session = Session(name, servers, settings)
        self.outcomes = Outcomes(self.session)
        self.producer = Producer(self.session, self.outcomes)
        self.consumer = Consumer(self.session, self.outcomes)
        self.transactions = ProducerTransactions(self.session, self.outcomes, self.producer, self.consumer)
        self.administration = Administration(self.session, self.outcomes)

    def handle(self, event: Event, now: int) -> list[Effect]:
        """One turn. The first event must be `Started`, which makes this life's name durable."""
        session = self.session
        session.effects, session.now = [], now
        match event:
            case Received():
                self._hear(event.source, event.message)
            case TimerFired(name):
                self._ring(name)
            case Asked(request_id, command):
                self._begin(request_id, command)
            case Started(saved):
                self._start(saved)
            case _:
                assert_never(event)
        self._go_on()
        return session.effects

    def _go_on(self) -> None:
        """Whatever is due. A transaction wants to know at once what has ended because its time was over."""
        self.transactions.look()
        if self.producer.drain():
            self.transactions.look()
            self.producer.drain()
        self.consumer.go_on()

    def view(self) -> BrokerClientView:
        """What is under way, and how the rest ended."""
        return view_of(self)

    def _start(self, saved: Saved) -> None:
        life = next_life(saved, self.session.now)
        self.session.client_id = f"{self.session.name}.{life}"
        self.session.effects.append(Save("life", Life(life)))

    # ------------------------------------------------------------ what is asked for

    def _begin(self, request_id: int, command: Record) -> None:
        assert self.session.client_id, f"{self.session.name} was asked for something before it started"
        assert isinstance(command, BrokerCommand), f"a broker client cannot ask for {command}"
        match command:
            case ProduceRecord():
                self._produce(request_id, command)
            case Consume() | ReadPartition() | StopConsuming() | CommitOffsets():
                if isinstance(command, StopConsuming) and not self.transactions.is_busy:
                    self.consumer.hold(False)
                self.consumer.begin(request_id, command)
            case BeginTransaction() | CommitTransaction() | AbortTransaction() | Transact():
                self._transact(request_id, command)
            case CreateTopic() | DeleteTopic() | AlterTopic() | Reassign() | ElectLeader() | ShutDown():
                self.administration.begin(request_id, command)
            case Poll():
                raise AssertionError("a consumer polls by itself")
            case _:
                assert_never(command)

    def _produce(self, request_id: int, command: ProduceRecord) -> None:
        if transactional_id(self.session) and not self.transactions.takes_records:
            what = "a transactional producer produces within a transaction; begin one first"
            self.outcomes.fail(request_id, command, Error.INVALID_TXN_STATE, what)
        else:
            self.producer.produce(Ask(request_id, command))

    def _transact(self, request_id: int, command: TransactionCommand) -> None:
        """Whole transactions that poll leave no polls to the consumer, till one is begun by hand or reading stops."""
        if isinstance(command, Transact) and command.poll:
            self.consumer.hold(True)
        elif isinstance(command, BeginTransaction):
            self.consumer.hold(False)
        self.transactions.begin(request_id, command)

    # ------------------------------------------------------------ answers

    def _hear(self, source: str, message: Record) -> None:
        assert isinstance(message, Response), f"{source} sent a broker client {message}"
        pending = self.session.answered(message)
        if pending is None:
            return  # It has ended, perhaps in another life.
        match pending.owner:
            case "producer":
                self.producer.take(pending, message)
            case "consumer":
                self.consumer.take(pending, message)
            case "transactions":
                self.transactions.take(pending, message)
            case "administration":
                self.administration.take(pending, message)
            case _:
                self._learn(pending, message)

    def _learn(self, pending: Pending, message: Response) -> None:
        """What all parts share: who leads what, who coordinates whom."""
        match message:
            case MetadataResponse():
                self.session.take_metadata(message)
                self.producer.metadata_changed()
                self.consumer.metadata_changed()
            case FindCoordinatorResponse():
                assert isinstance(pending.request, FindCoordinatorRequest)
                if not self.session.take_coordinator(pending.request, message):
                    self.session.timer("session coordinators", self.session.settings.retry_backoff)
            case _:
                raise AssertionError(f"nobody asked for {message}")

    # ------------------------------------------------------------ timers

    def _ring(self, timer: str) -> None:
        what, _, rest = timer.partition(" ")
        match what:
            case "request":
                self._unanswered(int(rest))
            case "session":
                self.session.ring(timer)
            case "producer":
                self.producer.ring(timer)
            case "consumer":
                self.consumer.ring(timer)
            case "transactions":
                self.transactions.ring(timer)
            case "administration":
                self.administration.ring(timer)
            case _:
                raise AssertionError(f"a broker client has no timer {timer}")

    def _unanswered(self, number: int) -> None:
        pending = self.session.timed_out(number)
        if pending is None:
            return
        match pending.owner:
            case "producer":
                self.producer.unanswered(pending)
            case "consumer":
                self.consumer.unanswered(pending)
            case "transactions":
                self.transactions.unanswered(pending)
            case "administration":
                self.administration.unanswered(pending)
            case _ if pending.purpose == "metadata":
                self.session.refresh()
            case _:
                pass  # A coordinator is sought again by whoever needs it.
