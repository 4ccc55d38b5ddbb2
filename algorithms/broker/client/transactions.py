"""The transactional producer (KIP-98, KIP-447, KIP-890).

The law: nothing of a transaction leaves before its partition is part of it; it is committed only if every record of it
was acknowledged. `Failed` means that it surely does not count; a commit without an answer is `Unknown`.
"""

from __future__ import annotations

from typing import NamedTuple

from algorithms.broker.client.consumer import Consumer
from algorithms.broker.client.ending import END, FLUSH, GROUP, OFFSETS, Ending, Positions
from algorithms.broker.client.outcomes import Outcomes
from algorithms.broker.client.producer import Producer
from algorithms.broker.client.program import Program
from algorithms.broker.client.sending import transactional_id
from algorithms.broker.client.session import Pending, Session
from algorithms.broker.commands import AbortTransaction, BeginTransaction, CommitTransaction, Transact
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    EndTxnResponse,
    InitProducerIdRequest,
    InitProducerIdResponse,
    Request,
    Response,
    TxnOffsetCommitRequest,
)
from algorithms.broker.messages.group import CommittedOffset
from algorithms.machine import Failed, Ok, Record, Unknown

NONE, READY, ONGOING, COMMITTING, ABORTING, FENCED = "", "ready", "ongoing", "committing", "aborting", "fenced"
FENCING = (Error.PRODUCER_FENCED, Error.INVALID_PRODUCER_EPOCH, Error.INVALID_PRODUCER_ID_MAPPING)
TRY_ELSEWHERE = (Error.NOT_COORDINATOR, Error.COORDINATOR_NOT_AVAILABLE, Error.REQUEST_TIMED_OUT)
PERHAPS_DECIDED = (Error.NOT_COORDINATOR, Error.REQUEST_TIMED_OUT)
"""A coordinator that is deposed while it writes the decision says the first of these."""

TransactionCommand = BeginTransaction | CommitTransaction | AbortTransaction | Transact


class Waiting(NamedTuple):
    """A transaction that is to begin, at the latest at `deadline` (local us)."""

    request_id: int
    command: BeginTransaction | Transact
    deadline: int


class ProducerTransactions:
    """What makes a producer transactional. One transaction at a time; whole ones wait for each other."""

    def __init__(self, session: Session, outcomes: Outcomes, producer: Producer, consumer: Consumer) -> None:
        self._session, self._outcomes = session, outcomes
        self._producer, self._consumer = producer, consumer
        self.state = NONE
        self._waiting: list[Waiting] = []
        self._program: Program | None = None
        """The `Transact` under way."""
        self._ending: Ending | None = None
        self._broken = Error.NONE
        """Why the transaction can only be aborted."""
        self._is_at_coordinator = False
        """Whether the coordinator may know of the transaction."""
        self._is_asking = False
        """Whether a coordinator is asked, or will be after `retry_backoff`."""
        self._last_error = Error.COORDINATOR_NOT_AVAILABLE

    @property
    def takes_records(self) -> bool:
        """Whether somebody has begun a transaction by hand, and not ended it."""
        return self.state == ONGOING and self._program is None

    @property
    def is_busy(self) -> bool:
        """Whether whole transactions wait or are under way."""
        return bool(self._waiting) or self._program is not None

    # ------------------------------------------------------------ what is asked for

    def begin(self, request_id: int, command: TransactionCommand) -> None:
        """A transaction, or the end of one."""
        error, what = self._why_not(command)
        if error is not Error.NONE:
            self._outcomes.fail(request_id, command, error, what)
        elif isinstance(command, BeginTransaction | Transact):
            deadline = self._session.now + self._session.settings.default_api_timeout
            self._waiting.append(Waiting(request_id, command, deadline))
        else:
            self._end(request_id, command, isinstance(command, CommitTransaction))

    def _why_not(self, command: Record) -> tuple[Error, str]:
        if not transactional_id(self._session):
            return Error.INVALID_TXN_STATE, "this client has no transactional.id; set one in [cluster.broker.client]"
        if self.state == FENCED:
            return Error.PRODUCER_FENCED, ""
        is_open = self.state in (ONGOING, COMMITTING, ABORTING)
        if isinstance(command, BeginTransaction) and (is_open or self._waiting):
            return Error.INVALID_TXN_STATE, "a transaction is under way already"
        if isinstance(command, CommitTransaction | AbortTransaction) and not self.takes_records:
            return Error.INVALID_TXN_STATE, "no transaction was begun, or it is ending already"
        return Error.NONE, ""

    def _end(self, request_id: int, command: Record, commits: bool) -> None:
        positions = self._positions() if self._program is None else self._program.positions
        self._ending = Ending(request_id, command, positions)
        self.state = COMMITTING
        if not commits or self._broken is not Error.NONE:
            self._abort()

    def _abort(self) -> None:
        assert self._ending is not None, "only what ends can be aborted"
        self.state, self._ending.stage, self._ending.positions = ABORTING, FLUSH, Positions()

    def _positions(self) -> Positions:
        consumer = self._consumer
        who = consumer.group, consumer.generation, consumer.member_id, consumer.instance_id
        return Positions(consumer.positions_to_commit(), *who)

    # ------------------------------------------------------------ the next step

    def look(self) -> None:
        """At the end of each turn: what has ended, what makes the producer useless, and what is due next."""
        if self._producer.fatal is not Error.NONE:
            self._fail(self._producer.fatal)
        elif self._producer.broken is not Error.NONE:
            self._break(self._producer.broken)
        self._take_part_ends()
        self._go_on()

    def _go_on(self) -> None:
        if self._is_asking:
            return
        if self.state in (NONE, READY):
            self._next()
        elif self.state == ABORTING or (self.state == COMMITTING and not self._producer.wanted_partitions):
            self._end_step()
        elif self._producer.wanted_partitions and self._broken is Error.NONE:
            self._ask(AddPartitionsToTxnRequest("", 0, *self._names(), tuple(self._producer.wanted_partitions)))

    def _next(self) -> None:
        """Begin the next transaction that waits, under an epoch that nobody else has."""
        late = [each for each in self._waiting if each.deadline <= self._session.now]
        if late:
            self._waiting = [each for each in self._waiting if each.deadline > self._session.now]
            for each in late:
                self._outcomes.fail(each.request_id, each.command, self._last_error, words_of(self._last_error))
        if not self._waiting:
            return
        if self.state == NONE:
            timeout = self._session.settings.transaction_timeout
            self._ask(InitProducerIdRequest("", 0, transactional_id(self._session), timeout))
        else:
            self._open(self._waiting.pop(0))

    def _open(self, waiting: Waiting) -> None:
        self.state, self._broken, self._is_at_coordinator = ONGOING, Error.NONE, False
        self._producer.open()
        command = waiting.command
        if isinstance(command, BeginTransaction):
            self._outcomes.answer(waiting.request_id, command, Ok())
            return
        program = self._program = Program(waiting.request_id, command)
        if command.poll:
            program.polled = self._consumer.poll_now()
            program.positions = self._positions()
        for ask in program.asks():
            self._producer.produce(ask)
        self.look()

    def _end_step(self) -> None:
        """Wait for what is under way; then the group's offsets, then the end itself."""
        ending = self._ending
        assert ending is not None, f"nothing ends in the state {self.state}"
        if self.state == ABORTING:
            why = self._broken if self._broken is not Error.NONE else Error.TRANSACTION_ABORTABLE
            self._producer.fail_all(why, but_flying=True)
        if self._producer.has_unfinished:
            return
        if ending.stage == FLUSH:
            ending.stage = GROUP if ending.positions.offsets else END
            ending.deadline = self._session.now + self._session.settings.default_api_timeout
        if self._session.now >= ending.deadline:
            # The next InitProducerId aborts what may be left of it.
            self._ended(ending, NONE, self._last_error)
            self._next()
        elif ending.stage == GROUP:
            self._ask(AddOffsetsToTxnRequest("", 0, *self._names(), ending.positions.group))
        elif ending.stage == OFFSETS:
            self._ask_offsets(ending)
        elif self._is_at_coordinator:
            self._ask(EndTxnRequest("", 0, *self._names(), self.state == COMMITTING))
        else:
            self._ended(ending, self._state_after)
            self._next()

    @property
    def _state_after(self) -> str:
        return NONE if self._producer.identity.is_broken else READY

    # ------------------------------------------------------------ asking

    def _names(self) -> tuple[str, int, int]:
        return transactional_id(self._session), *self._producer.identity.producer

    def _ask(self, request: Request) -> None:
        """Of the transaction coordinator; if it is not known, it is being sought, and we come back here."""
        coordinator = self._session.coordinator("TRANSACTION", transactional_id(self._session))
        if coordinator:
            self._is_asking = True
            self._is_at_coordinator |= isinstance(request, AddPartitionsToTxnRequest | AddOffsetsToTxnRequest)
            self._session.ask(coordinator, request, "transactions")

    def _ask_offsets(self, ending: Ending) -> None:
        offsets, group, generation, member_id, instance_id = ending.positions
        coordinator = self._session.coordinator("GROUP", group)
        if coordinator:
            self._is_asking = True
            name, producer_id, epoch = self._names()
            member = generation, member_id, instance_id
            request = TxnOffsetCommitRequest("", 0, name, group, producer_id, epoch, *member, offsets)
            self._session.ask(coordinator, request, "transactions")

    def ring(self, timer: str) -> None:
        """`transactions again`: whatever is due is asked for at the end of this turn."""
        self._is_asking = False

    # ------------------------------------------------------------ answers

    def take(self, pending: Pending, response: Response) -> None:
        """A coordinator has answered; what is due next, is done at the end of this turn."""
        self._is_asking = False
        error, request = response.error, pending.request
        if error is Error.NONE:
            self._succeed(request, response)
        elif error in FENCING:
            self._fail(error)
        elif error.is_retriable and not (
            isinstance(request, TxnOffsetCommitRequest) and error is Error.REBALANCE_IN_PROGRESS
        ):
            self._later(request, error)
        elif isinstance(request, InitProducerIdRequest):
            self._fail_waiting(error)
        elif isinstance(request, EndTxnRequest) and self._ending is not None:
            self._ended(self._ending, NONE, error)
        else:
            self._break(error)

    def unanswered(self, pending: Pending) -> None:
        """No answer came."""
        self._later(pending.request, Error.REQUEST_TIMED_OUT)

    def _succeed(self, request: Request, response: Response) -> None:
        match request:
            case InitProducerIdRequest():
                assert isinstance(response, InitProducerIdResponse), f"{response} is no answer to {request}"
                self._producer.identity.become(response.producer_id, response.producer_epoch)
                self.state = READY
            case AddPartitionsToTxnRequest(partitions=partitions):
                self._producer.added(partitions)
            case AddOffsetsToTxnRequest() if self._ending is not None:
                self._ending.stage = OFFSETS
            case TxnOffsetCommitRequest() if self._ending is not None:
                self._ending.stage = END
            case EndTxnRequest() if self._ending is not None:
                assert isinstance(response, EndTxnResponse), f"{response} is no answer to {request}"
                self._producer.identity.become(response.producer_id, response.producer_epoch)
                self._ended(self._ending, self._state_after)
            case _:
                raise AssertionError(f"a transaction does not ask for {request}")

    def _later(self, request: Request, error: Error) -> None:
        """Again after a while, and perhaps elsewhere."""
        self._last_error = error
        if isinstance(request, EndTxnRequest) and request.committed and self._ending is not None:
            self._ending.is_silent |= error in PERHAPS_DECIDED
        if error in TRY_ELSEWHERE and isinstance(request, TxnOffsetCommitRequest):
            self._session.lose_coordinator("GROUP", request.group)
        elif error in TRY_ELSEWHERE:
            self._session.lose_coordinator("TRANSACTION", transactional_id(self._session))
        self._is_asking = True
        self._session.timer("transactions again", self._session.settings.retry_backoff)

    # ------------------------------------------------------------ what goes wrong

    def _break(self, error: Error) -> None:
        """The transaction cannot be committed any more; what has not left does not leave."""
        if self._broken is Error.NONE and self.state in (ONGOING, COMMITTING):
            self._broken = error
            self._session.note(f"the transaction can only be aborted: {error.value}", "KIP-98")
            self._producer.fail_all(error, but_flying=True)
            if self.state == COMMITTING:
                self._abort()

    def _fail(self, error: Error) -> None:
        """Somebody else is us now, or the coordinator has given us up. A name that several share is lost for good; our
        own gets a new epoch when it is needed next (KIP-588)."""
        shared = self._session.settings.share_transactional_id
        self._session.note(f"{transactional_id(self._session)} is fenced: {error.value}", "KIP-98")
        self._broken = error
        self._producer.fail_all(Error.PRODUCER_FENCED, but_flying=False)
        self._producer.identity.forget()
        state = FENCED if shared else NONE
        if self._ending is not None:
            self._ended(self._ending, state, Error.PRODUCER_FENCED)
        else:
            self._close(state, self._program, Failed(Error.PRODUCER_FENCED.words()))
        if shared:
            self._fail_waiting(Error.PRODUCER_FENCED)

    def _fail_waiting(self, error: Error) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            self._outcomes.fail(each.request_id, each.command, error)

    # ------------------------------------------------------------ ends

    def _ended(self, ending: Ending, state: str, error: Error = Error.NONE) -> None:
        """The end came as it was wanted, or not at all because of `error`."""
        if error is not Error.NONE:
            perhaps = ending.is_silent or isinstance(ending.command, AbortTransaction)
            words = error.words(words_of(error))
            outcome: Record = Unknown(words) if perhaps else Failed(words)
        elif self.state == COMMITTING or isinstance(ending.command, AbortTransaction):
            outcome = Ok()
        else:
            why = self._broken if self._broken is not Error.NONE else Error.TRANSACTION_ABORTABLE
            outcome = Failed(why.words("the transaction was aborted"))
        committed = ending.positions.offsets if self.state == COMMITTING and error is Error.NONE else None
        self._ending = None
        self._close(state, self._program or ending, outcome, committed)

    def _close(
        self,
        state: str,
        whose: Program | Ending | None,
        outcome: Record,
        committed: tuple[CommittedOffset, ...] | None = None,
    ) -> None:
        self.state, self._program = state, None
        self._producer.close()
        if committed is not None:
            self._consumer.transaction_committed(committed)
        else:
            self._consumer.transaction_aborted()
        if isinstance(whose, Program):
            self._outcomes.answer(whose.request_id, whose.command, whose.outcome(outcome))
        elif whose is not None:
            self._outcomes.answer(whose.request_id, whose.command, outcome)

    # ------------------------------------------------------------ whole transactions

    def _take_part_ends(self) -> None:
        """When every record of the `Transact` has ended, it ends itself."""
        ends, self._producer.part_ends = self._producer.part_ends, []
        program = self._program
        if program is None:
            return
        for ask, outcome in ends:
            program.take(ask, outcome)
        if program.is_complete and self._ending is None:
            self._end(program.request_id, program.command, not program.command.abort)


def words_of(error: Error) -> str:
    """What is to be said of it here; empty: its own sentence."""
    return "the coordinator has not answered in time" if error is Error.REQUEST_TIMED_OUT else ""
