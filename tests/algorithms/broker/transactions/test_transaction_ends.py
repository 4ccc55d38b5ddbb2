"""How a transaction ends: the decision, the markers, and the epoch that comes after (KIP-98, KIP-890)."""

from __future__ import annotations

import msgspec
from broker_talk import ORDERS, SECOND
from transaction_talk import (
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
    AddPartitionsToTxnRequest,
    EndTxnRequest,
    InitProducerIdRequest,
)
from algorithms.machine import Send, SetTimer

# ---------------------------------------------------------------- the end


def test_markers_leave_when_the_decision_is_committed_and_not_before() -> None:
    talk = Coordinator(isr=("n1", "n2"))
    talk.init()
    talk.replicate()
    talk.add(PAYMENTS)
    talk.replicate()
    effects = talk.end()
    assert (answers(effects), markers(effects)) == ([], [])
    assert talk.standing[2] == "Ongoing"
    effects = talk.replicate()
    assert errors(effects) == [Error.NONE]
    assert [each.partitions for each in markers(effects)] == [(PAYMENTS,)]
    assert talk.standing[2] == "PrepareCommit"


def test_nothing_is_believed_before_it_is_committed() -> None:
    talk = Coordinator(isr=("n1", "n2"))
    assert answers(talk.init()) == []
    assert errors(talk.init()) == [Error.CONCURRENT_TRANSACTIONS]
    assert given_ids(talk.replicate()) == [(1_000, 0)]


def test_the_transaction_is_complete_when_every_partition_has_its_marker() -> None:
    talk = Coordinator()
    talk.stands(ORDERS, "n3", 1)
    asked = markers(talk.begun(PAYMENTS, ORDERS).end())
    assert [each.partitions for each in asked] == [(PAYMENTS,), (ORDERS,)]
    talk.mark(asked[0])
    assert talk.standing[2] == "PrepareCommit"
    talk.mark(asked[1], source="n3")
    assert talk.standing[2] == "CompleteCommit"
    assert talk.transaction.now.partitions == ()


def test_a_marker_that_was_refused_is_asked_for_again_of_whoever_leads_then() -> None:
    talk = Coordinator().begun()
    [asked] = markers(talk.end())
    talk.mark(asked, Error.NOT_LEADER_OR_FOLLOWER)
    talk.stands(PAYMENTS, "n3", 1)
    effects = talk.at(SECOND).ring("transaction markers")
    assert [each.target for each in effects if isinstance(each, Send) and each.message in markers(effects)] == ["n3"]


def test_a_marker_without_an_answer_is_asked_for_again_even_if_others_keep_coming() -> None:
    """One timer for all: each new transaction must not put it off."""
    talk = Coordinator()
    first = talk.begun().end()
    assert [each for each in first if isinstance(each, SetTimer) and each.name == "transaction markers"]
    other = InitProducerIdRequest("c2.1", 1, "other", TIMEOUT)
    talk.at(90_000).ask(other, "c2")
    talk.ask(AddPartitionsToTxnRequest("c2.1", 2, "other", 1_001, 0, (PAYMENTS,)), "c2")
    second = talk.ask(EndTxnRequest("c2.1", 3, "other", 1_001, 0, True), "c2")
    assert len(markers(second)) == 1
    assert not [each for each in second if isinstance(each, SetTimer) and each.name == "transaction markers"]
    assert [each.producer_id for each in markers(talk.at(100_000).ring("transaction markers"))] == [1_000]


def test_an_answer_to_the_last_transactions_markers_is_not_taken_for_this_ones() -> None:
    talk = Coordinator(version=1).begun()
    [asked] = markers(talk.end())
    [again] = markers(talk.at(SECOND).ring("transaction markers"))
    talk.mark(asked)
    assert talk.state.transactions.markers_out == {}
    talk.begun()
    talk.end()
    talk.mark(again)
    assert talk.standing[2] == "PrepareCommit"


def test_an_answer_from_an_earlier_leadership_is_not_taken_for_one_to_this() -> None:
    talk = Coordinator(version=1).begun()
    [asked] = markers(talk.end())
    talk.stands(STATE, "n2", 1)
    [again] = markers(talk.stands(STATE, "n1", 2, isr=("n1",)))
    talk.mark(asked)
    assert talk.standing[2] == "PrepareCommit"
    talk.mark(again)
    assert talk.standing[2] == "CompleteCommit"
    assert talk.state.transactions.markers_out == {}


def test_nothing_else_is_begun_while_a_decision_is_being_written() -> None:
    talk = Coordinator(isr=("n1", "n2"))
    talk.init()
    talk.replicate()
    talk.add(PAYMENTS)
    talk.replicate()
    talk.end(committed=True)
    assert [errors(each) for each in (talk.end(committed=False), talk.add(ORDERS))] == [
        [Error.CONCURRENT_TRANSACTIONS],
        [Error.CONCURRENT_TRANSACTIONS],
    ]
    assert [each.committed for each in markers(talk.replicate())] == [True]


def test_a_partition_whose_topic_was_deleted_holds_nobody_up() -> None:
    talk = Coordinator().begun()
    talk.end()
    del talk.state.image.partitions[PAYMENTS]
    talk.at(SECOND).ring("transaction markers")
    assert talk.standing[2] == "CompleteCommit"


def test_nothing_new_begins_while_markers_are_missing() -> None:
    talk = Coordinator().begun()
    talk.end()
    assert errors(talk.add(PAYMENTS, epoch=1)) == [Error.CONCURRENT_TRANSACTIONS]


def test_a_transaction_that_never_began_cannot_end() -> None:
    talk = Coordinator()
    talk.init()
    assert errors(talk.end()) == [Error.INVALID_TXN_STATE]


def test_without_enough_replicas_nothing_is_written_and_the_client_may_try_again() -> None:
    talk = Coordinator(min_isr=2)
    assert errors(talk.init()) == [Error.COORDINATOR_NOT_AVAILABLE]
    assert talk.state.replicas[STATE].log.end_offset == 0


# ---------------------------------------------------------------- transaction version 2 and 1


def test_every_end_gives_the_next_epoch_and_the_markers_carry_it() -> None:
    talk = Coordinator().begun()
    effects = talk.end()
    assert given_ids(effects) == [(1_000, 1)]
    assert [each.producer_epoch for each in markers(effects)] == [1]
    talk.mark(markers(effects)[0])
    assert errors(talk.add(PAYMENTS, epoch=0)) == [Error.PRODUCER_FENCED]
    assert errors(talk.add(PAYMENTS, epoch=1)) == [Error.NONE]


def test_the_same_end_asked_for_again_gets_the_same_answer() -> None:
    talk = Coordinator().begun()
    [asked] = markers(talk.end())
    assert given_ids(talk.end()) == [(1_000, 1)]
    talk.mark(asked)
    assert given_ids(talk.end()) == [(1_000, 1)]
    assert talk.standing == (1_000, 1, "CompleteCommit")


def test_the_other_end_cannot_be_had_any_more() -> None:
    talk = Coordinator().begun()
    talk.end(committed=True)
    assert errors(talk.end(committed=False)) == [Error.INVALID_TXN_STATE]


def test_a_late_copy_of_an_end_does_not_end_the_next_transaction() -> None:
    talk = Coordinator().begun()
    talk.mark(markers(talk.end())[0])
    talk.begun(epoch=1)
    assert errors(talk.end(epoch=0)) == [Error.PRODUCER_FENCED]
    assert talk.standing == (1_000, 1, "Ongoing")


def test_the_end_of_the_last_transaction_is_no_end_of_one_that_never_began() -> None:
    talk = Coordinator().begun()
    talk.mark(markers(talk.end())[0])
    assert errors(talk.end(epoch=1)) == [Error.INVALID_TXN_STATE]


def test_with_version_1_the_epoch_stays() -> None:
    talk = Coordinator(version=1).begun()
    effects = talk.end()
    assert given_ids(effects) == [(1_000, 0)]
    assert [each.producer_epoch for each in markers(effects)] == [0]


def test_with_version_1_a_late_copy_of_an_end_ends_the_next_transaction() -> None:
    """That is what KIP-890 is about."""
    talk = Coordinator(version=1).begun()
    talk.mark(markers(talk.end())[0])
    talk.begun()
    assert errors(talk.end()) == [Error.NONE]
    assert talk.standing[2] == "PrepareCommit"


# ---------------------------------------------------------------- the last epoch


def near_the_last_epoch() -> Coordinator:
    """The producer has the last epoch that is given to anybody."""
    talk = Coordinator()
    talk.init()
    talk.transaction.now = msgspec.structs.replace(talk.transaction.now, producer_epoch=32_766)
    return talk


def test_behind_the_last_epoch_comes_a_new_producer_id() -> None:
    assert given_ids(near_the_last_epoch().init()) == [(1_001, 0)]


def test_an_end_in_the_last_epoch_gives_a_new_producer_id_and_its_markers_fence_the_old_one() -> None:
    talk = near_the_last_epoch().begun(epoch=32_766)
    effects = talk.end(epoch=32_766)
    assert given_ids(effects) == [(1_001, 0)]
    [asked] = markers(effects)
    assert (asked.producer_id, asked.producer_epoch) == (1_000, 32_767)
    assert errors(talk.add(PAYMENTS, producer_id=1_001)) == [Error.CONCURRENT_TRANSACTIONS]
    talk.mark(asked)
    assert talk.standing == (1_001, 0, "CompleteCommit")
    assert given_ids(talk.end(epoch=32_766)) == [(1_001, 0)]
    assert errors(talk.add(PAYMENTS, producer_id=1_001)) == [Error.NONE]


def test_such_an_end_waits_for_a_block_of_ids_if_there_is_none() -> None:
    talk = near_the_last_epoch().begun(epoch=32_766)
    talk.state.transactions.ids.next = 2_000
    assert answers(talk.end(epoch=32_766)) == []
    assert given_ids(talk.allocate(5_000)) == [(5_000, 0)]


def test_a_transaction_that_is_aborted_in_the_last_epoch_leaves_its_successor_a_new_id() -> None:
    talk = near_the_last_epoch().begun(epoch=32_766)
    [asked] = markers(talk.init())
    assert asked.producer_epoch == 32_767
    talk.mark(asked)
    assert given_ids(talk.init()) == [(1_001, 0)]
