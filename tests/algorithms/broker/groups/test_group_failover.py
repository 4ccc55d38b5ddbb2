"""What the next coordinator of a group knows is what stands in the log (KIP-62, KIP-98)."""

from __future__ import annotations

import pickle

from broker_talk import ORDERS
from group_talk import OTHER, SESSION, GroupTalk, at_offset, errors, found, shares

from algorithms.broker.errors import Error
from algorithms.broker.view import GroupOffset


def test_a_new_coordinator_goes_on_with_the_same_generation() -> None:
    talk = GroupTalk().with_two().led_again()
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1"])
    assert errors(talk.beat("c2"), "c2") == [Error.NONE]
    assert shares(talk.sync("c2", 1), "c2") == [(OTHER,)]


def test_sessions_begin_anew_with_a_new_coordinator() -> None:
    talk = GroupTalk().with_one()
    talk.at(talk.now + SESSION - 1).led_again()
    talk.let_time_pass(SESSION - 1)
    assert talk.standing == ("Stable", 1, ["c1.1"])
    talk.let_time_pass(1)
    assert talk.standing == ("Empty", 2, [])


def test_a_new_coordinator_knows_what_was_committed() -> None:
    talk = GroupTalk().with_one()
    talk.commit("c1", 1, at_offset(7))
    talk.commit("c1", 1, at_offset(9))
    assert found(talk.led_again().fetch()) == [{"orders-0": 9}]


def test_a_new_coordinator_knows_that_a_group_is_empty() -> None:
    talk = GroupTalk().with_one()
    talk.leave("c1")
    assert talk.led_again().standing == ("Empty", 2, [])


def test_a_new_coordinator_waits_for_the_markers_of_open_transactions() -> None:
    talk = GroupTalk().with_one()
    talk.commit_in_transaction("c1", 1, at_offset(7))
    talk.led_again()
    assert errors(talk.fetch(ORDERS, stable=True), "c9") == [Error.UNSTABLE_OFFSET_COMMIT]
    talk.marker(committed=True)
    assert found(talk.fetch(ORDERS, stable=True)) == [{"orders-0": 7}]


def test_a_new_coordinator_knows_how_transactions_have_ended() -> None:
    talk = GroupTalk().with_one()
    talk.commit_in_transaction("c1", 1, at_offset(7))
    talk.marker(committed=True)
    talk.commit_in_transaction("c1", 1, at_offset(9), epoch=1)
    talk.marker(committed=False, epoch=2)
    assert found(talk.led_again().fetch(ORDERS, stable=True)) == [{"orders-0": 7}]


def test_a_new_coordinator_serves_nobody_before_what_it_has_read_is_committed() -> None:
    talk = GroupTalk(isr=("n1", "n2"))
    talk.commit("c1", -1, at_offset(7))
    talk.stands("n2", 1, ("n1", "n2"))
    talk.stands("n1", 2, ("n1", "n2"))
    assert errors(talk.fetch(), "c9") == [Error.COORDINATOR_LOAD_IN_PROGRESS]
    talk.stands("n1", 3)
    assert found(talk.fetch()) == [{"orders-0": 7}]


def test_who_does_not_coordinate_says_so() -> None:
    talk = GroupTalk().with_one()
    talk.stands("n2", 1, ("n1", "n2"))
    told = [
        talk.beat("c1"),
        talk.sync("c1", 1),
        talk.join("c1", "c1.1"),
        talk.commit("c1", 1, at_offset(7)),
        talk.commit_in_transaction("c1", 1, at_offset(7)),
        talk.leave("c1"),
    ]
    assert [errors(each) for each in told] == [[Error.NOT_COORDINATOR]] * 6
    assert errors(talk.fetch(), "c9") == [Error.NOT_COORDINATOR]


def test_whoever_waits_at_a_deposed_coordinator_is_sent_away() -> None:
    talk = GroupTalk()
    talk.join("c1")
    assert errors(talk.stands("n2", 1, ("n1", "n2"))) == [Error.NOT_COORDINATOR]


def test_a_deposed_coordinator_does_not_say_that_a_commit_counts() -> None:
    talk = GroupTalk(isr=("n1", "n2"))
    talk.commit("c1", -1, at_offset(7))
    assert errors(talk.stands("n2", 1, ("n1", "n2"))) == [Error.NOT_COORDINATOR]


def test_onlookers_see_groups_and_their_offsets() -> None:
    talk = GroupTalk().with_two()
    talk.commit("c1", 1, at_offset(7))
    [view] = talk.machine.view().groups
    assert (view.group, view.state, view.generation, view.leader) == ("g", "Stable", 1, "c1.1")
    assert [(each.client, each.partitions) for each in view.members] == [("c1", (ORDERS,)), ("c2", (OTHER,))]
    assert view.offsets == (GroupOffset(ORDERS, 7),)


def test_the_machine_can_be_pickled_in_the_middle_of_a_rebalance() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    again = pickle.loads(pickle.dumps(talk.machine))
    assert again.state.groups.coordinated.keys() == talk.state.groups.coordinated.keys()
