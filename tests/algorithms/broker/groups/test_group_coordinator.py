"""The group coordinator: join, sync, heartbeat, leave, and the generations that they make (KIP-62, KIP-134)."""

from __future__ import annotations

import pytest
from broker_talk import ORDERS
from group_talk import (
    OTHER,
    REBALANCE,
    SESSION,
    WANTS_ORDERS,
    GroupTalk,
    errors,
    generations,
    responses,
    shares,
)

from algorithms.broker.errors import Error
from algorithms.broker.messages import HeartbeatRequest, JoinGroupResponse
from algorithms.broker.messages.group import GroupProtocol, JoinedMember
from algorithms.broker.settings import BrokerSettings

DELAY = BrokerSettings().group_initial_rebalance_delay

# ---------------------------------------------------------------- joining


def test_an_empty_group_waits_for_more_members_before_its_first_rebalance() -> None:
    talk = GroupTalk()
    assert responses(talk.join("c1"), "c1") == []
    assert generations(talk.let_time_pass(DELAY - 1), "c1") == []
    assert generations(talk.let_time_pass(1), "c1") == [(1, 1)]


def test_those_who_start_together_begin_together_and_the_leader_hears_who_they_are() -> None:
    talk = GroupTalk()
    talk.join("c1")
    talk.join("c2")
    effects = talk.let_time_pass(DELAY)
    first, second = JoinedMember("c1.1", "", WANTS_ORDERS), JoinedMember("c2.1", "", WANTS_ORDERS)
    assert responses(effects, "c1") == [
        JoinGroupResponse(
            "c1.1", 1, generation=1, protocol="range", leader="c1.1", member_id="c1.1", members=(first, second)
        )
    ]
    assert responses(effects, "c2") == [
        JoinGroupResponse("c2.1", 2, generation=1, protocol="range", leader="c1.1", member_id="c2.1")
    ]


def test_a_join_that_is_sent_again_makes_no_second_member() -> None:
    talk = GroupTalk()
    talk.join("c1")
    talk.join("c1")
    talk.let_time_pass(DELAY)
    assert talk.standing == ("CompletingRebalance", 1, ["c1.1"])


def knows(*names: str) -> tuple[GroupProtocol, ...]:
    """Assignors in the order of preference."""
    return tuple(GroupProtocol(name, WANTS_ORDERS) for name in names)


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        ((("sticky", "range"), ("sticky", "range"), ("range",)), "range"),
        ((("range", "sticky"), ("sticky", "range"), ("sticky", "range")), "sticky"),
        ((("round_robin", "sticky", "range"), ("range", "sticky"), ("sticky", "range")), "sticky"),
        ((("sticky", "range"), ("range", "sticky")), "range"),
    ],
)
def test_the_assignor_is_one_that_all_know_and_most_prefer(known: tuple[tuple[str, ...], ...], chosen: str) -> None:
    talk = GroupTalk()
    for number, names in enumerate(known, 1):
        talk.join(f"c{number}", protocols=knows(*names))
    talk.let_time_pass(DELAY)
    assert talk.group.protocol == chosen


def test_who_shares_no_assignor_with_the_others_is_refused() -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.join("c2", protocols=knows("sticky")), "c2") == [Error.INCONSISTENT_GROUP_PROTOCOL]
    assert talk.standing == ("Stable", 1, ["c1.1"])


@pytest.mark.parametrize(
    "session", [BrokerSettings().group_min_session_timeout - 1, BrokerSettings().group_max_session_timeout + 1]
)
def test_a_session_timeout_outside_of_the_bounds_is_refused(session: int) -> None:
    assert errors(GroupTalk().join("c1", session=session)) == [Error.INVALID_SESSION_TIMEOUT]


def test_a_member_id_that_nobody_has_is_refused() -> None:
    assert errors(GroupTalk().join("c1", "c1.1")) == [Error.UNKNOWN_MEMBER_ID]


# ---------------------------------------------------------------- a rebalance


def test_a_new_member_waits_until_the_others_have_joined_again() -> None:
    talk = GroupTalk().with_one()
    assert responses(talk.join("c2"), "c2") == []
    assert talk.standing == ("PreparingRebalance", 1, ["c1.1", "c2.1"])
    effects = talk.join("c1", "c1.1")
    assert generations(effects, "c1") == [(2, 2)]
    assert generations(effects, "c2") == [(2, 0)]


def test_members_hear_of_the_rebalance_by_their_heartbeats() -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.beat("c1")) == [Error.NONE]
    talk.join("c2")
    assert errors(talk.beat("c1")) == [Error.REBALANCE_IN_PROGRESS]


def test_whoever_has_not_joined_again_in_time_is_out() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    for _ in range(REBALANCE // SESSION - 1):
        talk.let_time_pass(SESSION - 1)
        talk.beat("c1")
    assert talk.standing == ("PreparingRebalance", 1, ["c1.1", "c2.1"])
    talk.let_time_pass(SESSION - 1)
    talk.beat("c1")
    assert generations(talk.let_time_pass(REBALANCE // SESSION), "c2") == [(2, 1)]
    assert talk.standing == ("CompletingRebalance", 2, ["c2.1"])
    assert errors(talk.beat("c1")) == [Error.UNKNOWN_MEMBER_ID]


def test_a_member_that_wants_something_else_begins_a_rebalance() -> None:
    talk = GroupTalk().with_two()
    talk.join("c2", "c2.1", protocols=knows("range", "sticky"))
    assert talk.group.state == "PreparingRebalance"


def test_a_follower_that_joins_again_and_wants_the_same_is_told_what_it_knows() -> None:
    talk = GroupTalk().with_two()
    assert generations(talk.join("c2", "c2.1"), "c2") == [(1, 0)]
    assert talk.group.state == "Stable"


def test_the_leader_begins_a_rebalance_by_joining_again() -> None:
    """It has seen that the topic has more partitions now."""
    talk = GroupTalk().with_two()
    talk.join("c1", "c1.1")
    assert talk.group.state == "PreparingRebalance"


# ---------------------------------------------------------------- syncing


def test_everybody_waits_for_the_leaders_assignment() -> None:
    talk = GroupTalk()
    talk.join("c1")
    talk.join("c2")
    talk.let_time_pass(DELAY)
    assert responses(talk.sync("c2", 1), "c2") == []
    effects = talk.sync("c1", 1, c1=(ORDERS,), c2=(OTHER,))
    assert (shares(effects, "c1"), shares(effects, "c2")) == ([(ORDERS,)], [(OTHER,)])
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1"])


def test_who_asks_late_is_told_at_once() -> None:
    assert shares(GroupTalk().with_two().sync("c2", 1), "c2") == [(OTHER,)]


def test_nobody_is_told_before_the_assignment_is_committed() -> None:
    talk = GroupTalk(isr=("n1", "n2"))
    talk.join("c1")
    talk.let_time_pass(DELAY)
    assert responses(talk.sync("c1", 1, c1=(ORDERS,)), "c1") == []
    assert talk.group.state == "CompletingRebalance"
    assert shares(talk.replicate(), "c1") == [(ORDERS,)]
    assert talk.group.state == "Stable"


def test_without_enough_replicas_the_assignment_cannot_be_written() -> None:
    talk = GroupTalk(min_isr=2)
    talk.join("c1")
    talk.let_time_pass(DELAY)
    assert errors(talk.sync("c1", 1, c1=(ORDERS,))) == [Error.COORDINATOR_NOT_AVAILABLE]


def test_during_a_rebalance_there_is_nothing_to_be_had() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    assert errors(talk.sync("c1", 1)) == [Error.REBALANCE_IN_PROGRESS]


def test_a_new_member_sends_those_back_who_wait_for_their_assignment() -> None:
    talk = GroupTalk()
    talk.join("c1")
    talk.join("c2")
    talk.let_time_pass(DELAY)
    talk.sync("c2", 1)
    assert errors(talk.join("c3"), "c2") == [Error.REBALANCE_IN_PROGRESS]


def test_whoever_does_not_ask_for_its_partitions_in_time_is_out_and_the_others_stay() -> None:
    """The leader died after the join; those who waited for it join again under their names."""
    talk = GroupTalk()
    for client in ("c1", "c2", "c3"):
        talk.join(client, session=10 * REBALANCE)
    talk.let_time_pass(DELAY)
    talk.sync("c2", 1)
    talk.sync("c3", 1)
    effects = talk.let_time_pass(REBALANCE)
    assert (errors(effects, "c2"), errors(effects, "c3")) == ([Error.REBALANCE_IN_PROGRESS],) * 2
    assert talk.standing == ("PreparingRebalance", 1, ["c2.1", "c3.1"])


# ---------------------------------------------------------------- generations


@pytest.mark.parametrize("generation", [0, 2])
def test_another_generation_is_refused(generation: int) -> None:
    talk = GroupTalk().with_one()
    assert errors(talk.beat("c1", generation)) == [Error.ILLEGAL_GENERATION]
    assert errors(talk.sync("c1", generation)) == [Error.ILLEGAL_GENERATION]


def test_a_stranger_is_refused() -> None:
    talk = GroupTalk().with_one()
    told = [talk.beat("c2"), talk.sync("c2", 1), talk.leave("c2")]
    assert [errors(each, "c2") for each in told] == [[Error.UNKNOWN_MEMBER_ID]] * 3


@pytest.mark.parametrize("name", ["", "two words"])
def test_a_group_needs_a_name_without_spaces(name: str) -> None:
    assert errors(GroupTalk().hear("c1", HeartbeatRequest("c1.1", 1, name, 1, "c1.1", ""))) == [Error.INVALID_GROUP_ID]


# ---------------------------------------------------------------- leaving, and falling silent


def test_what_a_member_had_goes_to_the_others_when_it_leaves() -> None:
    talk = GroupTalk().with_two()
    assert errors(talk.leave("c2"), "c2") == [Error.NONE]
    assert talk.standing == ("PreparingRebalance", 1, ["c1.1"])
    assert generations(talk.join("c1", "c1.1"), "c1") == [(2, 1)]


def test_when_the_one_who_was_missing_leaves_the_rebalance_goes_on() -> None:
    talk = GroupTalk().with_two()
    talk.join("c1", "c1.1")
    assert generations(talk.leave("c2"), "c1") == [(2, 1)]


def test_when_the_last_one_leaves_the_group_is_empty() -> None:
    talk = GroupTalk().with_one()
    talk.leave("c1")
    assert talk.standing == ("Empty", 2, [])


def test_who_leads_no_more_is_followed_by_the_next_one() -> None:
    talk = GroupTalk().with_two()
    talk.leave("c1")
    talk.join("c2", "c2.1")
    assert talk.group.leader == "c2.1"


def test_a_member_that_is_silent_for_its_session_timeout_is_out() -> None:
    talk = GroupTalk().with_two()
    talk.at(talk.now + SESSION - 1).beat("c1")
    talk.ring("group check")
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1"])
    talk.let_time_pass(1)
    assert talk.standing == ("PreparingRebalance", 1, ["c1.1"])


def test_a_member_that_waits_for_us_is_not_silent() -> None:
    talk = GroupTalk().with_one()
    talk.join("c2")
    for _ in range(3):
        talk.at(talk.now + SESSION - 1).beat("c1")
        talk.ring("group check")
    assert list(talk.group.members) == ["c1.1", "c2.1"]


def test_all_who_are_silent_are_out_at_once() -> None:
    talk = GroupTalk().with_two()
    talk.let_time_pass(SESSION)
    assert talk.standing == ("Empty", 2, [])
