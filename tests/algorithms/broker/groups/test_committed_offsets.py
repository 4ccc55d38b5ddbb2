"""Committed offsets: who may commit, and when it counts (KIP-62, KIP-98, KIP-447)."""

from __future__ import annotations

import pytest
from broker_talk import ORDERS
from group_talk import OTHER, GroupTalk, at_offset, errors, found

from algorithms.broker.errors import Error
from algorithms.broker.settings import BrokerSettings

# ---------------------------------------------------------------- commits of members


def test_what_a_member_commits_can_be_fetched() -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.commit("c1", 1, at_offset(7), at_offset(3, OTHER))) == [Error.NONE]
    assert found(talk.fetch()) == [{"orders-0": 7, "orders-1": 3}]
    assert found(talk.fetch(ORDERS)) == [{"orders-0": 7}]


def test_a_partition_without_a_committed_offset_is_not_named() -> None:
    assert found(GroupTalk().fetch(ORDERS)) == [{}]


def test_a_commit_counts_when_it_is_committed_in_the_log_and_not_before() -> None:
    talk = GroupTalk(isr=("n1", "n2"))
    assert errors(talk.commit("c1", -1, at_offset(7))) == []
    assert found(talk.fetch()) == [{}]
    assert errors(talk.replicate()) == [Error.NONE]
    assert found(talk.fetch()) == [{"orders-0": 7}]


def test_without_enough_replicas_nothing_is_written() -> None:
    talk = GroupTalk(min_isr=2)
    assert errors(talk.commit("c1", -1, at_offset(7))) == [Error.COORDINATOR_NOT_AVAILABLE]
    assert found(talk.fetch()) == [{}]


@pytest.mark.parametrize("generation", [0, 2])
def test_a_commit_of_another_generation_is_refused(generation: int) -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.commit("c1", generation, at_offset(7))) == [Error.ILLEGAL_GENERATION]
    assert found(talk.fetch()) == [{}]


def test_a_zombie_takes_the_group_back_where_old_generations_are_not_fenced() -> None:
    talk = GroupTalk(BrokerSettings(fence_old_generations=False)).with_one()
    talk.commit("c1", 1, at_offset(7))
    assert errors(talk.commit("c2", 0, at_offset(2)), "c2") == [Error.NONE]
    assert found(talk.fetch()) == [{"orders-0": 2}]


def test_a_stranger_may_not_commit() -> None:
    assert errors(GroupTalk().with_one().commit("c2", 1, at_offset(7)), "c2") == [Error.UNKNOWN_MEMBER_ID]


def test_before_it_joins_again_a_member_may_still_commit() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    assert errors(talk.commit("c1", 1, at_offset(7))) == [Error.NONE]


def test_between_join_and_sync_nobody_knows_what_is_its_own() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    talk.join("c1", "c1.1")
    assert errors(talk.commit("c1", 2, at_offset(7))) == [Error.REBALANCE_IN_PROGRESS]


def test_who_assigns_its_partitions_itself_commits_to_a_group_without_members_alone() -> None:
    assert errors(GroupTalk().commit("c1", -1, at_offset(7))) == [Error.NONE]
    assert errors(GroupTalk().with_one().commit("c1", -1, at_offset(7))) == [Error.UNKNOWN_MEMBER_ID]


def test_offsets_outlive_the_members() -> None:
    talk = GroupTalk().with_one()
    talk.commit("c1", 1, at_offset(7))
    talk.leave("c1")
    assert found(talk.fetch()) == [{"orders-0": 7}]


# ---------------------------------------------------------------- in transactions


def test_in_a_transaction_an_offset_counts_when_its_marker_is_there() -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.commit_in_transaction("c1", 1, at_offset(7))) == [Error.NONE]
    assert found(talk.fetch(ORDERS)) == [{}]
    talk.marker(committed=True)
    assert found(talk.fetch()) == [{"orders-0": 7}]


def test_an_aborted_transactions_offset_never_counts() -> None:
    talk = GroupTalk().with_one()
    talk.commit("c1", 1, at_offset(2))
    talk.commit_in_transaction("c1", 1, at_offset(7))
    talk.marker(committed=False)
    assert found(talk.fetch()) == [{"orders-0": 2}]


def test_of_several_commits_in_a_transaction_the_last_counts() -> None:
    talk = GroupTalk().with_one()
    talk.commit_in_transaction("c1", 1, at_offset(7))
    talk.commit_in_transaction("c1", 1, at_offset(9))
    talk.marker(committed=True)
    assert found(talk.fetch()) == [{"orders-0": 9}]


def test_a_reader_that_cares_waits_while_a_transaction_may_change_the_offset() -> None:
    talk = GroupTalk().with_one()
    talk.commit_in_transaction("c1", 1, at_offset(7))
    assert errors(talk.fetch(ORDERS, stable=True), "c9") == [Error.UNSTABLE_OFFSET_COMMIT]
    assert found(talk.fetch(OTHER, stable=True)) == [{}]
    assert found(talk.fetch(ORDERS)) == [{}]
    talk.marker(committed=True)
    assert found(talk.fetch(ORDERS, stable=True)) == [{"orders-0": 7}]


def test_a_member_of_another_generation_may_not_commit_in_a_transaction() -> None:
    """KIP-447: the zombie is fenced by the group, whatever its producer is."""
    talk = GroupTalk().with_one()
    assert errors(talk.commit_in_transaction("c1", 0, at_offset(7))) == [Error.ILLEGAL_GENERATION]
    assert errors(talk.commit_in_transaction("c2", 1, at_offset(7)), "c2") == [Error.UNKNOWN_MEMBER_ID]


def test_a_producer_that_does_not_name_its_member_may_commit() -> None:
    assert errors(GroupTalk().with_one().commit_in_transaction("c1", -1, at_offset(7))) == [Error.NONE]


def test_what_is_late_of_a_transaction_that_is_over_is_refused() -> None:
    talk = GroupTalk().with_one()
    talk.commit_in_transaction("c1", 1, at_offset(7))
    talk.marker(committed=True)
    assert errors(talk.commit_in_transaction("c1", 1, at_offset(9))) == [Error.INVALID_PRODUCER_EPOCH]
