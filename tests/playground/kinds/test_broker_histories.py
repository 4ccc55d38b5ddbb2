"""Brokers' operations in a history, and what their clients do of their own accord."""

from __future__ import annotations

import pytest

from algorithms.broker.commands import (
    CommitOffsets,
    Consume,
    Consumed,
    CreateTopic,
    OffsetsCommitted,
    PartitionOffset,
    Poll,
    Polled,
    Produced,
    ProduceRecord,
    ReadPartition,
    Transact,
    Transacted,
)
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Failed, Ok, Record, Unknown
from playground.history import Compound
from playground.kinds.broker import BrokerKind
from playground.kinds.broker_reading import BrokerReading
from playground.kinds.broker_workload import BrokerOperations
from playground.scenario import read_scenario
from playground.session import Session
from playground.workload import WorkloadSpec

SECOND = 1_000_000
FIRST = TopicPartition("orders", 0)
SENDS = (ProduceRecord("orders", "k", "v"), ProduceRecord("orders", "k.1", "w"))


@pytest.mark.parametrize(
    ("command", "call"),
    [
        (SENDS[0], ("produce", "orders", "v")),
        (Transact(SENDS), ("transact", "orders", Compound('["v","w"]'))),
        (ReadPartition(FIRST), ("read", "orders-0", None)),
        (Poll("g"), ("poll", "g", None)),
        (CommitOffsets("g"), ("commit", "g", None)),
        (Consume(("orders",), "g"), None),
        (CreateTopic("orders"), None),
    ],
)
def test_how_a_call_stands_in_a_history(command: Record, call: object) -> None:
    assert BrokerReading().call(command) == call


@pytest.mark.parametrize(
    ("command", "result", "outcome"),
    [
        (SENDS[0], Produced(FIRST, 3), ("ok", "orders-0@3")),
        (Transact(SENDS), Transacted((Produced(FIRST, 3),)), ("ok", Compound('["orders-0@3"]'))),
        (Poll("g"), Polled((Consumed(FIRST, 3, "k", "v"),)), ("ok", Compound('["orders-0@3 v"]'))),
        (CommitOffsets("g"), OffsetsCommitted(1, (PartitionOffset(FIRST, 4),)), ("ok", Compound('["orders-0@4"]'))),
        (CommitOffsets("g"), Ok(), ("ok", None)),
        (SENDS[0], Failed("NOT_ENOUGH_REPLICAS"), ("fail", None)),
        (SENDS[0], Unknown("REQUEST_TIMED_OUT"), ("info", None)),
    ],
)
def test_how_an_outcome_stands_in_a_history(command: Record, result: Record, outcome: object) -> None:
    assert BrokerReading().outcome(command, result) == outcome


def test_a_workload_produces_as_it_is_told() -> None:
    operations = BrokerOperations(WorkloadSpec(topic="a", acks="1"))
    assert operations.operation("produce", "k", "v") == ProduceRecord("a", "k", "v", None, "1")


def test_every_record_of_a_transaction_has_a_value_of_its_own() -> None:
    made = BrokerOperations(WorkloadSpec(records=3, poll=True)).operation("transact", "k", "v")
    assert isinstance(made, Transact)
    assert [each.value for each in made.records] == ["v/1", "v/2", "v/3"]
    assert (made.poll, made.abort) == (True, False)


def test_of_a_hundred_transactions_as_many_are_aborted_as_it_says() -> None:
    operations = BrokerOperations(WorkloadSpec(aborted=30))
    made = [operations.operation("transact", "k", "v") for _ in range(100)]
    assert sum(isinstance(each, Transact) and each.abort for each in made) == 30


def test_who_does_not_say_otherwise_produces() -> None:
    assert (BrokerKind.usual_workload.produce, BrokerKind.usual_workload.get) == (1, 0)


def test_transactors_do_nothing_but_transactions() -> None:
    scenario = read_scenario(
        'title = "a"\nstory = "b"\nsteps = "wait 1ms"\n[cluster]\nservices = ["broker"]\nclients = 2\n'
        '[cluster.broker.client.c2]\ntransactional_id = "app"\n[workload]\nrate = 20\ntransactors = ["c2"]\n',
        "s",
        "s.toml",
    )
    session = Session(scenario.spec, 1)
    session.run_until(SECOND)
    session.do("topic create orders on c1")
    session.run_until(6 * SECOND)
    acknowledged = session.ledgers["broker"].acknowledged  # type: ignore[attr-defined]
    names = {(each.client, "/" in each.value) for each in acknowledged}
    assert names == {("c1", False), ("c2", True)}
