"""Transactions, the producer's side (KIP-98, KIP-447, KIP-890)."""

from __future__ import annotations

from broker_client_talk import Talk, partition, record, sequences, values

from algorithms.broker.commands import (
    AbortTransaction,
    BeginTransaction,
    CommitTransaction,
    Produced,
    Transact,
    Transacted,
)
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddPartitionsToTxnRequest,
    AddPartitionsToTxnResponse,
    EndTxnRequest,
    EndTxnResponse,
    InitProducerIdRequest,
    InitProducerIdResponse,
    ProduceRequest,
)
from algorithms.machine import Failed, Ok, Record, Unknown

PRODUCER = (7, 3)


def somebody(**settings: object) -> Talk:
    """A client with a transactional.id that knows the topic and its coordinator, but has not asked who it is."""
    return Talk(transactional_id="app", **settings)


def begun(**settings: object) -> Talk:
    """It has begun a transaction by hand."""
    talk = somebody(**settings)
    talk.ask(1, BeginTransaction())
    talk.coordinator("n2")
    talk.identity(*PRODUCER)
    assert talk.answers[1] == Ok()
    return talk


def written(talk: Talk, request_id: int = 2) -> None:
    """And has written its first record, in it."""
    talk.ask(request_id, record())
    if not talk.machine.session.partitions("orders"):
        talk.metadata()
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    talk.produced(talk.take(ProduceRequest))
    assert talk.answers[request_id] == Produced(partition(0), 0)


def whole(talk: Talk, *values_of: str, abort: bool = False) -> Talk:
    """It is asked for a whole transaction, which has come as far as its records being sent."""
    talk.ask(1, Transact(tuple(record(value=each) for each in values_of), abort=abort))
    talk.coordinator("n2")
    talk.identity(*PRODUCER)
    talk.metadata()
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    return talk


def ended(talk: Talk, error: Error = Error.NONE, epoch: int = 4) -> EndTxnRequest:
    """The coordinator answers the end."""
    request = talk.take(EndTxnRequest)
    talk.answer(request, EndTxnResponse, error=error, producer_id=7, producer_epoch=epoch)
    return request


# ---------------------------------------------------------------- by hand


def test_it_asks_its_coordinator_for_an_epoch_under_its_own_name() -> None:
    talk = somebody()
    talk.ask(1, BeginTransaction())
    talk.coordinator("n2")
    target, request = talk.take_from(InitProducerIdRequest)
    assert (target, request.transactional_id, request.transaction_timeout) == ("n2", "app-c1", 6_000_000)


def test_a_shared_name_is_taken_as_it_is() -> None:
    talk = somebody(share_transactional_id=True)
    talk.ask(1, BeginTransaction())
    talk.coordinator("n2")
    assert talk.take(InitProducerIdRequest).transactional_id == "app"


def test_nothing_leaves_before_its_partition_is_part_of_the_transaction() -> None:
    talk = begun()
    talk.ask(2, record())
    talk.metadata()
    assert not talk.has(ProduceRequest)
    target, request = talk.take_from(AddPartitionsToTxnRequest)
    assert (target, request.producer_id, request.producer_epoch, request.partitions) == ("n2", 7, 3, (partition(0),))
    talk.answer(request, AddPartitionsToTxnResponse)
    sent = talk.take(ProduceRequest)
    assert (sent.transactional_id, sequences(sent), sent.batches[0].batch.is_transactional) == (
        "app-c1",
        [(7, 3, 0)],
        True,
    )


def test_a_commit_waits_for_every_record() -> None:
    talk = begun()
    talk.ask(2, record())
    talk.metadata()
    talk.ask(3, CommitTransaction())
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    assert not talk.has(EndTxnRequest)
    talk.produced(talk.take(ProduceRequest))
    assert ended(talk).committed
    assert talk.answers[3] == Ok()


def test_a_commit_waits_for_a_record_whose_topic_is_not_known_yet() -> None:
    talk = begun()
    talk.ask(2, record())
    talk.ask(3, CommitTransaction())
    assert 3 not in talk.answers
    talk.metadata()
    assert talk.has(AddPartitionsToTxnRequest)


def test_after_the_end_it_goes_on_under_the_epoch_that_the_coordinator_gives_it() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, CommitTransaction())
    ended(talk, epoch=4)
    talk.ask(4, BeginTransaction())
    assert talk.answers[4] == Ok()
    talk.ask(5, record())
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    assert sequences(talk.take(ProduceRequest)) == [(7, 4, 0)]


def test_if_the_epoch_stays_the_sequences_go_on() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, CommitTransaction())
    ended(talk, epoch=3)
    talk.ask(4, BeginTransaction())
    talk.ask(5, record())
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    assert sequences(talk.take(ProduceRequest)) == [(7, 3, 1)]


def test_an_abort_gives_up_what_has_not_left() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, record(number=1))
    talk.ask(4, AbortTransaction())
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    assert talk.answers[3] == Failed(Error.TRANSACTION_ABORTABLE.words())
    assert not talk.has(ProduceRequest)
    assert not ended(talk).committed
    assert talk.answers[4] == Ok()


def test_an_empty_transaction_needs_no_coordinator_to_end() -> None:
    talk = begun()
    talk.ask(2, CommitTransaction())
    assert talk.answers[2] == Ok()
    assert not talk.has(EndTxnRequest)


def test_a_record_that_was_not_written_breaks_the_transaction() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, record())
    talk.produced(talk.take(ProduceRequest), Error.MESSAGE_TOO_LARGE)
    talk.ask(4, CommitTransaction())
    assert not ended(talk).committed
    assert talk.answers[4] == Failed("MESSAGE_TOO_LARGE: the transaction was aborted")


def test_if_the_epoch_stays_a_broken_sequence_needs_a_new_one() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, record())
    talk.produced(talk.take(ProduceRequest), Error.MESSAGE_TOO_LARGE)
    talk.ask(4, AbortTransaction())
    ended(talk, epoch=3)
    talk.ask(5, BeginTransaction())
    assert talk.has(InitProducerIdRequest)


def test_outside_of_a_transaction_it_produces_nothing() -> None:
    talk = somebody()
    talk.ask(1, record())
    talk.ask(2, CommitTransaction())
    assert [str(talk.answers[number])[:31] for number in (1, 2)] == ["Failed(reason='INVALID_TXN_STAT"] * 2
    talk = begun()
    talk.ask(2, BeginTransaction())
    assert talk.answers[2] == Failed("INVALID_TXN_STATE: a transaction is under way already")


def test_without_a_transactional_id_there_are_no_transactions() -> None:
    talk = Talk()
    talk.ask(1, BeginTransaction())
    assert "this client has no transactional.id" in str(talk.answers[1])


# ---------------------------------------------------------------- whole ones


def test_a_whole_transaction_ends_with_where_its_records_stand() -> None:
    talk = whole(somebody(), "a", "b")
    request = talk.take(ProduceRequest)
    assert values(request) == ["a", "b"]
    talk.produced(request, offset=5)
    assert ended(talk).committed
    assert talk.answers[1] == Transacted((Produced(partition(0), 5), Produced(partition(0), 6)))


def test_a_whole_transaction_that_is_to_be_aborted_surely_does_not_count() -> None:
    talk = whole(somebody(), "a", abort=True)
    talk.produced(talk.take(ProduceRequest))
    assert not ended(talk).committed
    assert talk.answers[1] == Failed("TRANSACTION_ABORTABLE: the transaction was aborted")


def test_whole_transactions_wait_for_each_other() -> None:
    talk = whole(somebody(), "a")
    talk.ask(2, Transact((record(value="b"),)))
    talk.produced(talk.take(ProduceRequest))
    assert not talk.has(AddPartitionsToTxnRequest)
    ended(talk)
    assert talk.has(AddPartitionsToTxnRequest)


def test_whole_transactions_without_records_all_end_at_once() -> None:
    talk = somebody()
    talk.ask(1, Transact(()))
    talk.ask(2, Transact(()))
    talk.coordinator("n2")
    talk.identity()
    assert talk.answers == {1: Transacted(()), 2: Transacted(())}


def test_a_record_that_is_never_acknowledged_aborts_the_whole() -> None:
    talk = whole(somebody(delivery_timeout=500_000), "a")
    talk.take(ProduceRequest)
    talk.fire("producer due")
    assert not ended(talk).committed
    assert talk.answers[1] == Failed("REQUEST_TIMED_OUT: the transaction was aborted")


def test_a_commit_that_is_asked_twice_and_confirmed_once_counts() -> None:
    talk = whole(somebody(), "a")
    talk.produced(talk.take(ProduceRequest))
    talk.silence(talk.take(EndTxnRequest))
    talk.fire("transactions again")
    talk.coordinator("n3")
    ended(talk)
    assert isinstance(talk.answers[1], Transacted)


def unanswered_commit(error: Error) -> Record:
    """How a transaction ends whose commit was silent at first, and then answered with this."""
    talk = whole(somebody(), "a")
    talk.produced(talk.take(ProduceRequest))
    talk.silence(talk.take(EndTxnRequest))
    talk.fire("transactions again")
    talk.coordinator("n3")
    ended(talk, error)
    return talk.answers[1]


def test_a_commit_that_was_not_answered_may_count_whatever_the_next_answer_is() -> None:
    assert isinstance(unanswered_commit(Error.PRODUCER_FENCED), Unknown)
    assert isinstance(unanswered_commit(Error.INVALID_TXN_STATE), Unknown)


def test_a_coordinator_deposed_during_the_commit_may_have_decided() -> None:
    talk = whole(somebody(), "a")
    talk.produced(talk.take(ProduceRequest))
    ended(talk, Error.NOT_COORDINATOR)
    talk.fire("transactions again")
    talk.coordinator("n3")
    ended(talk, Error.PRODUCER_FENCED)
    assert isinstance(talk.answers[1], Unknown)


def test_a_commit_refused_for_another_transaction_that_is_being_completed_is_asked_for_again() -> None:
    talk = whole(somebody(), "a")
    talk.produced(talk.take(ProduceRequest))
    ended(talk, Error.CONCURRENT_TRANSACTIONS)
    talk.fire("transactions again")
    ended(talk)
    assert isinstance(talk.answers[1], Transacted)


def test_a_coordinator_that_is_never_found_fails_the_transaction() -> None:
    talk = somebody()
    talk.ask(1, Transact((record(),)))
    while 1 not in talk.answers:
        talk.fire(min(talk.timers, key=lambda name: talk.timers[name]))
        assert talk.now < 10_000_000
    assert isinstance(talk.answers[1], Failed)


# ---------------------------------------------------------------- fencing


def test_an_own_name_that_was_fenced_gets_a_new_epoch_for_the_next_transaction() -> None:
    talk = whole(somebody(), "a")
    talk.produced(talk.take(ProduceRequest), Error.INVALID_PRODUCER_EPOCH)
    assert talk.answers[1] == Failed(Error.PRODUCER_FENCED.words())
    talk.ask(2, Transact((record(value="b"),)))
    talk.identity(7, 9)
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    assert sequences(talk.take(ProduceRequest)) == [(7, 9, 0)]


def test_a_shared_name_that_was_fenced_is_lost_for_good() -> None:
    talk = whole(somebody(share_transactional_id=True), "a")
    talk.ask(2, Transact((record(value="b"),)))
    talk.produced(talk.take(ProduceRequest))
    ended(talk, Error.PRODUCER_FENCED)
    talk.ask(3, BeginTransaction())
    fenced = Failed(Error.PRODUCER_FENCED.words())
    assert talk.answers == {1: fenced, 2: fenced, 3: fenced}
    assert talk.machine.view().transaction == "fenced"


def test_what_is_under_way_when_it_is_fenced_may_be_written_but_does_not_count() -> None:
    talk = begun()
    written(talk)
    talk.ask(3, record())
    talk.ask(4, record(number=1))
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse, error=Error.PRODUCER_FENCED)
    assert isinstance(talk.answers[3], Unknown)
    assert isinstance(talk.answers[4], Failed)


def test_an_id_that_nobody_gives_fails_what_waits_for_it() -> None:
    talk = somebody()
    talk.ask(1, BeginTransaction())
    talk.coordinator("n2")
    request = talk.take(InitProducerIdRequest)
    talk.answer(request, InitProducerIdResponse, error=Error.INVALID_TRANSACTION_TIMEOUT)
    assert talk.answers[1] == Failed(Error.INVALID_TRANSACTION_TIMEOUT.words())
    assert not talk.has(InitProducerIdRequest)
