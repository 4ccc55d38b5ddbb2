"""Static members that come back in another life, and how far the coordinator trusts it (KIP-345, KIP-429)."""

from __future__ import annotations

from broker_talk import ORDERS
from group_talk import OTHER, SESSION, GroupTalk, errors, generations, responses, shares

from algorithms.broker.errors import Error
from algorithms.broker.messages import JoinGroupResponse, LeaveGroupRequest, SyncGroupRequest
from algorithms.broker.messages.group import GroupProtocol, MemberAssignment, Subscription
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import TopicPartition
from algorithms.machine import Effect

DELAY = BrokerSettings().group_initial_rebalance_delay


def owning(*partitions: TopicPartition, generation: int = -1) -> tuple[GroupProtocol, ...]:
    """A cooperative member that has these partitions."""
    return (GroupProtocol("cooperative_sticky", Subscription(("orders",), partitions, generation)),)


def assign(talk: GroupTalk, generation: int, *given: tuple[str, tuple[TopicPartition, ...]]) -> list[Effect]:
    """The leader, c1 as i1, says what everybody gets, by member id."""
    shared = tuple(MemberAssignment(*each) for each in given)
    return talk.hear("c1", SyncGroupRequest("c1.1", 99, "g", generation, "i1-c1.1", "i1", shared))


def two_static(protocols: tuple[GroupProtocol, ...] | None = None, isr: tuple[str, ...] = ("n1",)) -> GroupTalk:
    """c1 as i1, which leads and has `orders-0`, and c2 as i2, which has `orders-1`: generation 1, stable."""
    talk = joined(protocols, isr)
    assign(talk, 1, ("i1-c1.1", (ORDERS,)), ("i2-c2.1", (OTHER,)))
    if len(isr) > 1:
        talk.replicate()
    talk.sync("c2", 1, "i2")
    assert talk.standing == ("Stable", 1, ["i1-c1.1", "i2-c2.1"])
    return talk


def joined(protocols: tuple[GroupProtocol, ...] | None = None, isr: tuple[str, ...] = ("n1",)) -> GroupTalk:
    """The same two before they have an assignment."""
    talk = GroupTalk(isr=isr)
    for client, instance in (("c1", "i1"), ("c2", "i2")):
        if protocols is None:
            talk.join(client, instance=instance)
        else:
            talk.join(client, instance=instance, protocols=protocols)
    talk.let_time_pass(DELAY)
    return talk


# ---------------------------------------------------------------- in a stable group


def test_a_static_member_that_comes_back_has_what_it_had_and_nobody_else_notices() -> None:
    talk = two_static()
    assert generations(talk.join("c2", instance="i2", life=2), "c2") == [(1, 0)]
    assert shares(talk.sync("c2", 1, "i2", life=2), "c2") == [(OTHER,)]
    assert talk.standing == ("Stable", 1, ["i1-c1.1", "i2-c2.2"])


def test_its_old_life_is_fenced() -> None:
    talk = two_static()
    talk.join("c2", instance="i2", life=2)
    assert errors(talk.beat("c2", 1, "i2"), "c2") == [Error.FENCED_INSTANCE_ID]
    assert errors(talk.sync("c2", 1, "i2"), "c2") == [Error.FENCED_INSTANCE_ID]
    leaving = talk.hear("c2", LeaveGroupRequest("c2.1", 77, "g", "i2-c2.1", "i2"))
    assert errors(leaving, "c2") == [Error.FENCED_INSTANCE_ID]


def test_a_static_leader_that_comes_back_does_not_assign_again() -> None:
    """KIP-814."""
    [told] = responses(two_static().join("c1", instance="i1", life=2), "c1")
    assert isinstance(told, JoinGroupResponse)
    assert (told.leader, told.skip_assignment, len(told.members)) == ("i1-c1.2", True, 2)


def test_its_session_begins_anew() -> None:
    talk = two_static()
    talk.at(talk.now + SESSION - 1).beat("c1", 1, "i1")
    talk.join("c2", instance="i2", life=2)
    talk.let_time_pass(2)
    assert talk.standing == ("Stable", 1, ["i1-c1.1", "i2-c2.2"])


def test_the_next_coordinator_knows_the_new_life() -> None:
    """Else it would fence the one that lives for the one that is gone."""
    talk = two_static()
    talk.join("c2", instance="i2", life=2)
    talk.led_again()
    assert errors(talk.beat("c2", 1, "i2", life=2), "c2") == [Error.NONE]
    assert errors(talk.beat("c2", 1, "i2"), "c2") == [Error.FENCED_INSTANCE_ID]
    assert shares(talk.sync("c2", 1, "i2", life=2), "c2") == [(OTHER,)]


def test_the_new_life_hears_nothing_before_it_is_on_record() -> None:
    talk = two_static(isr=("n1", "n2"))
    assert responses(talk.join("c2", instance="i2", life=2), "c2") == []
    assert generations(talk.replicate(), "c2") == [(1, 0)]


def test_a_new_life_that_cannot_be_put_on_record_asks_again() -> None:
    talk = two_static(isr=("n1", "n2"))
    talk.join("c2", instance="i2", life=2)
    assert errors(talk.stands("n2", 1, ("n2",)), "c2") == [Error.NOT_COORDINATOR]


def test_a_new_life_that_wants_other_topics_begins_a_rebalance() -> None:
    talk = two_static()
    wants = (GroupProtocol("range", Subscription(("orders", "payments"))),)
    assert responses(talk.join("c2", instance="i2", protocols=wants, life=2), "c2") == []
    assert talk.group.state == "PreparingRebalance"


# ---------------------------------------------------------------- while something is under way


def test_a_new_life_while_the_leader_assigns_begins_another_rebalance() -> None:
    """The leader knows the old name only: what it gives to that, nobody would read."""
    talk = joined()
    assert responses(talk.join("c2", instance="i2", life=2), "c2") == []
    assert talk.group.state == "PreparingRebalance"
    assert errors(assign(talk, 1, ("i1-c1.1", (ORDERS,)), ("i2-c2.1", (OTHER,)))) == [Error.REBALANCE_IN_PROGRESS]
    assert generations(talk.join("c1", "i1-c1.1", "i1"), "c2") == [(2, 0)]


def test_a_join_of_the_same_life_that_is_sent_again_while_the_leader_assigns_changes_nothing() -> None:
    talk = joined()
    assert generations(talk.join("c2", instance="i2"), "c2") == [(1, 0)]
    assert talk.group.state == "CompletingRebalance"


def test_a_static_follower_that_has_given_something_up_begins_a_rebalance() -> None:
    """KIP-429: it joins again so that somebody gets what it gave up."""
    talk = two_static(owning())
    talk.join("c2", "i2-c2.1", "i2", owning(OTHER, generation=1))
    assert talk.group.state == "PreparingRebalance"


def test_static_members_that_are_late_stay_as_long_as_their_sessions() -> None:
    """The dynamic one that began the rebalance has gone; the rebalance waits for the two that may come."""
    talk = two_static()
    talk.join("c3")
    talk.leave("c3")
    for _ in range(12):
        talk.at(talk.now + SESSION - 1).beat("c1", 1, "i1")
        talk.beat("c2", 1, "i2")
        talk.ring("group check")
    assert talk.standing == ("PreparingRebalance", 1, ["i1-c1.1", "i2-c2.1"])
    talk.join("c1", "i1-c1.1", "i1")
    assert generations(talk.join("c2", "i2-c2.1", "i2"), "c1") == [(2, 2)]
