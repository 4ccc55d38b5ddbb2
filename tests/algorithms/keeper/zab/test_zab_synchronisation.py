"""Phase 2: DIFF, TRUNC, SNAP, NEWLEADER, UPTODATE (Junqueira, Reed, Serafini 2011, section 4; Medeiros 2012, 4.3)."""

from __future__ import annotations

import pytest
from zab_carrier import Everything, Pair
from zab_talk import Said, Talk, record, saved

from algorithms.keeper.zab.messages import (
    Ack,
    AckEpoch,
    AckNewLeader,
    Commit,
    Diff,
    Durable,
    Epochs,
    FollowerInfo,
    Inform,
    LeaderInfo,
    NewLeader,
    Propose,
    Snap,
    Snapshot,
    Trunc,
    UpToDate,
)
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import Append, Record, Save, Trim


def leader(*zxids: tuple[int, int], voters: int = 3, observers: int = 0, **settings: object) -> Talk:
    """n1, promised an epoch by n2, which has just knocked."""
    talk = Talk("n1", voters, observers, saved(*zxids), **settings)
    talk.lead(*[f"n{number}" for number in range(2, voters // 2 + 2)])
    talk.knock("n2", FollowerInfo(0))
    talk.own_disk()
    return talk


# ---------------------------------------------------------------- the leader's plan


@pytest.mark.parametrize(
    ("theirs", "sent"),
    [
        (AckEpoch(1, Zxid(2, 1)), [Diff(())]),
        (AckEpoch(1, Zxid(1, 2)), [Diff((record(2, 1),))]),
        (AckEpoch(0, ZERO), [Diff((record(1, 1), record(1, 2), record(2, 1)))]),
        (AckEpoch(1, Zxid(1, 9)), [Trunc(Zxid(1, 2)), Diff((record(2, 1),))]),
    ],
)
def test_what_a_follower_gets_depends_on_its_last_zxid(theirs: AckEpoch, sent: list[Record]) -> None:
    talk = leader((1, 1), (1, 2), (2, 1))
    talk.say("n2", theirs)
    assert talk.said_to("n2") == [*sent, NewLeader(3)]


def test_what_is_behind_the_leaders_end_is_truncated() -> None:
    talk = leader((1, 1), (1, 2), (2, 1))
    talk.say("n2", AckEpoch(1, Zxid(1, 2)))
    talk.knock("n3", FollowerInfo(2))
    talk.say("n3", AckEpoch(2, Zxid(2, 5)))
    assert talk.said_to("n3") == [Trunc(Zxid(2, 1)), Diff(()), NewLeader(3)]


def test_a_lesson_may_forget_to_truncate() -> None:
    talk = leader((1, 1), (1, 2), (2, 1), truncate_on_sync=False)
    talk.say("n2", AckEpoch(1, Zxid(1, 9)))
    assert talk.said_to("n2") == [Diff((record(2, 1),)), NewLeader(3)]


def test_who_is_further_behind_than_the_log_goes_gets_a_snapshot_and_what_follows_it() -> None:
    talk = Talk("n1", snap_count=3, keep_transactions=1)
    talk.establish("n2")
    for number in range(4):
        talk.ask(number)
        talk.own_disk()
        talk.say("n2", Ack(Zxid(1, number + 1)))
    assert (talk.state.snapshot_zxid, talk.state.first_logged) == (Zxid(1, 3), Zxid(1, 3))
    talk.knock("n3", FollowerInfo(0))
    talk.say("n3", AckEpoch(0, ZERO))
    everything = Everything(tuple(Pair(*each) for each in talk.carrier.application.delivered))
    assert talk.said_to("n3") == [Snap(Zxid(1, 4), everything), Diff(()), NewLeader(1)]


def test_who_cannot_go_back_gets_a_snapshot() -> None:
    talk = leader((1, 1))
    talk.say("n2", AckEpoch(0, ZERO, whole=True))
    assert talk.said_to("n2") == [Snap(ZERO, Everything(())), Diff((record(1, 1),)), NewLeader(2)]


# ---------------------------------------------------------------- the leader's reign begins


def test_the_leader_too_saves_the_epoch_behind_its_history() -> None:
    talk = leader((1, 1))
    talk.say("n2", AckEpoch(1, Zxid(1, 1)))
    assert talk.did[:2] == [
        Save("zab epochs", Epochs(2, 2)),
        Said("n1", Durable(talk.state.reigns, "current epoch", Zxid(1, 1)), False),
    ]


def test_the_history_is_committed_when_a_quorum_has_acknowledged_newleader() -> None:
    talk = leader((1, 1), (1, 2))
    talk.say("n2", AckEpoch(1, Zxid(1, 1)))
    talk.own_disk()
    assert (talk.delivered, talk.told) == ([], [])
    talk.say("n2", AckNewLeader(2))
    assert (talk.delivered, talk.told) == ([Zxid(1, 1), Zxid(1, 2)], ["established"])
    assert talk.said_to("n2") == [UpToDate(Zxid(1, 2))]


def test_the_leaders_own_disk_counts_when_it_has_said_so() -> None:
    talk = leader((1, 1))
    written = talk.say("n2", AckEpoch(1, Zxid(1, 1)))
    talk.say("n2", AckNewLeader(2))
    assert talk.told == []
    talk.did = written
    talk.own_disk()
    assert talk.told == ["established"]


def test_a_word_of_its_disk_from_an_earlier_reign_says_nothing() -> None:
    talk = leader((1, 1))
    reign = talk.state.reigns
    talk.ring("zab limit")
    talk.lead("n2")
    talk.hear("n1", Durable(reign, "current epoch", Zxid(1, 1)))
    assert talk.state.leading is not None
    assert talk.state.leading.acked is None


def test_a_late_follower_gets_what_is_proposed_and_hears_of_commits_in_order() -> None:
    talk = Talk("n1")
    talk.establish("n2")
    talk.ask(1)
    talk.own_disk()
    talk.knock("n3", FollowerInfo(0))
    talk.say("n3", AckEpoch(0, ZERO))
    (proposed,) = talk.state.proposals
    assert talk.said_to("n3")[0] == Diff(talk.state.log.between(ZERO, proposed))
    talk.ask(2)
    assert isinstance(talk.said_to("n3")[0], Propose)
    talk.say("n3", AckNewLeader(1))
    assert talk.said_to("n3") == [UpToDate(ZERO), Commit(Zxid(1, 1))]
    assert talk.delivered == [Zxid(1, 1)]


def test_an_observer_waits_for_the_quorum_and_gets_only_what_is_committed() -> None:
    talk = leader((1, 1), voters=3, observers=1)
    talk.knock("n4", FollowerInfo(0, observes=True))
    talk.say("n4", AckEpoch(0, ZERO, counts=False))
    assert talk.said_to("n4") == []
    talk.say("n2", AckEpoch(1, Zxid(1, 1)))
    talk.own_disk()
    talk.say("n2", AckNewLeader(2))
    assert talk.said_to("n4") == [Diff((record(1, 1),)), NewLeader(2)]
    assert talk.ask(1)
    assert talk.said_to("n4") == []
    talk.own_disk()
    talk.say("n2", Ack(Zxid(2, 1)))
    assert [type(each) for each in talk.said_to("n4")] == [Inform]


# ---------------------------------------------------------------- the follower


def follower(*zxids: tuple[int, int], **settings: object) -> Talk:
    """n1, which has just promised epoch 5 to n3."""
    talk = Talk("n1", saved=saved(*zxids), **settings)
    talk.elect("n3", "n3", "n2")
    talk.say("n3", LeaderInfo(5))
    return talk


def test_the_history_is_on_disk_before_its_epoch_and_both_before_newleader_is_acknowledged() -> None:
    """ZOOKEEPER-4643, ZOOKEEPER-4646."""
    talk = follower((1, 1), (1, 2), (1, 3))
    did = talk.say("n3", Trunc(Zxid(1, 2)), Diff((record(2, 1),)), NewLeader(5))
    assert did == [
        Append("zab log", 3, ()),
        Append("zab log", 3, (record(2, 1),)),
        Save("zab epochs", Epochs(5, 5)),
        Said("n3", AckNewLeader(5), False),
    ]


def test_nothing_is_delivered_before_uptodate() -> None:
    talk = follower((1, 1), (1, 2))
    talk.say("n3", Diff((record(2, 1),)), NewLeader(5))
    assert (talk.delivered, talk.told) == ([], [])
    talk.say("n3", UpToDate(Zxid(1, 2)))
    assert (talk.delivered, talk.told) == ([Zxid(1, 1), Zxid(1, 2)], ["following n3"])


def test_a_snapshot_replaces_the_log_and_says_so_on_disk() -> None:
    talk = follower((1, 1), (1, 2))
    contents = Everything((Pair(Zxid(3, 7), record(3, 7).txn),))
    did = talk.say("n3", Snap(Zxid(3, 7), contents), Diff((record(3, 8),)))
    assert did == [
        Save("zab snapshot", Snapshot(Zxid(3, 7), 2, 3, contents)),
        Trim("zab log", 3, sync=False),
        Append("zab log", 3, (record(3, 8),)),
    ]
    assert (talk.delivered, talk.told) == ([Zxid(3, 7)], ["restore"])


def test_what_cannot_be_truncated_is_asked_for_as_a_whole() -> None:
    talk = follower((1, 1), (3, 1))
    talk.say("n3", Trunc(Zxid(2, 1)))
    assert talk.state.role == "looking"
    talk.elect("n3", "n3", "n2")
    talk.say("n3", LeaderInfo(5))
    assert talk.said_to("n3") == [AckEpoch(3, ZERO, counts=False, whole=True)]


def test_what_was_delivered_and_must_go_is_taken_back_from_the_application() -> None:
    """Only disks that lose what they have promised lead here."""
    talk = follower((1, 1), (1, 2))
    talk.say("n3", NewLeader(5), UpToDate(Zxid(1, 2)))
    talk.ring("zab silence")
    talk.elect("n2", "n2", "n3")
    talk.say("n2", LeaderInfo(6))
    talk.say("n2", Trunc(Zxid(1, 1)))
    assert (talk.delivered, talk.told) == ([], ["following n3", "lost", "restore"])
    talk.say("n2", NewLeader(6), UpToDate(Zxid(1, 1)))
    assert talk.delivered == [Zxid(1, 1)]
