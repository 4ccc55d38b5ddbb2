"""Cluster membership changes: learners, then joint consensus (paper 6; dissertation 4)."""

from __future__ import annotations

import pytest
from raft_server_talk import (
    acknowledge,
    append_entries,
    entry,
    fire,
    hear,
    leader,
    notes,
    put,
    save_own_log,
    sends,
    server,
    settle,
    settled_leader,
    told,
)

from algorithms.machine import Effect, SetTimer
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, AppendEntriesResponse, Configuration, Entry, RequestVoteResponse
from algorithms.replicated.messages import ChangeConfiguration, ClientResponse

OLD, NEW = ("n1", "n2", "n3"), ("n1", "n4", "n5")


def ask(machine: RaftMachine, *voters: str, sequence: int = 1) -> list[Effect]:
    return hear(machine, "c1", ChangeConfiguration(sequence, voters, "admin"))


def ok(sequence: int = 1) -> ClientResponse:
    return ClientResponse(sequence, "ok", client_id="admin")


def refused(reason: str, sequence: int = 1) -> ClientResponse:
    return ClientResponse(sequence, "refused", reason=reason, client_id="admin")


def joint(to: tuple[str, ...] = NEW) -> RaftMachine:
    """A leader that has just appended C_old,new."""
    machine = settled_leader()
    ask(machine, *to)
    for name in to:
        if name not in OLD:
            acknowledge(machine, name)
    assert machine.state.configuration == Configuration(to, OLD)
    return machine


# ---------------------------------------------------------------- learners (dissertation 4.2.1)


def test_new_servers_learn_before_they_vote() -> None:
    machine = settled_leader()
    ask(machine, *NEW)
    assert machine.state.configuration == Configuration(OLD, learners=("n4", "n5"))


def test_learners_are_sent_the_log() -> None:
    effects = ask(settled_leader(), *NEW)
    assert {"n4", "n5"} <= {target for target, _ in sends(effects, AppendEntries)}


def test_a_learner_with_an_empty_log_is_sent_all_of_it() -> None:
    machine = settled_leader((1, 1))
    ask(machine, *NEW)
    sent = told(hear(machine, "n4", AppendEntriesResponse(2, False, 3, 1, 0, 1)), "n4")
    assert isinstance(sent, AppendEntries)
    assert (sent.prev_log_index, len(sent.entries)) == (0, 4)


def test_learners_do_not_count() -> None:
    machine = settled_leader()
    ask(machine, *NEW)
    save_own_log(machine)
    acknowledge(machine, "n4")
    assert machine.state.commit_index == 1


def test_a_learner_that_finishes_a_round_quickly_has_caught_up() -> None:
    machine = settled_leader()
    ask(machine, "n1", "n2", "n4")
    assert "n4 has caught up" in notes(acknowledge(machine, "n4", now=149_999))
    assert machine.state.configuration.old_voters == OLD


def test_a_learner_that_needs_long_for_a_round_gets_another() -> None:
    machine = settled_leader()
    ask(machine, "n1", "n2", "n4")
    hear(machine, "c1", put("a"))
    assert "round 2 begins" in notes(acknowledge(machine, "n4", index=2, now=150_000))
    assert machine.state.configuration.learners == ("n4",)
    acknowledge(machine, "n4", now=160_000)
    assert machine.state.configuration.old_voters == OLD


def test_a_round_with_nothing_to_send_is_over_at_once() -> None:
    machine = settled_leader()
    ask(machine, "n1", "n2", "n4")
    assert "n4 has caught up" in notes(acknowledge(machine, "n4", now=150_000))


def test_a_learner_that_is_too_slow_is_given_up_and_the_voters_stay() -> None:
    machine = settled_leader(learner_rounds=2)
    ask(machine, "n1", "n2", "n4")
    hear(machine, "c1", put("a"))
    acknowledge(machine, "n4", index=2, now=200_000)
    hear(machine, "c1", put("b", 2))
    effects = acknowledge(machine, "n4", index=3, now=400_000)
    assert told(effects, "c1") == refused("n4 did not catch up in 2 rounds")
    assert machine.state.configuration == Configuration(OLD)


def test_a_learner_that_makes_no_progress_is_given_up() -> None:
    machine = settled_leader()
    assert SetTimer("catch_up", 1_200_000, 1_200_000) in ask(machine, "n1", "n2", "n4")
    assert sends(fire(machine, "catch_up"), ClientResponse) == []
    assert told(fire(machine, "catch_up"), "c1") == refused("n4 could not be reached")
    assert machine.state.configuration == Configuration(OLD)


# ---------------------------------------------------------------- joint consensus (paper 6, dissertation 4.3)


def test_a_configuration_counts_as_soon_as_it_is_appended() -> None:
    machine = joint()
    assert machine.state.commit_index < machine.state.log.configuration_index


@pytest.mark.parametrize(
    ("names", "commits"),
    [(("n2", "n3"), False), (("n4", "n5"), False), (("n2", "n4"), True)],
    ids=["old alone", "new alone", "both"],
)
def test_while_it_is_joint_a_majority_of_each_must_agree(names: tuple[str, ...], commits: bool) -> None:
    machine = joint()
    index = machine.state.log.last_index
    save_own_log(machine)
    for name in names:
        acknowledge(machine, name, index)
    assert (machine.state.commit_index >= index) is commits


@pytest.mark.parametrize(
    ("names", "wins"),
    [(("n2", "n3"), False), (("n4", "n5"), False), (("n2", "n4"), True)],
    ids=["old alone", "new alone", "both"],
)
def test_while_it_is_joint_a_candidate_needs_votes_from_both(names: tuple[str, ...], wins: bool) -> None:
    machine = server()
    entries = (Entry(1, Configuration(NEW, OLD)),)
    hear(machine, "n2", AppendEntries(1, "n2", 0, 0, entries, 0, 1))
    fire(machine, "election")
    for name in ("n1", *names):
        hear(machine, name, RequestVoteResponse(2, True))
    assert (machine.state.role == "leader") is wins


def test_when_the_joint_configuration_is_committed_the_new_one_follows() -> None:
    machine = joint()
    index = machine.state.log.last_index
    settle(machine)
    assert machine.state.log.entry(index + 1).payload == Configuration(NEW)
    assert machine.state.configuration == Configuration(NEW)


def test_when_the_new_one_is_committed_the_administrator_hears_it() -> None:
    machine = joint()
    settle(machine)
    assert told(save_own_log(machine), "c1") == ok()


def test_servers_that_are_not_in_the_new_configuration_are_left_alone() -> None:
    machine = joint()
    settle(machine)
    assert [target for target, _ in sends(fire(machine, "heartbeat"))] == ["n4", "n5"]


def test_a_leader_that_is_not_in_the_new_configuration_does_not_count_itself() -> None:
    machine = joint(("n2", "n3"))
    settle(machine)
    save_own_log(machine)
    acknowledge(machine, "n2")
    assert machine.state.log.configuration_index > machine.state.commit_index


def test_a_leader_that_is_not_in_the_new_configuration_steps_down_when_it_is_committed() -> None:
    machine = joint(("n2", "n3"))
    settle(machine)
    acknowledge(machine, "n2")
    effects = acknowledge(machine, "n3")
    assert told(effects, "c1") == ok()
    assert machine.state.role == "follower"
    fire(machine, "election")
    assert machine.state.role == "follower"


def test_a_new_leader_finishes_what_its_predecessor_began() -> None:
    machine = server(voters=OLD)
    entries = (Entry(1, Configuration(NEW, OLD)),)
    hear(machine, "n2", AppendEntries(1, "n2", 0, 0, entries, 0, 1))
    fire(machine, "election")
    for name in ("n1", "n2", "n4"):
        hear(machine, name, RequestVoteResponse(2, True))
    settle(machine)
    assert machine.state.configuration == Configuration(NEW)


def test_truncation_takes_a_configuration_back() -> None:
    machine = server((1,))
    hear(machine, "n2", AppendEntries(1, "n2", 1, 1, (Entry(1, Configuration(NEW, OLD)),), 0, 1))
    assert machine.state.configuration == Configuration(NEW, OLD)
    hear(machine, "n3", append_entries(2, (1, 1), (2,), leader_id="n3"))
    assert machine.state.configuration == Configuration(OLD)


def test_a_server_that_is_to_be_removed_still_campaigns_until_that_is_committed() -> None:
    """Dissertation 4.2.2: perhaps it alone has the entry that removes it."""
    machine = server(voters=("n1", "n2"))
    both = (Entry(1, Configuration(("n2",), ("n1", "n2"))), Entry(1, Configuration(("n2",))))
    hear(machine, "n2", AppendEntries(1, "n2", 0, 0, both, 1, 1))
    fire(machine, "election")
    assert machine.state.role == "candidate"
    hear(machine, "n1", RequestVoteResponse(2, True))
    assert machine.state.role == "candidate"
    hear(machine, "n2", RequestVoteResponse(2, True))
    assert machine.state.role == "leader"


def test_one_that_is_removed_for_good_keeps_quiet() -> None:
    machine = server(voters=("n1", "n2"))
    both = (Entry(1, Configuration(("n2",), ("n1", "n2"))), Entry(1, Configuration(("n2",))))
    hear(machine, "n2", AppendEntries(1, "n2", 0, 0, both, 2, 1))
    fire(machine, "election")
    assert machine.state.role == "follower"


# ---------------------------------------------------------------- what is refused


def test_one_change_at_a_time() -> None:
    machine = settled_leader()
    ask(machine, *NEW)
    assert told(ask(machine, "n1", "n2", sequence=2), "c1") == refused("another change is under way", 2)


def test_no_second_change_before_the_first_is_committed() -> None:
    machine = joint()
    settle(machine)
    assert machine.state.configuration == Configuration(NEW)
    assert told(ask(machine, *OLD, sequence=2), "c1") == refused("another change is under way", 2)


def test_no_change_before_an_entry_of_the_current_term_is_committed() -> None:
    """Ongaro, raft-dev, July 2015: single-server changes were unsafe without it."""
    machine = leader((1, 1))
    assert told(ask(machine, *NEW), "c1") == refused("no entry of term 2 is committed yet")


def test_somebody_must_vote() -> None:
    assert told(ask(settled_leader()), "c1") == refused("somebody must vote")


def test_a_retry_of_the_change_under_way_is_no_second_change() -> None:
    machine = settled_leader()
    ask(machine, *NEW)
    assert ask(machine, *NEW) == []


def test_what_is_so_already_is_done() -> None:
    assert told(ask(settled_leader(), *OLD), "c1") == ok()


def test_a_follower_changes_nothing() -> None:
    assert told(ask(server(), *NEW), "c1") == ClientResponse(1, "not_leader", client_id="admin")


def test_a_change_that_only_learned_yet_is_surely_not_done_when_its_leader_falls() -> None:
    machine = settled_leader()
    ask(machine, *NEW)
    effects = hear(machine, "n2", append_entries(5))
    assert told(effects, "c1") == ClientResponse(1, "not_leader", client_id="admin")


def test_of_a_change_that_is_appended_nobody_knows_what_becomes() -> None:
    effects = hear(joint(), "n2", append_entries(5))
    assert sends(effects, ClientResponse) == []


def test_a_removed_server_keeps_its_vote_for_others() -> None:
    """Dissertation 4.2.2: votes and entries are taken from whoever asks, whatever one's own configuration says."""
    machine = server(name="n9")
    assert told(hear(machine, "n2", append_entries(1, (0, 0), (1,))), "n2") == AppendEntriesResponse(1, True, 1, 1)
    assert machine.state.log.entry(1) == entry(1, 1)
