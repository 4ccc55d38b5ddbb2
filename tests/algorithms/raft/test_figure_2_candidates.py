"""Figure 2, Rules for candidates (paper 5.2)."""

from __future__ import annotations

from raft_server_talk import FIVE, append_entries, candidate, fire, hear, notes, sends, server

from algorithms.machine import Save, Send, SetTimer
from algorithms.raft.messages import HardState, RequestVote, RequestVoteResponse


def test_on_conversion_current_term_is_incremented_and_the_vote_is_its_own() -> None:
    machine = server((1, 1))
    fire(machine, "election")
    assert (machine.state.current_term, machine.state.voted_for) == (2, "n1")


def test_on_conversion_the_election_timer_is_reset() -> None:
    assert SetTimer("election", 150_000, 300_000) in fire(server(), "election")


def test_on_conversion_requestvote_goes_to_all_others() -> None:
    effects = fire(server((1, 1)), "election")
    assert sends(effects, RequestVote) == [("n2", RequestVote(2, "n1", 2, 1)), ("n3", RequestVote(2, "n1", 2, 1))]


def test_term_and_vote_are_on_disk_before_anybody_is_asked() -> None:
    effects = fire(server((1, 1)), "election")
    save = effects.index(Save("hard_state", HardState(2, "n1")))
    sent = [place for place, effect in enumerate(effects) if isinstance(effect, Send)]
    assert min(sent) > save
    assert not any(effects[place].at_once for place in sent)  # type: ignore[union-attr]


def test_its_own_vote_counts_when_it_is_on_disk() -> None:
    machine = server(voters=("n1",))
    effects = fire(machine, "election")
    assert machine.state.role == "candidate"
    assert sends(effects) == [("n1", RequestVoteResponse(1, True))]
    hear(machine, "n1", RequestVoteResponse(1, True))
    assert machine.state.role == "leader"


def test_votes_from_a_majority_make_a_leader() -> None:
    machine = candidate(voters=FIVE)
    hear(machine, "n2", RequestVoteResponse(1, True))
    assert machine.state.role == "candidate"
    effects = hear(machine, "n3", RequestVoteResponse(1, True))
    assert machine.state.role == "leader"
    assert "wins term 1 with 3 of 5 votes [Raft 5.2]" in notes(effects)


def test_a_voter_counts_once_however_often_it_answers() -> None:
    machine = candidate(voters=FIVE)
    for _ in range(3):
        hear(machine, "n2", RequestVoteResponse(1, True))
    assert machine.state.role == "candidate"


def test_refusals_count_for_nothing() -> None:
    machine = candidate(voters=FIVE)
    for name in FIVE[1:]:
        hear(machine, name, RequestVoteResponse(1, False))
    assert machine.state.role == "candidate"


def test_votes_of_an_earlier_campaign_do_not_count() -> None:
    machine = candidate()
    fire(machine, "election")
    hear(machine, "n2", RequestVoteResponse(1, True))
    assert (machine.state.role, machine.state.current_term) == ("candidate", 2)


def test_votes_of_servers_that_are_no_voters_do_not_count() -> None:
    machine = candidate()
    hear(machine, "n9", RequestVoteResponse(1, True))
    assert machine.state.role == "candidate"


def test_appendentries_from_a_new_leader_ends_the_campaign() -> None:
    machine = candidate()
    hear(machine, "n2", append_entries(1))
    assert (machine.state.role, machine.state.leader) == ("follower", "n2")


def test_appendentries_of_an_old_term_does_not_end_the_campaign() -> None:
    machine = candidate(term=3)
    hear(machine, "n2", append_entries(3))
    assert machine.state.role == "candidate"


def test_when_the_timer_runs_out_a_new_election_begins() -> None:
    machine = candidate()
    effects = fire(machine, "election")
    assert machine.state.current_term == 2
    assert ("n2", RequestVote(2, "n1", 0, 0)) in sends(effects)
