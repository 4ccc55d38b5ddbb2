"""Sessions of members: what renews them, and what does not count as silence (KIP-62)."""

from __future__ import annotations

from broker_talk import ORDERS
from group_talk import OFFSETS, OTHER, REBALANCE, SESSION, GroupTalk, at_offset, errors

from algorithms.broker.errors import Error
from algorithms.broker.metadata import PartitionRecord
from algorithms.broker.settings import BrokerSettings
from algorithms.machine import Effect, SetTimer

DELAY = BrokerSettings().group_initial_rebalance_delay


def waits(effects: list[Effect]) -> list[int]:
    """How long the coordinator waits before it looks at the time."""
    return [each.shortest for each in effects if isinstance(each, SetTimer) and each.name == "group check"]


def three_of_which_two_have_synced() -> GroupTalk:
    """c1 leads and has not brought the assignment; c2 and c3 wait for it."""
    talk = GroupTalk()
    for client in ("c1", "c2", "c3"):
        talk.join(client)
    talk.let_time_pass(DELAY)
    talk.sync("c2", 1)
    talk.sync("c3", 1)
    return talk


def test_those_who_waited_for_a_silent_leader_are_not_out_with_it() -> None:
    """They were told a moment ago to join again: their sessions begin with that."""
    talk = three_of_which_two_have_synced()
    effects = talk.let_time_pass(SESSION)
    assert (errors(effects, "c2"), errors(effects, "c3")) == ([Error.REBALANCE_IN_PROGRESS],) * 2
    assert talk.standing == ("PreparingRebalance", 1, ["c2.1", "c3.1"])


def test_a_commit_is_a_sign_of_life() -> None:
    talk = GroupTalk().with_one()
    talk.at(talk.now + SESSION - 1).commit("c1", 1, at_offset(3))
    talk.let_time_pass(SESSION - 1)
    assert talk.standing == ("Stable", 1, ["c1.1"])
    talk.let_time_pass(1)
    assert talk.standing == ("Empty", 2, [])


def test_a_commit_of_another_generation_is_not() -> None:
    talk = GroupTalk().with_one()
    talk.at(talk.now + SESSION - 1).commit("c1", 0, at_offset(3))
    talk.let_time_pass(1)
    assert talk.standing == ("Empty", 2, [])


def test_who_falls_silent_after_a_slow_write_is_missed_also_if_nobody_asks_anything_more() -> None:
    """While it waited for the write, only the end of the rebalance was to be watched."""
    talk = GroupTalk(isr=("n1", "n2"))
    talk.join("c1")
    talk.let_time_pass(DELAY)
    talk.sync("c1", 1, c1=(ORDERS,))
    assert waits(talk.let_time_pass(SESSION)) == [REBALANCE - SESSION]
    assert waits(talk.replicate()) == [SESSION]


def loading() -> GroupTalk:
    """n1 is elected again and has read a commit that is not on n2 yet: it serves nobody before that is settled."""
    talk = GroupTalk().with_two()
    talk.stands("n1", 1, ("n1", "n2"))
    talk.commit("c1", 1, at_offset(3))
    talk.stands("n2", 2, ("n1", "n2"))
    talk.stands("n1", 3, ("n1", "n2"))
    assert errors(talk.beat("c1")) == [Error.COORDINATOR_LOAD_IN_PROGRESS]
    return talk


def settle(talk: GroupTalk) -> None:
    """n2 is in sync no more, so what n1 has read is committed."""
    talk.decide(PartitionRecord(OFFSETS, ("n1", "n2"), ("n1",), "n1", 3, 4))


def test_nobody_is_silent_while_the_coordinator_still_reads() -> None:
    """Their heartbeats are refused until then."""
    talk = loading()
    talk.let_time_pass(SESSION)
    talk.let_time_pass(SESSION)
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1"])


def test_the_coordinator_looks_once_a_session_whether_it_is_still_reading() -> None:
    assert waits(loading().let_time_pass(SESSION)) == [SESSION]


def test_when_all_is_read_everybody_has_a_whole_session() -> None:
    talk = loading()
    talk.at(talk.now + SESSION - 1)
    settle(talk)
    assert errors(talk.beat("c1")) == [Error.NONE]
    talk.let_time_pass(SESSION - 1)
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1"])
    talk.beat("c1")
    talk.let_time_pass(1)
    assert talk.standing == ("PreparingRebalance", 1, ["c1.1"])


def test_who_has_synced_stays_when_the_sync_phase_is_over() -> None:
    talk = GroupTalk()
    for client in ("c1", "c2", "c3"):
        talk.join(client)
    talk.let_time_pass(DELAY)
    talk.sync("c1", 1, c2=(ORDERS,), c3=(OTHER,))
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1", "c3.1"])
    for _ in range(REBALANCE // SESSION + 1):
        talk.at(talk.now + SESSION - 1)
        for client in ("c1", "c2", "c3"):
            talk.beat(client)
        talk.ring("group check")
    assert talk.standing == ("Stable", 1, ["c1.1", "c2.1", "c3.1"])
