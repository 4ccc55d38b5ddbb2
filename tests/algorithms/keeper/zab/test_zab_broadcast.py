"""Phase 3 (Junqueira, Reed, Serafini 2011, section 4; Medeiros 2012, 4.2), and how a reign ends."""

from __future__ import annotations

import pytest
from zab_carrier import Write
from zab_talk import Said, Talk, record, saved

from algorithms.keeper.zab.messages import (
    Ack,
    AckEpoch,
    AckNewLeader,
    Commit,
    Diff,
    Durable,
    FollowerInfo,
    Forwarded,
    Inform,
    LeaderInfo,
    NewLeader,
    Ping,
    Pong,
    Propose,
    Transaction,
    UpToDate,
)
from algorithms.keeper.zab.reigns import Proposal
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Append


def first(epoch: int = 1) -> Transaction:
    return Transaction(Zxid(epoch, 1), Write(1))


# ---------------------------------------------------------------- the leader


def test_a_proposal_leaves_at_once_while_the_leaders_own_disk_writes() -> None:
    talk = Talk("n1")
    talk.establish("n2", "n3")
    assert talk.ask(1) == [
        Append("zab log", 1, (first(),)),
        Said("n1", Durable(talk.state.reigns, "log", Zxid(1, 1)), False),
        Said("n2", Propose(first()), True),
        Said("n3", Propose(first()), True),
    ]


def test_a_proposal_is_committed_with_a_quorums_disks() -> None:
    talk = Talk("n1")
    talk.establish("n2", "n3")
    talk.ask(1)
    talk.own_disk()
    assert talk.state.proposals == {Zxid(1, 1): Proposal(Write(1), ("n1",))}
    assert talk.say("n2", Ack(Zxid(1, 1))) == [
        Said("n2", Commit(Zxid(1, 1)), True),
        Said("n3", Commit(Zxid(1, 1)), True),
    ]
    assert (talk.delivered, talk.state.proposals) == ([Zxid(1, 1)], {})


def test_followers_may_be_quicker_than_the_leaders_own_disk() -> None:
    talk = Talk("n1")
    talk.establish("n2", "n3")
    written = talk.ask(1)
    talk.say("n2", Ack(Zxid(1, 1)))
    assert talk.delivered == []
    talk.say("n3", Ack(Zxid(1, 1)))
    assert talk.delivered == [Zxid(1, 1)]
    talk.did = written
    assert talk.own_disk() == []


def test_a_server_alone_commits_when_its_disk_has_it() -> None:
    talk = Talk("n1", voters=1)
    talk.lead()
    talk.own_disk()
    talk.own_disk()
    talk.ask(1)
    assert talk.delivered == []
    talk.own_disk()
    assert talk.delivered == [Zxid(1, 1)]


def test_commits_are_in_order_though_a_later_one_is_acknowledged_first() -> None:
    talk = Talk("n1", voters=5)
    talk.establish("n2", "n3", "n4")
    for number in (1, 2):
        talk.ask(number)
        talk.own_disk()
    talk.say("n2", Ack(Zxid(1, 1)))
    talk.say("n3", Ack(Zxid(1, 2)))
    assert talk.delivered == [Zxid(1, 1)]
    talk.say("n4", Ack(Zxid(1, 2)))
    assert talk.said_to("n2") == [Commit(Zxid(1, 2))]
    assert talk.delivered == [Zxid(1, 1), Zxid(1, 2)]


def test_an_observers_disk_does_not_count() -> None:
    talk = Talk("n1", voters=3, observers=1)
    talk.establish("n2")
    talk.knock("n4", FollowerInfo(0, observes=True))
    talk.say("n4", AckEpoch(0, ZERO, counts=False), AckNewLeader(1))
    assert talk.state.in_sync == ("n1", "n2", "n4")
    talk.ask(1)
    talk.own_disk()
    assert talk.delivered == []
    talk.say("n2", Ack(Zxid(1, 1)))
    assert talk.said_to("n4") == [Inform(first())]


def test_the_counter_begins_anew_in_each_epoch() -> None:
    talk = Talk("n1", saved=saved((1, 1), (1, 2)))
    talk.establish("n2", accepted=1, zxid=Zxid(1, 2))
    talk.ask(1)
    assert talk.state.last_logged == Zxid(2, 1)


def test_only_an_established_leader_may_broadcast() -> None:
    talk = Talk("n1")
    with pytest.raises(AssertionError, match="broadcasts without leading"):
        talk.carrier.zab.broadcast(Write(1))
    talk.lead("n2")
    with pytest.raises(AssertionError, match="broadcasts in discovery"):
        talk.carrier.zab.broadcast(Write(1))


# ---------------------------------------------------------------- the follower


def test_a_proposal_is_on_disk_before_it_is_acknowledged() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2")
    assert talk.say("n3", Propose(first())) == [
        Append("zab log", 1, (first(),)),
        Said("n3", Ack(Zxid(1, 1)), False),
    ]
    assert talk.delivered == []


def test_a_commit_is_delivered() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2")
    talk.say("n3", Propose(first()), Commit(Zxid(1, 1)))
    assert talk.delivered == [Zxid(1, 1)]


def test_a_follower_that_leaves_keeps_what_is_proposed_for_the_next_leader_to_decide() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2")
    talk.say("n3", Propose(first()))
    talk.ring("zab silence")
    assert (talk.state.last_logged, talk.delivered) == (Zxid(1, 1), [])
    vote = talk.state.vote
    assert vote is not None
    assert vote.zxid == Zxid(1, 1)


def test_an_observer_is_informed_and_acknowledges_nothing() -> None:
    talk = Talk("n4", voters=3, observers=1)
    talk.follow("n3", "n2")
    assert talk.say("n3", Inform(first())) == [Append("zab log", 1, (first(),))]
    assert (talk.state.role, talk.delivered) == ("observing", [Zxid(1, 1)])


# ---------------------------------------------------------------- between applications


def test_what_an_application_sends_to_its_leader_arrives_there() -> None:
    talk = Talk("n1")
    assert not talk.carrier.zab.send_to_leader(Write(1))
    talk.follow("n3", "n2")
    assert talk.ask(1) == [Said("n3", Forwarded(Write(1)), True)]


def test_the_leaders_own_application_is_heard_in_the_same_turn() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    assert talk.ask(1)[0] == Append("zab log", 1, (first(),))


def test_a_leader_speaks_to_synchronised_followers_only() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    talk.knock("n3", FollowerInfo(1))
    assert talk.carrier.zab.send_to_follower("n2", Write(1))
    assert not talk.carrier.zab.send_to_follower("n3", Write(1))


def test_a_request_arrives_behind_the_acknowledgements_before_it() -> None:
    """The channel is FIFO also where some words wait for the disk and others do not."""
    talk = Talk("n1")
    talk.establish("n2")
    talk.say("n2", Forwarded(Write(1)), Ack(ZERO), Forwarded(Write(2)))
    assert [each.txn for each in talk.state.log.transactions] == [Write(1), Write(2)]


# ---------------------------------------------------------------- staying in office


def test_the_leader_pings_every_half_tick_and_is_answered() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    assert talk.ring("zab ping") == [Said("n2", Ping(ZERO), True)]
    other = Talk("n2")
    other.follow("n1", "n3")
    assert other.say("n1", Ping(ZERO)) == [Said("n1", Pong(ZERO), True)]


def test_a_leader_steps_down_if_it_hears_no_quorum_within_the_sync_limit() -> None:
    talk = Talk("n1", sync_limit=2)
    talk.establish("n2", "n3")
    for _ in range(4):
        talk.ring("zab ping")
    talk.say("n3", Pong())
    talk.ring("zab ping")
    assert (talk.carrier.zab.leads, talk.state.in_sync) == (True, ("n1", "n3"))
    for _ in range(4):
        talk.ring("zab ping")
    assert talk.told == ["established", "lost"]
    assert talk.state.role == "looking"


def test_who_has_left_may_come_again() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    talk.ask(1)
    talk.own_disk()
    talk.say("n2", Ack(Zxid(1, 1)))
    talk.knock("n2", FollowerInfo(1))
    assert talk.state.in_sync == ("n1",)
    talk.say("n2", AckEpoch(1, Zxid(1, 1), counts=False), AckNewLeader(1))
    assert talk.said_to("n2") == [Diff(()), NewLeader(1), UpToDate(Zxid(1, 1))]
    assert talk.state.in_sync == ("n1", "n2")


def test_the_next_reign_begins_with_what_the_last_one_had_proposed() -> None:
    """A proposal on a quorum survives, for somebody of every quorum has it."""
    talk = Talk("n1")
    talk.follow("n3", "n2")
    talk.say("n3", Propose(first()))
    talk.ring("zab silence")
    talk.establish("n2", accepted=1)
    assert talk.delivered == [Zxid(1, 1)]
    talk.knock("n3", FollowerInfo(1))
    talk.say("n3", AckEpoch(1, Zxid(1, 2)))
    assert talk.state.last_committed == Zxid(1, 1)
    assert record(1, 2) not in talk.state.log.transactions


def test_a_server_that_lost_its_leader_may_lead_the_next_epoch() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2", epoch=4)
    talk.ring("zab silence")
    talk.lead("n2")
    talk.knock("n2", FollowerInfo(4))
    assert talk.said_to("n2") == [LeaderInfo(5)]
