"""The transaction coordinator: who the producer is, and what belongs to its transaction (KIP-98, KIP-360)."""

from __future__ import annotations

import pytest
from broker_talk import ORDERS
from transaction_talk import (
    OFFSETS,
    PAYMENTS,
    STATE,
    TIMEOUT,
    Coordinator,
    answers,
    errors,
    given_ids,
    markers,
)

from algorithms.broker.errors import Error
from algorithms.broker.messages import (
    AllocateProducerIdsRequest,
    InitProducerIdRequest,
)
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Send

# ---------------------------------------------------------------- InitProducerId


def test_a_new_transactional_id_gets_a_producer_id_and_epoch_0() -> None:
    assert given_ids(Coordinator().init()) == [(1_000, 0)]


def test_whoever_comes_next_has_the_same_id_and_a_higher_epoch() -> None:
    talk = Coordinator()
    talk.init()
    assert given_ids(talk.init(source="c2"), "c2") == [(1_000, 1)]
    assert errors(talk.add(PAYMENTS, epoch=0)) == [Error.PRODUCER_FENCED]


def test_a_transaction_that_was_left_open_is_aborted_before_its_successor_may_begin() -> None:
    talk = Coordinator().begun()
    effects = talk.init(source="c2")
    assert errors(effects, "c2") == [Error.CONCURRENT_TRANSACTIONS]
    [asked] = markers(effects)
    assert (asked.committed, asked.producer_epoch, asked.partitions) == (False, 1, (PAYMENTS,))
    talk.mark(asked)
    assert given_ids(talk.init(source="c2"), "c2") == [(1_000, 2)]


def test_the_zombie_whose_transaction_was_aborted_cannot_commit() -> None:
    talk = Coordinator().begun()
    [asked] = markers(talk.init(source="c2"))
    assert errors(talk.end()) == [Error.PRODUCER_FENCED]
    talk.mark(asked)
    assert errors(talk.end()) == [Error.PRODUCER_FENCED]


def test_nobody_gets_a_new_epoch_while_markers_are_missing() -> None:
    talk = Coordinator().begun()
    talk.end()
    assert errors(talk.init()) == [Error.CONCURRENT_TRANSACTIONS]


def test_a_timeout_longer_than_the_broker_allows_is_refused() -> None:
    longest = Coordinator().state.settings.transaction_max_timeout
    assert errors(Coordinator().init(timeout=longest + 1)) == [Error.INVALID_TRANSACTION_TIMEOUT]


def test_who_says_that_it_is_the_producer_of_an_old_epoch_is_fenced() -> None:
    talk = Coordinator()
    for _ in range(3):
        talk.init()
    assert errors(talk.init(1_000, 0)) == [Error.PRODUCER_FENCED]
    assert given_ids(talk.init(1_000, 2)) == [(1_000, 3)]


def test_who_asks_for_its_next_epoch_again_gets_the_same_one() -> None:
    talk = Coordinator()
    talk.init()
    assert given_ids(talk.init(1_000, 0)) == [(1_000, 1)]
    assert given_ids(talk.init(1_000, 0)) == [(1_000, 1)]


def test_asking_again_late_does_not_abort_the_transaction_of_the_next_epoch() -> None:
    talk = Coordinator()
    talk.init()
    talk.init(1_000, 0)
    talk.begun(epoch=1)
    assert errors(talk.init(1_000, 0)) == [Error.PRODUCER_FENCED]
    assert talk.standing == (1_000, 1, "Ongoing")


def test_without_a_transactional_id_everybody_gets_an_id_of_its_own() -> None:
    talk = Coordinator()
    told = [given_ids(talk.ask(InitProducerIdRequest("c1.1", number, "", TIMEOUT))) for number in (1, 2)]
    assert told == [[(1_000, 0)], [(1_001, 0)]]


def test_when_no_ids_are_left_the_producer_waits_for_a_block_from_the_controller() -> None:
    talk = Coordinator()
    talk.state.transactions.ids.next = 2_000
    effects = talk.init()
    assert answers(effects) == []
    assert [each for each in effects if isinstance(each, Send) and isinstance(each.message, AllocateProducerIdsRequest)]
    assert given_ids(talk.allocate(5_000)) == [(5_000, 0)]


# ---------------------------------------------------------------- what belongs to a transaction


def test_a_transaction_begins_with_its_first_partition() -> None:
    talk = Coordinator()
    talk.init()
    assert errors(talk.add(PAYMENTS)) == [Error.NONE]
    assert talk.standing == (1_000, 0, "Ongoing")


def test_partitions_are_added_to_those_before() -> None:
    talk = Coordinator().begun(PAYMENTS)
    talk.add(ORDERS, PAYMENTS)
    assert talk.transaction.now.partitions == (PAYMENTS, ORDERS)


def test_adding_what_is_in_it_writes_nothing() -> None:
    talk = Coordinator().begun(PAYMENTS)
    before = talk.state.replicas[STATE].log.end_offset
    assert errors(talk.add(PAYMENTS)) == [Error.NONE]
    assert talk.state.replicas[STATE].log.end_offset == before


def test_the_groups_partition_of_the_offsets_topic_becomes_part_of_it() -> None:
    talk = Coordinator()
    talk.init()
    assert errors(talk.add_offsets()) == [Error.NONE]
    assert talk.transaction.now.partitions == (OFFSETS,)


def test_a_partition_that_the_coordinator_has_not_heard_of_is_not_taken() -> None:
    """No marker could be sent to it, and its transaction would stay open for ever."""
    talk = Coordinator()
    talk.init()
    assert errors(talk.add(TopicPartition("new", 0))) == [Error.UNKNOWN_TOPIC_OR_PARTITION]


@pytest.mark.parametrize(
    ("producer_id", "epoch", "error"),
    [(1_001, 0, Error.INVALID_PRODUCER_ID_MAPPING), (1_000, 1, Error.PRODUCER_FENCED)],
)
def test_another_id_or_epoch_than_the_one_on_record_is_refused(producer_id: int, epoch: int, error: Error) -> None:
    talk = Coordinator().begun()
    assert errors(talk.add(ORDERS, producer_id=producer_id, epoch=epoch)) == [error]
    assert errors(talk.end(producer_id=producer_id, epoch=epoch)) == [error]


def test_a_transactional_id_that_nobody_has_is_refused() -> None:
    assert errors(Coordinator().add(PAYMENTS)) == [Error.INVALID_PRODUCER_ID_MAPPING]


def test_who_does_not_coordinate_says_so() -> None:
    talk = Coordinator()
    talk.init()
    talk.stands(STATE, "n2", 1)
    told = [talk.init(), talk.add(PAYMENTS), talk.add_offsets(), talk.end()]
    assert [errors(each) for each in told] == [[Error.NOT_COORDINATOR]] * 4


# ---------------------------------------------------------------- time


def test_a_transaction_that_takes_longer_than_its_timeout_is_aborted_and_its_producer_fenced() -> None:
    talk = Coordinator().begun()
    assert markers(talk.at(TIMEOUT).ring("transaction check")) == []
    [asked] = markers(talk.at(TIMEOUT + 1).ring("transaction check"))
    assert (asked.committed, asked.producer_epoch) == (False, 1)
    assert errors(talk.end()) == [Error.PRODUCER_FENCED]
    assert errors(talk.end(committed=False)) == [Error.PRODUCER_FENCED]


def test_the_timeout_counts_from_the_transactions_beginning() -> None:
    talk = Coordinator()
    talk.init()
    talk.at(TIMEOUT).begun()
    talk.at(TIMEOUT + 1).ring("transaction check")
    assert talk.standing[2] == "Ongoing"
