"""Static members come back under their instance ids, and their old lives are fenced (KIP-345, KIP-814)."""

from __future__ import annotations

from broker_talk import ORDERS
from group_talk import OTHER, REBALANCE, SESSION, GroupTalk, errors, generations

from algorithms.broker.errors import Error
from algorithms.broker.messages import LeaveGroupRequest, OffsetCommitRequest, SyncGroupRequest
from algorithms.broker.messages.group import GroupProtocol, MemberAssignment, Subscription

LONG = 10 * REBALANCE


def two_static() -> GroupTalk:
    """c1, instance i1, leads and has `orders-0`; c2, instance i2, has `orders-1`."""
    talk = GroupTalk()
    talk.join("c1", instance="i1")
    talk.join("c2", instance="i2")
    talk.let_time_pass(talk.state.settings.group_initial_rebalance_delay)
    given = MemberAssignment("i1-c1.1", (ORDERS,)), MemberAssignment("i2-c2.1", (OTHER,))
    talk.hear("c1", SyncGroupRequest("c1.1", 90, "g", 1, "i1-c1.1", "i1", given))
    talk.sync("c2", 1, "i2")
    return talk


def test_what_a_new_life_owns_does_not_count_as_another_wish() -> None:
    talk = two_static()
    owns = (GroupProtocol("range", Subscription(("orders",), (OTHER,), 1)),)
    talk.join("c2", instance="i2", life=2, protocols=owns)
    assert talk.group.state == "Stable"


def test_the_old_life_is_fenced_whatever_it_asks_for() -> None:
    talk = two_static()
    talk.join("c2", instance="i2", life=2)
    told = [
        talk.beat("c2", 1, "i2"),
        talk.sync("c2", 1, "i2"),
        talk.join("c2", "i2-c2.1", "i2"),
        talk.hear("c2", OffsetCommitRequest("c2.1", 91, "g", 1, "i2-c2.1", "i2", ())),
    ]
    assert [errors(each, "c2") for each in told] == [[Error.FENCED_INSTANCE_ID]] * 4


def test_the_old_life_is_turned_away_if_it_waits() -> None:
    talk = two_static()
    talk.join("c3")
    talk.join("c2", "i2-c2.1", "i2")
    assert errors(talk.join("c2", instance="i2", life=2), "c2") == [Error.FENCED_INSTANCE_ID]


def test_a_static_member_is_out_when_its_session_is_over() -> None:
    talk = two_static()
    talk.at(talk.now + SESSION - 1).beat("c1", 1, "i1")
    talk.let_time_pass(1)
    assert talk.standing == ("PreparingRebalance", 1, ["i1-c1.1"])


def test_a_static_member_that_is_late_for_a_rebalance_stays_until_its_session_is_over() -> None:
    talk = GroupTalk()
    talk.join("c1", instance="i1", session=LONG)
    talk.join("c2", session=LONG)
    talk.let_time_pass(talk.state.settings.group_initial_rebalance_delay)
    talk.hear("c1", SyncGroupRequest("c1.1", 90, "g", 1, "i1-c1.1", "i1", ()))
    talk.sync("c2", 1)
    talk.join("c3", session=LONG)
    talk.join("c2", "c2.1", session=LONG)
    assert generations(talk.let_time_pass(REBALANCE), "c2") == [(2, 3)]
    assert talk.standing == ("CompletingRebalance", 2, ["i1-c1.1", "c2.1", "c3.1"])


def test_a_static_member_can_be_asked_to_leave() -> None:
    talk = two_static()
    assert errors(talk.hear("c2", LeaveGroupRequest("c2.1", 91, "g", "i2-c2.1", "i2")), "c2") == [Error.NONE]
    assert list(talk.group.members) == ["i1-c1.1"]
