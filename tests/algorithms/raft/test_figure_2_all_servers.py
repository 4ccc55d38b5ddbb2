"""Figure 2, Rules for all servers (paper 5.1, 5.3), and its persistent state."""

from __future__ import annotations

import pytest
from raft_server_talk import append_entries, candidate, hear, leader, saved, server, terms, writes

from algorithms import kv
from algorithms.machine import Append, Journal, Record, Save, Saved, Started, Torn
from algorithms.raft.messages import (
    AppendEntriesResponse,
    HardState,
    InstallSnapshotResponse,
    RequestVote,
    RequestVoteResponse,
    TimeoutNow,
)

NEWER = [
    append_entries(9),
    AppendEntriesResponse(9, False, 0, 1),
    RequestVote(9, "n2", 0, 0, leadership_transfer=True),
    RequestVoteResponse(9, False),
    InstallSnapshotResponse(9, 1, 0, False, 1),
]


@pytest.mark.parametrize("message", NEWER, ids=lambda message: type(message).__name__)
@pytest.mark.parametrize("start", [server, candidate, leader], ids=["follower", "candidate", "leader"])
def test_a_newer_term_is_adopted_and_makes_a_follower(start: type, message: Record) -> None:
    machine = start((1,))
    effects = hear(machine, "n2", message)
    assert (machine.state.role, machine.state.current_term) == ("follower", 9)
    assert writes(effects)[0] == Save("hard_state", HardState(9, None))


def test_a_transfer_out_of_a_newer_term_is_taken_up_in_the_term_behind_it() -> None:
    machine = server((1,))
    hear(machine, "n2", TimeoutNow(9))
    assert (machine.state.role, machine.state.current_term) == ("candidate", 10)


def test_what_is_committed_is_applied_in_order() -> None:
    follower = server((1, 1, 1))
    hear(follower, "n2", append_entries(1, (3, 1), commit=2))
    assert follower.state.last_applied == 2
    assert follower.state.store.apply(kv.Get("x")) == "2:1"


def test_what_is_not_committed_is_not_applied() -> None:
    follower = server((1, 1, 1))
    hear(follower, "n2", append_entries(1, (3, 1), commit=0))
    assert follower.state.store.snapshot() == kv.Pairs()


def test_term_vote_and_log_survive_a_crash() -> None:
    machine = server((1, 1, 2), term=4, voted_for="n3")
    assert (machine.state.current_term, machine.state.voted_for, terms(machine)) == (4, "n3", (1, 1, 2))


def test_commit_index_does_not_survive_a_crash_and_need_not() -> None:
    assert server((1, 1, 2)).state.commit_index == 0


def test_a_leader_comes_back_as_a_follower() -> None:
    machine = server((1, 1), term=1, voted_for="n1")
    assert (machine.state.role, machine.state.leading) == ("follower", None)


def test_a_torn_record_is_dropped_and_taken_off_the_disk() -> None:
    machine, whole = server(), saved((1, 1))
    torn = Journal("log", 1, (*whole.journals[0].records, Torn()))
    effects = machine.handle(Started(Saved(whole.cells, (torn,))), 0)
    assert terms(machine) == (1, 1)
    assert writes(effects) == [Append("log", 3, (), sync=False)]
