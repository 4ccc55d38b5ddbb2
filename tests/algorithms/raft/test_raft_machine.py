"""The door: what a machine is to its host and to onlookers."""

from __future__ import annotations

import pickle

import pytest
from raft_server_talk import acknowledge, candidate, fire, get, hear, leader, notes, put, server, settled_leader

from algorithms import kv
from algorithms.machine import Answer, Asked, Failed, Note, Record
from algorithms.raft.machine import RaftMachine
from algorithms.raft.view import Peer, RaftView
from algorithms.replicated.messages import ClientResponse


def test_a_pickled_machine_goes_on_where_it_stood() -> None:
    machine = settled_leader()
    hear(machine, "c1", put("a"))
    copy = pickle.loads(pickle.dumps(machine))
    assert isinstance(copy, RaftMachine)
    assert copy.view() == machine.view()
    assert acknowledge(copy, "n2") == acknowledge(machine, "n2")
    assert hear(copy, "c1", get(2)) == hear(machine, "c1", get(2))


def test_looking_changes_nothing() -> None:
    machine, other = settled_leader(), settled_leader()
    machine.view()
    assert fire(machine, "heartbeat") == fire(other, "heartbeat")


def test_a_view_shows_figure_2_and_the_end_of_the_log() -> None:
    view = settled_leader((1, 1)).view()
    assert isinstance(view, RaftView)
    assert (view.role, view.current_term, view.leader, view.commit_index, view.last_applied) == (
        "leader",
        2,
        "n1",
        3,
        3,
    )
    assert (view.window_first, view.window_terms, view.last_index) == (1, (1, 1, 2), 3)
    assert view.peers == (Peer("n2", 4, 3), Peer("n3", 4, 3))
    assert view.store == kv.Pairs((kv.Pair("x", "2:1"),))


def test_the_window_is_the_last_256_entries() -> None:
    view = server((1,) * 300).view()
    assert (view.window_first, len(view.window_terms)) == (45, 256)


def test_a_candidates_view_shows_its_votes() -> None:
    assert candidate().view().peers == (Peer("n2"), Peer("n3"))


def test_a_servers_requests_come_from_clients_nodes() -> None:
    assert server().handle(Asked(7, kv.Get("x")), 0) == [Answer(7, Failed("a Raft server takes requests as messages"))]


@pytest.mark.parametrize("timer", ["heartbeat", "check_quorum", "transfer", "catch_up"])
def test_a_leaders_timer_that_ran_out_just_before_it_stepped_down_does_nothing(timer: str) -> None:
    assert fire(server(), timer) == []


def test_what_no_server_understands_is_a_bug_and_says_so() -> None:
    message: Record = ClientResponse(1, "ok")
    with pytest.raises(AssertionError, match="c1 sent a Raft server ClientResponse"):
        hear(server(), "c1", message)
    with pytest.raises(AssertionError, match="no timer lunch"):
        fire(server(), "lunch")


def test_an_idle_heartbeat_leaves_no_note() -> None:
    machine = settled_leader()
    effects = [*fire(machine, "heartbeat"), *acknowledge(machine, "n2")]
    assert notes(effects) == ""


def test_a_leader_says_how_it_came_to_lead() -> None:
    machine = leader()
    assert machine.state.leader == "n1"
    assert not any(isinstance(effect, Note) for effect in fire(machine, "heartbeat"))
