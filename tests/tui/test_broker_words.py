"""What broker messages and outcomes are called: every message has a kind, and what waits for news is quiet."""

from __future__ import annotations

import pytest

from algorithms.broker import messages
from algorithms.broker.commands import Consumed, OffsetsCommitted, PartitionOffset, Polled, Produced, Transacted
from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    EndTxnRequest,
    FetchRequest,
    FetchResponse,
    HeartbeatRequest,
    HeartbeatResponse,
    JoinGroupRequest,
    MetadataQuorum,
    ProduceRequest,
    ProduceResponse,
    Request,
    Response,
    SyncGroupResponse,
)
from algorithms.broker.messages.data import FetchedPartition, FetchPartition, PartitionBatch, PartitionProduceResponse
from algorithms.broker.records import KeyValue, RecordBatch
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Ok, Record
from algorithms.raft.messages import AppendEntries, Entry, RequestVote
from algorithms.replicated.messages import NoOp
from tui.broker_kinds import KINDS, LEGEND
from tui.broker_words import outcome_words
from tui.glyphs import Kind
from tui.kinds import is_quiet, kind_of, legend_of, words_of

ORDERS = TopicPartition("orders", 0)
BATCH = RecordBatch((KeyValue("k", "v"), KeyValue("k", "w")))


def fetch(replica: str) -> FetchRequest:
    return FetchRequest("n2.1", 4, replica, 1, 500_000, 1, 1_000, False, "", (FetchPartition(ORDERS, 7),))


def test_every_message_of_the_broker_has_a_kind() -> None:
    sent = {
        each
        for each in vars(messages).values()
        if isinstance(each, type) and issubclass(each, Record) and each not in (Request, Response)
    }
    assert sent == set(KINDS)


def test_every_kind_of_the_broker_is_in_its_legend() -> None:
    assert {*KINDS.values(), Kind.PULL, Kind.REFUSAL, Kind.VOTE, Kind.VOTE_REQUEST} == set(LEGEND)
    assert legend_of(("broker",)) == tuple((kind,) for kind in LEGEND)


BEAT = AppendEntries(3, "n1", 4, 3, (), 4, 0)
WORDS: list[tuple[Record, Kind, str]] = [
    (ProduceRequest("c1.1", 4, -1, 1, "", (PartitionBatch(ORDERS, BATCH),)), Kind.PRODUCE,
     "2 records to orders/0, acks all"),
    (ProduceResponse("c1.1", 4, partitions=(PartitionProduceResponse(ORDERS, Error.NONE, 7),)), Kind.PRODUCED,
     "at orders/0:7"),
    (ProduceResponse("c1.1", 4, partitions=(PartitionProduceResponse(ORDERS, Error.NOT_LEADER_OR_FOLLOWER),)),
     Kind.REFUSAL, "produce: NOT_LEADER_OR_FOLLOWER"),
    (fetch("n2"), Kind.PULL, "replica fetch orders/0:7"),
    (fetch(""), Kind.FETCH, "fetch orders/0:7"),
    (FetchResponse("c1.1", 4, partitions=(FetchedPartition(ORDERS, batches=(BATCH,)),)), Kind.RECORDS,
     "2 records of orders/0"),
    (FetchResponse("c1.1", 4), Kind.PULL, "nothing new"),
    (MetadataQuorum(BEAT), Kind.BEAT, "metadata beat(4)"),
    (MetadataQuorum(RequestVote(3, "n1", 4, 3)), Kind.VOTE_REQUEST, "metadata vote? T3"),
    (HeartbeatRequest("c1.1", 4, "g", 1, "m"*3, ""), Kind.BEAT, "heartbeat of g"),
    (HeartbeatResponse("c1.1", 4, Error.REBALANCE_IN_PROGRESS), Kind.REFUSAL, "heartbeat: REBALANCE_IN_PROGRESS"),
    (JoinGroupRequest("c1.1", 4, "g", "", "", 1, 1, ()), Kind.GROUP, "joins g"),
    (SyncGroupResponse("c1.1", 4, partitions=(ORDERS,)), Kind.GROUP, "gets orders/0"),
    (EndTxnRequest("c1.1", 4, "app", 1, 0, False), Kind.TRANSACTION, "abort app"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "kind", "words"), WORDS, ids=[words for _, _, words in WORDS])
def test_a_message_of_the_broker_has_a_kind_and_words(message: Record, kind: Kind, words: str) -> None:
    assert (kind_of(message), words_of(message)) == (kind, words)


def test_what_only_keeps_a_session_alive_or_waits_for_news_is_quiet() -> None:
    quiet = [message for message, _, _ in WORDS if is_quiet(message)]
    assert [kind_of(message) for message in quiet] == [Kind.PULL, Kind.PULL, Kind.BEAT, Kind.BEAT]
    assert not is_quiet(MetadataQuorum(AppendEntries(3, "n1", 4, 3, (Entry(3, NoOp()),), 4, 0)))


OUTCOMES: list[tuple[Record, str]] = [
    (Produced(ORDERS, 7), "orders/0 at offset 7"),
    (Produced(ORDERS, -1), "orders/0 nobody says where (acks 0)"),
    (Transacted((Produced(ORDERS, 7),)), "committed: orders/0 at offset 7"),
    (Polled(()), "no records"),
    (Polled((Consumed(ORDERS, 3, "k", "v"), Consumed(ORDERS, 4, None, None))),
     "2 records: orders/0:3 k = v, orders/0:4 null"),
    (OffsetsCommitted(1, (PartitionOffset(ORDERS, 5),)), "committed orders/0:5"),
    (Ok(None), ""),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "words"), OUTCOMES)
def test_an_outcome_is_told_in_words(outcome: Record, words: str) -> None:
    assert outcome_words(outcome) == words
