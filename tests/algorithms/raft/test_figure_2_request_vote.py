"""Figure 2, RequestVote RPC, the receiver's rules (paper 5.2, 5.4)."""

from __future__ import annotations

import pytest
from raft_server_talk import hear, is_behind, notes, server, told, writes

from algorithms.machine import Save, Send, SetTimer
from algorithms.raft.messages import HardState, RequestVote, RequestVoteResponse


def ask(term: int, last_log: tuple[int, int] = (0, 0), candidate: str = "n2") -> RequestVote:
    index, last_term = last_log
    return RequestVote(term, candidate, index, last_term)


def test_1_a_candidate_of_an_old_term_is_refused() -> None:
    voter = server(term=5)
    assert told(hear(voter, "n2", ask(4)), "n2") == RequestVoteResponse(5, False)


def test_2_a_candidate_gets_the_vote_if_it_was_not_given_yet() -> None:
    voter = server(term=5)
    assert told(hear(voter, "n2", ask(5)), "n2") == RequestVoteResponse(5, True)
    assert voter.state.voted_for == "n2"


def test_2_a_candidate_gets_the_vote_again_if_it_has_it() -> None:
    voter = server(term=5, voted_for="n2")
    effects = hear(voter, "n2", ask(5))
    assert told(effects, "n2") == RequestVoteResponse(5, True)
    assert writes(effects) == []


def test_2_a_vote_is_given_once_in_a_term() -> None:
    voter = server(term=5, voted_for="n3")
    effects = hear(voter, "n2", ask(5))
    assert told(effects, "n2") == RequestVoteResponse(5, False)
    assert "it has voted for n3 [Raft 5.2]" in notes(effects)


def test_2_a_new_term_brings_a_new_vote() -> None:
    voter = server(term=5, voted_for="n3")
    assert told(hear(voter, "n2", ask(6)), "n2") == RequestVoteResponse(6, True)


@pytest.mark.parametrize(
    ("theirs", "granted"),
    [
        ((3, 2), True),
        ((4, 2), True),
        ((2, 2), False),
        ((1, 3), True),
        ((9, 1), False),
    ],
    ids=["equal", "longer", "shorter", "newer term, shorter", "older term, longer"],
)
def test_2_the_candidates_log_must_be_at_least_as_up_to_date(theirs: tuple[int, int], granted: bool) -> None:
    voter = server(log=(1, 1, 2), term=5)
    assert told(hear(voter, "n2", ask(6, theirs)), "n2") == RequestVoteResponse(6, granted)


def test_a_refused_candidate_has_still_shown_a_newer_term() -> None:
    voter = server(log=(1, 1, 2), term=5, voted_for="n3")
    effects = hear(voter, "n2", ask(6, (1, 1)))
    assert writes(effects) == [Save("hard_state", HardState(6, None))]
    assert "its log ends in term 1, ours in 2 [Raft 5.4.1]" in notes(effects)


def test_a_vote_is_on_disk_before_it_is_told() -> None:
    effects = hear(server(term=5), "n2", ask(5))
    assert Save("hard_state", HardState(5, "n2")) in effects
    assert is_behind(effects, Send, Save)


def test_a_newer_term_and_the_vote_in_it_are_one_write() -> None:
    assert writes(hear(server(term=5), "n2", ask(6))) == [Save("hard_state", HardState(6, "n2"))]


def test_a_vote_is_remembered_after_a_crash() -> None:
    before = server(term=5)
    hear(before, "n3", ask(5, candidate="n3"))
    after = server(term=before.state.current_term, voted_for=before.state.voted_for)
    assert told(hear(after, "n2", ask(5)), "n2") == RequestVoteResponse(5, False)


def test_a_vote_is_given_to_who_is_not_in_our_configuration_yet() -> None:
    """Dissertation 4.2.2: the candidate may know a newer configuration than we do."""
    assert told(hear(server(), "n9", ask(1, candidate="n9")), "n9") == RequestVoteResponse(1, True)


def test_granting_a_vote_resets_the_election_timer_and_refusing_it_does_not() -> None:
    granted = hear(server(term=5), "n2", ask(5))
    refused = hear(server(term=5, voted_for="n3"), "n2", ask(5))
    assert [effect.name for effect in granted if isinstance(effect, SetTimer)] == ["election"]
    assert not any(isinstance(effect, SetTimer) for effect in refused)
