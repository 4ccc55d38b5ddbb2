"""Phase 1 (Junqueira, Reed, Serafini 2011, section 4; Medeiros 2012, 4.1)."""

from __future__ import annotations

from zab_talk import Said, Talk, saved

from algorithms.keeper.zab.messages import AckEpoch, Durable, Epochs, FollowerInfo, LeaderInfo, NewLeader
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Save

# ---------------------------------------------------------------- the leader


def test_a_leader_proposes_an_epoch_above_all_that_a_quorum_has_accepted() -> None:
    talk = Talk("n1", voters=5, saved=saved((2, 1), accepted=3))
    talk.lead("n2", "n3")
    assert talk.knock("n2", FollowerInfo(7)) == []
    talk.knock("n3", FollowerInfo(4))
    assert talk.said_to("n2") == talk.said_to("n3") == [LeaderInfo(8)]


def test_the_epoch_is_on_the_leaders_disk_before_anybody_hears_of_it() -> None:
    talk = Talk("n1")
    talk.lead("n2")
    did = talk.knock("n2", FollowerInfo(0))
    assert did == [
        Save("zab epochs", Epochs(1, 0)),
        Said("n1", Durable(talk.state.reigns, "accepted epoch", ZERO), False),
        Said("n2", LeaderInfo(1), False),
    ]


def test_who_has_knocked_before_the_leader_knew_is_let_in() -> None:
    talk = Talk("n1")
    assert talk.knock("n2", FollowerInfo(5)) == []
    talk.lead("n2")
    assert talk.said_to("n2") == [LeaderInfo(6)]


def test_an_observer_does_not_count_in_a_quorum() -> None:
    talk = Talk("n1", voters=3, observers=2)
    talk.lead("n2")
    talk.knock("n4", FollowerInfo(0, observes=True))
    talk.knock("n5", FollowerInfo(0, observes=True))
    assert talk.state.leading is not None
    assert talk.state.leading.epoch == 0


def test_the_leaders_own_promise_counts_when_its_disk_has_it() -> None:
    talk = Talk("n1")
    talk.lead("n2")
    chosen = talk.knock("n2", FollowerInfo(0))
    talk.say("n2", AckEpoch(0, ZERO))
    assert talk.state.phase == "discovery"
    talk.did = chosen
    talk.own_disk()
    assert talk.state.phase == "synchronisation"


def test_a_promise_that_may_have_been_made_to_another_does_not_count() -> None:
    talk = Talk("n1")
    talk.lead("n2")
    talk.knock("n2", FollowerInfo(0))
    talk.own_disk()
    talk.say("n2", AckEpoch(0, ZERO, counts=False))
    assert talk.state.phase == "discovery"


def test_a_leader_gives_up_if_somebody_of_the_quorum_knows_more() -> None:
    talk = Talk("n1", saved=saved((1, 1)))
    talk.lead("n2")
    talk.knock("n2", FollowerInfo(1))
    talk.own_disk()
    talk.say("n2", AckEpoch(1, Zxid(1, 2)))
    assert talk.state.role == "looking"
    assert "n2 is ahead" in talk.notes


def test_a_newer_epoch_is_more_than_a_longer_history() -> None:
    talk = Talk("n1", saved=saved((1, 1), (1, 2), current=2, accepted=2))
    talk.lead("n2")
    talk.knock("n2", FollowerInfo(1))
    talk.own_disk()
    talk.say("n2", AckEpoch(1, Zxid(1, 9)))
    assert talk.state.phase == "synchronisation"


def test_a_leader_gives_up_if_a_voter_has_promised_not_to_follow_it() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    assert talk.carrier.zab.leads
    talk.knock("n3", FollowerInfo(4))
    assert talk.told == ["established", "lost"]
    assert "n3 has accepted epoch 4" in talk.notes


def test_discovery_may_not_take_longer_than_the_init_limit() -> None:
    talk = Talk("n1")
    talk.lead("n2")
    talk.ring("zab limit")
    assert (talk.state.role, talk.state.electing.round) == ("looking", 2)


# ---------------------------------------------------------------- the follower


def test_a_promise_is_on_disk_before_it_is_told() -> None:
    talk = Talk("n1", saved=saved((1, 1), (1, 2)))
    talk.elect("n3", "n3", "n2")
    assert talk.say("n3", LeaderInfo(2)) == [
        Save("zab epochs", Epochs(2, 1)),
        Said("n3", AckEpoch(1, Zxid(1, 2)), False),
    ]


def test_the_same_epoch_is_promised_again_without_counting() -> None:
    talk = Talk("n1", saved=saved((1, 1), accepted=2))
    talk.elect("n3", "n3", "n2")
    assert talk.say("n3", LeaderInfo(2)) == [Said("n3", AckEpoch(1, Zxid(1, 1), counts=False), False)]


def test_nobody_follows_a_leader_of_an_older_epoch_than_it_has_accepted() -> None:
    talk = Talk("n1", saved=saved((1, 1), accepted=3))
    talk.elect("n3", "n3", "n2")
    talk.say("n3", LeaderInfo(2))
    assert talk.state.role == "looking"
    assert talk.said_to("n3") != []
    assert not any(isinstance(each, AckEpoch) for each in talk.said_to("n3"))


def test_an_observers_promise_binds_nobody() -> None:
    talk = Talk("n4", voters=3, observers=1, saved=saved((1, 1), accepted=3))
    talk.elect("n3", "n3", "n2")
    assert talk.say("n3", LeaderInfo(2)) == [Said("n3", AckEpoch(1, Zxid(1, 1), counts=False), False)]


def test_a_follower_leaves_a_leader_that_is_silent() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2")
    assert talk.told == ["following n3"]
    talk.ring("zab silence")
    assert talk.told == ["following n3", "lost"]
    assert talk.state.role == "looking"


def test_who_knocks_at_a_follower_hears_that_it_is_the_wrong_door() -> None:
    talk = Talk("n1")
    talk.follow("n3", "n2")
    talk.knock("n2", FollowerInfo(1))
    assert talk.others["n2"].current("n1") == 0


def test_two_leaders_never_have_a_quorums_promises_for_the_same_epoch() -> None:
    """n3 hears of epoch 1 from n2 when it has promised it to n1, and no promise of n3 makes n2 a leader of it."""
    first, second, third = Talk("n1"), Talk("n2"), Talk("n3")
    first.lead("n3")
    second.lead("n3")
    for leader in (first, second):
        leader.knock("n3", FollowerInfo(0))
        leader.own_disk()
    third.elect("n1", "n1", "n2")
    (_, promised) = third.say("n1", LeaderInfo(1))
    assert isinstance(promised, Said)
    first.say("n3", promised.what)
    third.ring("zab silence")
    third.elect("n2", "n1", "n2")
    (again,) = third.say("n2", LeaderInfo(1))
    assert isinstance(again, Said)
    second.say("n3", again.what)
    assert (first.state.phase, second.state.phase) == ("synchronisation", "discovery")
    assert first.said_to("n3")[-1] == NewLeader(1)
