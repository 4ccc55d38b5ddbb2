"""Fast leader election (Medeiros 2012, 3.4; ZooKeeper's FastLeaderElection)."""

from __future__ import annotations

import pytest
from zab_talk import Said, Talk, saved

from algorithms.keeper.zab.messages import FollowerInfo, Notification, Vote
from algorithms.keeper.zxid import ZERO, Zxid
from algorithms.machine import SetTimer

EVERYBODY = ("n1", "n2", "n3", "n4", "n5")


def looking(number: int, leader: str, *heard: str) -> Notification:
    return Notification(number, "looking", Vote(leader, 0, ZERO), heard)


def everybody(number: int, leader: str) -> Notification:
    """From one who hears everybody."""
    return looking(number, leader, *EVERYBODY)


def test_a_server_begins_with_a_vote_for_itself_and_tells_everybody() -> None:
    talk = Talk("n2", saved=saved((1, 1), (1, 2)))
    ours = Notification(1, "looking", Vote("n2", 1, Zxid(1, 2)))
    assert talk.did == [Said("n1", ours, True), Said("n3", ours, True)]


def test_a_vote_of_one_that_does_not_hear_us_is_answered_and_not_taken() -> None:
    talk = Talk("n1")
    assert talk.hear("n2", looking(1, "n2")) == [Said("n2", looking(1, "n1", "n2"), True)]
    assert talk.hear("n2", looking(1, "n2")) == []
    assert talk.state.vote == Vote("n1", 0, ZERO)
    talk.hear("n2", looking(1, "n2", "n1"))
    assert talk.state.vote == Vote("n2", 0, ZERO)


def test_who_was_not_heard_for_long_is_not_heard() -> None:
    talk = Talk("n1", notification_timeout_longest=200_000)
    talk.hear("n2", looking(1, "n2"))
    talk.now = 400_001
    talk.ring("zab notification")
    assert talk.said_to("n3") == [looking(1, "n1")]


def test_a_server_adopts_a_better_vote_and_tells_everybody() -> None:
    talk = Talk("n1")
    talk.hear("n2", looking(1, "n2"))
    talk.hear("n2", looking(1, "n2", "n1"))
    assert talk.said_to("n2") == talk.said_to("n3") == [looking(1, "n2", "n2")]


@pytest.mark.parametrize(
    ("better", "why"),
    [
        (Vote("n1", 2, Zxid(1, 1)), "a newer epoch beats a longer history"),
        (Vote("n1", 1, Zxid(1, 3)), "a longer history beats the place in the ensemble"),
        (Vote("n3", 1, Zxid(1, 2)), "the place in the ensemble decides last"),
    ],
)
def test_which_vote_is_better(better: Vote, why: str) -> None:
    talk = Talk("n2", saved=saved((1, 1), (1, 2)))
    talk.hear("n3", Notification(1, "looking", better, ("n2",)))
    assert talk.state.vote == better, why


def test_a_worse_vote_changes_nothing_and_is_not_answered() -> None:
    talk = Talk("n2")
    talk.hear("n1", everybody(1, "n1"))
    assert talk.hear("n1", everybody(1, "n1")) == []
    assert talk.state.vote == Vote("n2", 0, ZERO)


def test_a_vote_of_an_older_round_is_answered_and_not_counted() -> None:
    talk = Talk("n3", voters=3)
    talk.hear("n1", everybody(4, "n1"))
    assert talk.hear("n2", everybody(3, "n3")) == [Said("n2", looking(4, "n3", "n1", "n2"), True)]
    assert "n2" not in talk.state.electing.received


def test_a_newer_round_makes_all_votes_void() -> None:
    talk = Talk("n3", voters=5)
    talk.hear("n1", everybody(1, "n3"))
    talk.hear("n2", everybody(7, "n2"))
    assert talk.state.electing.received == {"n3": Vote("n3", 0, ZERO), "n2": Vote("n2", 0, ZERO)}
    assert talk.said_to("n1") == [looking(7, "n3", "n1", "n2")]


def test_a_quorum_ends_the_election_only_when_no_better_vote_has_come_for_a_while() -> None:
    talk = Talk("n2")
    talk.hear("n1", everybody(1, "n2"))
    assert talk.state.electing.finalizing
    talk.hear("n3", everybody(1, "n3"))
    assert talk.state.vote == Vote("n3", 0, ZERO)
    talk.ring("zab finalize")
    assert (talk.state.role, talk.state.leader) == ("following", "n3")
    assert talk.said_to("n3") == [FollowerInfo(0)]


def test_a_quorum_that_fell_apart_in_the_meantime_elects_nobody() -> None:
    talk = Talk("n2", voters=5)
    talk.hear("n1", everybody(1, "n2"))
    talk.hear("n4", everybody(1, "n2"))
    talk.hear("n5", everybody(1, "n5"))
    talk.ring("zab finalize")
    assert talk.state.role == "looking"


def test_a_server_alone_elects_itself() -> None:
    talk = Talk("n1", voters=1)
    talk.ring("zab finalize")
    assert talk.state.role == "leading"


def test_who_does_not_look_tells_who_looks_whom_it_has_elected() -> None:
    talk = Talk("n1")
    talk.lead("n2", "n3")
    said = talk.hear("n2", everybody(9, "n2"))
    assert said == [Said("n2", Notification(1, "leading", Vote("n1", 0, ZERO)), True)]


def test_a_late_comer_joins_a_leader_that_a_quorum_follows_and_that_says_so_itself() -> None:
    talk = Talk("n1")
    vote = Vote("n3", 4, Zxid(4, 1))
    talk.hear("n2", Notification(6, "following", vote))
    assert talk.state.role == "looking"
    talk.hear("n3", Notification(6, "leading", vote))
    assert (talk.state.role, talk.state.leader, talk.state.electing.round) == ("following", "n3", 6)


def test_a_quorum_of_followers_is_not_enough_without_their_leader() -> None:
    talk = Talk("n1", voters=5)
    for name in ("n2", "n3", "n4"):
        talk.hear(name, Notification(6, "following", Vote("n5", 4, ZERO)))
    assert talk.state.role == "looking"


def test_a_leader_that_has_restarted_does_not_lead_because_others_still_think_so() -> None:
    talk = Talk("n1")
    for name in ("n2", "n3"):
        talk.hear(name, Notification(6, "following", Vote("n1", 4, ZERO)))
    assert talk.state.role == "looking"


def test_a_vote_that_brings_nothing_is_told_again_after_twice_the_time() -> None:
    talk = Talk("n1", notification_timeout_shortest=20_000, notification_timeout_longest=70_000)
    waits = []
    for _ in range(4):
        talk.ring("zab notification")
        assert talk.said_to("n2") == [looking(1, "n1")]
        waits += [each.shortest for each in talk.effects if isinstance(each, SetTimer)]
    assert waits == [40_000, 70_000, 70_000, 70_000]


def test_an_observer_asks_and_has_no_vote() -> None:
    talk = Talk("n4", voters=3, observers=1)
    assert talk.did == [Said(name, Notification(1, "looking", None), True) for name in ("n1", "n2", "n3")]
    talk.hear("n1", everybody(1, "n1"))
    talk.hear("n2", everybody(1, "n1"))
    assert talk.state.electing.received == {}
    talk.elect("n1", "n1", "n2")
    assert (talk.state.role, talk.said_to("n1")) == ("observing", [FollowerInfo(0, observes=True)])


def test_an_observers_word_is_not_counted() -> None:
    talk = Talk("n1", voters=3, observers=2)
    for name in ("n4", "n5"):
        talk.hear(name, everybody(1, "n1"))
    assert not talk.state.electing.finalizing
