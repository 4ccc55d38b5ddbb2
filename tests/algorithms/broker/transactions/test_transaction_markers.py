"""Markers, the partitions' side: what ends a transaction, and what does not (KIP-98, KIP-890)."""

from __future__ import annotations

from collections.abc import Sequence

from broker_talk import NODES, ORDERS, Talk, produced, sent

from algorithms.broker.errors import Error
from algorithms.broker.messages import TxnOffsetCommitRequest, WriteTxnMarkersRequest, WriteTxnMarkersResponse
from algorithms.broker.messages.group import CommittedOffset
from algorithms.broker.metadata import PartitionRecord, TopicRecord
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import OFFSETS_TOPIC, TopicConfig, TopicPartition
from algorithms.machine import Effect

NEXT = TopicPartition("orders", 1)
OFFSETS = TopicPartition(OFFSETS_TOPIC, 0)


def leader(isr: tuple[str, ...] = ("n1",), version: int = 2, min_isr: int = 1) -> Talk:
    """n1 leads `orders-0`."""
    talk = Talk(BrokerSettings(transaction_version=version))  # type: ignore[arg-type]
    talk.topic(TopicConfig(min_insync_replicas=min_isr))
    talk.partition(isr=isr)
    return talk


def write(talk: Talk, value: str = "a", epoch: int = 0, sequence: int = 0, number: int = 1) -> list[Error]:
    """Producer 7 writes in its transaction."""
    ids = {"producer_id": 7, "producer_epoch": epoch, "base_sequence": sequence, "is_transactional": True}
    return [each.error for each in produced(talk.produce(value, number=number, acks=1, **ids))]


def mark(
    talk: Talk,
    *partitions: TopicPartition,
    epoch: int = 1,
    committed: bool = True,
    coordinator_epoch: int = 0,
    number: int = 1,
) -> list[Effect]:
    """The coordinator on n2 asks for markers."""
    wanted = partitions or (ORDERS,)
    return talk.hear("n2", WriteTxnMarkersRequest("n2.1", number, "n2", coordinator_epoch, 7, epoch, committed, wanted))


def told(effects: Sequence[Effect]) -> list[tuple[TopicPartition, Error]]:
    """What the coordinator hears."""
    answers = [each for each in sent(effects, "n2") if isinstance(each, WriteTxnMarkersResponse)]
    return [(part.partition, part.error) for each in answers for part in each.partitions]


def controls(talk: Talk) -> list[str]:
    """The log, a letter or a marker each."""
    return [each.control or str(each.records[0].value) for each in talk.replica.log.batches]


def test_a_marker_ends_the_transaction_in_the_log() -> None:
    talk = leader()
    write(talk)
    assert talk.replica.last_stable_offset == 0
    assert told(mark(talk)) == [(ORDERS, Error.NONE)]
    assert controls(talk) == ["a", "COMMIT"]
    assert talk.replica.last_stable_offset == 2


def test_a_marker_is_told_to_be_written_when_it_is_committed() -> None:
    talk = leader(("n1", "n2"))
    write(talk)
    assert told(mark(talk)) == []
    assert told(talk.follower_fetches("n2", 2)) == [(ORDERS, Error.NONE)]


def test_a_marker_asked_for_twice_is_written_once_and_both_hear_of_it() -> None:
    talk = leader(("n1", "n2"))
    write(talk)
    mark(talk)
    assert told(mark(talk, number=2)) == []
    assert told(talk.follower_fetches("n2", 2)) == [(ORDERS, Error.NONE)] * 2
    assert told(mark(talk, number=3)) == [(ORDERS, Error.NONE)]
    assert controls(talk) == ["a", "COMMIT"]


def test_a_late_copy_of_a_marker_does_not_end_the_next_transaction() -> None:
    talk = leader()
    write(talk)
    mark(talk)
    write(talk, "b", epoch=1)
    assert told(mark(talk, number=2)) == [(ORDERS, Error.NONE)]
    assert controls(talk) == ["a", "COMMIT", "b"]
    assert talk.replica.last_stable_offset == 2


def test_with_version_1_a_late_copy_of_a_marker_ends_the_next_transaction() -> None:
    talk = leader(version=1)
    write(talk)
    mark(talk, epoch=0)
    write(talk, "b", sequence=1)
    mark(talk, epoch=0, number=2)
    assert controls(talk) == ["a", "COMMIT", "b", "COMMIT"]


def test_what_is_late_of_a_transaction_is_fenced_by_its_marker() -> None:
    talk = leader()
    write(talk)
    mark(talk)
    assert write(talk, "late", sequence=1) == [Error.INVALID_PRODUCER_EPOCH]


def test_with_version_1_what_is_late_of_a_transaction_becomes_part_of_the_next_one() -> None:
    talk = leader(version=1)
    write(talk)
    mark(talk, epoch=0)
    assert write(talk, "late", sequence=1) == [Error.NONE]


def test_a_marker_of_an_old_epoch_is_refused() -> None:
    talk = leader()
    write(talk, epoch=3)
    assert told(mark(talk, epoch=2)) == [(ORDERS, Error.INVALID_PRODUCER_EPOCH)]
    assert controls(talk) == ["a"]


def test_a_marker_of_a_deposed_coordinator_is_refused() -> None:
    talk = leader()
    write(talk)
    mark(talk, coordinator_epoch=5)
    write(talk, "b", epoch=1)
    refused = mark(talk, epoch=2, coordinator_epoch=4, committed=False, number=2)
    assert told(refused) == [(ORDERS, Error.TRANSACTION_COORDINATOR_FENCED)]
    assert controls(talk) == ["a", "COMMIT", "b"]


def test_a_partition_that_is_led_by_somebody_else_is_told_apart() -> None:
    talk = leader()
    talk.decide(PartitionRecord(NEXT, NODES, NODES, "n2", 0, 0))
    write(talk)
    unknown = TopicPartition("gone", 0)
    assert told(mark(talk, ORDERS, NEXT, unknown)) == [
        (ORDERS, Error.NONE),
        (NEXT, Error.NOT_LEADER_OR_FOLLOWER),
        (unknown, Error.UNKNOWN_TOPIC_OR_PARTITION),
    ]


def test_a_marker_is_not_written_below_the_minimum_of_in_sync_replicas() -> None:
    talk = leader(("n1", "n2"), min_isr=2)
    write(talk)
    talk.partition(isr=("n1",), partition_epoch=1)
    assert told(mark(talk)) == [(ORDERS, Error.NOT_ENOUGH_REPLICAS)]
    talk.partition(isr=("n1", "n2"), partition_epoch=2)
    mark(talk, number=2)
    assert controls(talk) == ["a", "COMMIT"]


def test_a_marker_whose_leader_is_deposed_before_it_is_committed_has_to_be_asked_for_again() -> None:
    talk = leader(("n1", "n2"))
    write(talk)
    mark(talk)
    assert told(talk.partition(leader="n2", epoch=1)) == [(ORDERS, Error.NOT_LEADER_OR_FOLLOWER)]


def offsets_after_the_end(committed: bool) -> list[int]:
    """Offset 5 of `orders-0` is committed by group g in a transaction, which ends."""
    talk = leader()
    talk.decide(TopicRecord(OFFSETS_TOPIC, TopicConfig()))
    talk.decide(PartitionRecord(OFFSETS, ("n1",), ("n1",), "n1", 0, 0))
    offsets = (CommittedOffset(ORDERS, 5),)
    talk.hear("c1", TxnOffsetCommitRequest("c1.1", 1, "app", "g", 7, 0, -1, "", "", offsets))
    group = talk.state.groups.coordinated[OFFSETS]["g"]
    assert not group.offsets
    mark(talk, OFFSETS, committed=committed)
    return [each.offset for each in group.offsets.values()]


def test_the_groups_offsets_count_when_their_marker_says_so() -> None:
    assert offsets_after_the_end(True) == [5]
    assert offsets_after_the_end(False) == []
