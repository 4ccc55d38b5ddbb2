"""PreVote (dissertation 9.6), stickiness (4.2.3) and CheckQuorum (6.2): what keeps a healthy leader in office."""

from __future__ import annotations

import pytest
from raft_server_talk import (
    FIVE,
    acknowledge,
    append_entries,
    fire,
    hear,
    notes,
    sends,
    server,
    settled_leader,
    told,
    writes,
)

from algorithms.machine import CancelTimer, SetTimer
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import RequestVote, RequestVoteResponse

HEARTBEAT = append_entries(1, (1, 1))
SHORTEST, LONGEST = 150_000, 300_000


def asking(log: tuple[int, ...] = (1,), voters: tuple[str, ...] = FIVE) -> RaftMachine:
    """A pre-candidate."""
    machine = server(log, voters=voters, pre_vote=True)
    fire(machine, "election")
    return machine


def pre_vote(term: int, last_log: tuple[int, int] = (1, 1)) -> RequestVote:
    return RequestVote(term, "n3", *last_log, pre_vote=True)


# ---------------------------------------------------------------- asking


def test_a_pre_candidate_asks_about_the_next_term_and_changes_nothing() -> None:
    machine = server((1,), pre_vote=True)
    effects = fire(machine, "election")
    request = RequestVote(2, "n1", 1, 1, pre_vote=True)
    assert sends(effects) == [("n2", request), ("n3", request)]
    assert (machine.state.role, machine.state.current_term, machine.state.voted_for) == ("pre_candidate", 1, None)
    assert writes(effects) == []


def test_with_a_majority_of_pre_votes_it_campaigns() -> None:
    machine = asking()
    hear(machine, "n2", RequestVoteResponse(2, True, True))
    assert machine.state.role == "pre_candidate"
    effects = hear(machine, "n3", RequestVoteResponse(2, True, True))
    assert (machine.state.role, machine.state.current_term) == ("candidate", 2)
    assert ("n4", RequestVote(2, "n1", 1, 1)) in sends(effects)


def test_a_pre_vote_is_no_vote() -> None:
    machine = asking(voters=("n1", "n2", "n3"))
    hear(machine, "n2", RequestVoteResponse(2, True, True))
    hear(machine, "n3", RequestVoteResponse(2, True, True))
    assert machine.state.role == "candidate"


def test_pre_votes_for_another_term_do_not_count() -> None:
    machine = asking()
    for name in FIVE[1:]:
        hear(machine, name, RequestVoteResponse(1, True, True))
    assert machine.state.role == "pre_candidate"


def test_a_granted_pre_vote_for_a_later_term_deposes_nobody() -> None:
    machine = settled_leader()
    hear(machine, "n2", RequestVoteResponse(2, True, True))
    assert (machine.state.role, machine.state.current_term) == ("leader", 1)


def test_a_refused_pre_vote_may_teach_a_newer_term() -> None:
    machine = asking()
    hear(machine, "n2", RequestVoteResponse(7, False, True))
    assert (machine.state.role, machine.state.current_term) == ("follower", 7)


def test_a_lonely_voter_needs_nobodys_pre_vote() -> None:
    assert asking(voters=("n1",)).state.role == "candidate"


# ---------------------------------------------------------------- being asked


def test_a_pre_vote_is_granted_without_a_promise() -> None:
    voter = server((1,))
    effects = hear(voter, "n3", pre_vote(2))
    assert told(effects, "n3") == RequestVoteResponse(2, True, True)
    assert (voter.state.current_term, voter.state.voted_for) == (1, None)
    assert writes(effects) == []
    assert not any(isinstance(effect, SetTimer) for effect in effects)


def test_a_pre_vote_needs_a_log_that_is_up_to_date() -> None:
    assert told(hear(server((1, 1)), "n3", pre_vote(2)), "n3") == RequestVoteResponse(1, False, True)


def test_who_hears_a_leader_grants_no_pre_vote() -> None:
    voter = server((1,))
    hear(voter, "n2", HEARTBEAT, now=1_000_000)
    effects = hear(voter, "n3", pre_vote(2), now=1_000_000 + SHORTEST - 1)
    assert told(effects, "n3") == RequestVoteResponse(1, False, True)
    assert "n2 leads [dissertation 9.6]" in notes(effects)


def test_who_has_not_heard_a_leader_for_the_shortest_timeout_grants_it() -> None:
    voter = server((1,))
    hear(voter, "n2", HEARTBEAT, now=1_000_000)
    assert told(hear(voter, "n3", pre_vote(2), now=1_000_000 + SHORTEST), "n3") == RequestVoteResponse(2, True, True)


def test_who_has_given_its_leader_up_grants_it() -> None:
    voter = server((1,), pre_vote=True)
    hear(voter, "n2", HEARTBEAT)
    fire(voter, "election")
    assert told(hear(voter, "n3", pre_vote(2)), "n3") == RequestVoteResponse(2, True, True)


def test_a_leader_grants_no_pre_vote() -> None:
    machine = settled_leader()
    assert told(hear(machine, "n3", pre_vote(2, (9, 1)), now=10_000_000), "n3") == RequestVoteResponse(1, False, True)


# ---------------------------------------------------------------- stickiness


@pytest.mark.parametrize(("stickiness", "term"), [(True, 1), (False, 5)])
def test_who_hears_a_leader_ignores_campaigns_and_does_not_even_learn_their_term(stickiness: bool, term: int) -> None:
    voter = server((1,), leader_stickiness=stickiness)
    hear(voter, "n2", HEARTBEAT, now=1_000_000)
    effects = hear(voter, "n3", RequestVote(5, "n3", 1, 1), now=1_000_000 + SHORTEST - 1)
    assert voter.state.current_term == term
    assert bool(sends(effects)) is not stickiness


def test_a_leader_ignores_campaigns_too() -> None:
    machine = settled_leader()
    assert sends(hear(machine, "n3", RequestVote(5, "n3", 9, 1))) == []
    assert machine.state.role == "leader"


def test_after_the_shortest_timeout_without_a_leader_campaigns_are_heard() -> None:
    voter = server((1,))
    hear(voter, "n2", HEARTBEAT, now=1_000_000)
    hear(voter, "n3", RequestVote(5, "n3", 1, 1), now=1_000_000 + SHORTEST)
    assert (voter.state.current_term, voter.state.voted_for) == (5, "n3")


def test_a_clock_that_is_set_back_does_not_make_anybody_loyal_for_ever() -> None:
    voter = server((1,))
    hear(voter, "n2", HEARTBEAT, now=60_000_000)
    hear(voter, "n3", RequestVote(5, "n3", 1, 1), now=1_000_000)
    assert voter.state.voted_for == "n3"


def test_a_transfer_passes_stickiness() -> None:
    """Dissertation 3.10: the leader wants it."""
    voter = server((1,))
    hear(voter, "n2", HEARTBEAT)
    reply = told(hear(voter, "n3", RequestVote(2, "n3", 1, 1, leadership_transfer=True)), "n3")
    assert reply == RequestVoteResponse(2, True)


# ---------------------------------------------------------------- CheckQuorum


def test_a_leader_that_hears_no_majority_steps_down() -> None:
    machine = settled_leader(voters=FIVE)
    fire(machine, "check_quorum")
    acknowledge(machine, "n2")
    effects = fire(machine, "check_quorum")
    assert (machine.state.role, machine.state.current_term) == ("follower", 1)
    assert "steps down: it has heard only 2 of 5 for an election timeout [dissertation 6.2]" in notes(effects)
    assert SetTimer("election", SHORTEST, LONGEST) in effects
    assert CancelTimer("heartbeat") in effects


def test_a_leader_that_hears_a_majority_leads_on() -> None:
    machine = settled_leader()
    for _ in range(3):
        acknowledge(machine, "n2")
        assert SetTimer("check_quorum", LONGEST, LONGEST) in fire(machine, "check_quorum")
    assert machine.state.role == "leader"


def test_without_check_quorum_nobody_looks() -> None:
    machine = settled_leader(check_quorum=False)
    assert not any(isinstance(each, SetTimer) and each.name == "check_quorum" for each in fire(machine, "heartbeat"))
