"""Figure 2, Rules for followers (paper 5.2)."""

from __future__ import annotations

from raft_server_talk import append_entries, fire, get, hear, put, server, told

from algorithms.machine import SetTimer, Started
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import ClientResponse

ELECTION = SetTimer("election", 150_000, 300_000)


def test_a_server_boots_as_a_follower_with_a_random_timeout() -> None:
    machine = RaftMachine("n1", Configuration(("n1", "n2", "n3")), RaftSettings())
    assert ELECTION in machine.handle(Started(), 0)
    assert machine.state.role == "follower"


def test_a_follower_without_word_from_a_leader_becomes_a_candidate() -> None:
    follower = server()
    fire(follower, "election")
    assert follower.state.role == "candidate"


def test_appendentries_from_the_current_leader_resets_the_timer() -> None:
    assert ELECTION in hear(server(), "n2", append_entries(1))


def test_appendentries_that_is_refused_for_its_log_still_comes_from_the_leader() -> None:
    assert ELECTION in hear(server(), "n2", append_entries(1, (5, 1)))


def test_appendentries_of_an_old_term_does_not_reset_the_timer() -> None:
    assert ELECTION not in hear(server(term=5), "n2", append_entries(4))


def test_a_follower_sends_clients_to_the_leader() -> None:
    """Paper 8."""
    follower = server()
    hear(follower, "n2", append_entries(1))
    assert told(hear(follower, "c1", put("a")), "c1") == ClientResponse(
        1, "not_leader", leader_hint="n2", client_id="c1.1"
    )


def test_a_follower_that_knows_no_leader_gives_no_hint() -> None:
    assert told(hear(server(), "c1", get()), "c1") == ClientResponse(1, "not_leader", client_id="c1.1")


def test_who_has_no_vote_does_not_campaign() -> None:
    """Dissertation 4.2.1: a server that is still to join waits for a leader."""
    spare = server(name="n9")
    fire(spare, "election")
    assert (spare.state.role, spare.state.current_term) == ("follower", 0)
