"""Producing and the high watermark, the leader's side: who is told what, and when."""

from __future__ import annotations

from broker_talk import NODES, ORDERS, SECOND, Talk, batch, fetched, produced, sent, values

from algorithms.broker.errors import Error
from algorithms.broker.messages import AlterPartitionRequest, ProduceRequest, ProduceResponse
from algorithms.broker.messages.administration import PartitionAlteration
from algorithms.broker.messages.data import PartitionBatch
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicConfig, TopicPartition
from algorithms.machine import Append


def leader(config: TopicConfig | None = None, settings: BrokerSettings | None = None) -> Talk:
    """n1 leads `orders-0` in epoch 0, all three are in sync."""
    talk = Talk(settings)
    talk.topic(config)
    talk.partition()
    return talk


def test_with_acks_1_the_leaders_own_log_is_enough() -> None:
    assert [(each.error, each.base_offset) for each in produced(leader().produce("a", acks=1))] == [(Error.NONE, 0)]


def test_with_acks_0_nobody_is_told_anything() -> None:
    talk = leader()
    assert sent(talk.produce("a", acks=0), "c1") == []
    assert talk.replica.log.end_offset == 1


def test_with_acks_all_nobody_is_told_before_every_in_sync_replica_has_it() -> None:
    talk = leader()
    assert produced(talk.produce("a")) == []
    assert produced(talk.follower_fetches("n2", 1)) == []
    assert [(each.error, each.base_offset) for each in produced(talk.follower_fetches("n3", 1))] == [(Error.NONE, 0)]


def test_the_high_watermark_is_the_smallest_end_among_the_in_sync_replicas() -> None:
    talk = leader()
    talk.produce("a", "b", "c")
    talk.follower_fetches("n2", 3)
    talk.follower_fetches("n3", 2)
    assert talk.replica.high_watermark == 2


def test_a_replica_that_is_not_in_sync_holds_nobody_up() -> None:
    talk = leader()
    talk.partition(isr=("n1", "n2"), partition_epoch=1)
    talk.produce("a")
    assert len(produced(talk.follower_fetches("n2", 1))) == 1


def test_the_high_watermark_never_goes_back_in_an_epoch() -> None:
    talk = leader()
    talk.produce("a", "b")
    talk.follower_fetches("n2", 2)
    talk.follower_fetches("n3", 2)
    talk.follower_fetches("n3", 1)
    assert talk.replica.high_watermark == 2


def test_kafkas_habit_is_not_to_sync_each_write() -> None:
    appends = [each for each in leader().produce("a", acks=1) if isinstance(each, Append)]
    assert [each.sync for each in appends] == [False]


def test_flush_messages_1_syncs_each_write_before_anybody_is_told() -> None:
    effects = leader(TopicConfig(flush_messages=1)).produce("a", acks=1)
    kinds = [type(each).__name__ for each in effects]
    assert [each.sync for each in effects if isinstance(each, Append)] == [True]
    assert kinds.index("Append") < kinds.index("Send")


def test_with_too_few_in_sync_replicas_acks_all_is_refused_and_nothing_is_written() -> None:
    talk = leader(TopicConfig(min_insync_replicas=2))
    talk.partition(isr=("n1",), partition_epoch=1)
    assert [each.error for each in produced(talk.produce("a"))] == [Error.NOT_ENOUGH_REPLICAS]
    assert talk.replica.log.end_offset == 0


def test_acks_1_does_not_ask_for_in_sync_replicas() -> None:
    talk = leader(TopicConfig(min_insync_replicas=2))
    talk.partition(isr=("n1",), partition_epoch=1)
    assert [each.error for each in produced(talk.produce("a", acks=1))] == [Error.NONE]


def test_what_is_written_while_the_isr_shrinks_below_the_minimum_is_told_so() -> None:
    talk = leader(TopicConfig(min_insync_replicas=2))
    talk.produce("a")
    effects = talk.partition(isr=("n1",), partition_epoch=1)
    assert [each.error for each in produced(effects)] == [Error.NOT_ENOUGH_REPLICAS_AFTER_APPEND]


def test_replicas_that_do_not_answer_in_time_are_a_timeout() -> None:
    talk = leader()
    talk.produce("a")
    assert [each.error for each in produced(talk.at(SECOND).ring("expire"))] == [Error.REQUEST_TIMED_OUT]


def test_who_loses_the_lead_says_where_the_records_stand_for_they_may_survive() -> None:
    talk = leader()
    talk.produce("a")
    answers = produced(talk.partition(leader="n2", epoch=1))
    assert [(each.error, each.base_offset) for each in answers] == [(Error.NOT_LEADER_OR_FOLLOWER, 0)]


def test_a_partition_led_by_another_is_refused_with_its_name() -> None:
    talk = leader()
    talk.partition(leader="n2", epoch=1)
    answers = produced(talk.produce("a"))
    assert [(each.error, each.base_offset, each.leader) for each in answers] == [
        (Error.NOT_LEADER_OR_FOLLOWER, -1, "n2")
    ]


def test_an_unknown_partition_and_a_large_record_have_kafkas_names() -> None:
    talk = leader(TopicConfig(max_message_bytes=10))
    nowhere = (PartitionBatch(TopicPartition("orders", 9), batch("a")),)
    effects = talk.hear("c1", ProduceRequest("c1.1", 1, -1, SECOND, "", nowhere))
    assert [each.error for each in produced(effects)] == [Error.UNKNOWN_TOPIC_OR_PARTITION]
    assert [each.error for each in produced(talk.produce("far too large"))] == [Error.MESSAGE_TOO_LARGE]


def test_several_partitions_are_answered_in_the_order_of_the_request() -> None:
    talk = leader()
    data = (PartitionBatch(TopicPartition("orders", 9), batch("a")), PartitionBatch(ORDERS, batch("b")))
    effects = talk.hear("c1", ProduceRequest("c1.1", 7, 1, SECOND, "", data))
    (response,) = sent(effects, "c1")
    assert isinstance(response, ProduceResponse)
    assert [each.partition.partition for each in response.partitions] == [9, 0]
    assert (response.client_id, response.correlation_id) == ("c1.1", 7)


# ---------------------------------------------------------------- idempotence


def named(sequence: int, epoch: int = 0) -> dict[str, object]:
    """A batch of producer 7."""
    return {"producer_id": 7, "producer_epoch": epoch, "base_sequence": sequence}


def test_a_batch_that_the_log_has_is_answered_and_not_appended_again() -> None:
    talk = leader()
    talk.produce("a", acks=1, **named(0))
    talk.produce("b", acks=1, **named(1))
    assert [(each.error, each.base_offset) for each in produced(talk.produce("a", acks=1, **named(0)))] == [
        (Error.NONE, 0)
    ]
    assert talk.replica.log.end_offset == 2


def test_the_answer_to_a_second_copy_waits_for_the_first_to_be_committed() -> None:
    talk = leader()
    talk.produce("a", **named(0))
    assert produced(talk.produce("a", number=2, **named(0))) == []
    talk.follower_fetches("n2", 1)
    assert len(produced(talk.follower_fetches("n3", 1))) == 2


def test_a_batch_whose_predecessor_is_missing_is_out_of_order() -> None:
    talk = leader()
    talk.produce("a", acks=1, **named(0))
    answers = produced(talk.produce("c", acks=1, **named(2)))
    assert [each.error for each in answers] == [Error.OUT_OF_ORDER_SEQUENCE_NUMBER]


def test_a_new_leader_does_not_let_the_second_batch_be_the_first() -> None:
    """Else the first one, when it comes, would be a duplicate that was never written."""
    answers = produced(leader().produce("b", acks=1, **named(1)))
    assert [each.error for each in answers] == [Error.OUT_OF_ORDER_SEQUENCE_NUMBER]


def test_an_older_epoch_of_a_producer_is_fenced() -> None:
    talk = leader()
    talk.produce("a", acks=1, **named(0, epoch=1))
    assert [each.error for each in produced(talk.produce("b", acks=1, **named(0)))] == [Error.INVALID_PRODUCER_EPOCH]


# ---------------------------------------------------------------- readers


def test_a_consumer_sees_nothing_above_the_high_watermark() -> None:
    talk = leader()
    talk.produce("a")
    talk.produce("b")
    for follower in ("n2", "n3"):
        talk.follower_fetches(follower, 1)
    (found,) = fetched(talk.consumer_fetches(0))
    assert (values(found), found.high_watermark) == (["a"], 1)


def test_a_follower_gets_everything() -> None:
    talk = leader()
    talk.produce("a")
    (found,) = fetched(talk.follower_fetches("n2", 0), "n2")
    assert values(found) == ["a"]


def test_a_fetch_that_finds_nothing_waits_for_the_next_record() -> None:
    talk = leader()
    assert fetched(talk.follower_fetches("n2", 0), "n2") == []
    (found,) = fetched(talk.produce("a"), "n2")
    assert values(found) == ["a"]


def test_a_fetch_does_not_wait_for_ever() -> None:
    talk = leader()
    talk.follower_fetches("n2", 0, number=5)
    assert [each.batches for each in fetched(talk.ring("fetch n2.1 5"), "n2")] == [()]


def test_an_offset_that_the_log_does_not_have_is_out_of_range() -> None:
    assert [each.error for each in fetched(leader().consumer_fetches(5))] == [Error.OFFSET_OUT_OF_RANGE]


def test_who_names_another_leader_epoch_is_told_which_of_us_is_behind() -> None:
    talk = leader()
    talk.partition(leader="n1", epoch=2)
    old, new = talk.follower_fetches("n2", 0, epoch=1), talk.follower_fetches("n2", 0, epoch=3)
    assert [each.error for each in fetched(old, "n2")] == [Error.FENCED_LEADER_EPOCH]
    assert [each.error for each in fetched(new, "n2")] == [Error.UNKNOWN_LEADER_EPOCH]


def test_a_reader_of_committed_records_stops_at_the_first_open_transaction() -> None:
    talk = leader()
    talk.partition(isr=("n1",), partition_epoch=1)
    talk.produce("a", acks=1)
    talk.produce("t", acks=1, is_transactional=True, **named(0))
    talk.produce("b", acks=1)
    assert values(fetched(talk.consumer_fetches(0))[0]) == ["a", "t", "b"]
    (found,) = fetched(talk.consumer_fetches(0, read_committed=True, number=2))
    assert (values(found), found.last_stable_offset) == (["a"], 1)


# ---------------------------------------------------------------- in sync or not


def proposals(talk: Talk, effects: list[object]) -> list[PartitionAlteration]:
    """What the controller is asked for."""
    asked = [each.message for each in effects if hasattr(each, "message")]
    return [part for each in asked if isinstance(each, AlterPartitionRequest) for part in each.partitions]


def test_a_follower_that_has_not_caught_up_for_the_lag_time_is_to_leave_the_isr() -> None:
    talk = leader()
    talk.produce("a")
    talk.follower_fetches("n2", 1)
    effects = talk.at(4 * SECOND).ring("isr")
    assert [each.in_sync_replicas for each in proposals(talk, list(effects))] == [("n1", "n2")]


def test_a_follower_that_has_everything_is_never_a_laggard() -> None:
    talk = leader()
    talk.follower_fetches("n2", 0)
    talk.follower_fetches("n3", 0)
    assert proposals(talk, list(talk.at(100 * SECOND).ring("isr"))) == []


def test_until_the_controller_has_decided_a_laggard_still_counts() -> None:
    talk = leader()
    talk.produce("a")
    talk.follower_fetches("n2", 1)
    talk.at(4 * SECOND).ring("isr")
    assert talk.replica.high_watermark == 0
    assert len(produced(talk.partition(isr=("n1", "n2"), partition_epoch=1))) == 1


def test_a_follower_that_has_caught_up_is_to_be_in_sync_again() -> None:
    talk = leader()
    talk.partition(isr=("n1", "n2"), partition_epoch=1)
    talk.produce("a")
    talk.follower_fetches("n2", 1)
    effects = talk.follower_fetches("n3", 1)
    assert [(each.in_sync_replicas, each.partition_epoch) for each in proposals(talk, list(effects))] == [(NODES, 1)]


def test_who_is_to_join_counts_at_once_so_that_nothing_is_committed_without_it() -> None:
    """The maximal ISR of KIP-497."""
    talk = leader()
    talk.partition(isr=("n1", "n2"), partition_epoch=1)
    talk.follower_fetches("n3", 0)
    talk.produce("a")
    talk.follower_fetches("n2", 1)
    assert talk.replica.high_watermark == 0


def test_with_kip_966_nothing_is_committed_below_the_minimum() -> None:
    talk = leader(TopicConfig(min_insync_replicas=2), BrokerSettings(eligible_leader_replicas_enable=True))
    talk.produce("a", acks=1)
    talk.partition(isr=("n1",), partition_epoch=1)
    assert talk.replica.high_watermark == 0
