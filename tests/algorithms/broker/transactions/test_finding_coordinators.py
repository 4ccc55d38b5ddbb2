"""Who coordinates what: Java's hash of the name picks the partition, its leader is the one."""

from __future__ import annotations

import pytest
from broker_talk import Talk, sent
from hypothesis import given
from hypothesis import strategies as st

from algorithms.broker.coordinators import GROUP, TRANSACTION, java_hash, partition_of
from algorithms.broker.errors import Error
from algorithms.broker.messages import CreateTopicsRequest, FindCoordinatorRequest, FindCoordinatorResponse
from algorithms.broker.metadata import PartitionRecord, TopicRecord
from algorithms.broker.topics import OFFSETS_TOPIC, TRANSACTIONS_TOPIC, TopicConfig, TopicPartition
from algorithms.machine import Effect, Send


def find(talk: Talk, key: str, key_type: str = GROUP) -> list[Effect]:
    """c1 asks."""
    return talk.hear("c1", FindCoordinatorRequest("c1.1", 1, key, key_type))  # type: ignore[arg-type]


def asked_of_the_controller(effects: list[Effect]) -> list[CreateTopicsRequest]:
    """Topics that are wanted."""
    return [
        each.message for each in effects if isinstance(each, Send) and isinstance(each.message, CreateTopicsRequest)
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("a", 97), ("app", 96801), ("Hello", 69609650), ("polygenelubricants", -2147483648), ("😀", 1772899)],
)
def test_the_hash_is_javas(text: str, number: int) -> None:
    assert java_hash(text) == number


@given(st.text(), st.text())
def test_the_hash_of_a_text_follows_from_its_parts(first: str, second: str) -> None:
    units = len(second.encode("utf-16-be", "surrogatepass")) // 2
    whole = (java_hash(first) * 31**units + java_hash(second)) & 0xFFFFFFFF
    assert java_hash(first + second) & 0xFFFFFFFF == whole


def test_a_negative_hash_has_a_partition_too() -> None:
    talk = Talk()
    for number in range(5):
        talk.decide(PartitionRecord(TopicPartition(OFFSETS_TOPIC, number), ("n2",), ("n2",), "n2", 0, 0))
    assert partition_of(talk.state, GROUP, "polygenelubricants") == TopicPartition(OFFSETS_TOPIC, 0)
    assert partition_of(talk.state, TRANSACTION, "app") is None


def test_the_leader_of_the_partition_coordinates() -> None:
    talk = Talk()
    talk.decide(TopicRecord(TRANSACTIONS_TOPIC, TopicConfig()))
    talk.decide(PartitionRecord(TopicPartition(TRANSACTIONS_TOPIC, 0), ("n2",), ("n2",), "n2", 0, 0))
    assert sent(find(talk, "app", TRANSACTION), "c1") == [FindCoordinatorResponse("c1.1", 1, hint="n2")]


def test_while_the_partition_has_no_leader_there_is_no_coordinator() -> None:
    talk = Talk()
    talk.decide(PartitionRecord(TopicPartition(OFFSETS_TOPIC, 0), ("n2",), ("n2",), "", 0, 0))
    assert sent(find(talk, "g"), "c1") == [FindCoordinatorResponse("c1.1", 1, Error.COORDINATOR_NOT_AVAILABLE)]


def test_the_first_to_ask_has_the_topic_created_once() -> None:
    talk = Talk()
    effects = find(talk, "g")
    assert sent(effects, "c1") == [FindCoordinatorResponse("c1.1", 1, Error.COORDINATOR_NOT_AVAILABLE)]
    [asked] = asked_of_the_controller(effects)
    assert (asked.topic, asked.partitions, asked.replication_factor) == (OFFSETS_TOPIC, 5, 3)
    assert (asked.internal, asked.config.cleanup_policy) == (True, "compact")
    assert asked_of_the_controller(find(talk, "h")) == []
