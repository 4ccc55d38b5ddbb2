"""A transaction that consumes as well: its positions are committed with it, or not at all (KIP-98, KIP-447)."""

from __future__ import annotations

from broker_client_talk import Talk, partition, record

from algorithms.broker.commands import Consume, Consumed, Transact, Transacted
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AddOffsetsToTxnRequest,
    AddOffsetsToTxnResponse,
    AddPartitionsToTxnRequest,
    AddPartitionsToTxnResponse,
    EndTxnRequest,
    EndTxnResponse,
    FetchRequest,
    FetchResponse,
    JoinGroupRequest,
    JoinGroupResponse,
    OffsetFetchRequest,
    OffsetFetchResponse,
    ProduceRequest,
    SyncGroupRequest,
    SyncGroupResponse,
    TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
)
from algorithms.broker.messages.data import FetchedPartition
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.machine import Failed, Ok

POLLED = Consumed(partition(0), 3, None, "in")


def member() -> Talk:
    """In generation 5 of the group `g`, with the partition `orders-0` from offset 3 on, and nothing fetched yet."""
    talk = Talk(transactional_id="app")
    talk.ask(1, Transact((), poll=True))
    talk.coordinator("n2")
    talk.identity(7, 3)
    talk.ask(2, Consume(("orders",), "g"))
    talk.metadata(leaders=("n1",))
    talk.coordinator("n3")
    joined = {"generation": 5, "protocol": "range", "leader": "other", "member_id": "m"}
    talk.answer(talk.take(JoinGroupRequest), JoinGroupResponse, **joined)
    talk.answer(talk.take(SyncGroupRequest), SyncGroupResponse, protocol="range", partitions=(partition(0),))
    committed(talk, 3)
    assert talk.answers[2] == Ok(5)
    return talk


def committed(talk: Talk, offset: int) -> None:
    """The group's coordinator says what the group has."""
    talk.answer(talk.take(OffsetFetchRequest), OffsetFetchResponse, offsets=(CommittedOffset(partition(0), offset),))


def fetched(talk: Talk) -> None:
    """The record at offset 3 comes."""
    batch = RecordBatch((KeyValue(None, "in"),), base_offset=3)
    found = FetchedPartition(partition(0), high_watermark=4, last_stable_offset=4, batches=(batch,))
    request = talk.take(FetchRequest)
    assert request.partitions[0].fetch_offset == 3
    talk.answer(request, FetchResponse, partitions=(found,))


def consuming() -> Talk:
    """A transaction has polled one record and written another, and asks to commit both."""
    talk = member()
    fetched(talk)
    talk.ask(3, Transact((record(value="out"),), poll=True))
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    talk.produced(talk.take(ProduceRequest), offset=9)
    talk.answer(talk.take(AddOffsetsToTxnRequest), AddOffsetsToTxnResponse)
    return talk


def test_while_transactions_poll_the_consumer_makes_no_polls_of_its_own() -> None:
    talk = member()
    fetched(talk)
    assert sorted(talk.answers) == [1, 2]


def test_the_groups_coordinator_hears_what_was_polled_and_by_whom() -> None:
    target, request = consuming().take_from(TxnOffsetCommitRequest)
    assert (target, request.generation, request.member_id) == ("n3", 5, "m")
    assert (request.producer_id, request.producer_epoch) == (7, 3)
    assert request.offsets == (CommittedOffset(partition(0), 4),)


def test_it_ends_with_what_it_has_polled() -> None:
    talk = consuming()
    assert not talk.has(EndTxnRequest)
    talk.answer(talk.take(TxnOffsetCommitRequest), TxnOffsetCommitResponse)
    talk.answer(talk.take(EndTxnRequest), EndTxnResponse, producer_id=7, producer_epoch=4)
    outcome = talk.answers[3]
    assert isinstance(outcome, Transacted)
    assert outcome.polled == (POLLED,)
    talk.ask(4, Transact((), poll=True))
    assert talk.answers[4] == Transacted(())


def test_a_group_that_has_moved_on_has_the_transaction_aborted_and_its_records_polled_again() -> None:
    talk = consuming()
    talk.answer(talk.take(TxnOffsetCommitRequest), TxnOffsetCommitResponse, error=Error.ILLEGAL_GENERATION)
    request = talk.take(EndTxnRequest)
    assert not request.committed
    talk.answer(request, EndTxnResponse, producer_id=7, producer_epoch=4)
    assert talk.answers[3] == Failed("ILLEGAL_GENERATION: the transaction was aborted")


def test_what_an_aborted_transaction_has_polled_is_polled_again() -> None:
    talk = member()
    fetched(talk)
    talk.ask(3, Transact((record(value="out"),), poll=True, abort=True))
    talk.answer(talk.take(AddPartitionsToTxnRequest), AddPartitionsToTxnResponse)
    talk.produced(talk.take(ProduceRequest), offset=9)
    assert not talk.has(AddOffsetsToTxnRequest)
    talk.answer(talk.take(EndTxnRequest), EndTxnResponse, producer_id=7, producer_epoch=4)
    committed(talk, 3)
    talk.answer(talk.take(FetchRequest), FetchResponse)
    fetched(talk)
    talk.ask(4, Transact((), poll=True))
    assert talk.has(AddOffsetsToTxnRequest)
