"""The producer (Kafka's KafkaProducer; KIP-98 and KIP-360 for idempotence).

The law: a record ends as `Produced`, as `Failed` if no try of its batch can have been appended, else as `Unknown`. With
idempotence a batch keeps its name over all tries, so it is appended once; what may have been written never gets
another.
"""

from __future__ import annotations

from algorithms.broker.client.accumulator import Accumulator, Ask, Batch
from algorithms.broker.client.identity import Identity
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.partitioner import Sticky, partition_of_key
from algorithms.broker.client.sending import Sender
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import Produced
from algorithms.broker.errors import Error
from algorithms.broker.messages import InitProducerIdResponse, ProduceResponse, Response
from algorithms.broker.messages.data import PartitionProduceResponse
from algorithms.broker.records import KeyValue, size_of
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed, Record, Unknown

ACKS = {"0": 0, "1": 1, "all": -1}
PERHAPS_WRITTEN = (Error.REQUEST_TIMED_OUT, Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND)
LOST_NAME = (Error.OUT_OF_ORDER_SEQUENCE_NUMBER, Error.UNKNOWN_PRODUCER_ID, Error.INVALID_PRODUCER_EPOCH)
"""The partition does not take the batch under its name."""


class Producer:
    """One. A client with a transactional.id has nothing but records of its one transaction here."""

    def __init__(self, session: Session, outcomes: Outcomes) -> None:
        self._session = session
        self._outcomes = outcomes
        self._sticky = Sticky()
        self.accumulator = Accumulator()
        self.identity = Identity()
        self.sender = Sender(session, self.accumulator, self.identity, self._sticky)
        self.in_transaction = False
        self.wanted_partitions: dict[TopicPartition, None] = {}
        """Those that have records of the transaction, and are not part of it yet."""
        self.part_ends: list[tuple[Ask, Record]] = []
        """How parts of a `Transact` ended; the transaction takes them from here."""
        self.broken = Error.NONE
        """Why a record of the transaction was not written, or perhaps not."""
        self.fatal = Error.NONE
        """What tells us that somebody else has our transactional.id."""
        self.produced = 0
        self._due = 0
        """When the timer `producer due` runs out (local us); 0: it is not set."""
        self._homeless: list[tuple[Ask, int]] = []
        """Records of topics of which nothing is known yet, and since when they wait."""

    @property
    def has_unfinished(self) -> bool:
        """Whether some record has not ended."""
        return bool(self._homeless or self.accumulator.all())

    @property
    def requests_out(self) -> int:
        """Produce requests without an answer."""
        return len(self.sender.requests)

    # ------------------------------------------------------------ taking records

    def produce(self, ask: Ask) -> None:
        """Take one record."""
        command, settings = ask.command, self._session.settings
        size = size_of(KeyValue(command.key, command.value))
        if size > settings.max_request_size:
            what = f"the record has {size} bytes, max.request.size is {settings.max_request_size}"
            self._refuse(ask, Error.MESSAGE_TOO_LARGE, what)
            return
        self._session.want(command.topic)
        if self._session.partitions(command.topic):
            self._place(ask)
        else:
            self._homeless.append((ask, self._session.now))
            self._session.refresh_soon()

    def _place(self, ask: Ask) -> None:
        count = len(self._session.partitions(ask.command.topic))
        number = self._number(ask, count)
        if not 0 <= number < count:
            what = f"{ask.command.topic} has the partitions 0 to {count - 1}, not {number}"
            self._refuse(ask, Error.UNKNOWN_TOPIC_OR_PARTITION, what)
            return
        command, session = ask.command, self._session
        partition = TopicPartition(command.topic, number)
        acks = -1 if self.in_transaction else ACKS[command.acks or session.settings.acks]
        deadline = session.now + session.settings.delivery_timeout
        batch = Batch(partition, acks, self.in_transaction, session.now, deadline)
        self.accumulator.add(batch, KeyValue(command.key, command.value, session.now), ask, session.settings.batch_size)
        if self.in_transaction and partition not in self.sender.ready_partitions:
            self.wanted_partitions[partition] = None

    def _number(self, ask: Ask, count: int) -> int:
        """The number of its partition, which need not exist if somebody has named it."""
        command = ask.command
        if command.partition is not None:
            return command.partition
        if command.key is not None:
            return partition_of_key(command.key, count)
        partitions = self._session.partitions(command.topic)
        available = tuple(each.partition for each in partitions if self._session.leader(each))
        return self._sticky.partition(command.topic, available or tuple(range(count)))

    def metadata_changed(self) -> None:
        """Records may have a home now. A topic that stays unknown for a request timeout is no topic."""
        session = self._session
        homeless, self._homeless = self._homeless, []
        for ask, since in homeless:
            topic = ask.command.topic
            if session.partitions(topic):
                self._place(ask)
            elif topic in session.unknown_topics and session.now - since >= session.settings.request_timeout:
                self._refuse(ask, Error.UNKNOWN_TOPIC_OR_PARTITION, f"there is no topic {topic}")
            else:
                self._homeless.append((ask, since))
        if self._homeless:
            session.refresh_soon()

    # ------------------------------------------------------------ sending

    def drain(self) -> bool:
        """At the end of each turn: send what may leave. Whether something has ended because its time is over."""
        expired = self._expire()
        for batch in self.sender.send_what_may_leave():
            self._succeed(batch, -1)
        due = [batch.deadline for batch in self.accumulator.all()] + self.sender.next_due()
        due += [since + self._session.settings.default_api_timeout for _, since in self._homeless]
        self._set_timer(min(due, default=0))
        return expired

    def _set_timer(self, due: int) -> None:
        if due and due != self._due:
            self._session.timer("producer due", max(1, due - self._session.now))
        self._due = due or self._due

    def _expire(self) -> bool:
        session = self._session
        late = [batch for batch in self.accumulator.all() if batch.deadline <= session.now]
        for batch in late:
            batch.perhaps_written |= self.accumulator.is_flying(batch)
            error = batch.last_error if batch.last_error is not Error.NONE else Error.REQUEST_TIMED_OUT
            what = error.value if error is batch.last_error else "the batch was not acknowledged in time"
            self._give_up(batch, error, f"{what} (delivery.timeout)")
        since = session.now - session.settings.default_api_timeout
        lost = [ask for ask, began in self._homeless if began <= since]
        self._homeless = [each for each in self._homeless if each[1] > since]
        for ask in lost:
            self._refuse(ask, Error.REQUEST_TIMED_OUT, f"no broker has said anything of the topic {ask.command.topic}")
        return bool(late or lost)

    def ring(self, timer: str) -> None:
        """`producer due`: something waits no longer. `producer identity`: ask again."""
        if timer == "producer identity":
            self.identity.is_asking = False
        else:
            self._due = 0

    # ------------------------------------------------------------ answers

    def take(self, pending: Pending, response: Response) -> None:
        """A broker has answered."""
        match response:
            case ProduceResponse(partitions=partitions):
                batches = self.sender.requests.pop(pending.request.correlation_id).batches
                for batch, answer in zip(batches, partitions, strict=True):
                    if not batch.is_done:
                        self._take(batch, answer)
            case InitProducerIdResponse(error=Error.NONE, producer_id=producer_id, producer_epoch=epoch):
                self.identity.become(producer_id, epoch)
            case InitProducerIdResponse():
                self._session.timer("producer identity", self._session.settings.retry_backoff)
            case _:
                raise AssertionError(f"nobody asked for {response} as a producer")

    def _take(self, batch: Batch, answer: PartitionProduceResponse) -> None:
        error = answer.error
        if error is Error.NONE:
            self._succeed(batch, answer.base_offset)
        elif error is Error.DUPLICATE_SEQUENCE_NUMBER:
            self._succeed(batch, -1)
        elif error in LOST_NAME and batch.has_sequence:
            self._lost_name(batch, error)
        elif error.is_retriable:
            batch.perhaps_written |= error in PERHAPS_WRITTEN or answer.base_offset >= 0
            self._session.refresh()
            self._again(batch, error)
        else:
            self._give_up(batch, error)

    def unanswered(self, pending: Pending) -> None:
        """A broker has not answered: it may have appended, or not."""
        if pending.purpose == "identity":
            self.identity.is_asking = False
            return
        self._session.refresh()
        for batch in self.sender.requests.pop(pending.request.correlation_id).batches:
            if not batch.is_done:
                batch.perhaps_written = True
                self._again(batch, Error.REQUEST_TIMED_OUT)

    def _again(self, batch: Batch, error: Error) -> None:
        settings = self._session.settings
        batch.last_error = error
        if batch.tries > settings.retries:
            self._give_up(batch, error)
        else:
            self.accumulator.again(batch, self._session.now + settings.retry_backoff)

    # ------------------------------------------------------------ names

    def _lost_name(self, batch: Batch, error: Error) -> None:
        """If another batch of the partition goes before it, that one comes first; else the name is worth nothing."""
        if error is Error.OUT_OF_ORDER_SEQUENCE_NUMBER and self._has_before(batch):
            self._again(batch, error)
        elif batch.is_transactional:
            self.fatal = error if error is Error.INVALID_PRODUCER_EPOCH else Error.NONE
            self._give_up(batch, error)
        elif batch.perhaps_written:
            self._give_up(batch, error)
        else:
            if batch.producer == self.identity.producer:
                self._raise_epoch()
            batch.unname()
            self._again(batch, error)

    def _has_before(self, batch: Batch) -> bool:
        """Whether a batch that is not done has an earlier sequence under the same name."""
        return any(
            each.partition == batch.partition and each.producer == batch.producer and each.sequence < batch.sequence
            for each in self.accumulator.all()
        )

    def _raise_epoch(self) -> None:
        """What was refused and not written gets a new name with its next try; what is under way keeps its own."""
        self.identity.raise_epoch()
        self._session.note("begins a new epoch, for a sequence of the old one is broken", "KIP-360")

    # ------------------------------------------------------------ ends

    def _succeed(self, batch: Batch, base_offset: int) -> None:
        self.accumulator.done(batch)
        self.produced += len(batch.records)
        for place, ask in enumerate(batch.asks):
            self._end(ask, Produced(batch.partition, base_offset + place if base_offset >= 0 else -1))

    def _give_up(self, batch: Batch, error: Error, what: str = "") -> None:
        """Whatever has a later sequence under the same name will not be taken any more."""
        self.accumulator.done(batch)
        if batch.has_sequence and batch.producer == self.identity.producer:
            if batch.is_transactional:
                self.identity.is_broken = True
            else:
                self._raise_epoch()
        for ask in batch.asks:
            self._refuse(ask, error, what, batch.perhaps_written)

    def _refuse(self, ask: Ask, error: Error, what: str = "", perhaps_written: bool = False) -> None:
        """It was not written, or perhaps."""
        if self.in_transaction and self.broken is Error.NONE:
            self.broken = error
        self._end(ask, Unknown(error.words(what)) if perhaps_written else Failed(error.words(what)))

    def _end(self, ask: Ask, outcome: Record) -> None:
        if ask.part >= 0:
            self.part_ends.append((ask, outcome))
        else:
            self._outcomes.answer(ask.request_id, ask.command, outcome)

    # ------------------------------------------------------------ transactions

    def open(self) -> None:
        """A transaction begins: all that is taken from now on is part of it."""
        self.in_transaction = True
        self.broken = self.fatal = Error.NONE
        self.sender.ready_partitions, self.wanted_partitions = {}, {}

    def close(self) -> None:
        """It is over, with all that was taken."""
        assert not self.has_unfinished, "a transaction ends after all its records"
        self.in_transaction = False
        self.broken = self.fatal = Error.NONE
        self.part_ends = []
        self.sender.ready_partitions, self.wanted_partitions = {}, {}

    def added(self, partitions: tuple[TopicPartition, ...]) -> None:
        """The coordinator has made them part of the transaction."""
        for partition in partitions:
            self.wanted_partitions.pop(partition, None)
            self.sender.ready_partitions[partition] = None

    def fail_all(self, error: Error, but_flying: bool) -> None:
        """Give up every record; `but_flying`: those that are under way may still end by themselves."""
        self.wanted_partitions = {}
        homeless, self._homeless = self._homeless, []
        for ask, _ in homeless:
            self._refuse(ask, error)
        for batch in self.accumulator.all():
            flies = self.accumulator.is_flying(batch)
            if not (flies and but_flying):
                batch.perhaps_written |= flies
                self._give_up(batch, error)
