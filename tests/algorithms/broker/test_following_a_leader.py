"""Replication, the follower's side: appending, truncating, and the three ways to know where to cut."""

from __future__ import annotations

from broker_talk import ORDERS, Talk, batch, sent

from algorithms.broker.errors import Error
from algorithms.broker.log.epochs import EpochStart
from algorithms.broker.messages import FetchRequest, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse
from algorithms.broker.messages.data import EpochAsked, EpochEnd, EpochEndOffset, FetchedPartition, FetchPartition
from algorithms.broker.settings import BrokerSettings
from algorithms.machine import Effect


def follower(settings: BrokerSettings | None = None) -> Talk:
    """n1 follows n2 in epoch 0 and has a, b, c of that epoch; the leader's high watermark is 2."""
    talk = Talk(settings)
    talk.topic()
    talk.partition(leader="n2")
    if settings is not None and settings.truncation == "kip_101":
        talk.state.fetchers["n2"].asking.clear()
    batches = tuple(batch(each, base=number, epoch=0) for number, each in enumerate("abc"))
    talk.leader_answers("n2", FetchedPartition(ORDERS, Error.NONE, 2, 2, 0, batches))
    return talk


def asked(effects: list[Effect], target: str = "n2") -> list[FetchPartition]:
    """What is fetched of `target`."""
    return [part for each in sent(effects, target) if isinstance(each, FetchRequest) for part in each.partitions]


def test_a_new_follower_fetches_from_its_own_end() -> None:
    talk = Talk()
    talk.topic()
    assert asked(talk.partition(leader="n2")) == [FetchPartition(ORDERS, 0, 0, -1, 0)]


def test_what_comes_is_appended_and_more_is_asked_for_with_the_epoch_of_the_last_batch() -> None:
    talk = Talk()
    talk.topic()
    talk.partition(leader="n2", epoch=3)
    found = FetchedPartition(ORDERS, Error.NONE, 1, 1, 0, (batch("a", base=0, epoch=3),))
    assert asked(talk.leader_answers("n2", found)) == [FetchPartition(ORDERS, 1, 3, 3, 0)]
    assert talk.replica.log.end_offset == 1


def test_the_high_watermark_of_a_follower_is_the_leaders_as_far_as_it_has_the_records() -> None:
    talk = follower()
    assert talk.replica.high_watermark == 2
    talk.leader_answers("n2", FetchedPartition(ORDERS, Error.NONE, 9, 9, 0))
    assert talk.replica.high_watermark == 3


def test_a_batch_that_comes_twice_is_appended_once() -> None:
    talk = follower()
    again = FetchedPartition(ORDERS, Error.NONE, 3, 3, 0, (batch("c", base=2, epoch=0),))
    talk.leader_answers("n2", again)
    assert talk.replica.log.end_offset == 3


def test_a_diverging_epoch_cuts_off_what_the_leader_has_not() -> None:
    """KIP-595: the leader says where its log leaves ours."""
    talk = follower()
    talk.partition(leader="n3", epoch=1)
    effects = talk.leader_answers("n3", FetchedPartition(ORDERS, diverging=EpochEnd(0, 2)))
    assert talk.replica.log.end_offset == 2
    assert asked(effects, "n3") == [FetchPartition(ORDERS, 2, 1, 0, 0)]


def test_of_an_epoch_that_only_we_have_nothing_is_kept() -> None:
    talk = follower()
    talk.partition(leader="n1", epoch=1)
    talk.produce("x", acks=1)
    talk.partition(leader="n2", epoch=2)
    talk.leader_answers("n2", FetchedPartition(ORDERS, diverging=EpochEnd(0, 4)))
    assert [each.partition_leader_epoch for each in talk.replica.log.batches] == [0, 0, 0]


def test_an_epoch_in_which_we_led_and_wrote_nothing_is_forgotten() -> None:
    talk = follower()
    talk.partition(leader="n1", epoch=1)
    talk.partition(leader="n2", epoch=2)
    talk.leader_answers("n2", FetchedPartition(ORDERS, diverging=EpochEnd(0, 3)))
    assert talk.replica.log.epochs.entries == [EpochStart(0, 0)]


def test_before_kip_101_a_follower_cut_its_log_at_its_own_high_watermark() -> None:
    """c may be committed by now, and here it goes."""
    talk = follower(BrokerSettings(truncation="high_watermark"))
    talk.partition(leader="n3", epoch=1)
    assert talk.replica.log.end_offset == 2


def test_by_epochs_nothing_is_cut_that_the_leader_has() -> None:
    talk = follower()
    effects = talk.partition(leader="n3", epoch=1)
    assert asked(effects, "n3") == [FetchPartition(ORDERS, 3, 1, 0, 0)]
    assert talk.replica.log.end_offset == 3


def test_with_kip_101_a_follower_asks_where_its_epoch_ends_before_it_fetches() -> None:
    talk = follower(BrokerSettings(truncation="kip_101"))
    effects = talk.partition(leader="n3", epoch=1)
    (question,) = [each for each in sent(effects, "n3") if isinstance(each, OffsetForLeaderEpochRequest)]
    assert question.partitions == (EpochAsked(ORDERS, 1, 0),)
    number = talk.state.fetchers["n3"].outstanding
    told = (EpochEndOffset(ORDERS, Error.NONE, 0, 2),)
    effects = talk.hear("n3", OffsetForLeaderEpochResponse(talk.state.client_id, number, partitions=told))
    assert talk.replica.log.end_offset == 2
    assert asked(effects, "n3") == [FetchPartition(ORDERS, 2, 1, -1, 0)]


def test_a_follower_that_lacks_what_the_leader_has_dropped_starts_anew() -> None:
    talk = follower()
    talk.leader_answers("n2", FetchedPartition(ORDERS, Error.OFFSET_OUT_OF_RANGE, log_start_offset=10))
    assert (talk.replica.log.start_offset, talk.replica.log.end_offset) == (10, 10)


def test_an_answer_to_a_request_that_was_given_up_is_nobodys() -> None:
    talk = follower()
    number = talk.state.fetchers["n2"].outstanding
    talk.state.fetchers["n2"].outstanding = number + 1
    before = talk.replica.log.end_offset
    found = FetchedPartition(ORDERS, Error.NONE, 4, 4, 0, (batch("d", base=3, epoch=0),))
    from algorithms.broker.messages import FetchResponse

    talk.hear("n2", FetchResponse(talk.state.client_id, number, partitions=(found,)))
    assert talk.replica.log.end_offset == before


def test_an_older_image_does_not_undo_a_newer_leader_epoch() -> None:
    talk = follower()
    talk.partition(leader="n3", epoch=4)
    talk.partition(leader="n2", epoch=3)
    assert (talk.replica.leader, talk.replica.leader_epoch) == ("n3", 4)


def test_a_partition_that_has_moved_away_is_dropped() -> None:
    talk = follower()
    talk.partition(leader="n2", epoch=1, replicas=("n2", "n3"), isr=("n2", "n3"))
    assert ORDERS not in talk.state.replicas
