"""Figure 2, Rules for leaders (paper 5.2, 5.3, 5.4)."""

from __future__ import annotations

from raft_server_talk import (
    FIVE,
    acknowledge,
    candidate,
    entry,
    fire,
    hear,
    leader,
    put,
    save_own_log,
    sends,
    settled_leader,
    terms,
    told,
)

from algorithms.machine import Append, CancelTimer, Send, SetTimer
from algorithms.raft.messages import AppendEntries, AppendEntriesResponse, Entry, LogSaved, RequestVoteResponse
from algorithms.replicated.messages import ClientResponse, NoOp


def test_upon_election_everybody_hears_of_it_with_a_no_op() -> None:
    """Dissertation 6.4 for the no-op."""
    machine = candidate((1, 1))
    effects = hear(machine, "n2", RequestVoteResponse(2, True))
    announced = AppendEntries(2, "n1", 2, 1, (Entry(2, NoOp()),), 0, 1)
    assert sends(effects, AppendEntries) == [("n2", announced), ("n3", announced)]
    assert terms(machine) == (1, 1, 2)


def test_upon_election_without_no_op_everybody_hears_an_empty_appendentries() -> None:
    machine = candidate((1, 1), no_op_on_election=False)
    effects = hear(machine, "n2", RequestVoteResponse(2, True))
    assert sends(effects, AppendEntries)[0] == ("n2", AppendEntries(2, "n1", 2, 1, (), 0, 1))
    assert terms(machine) == (1, 1)


def test_upon_election_the_election_timer_gives_way_to_the_leaders() -> None:
    effects = hear(candidate(), "n2", RequestVoteResponse(1, True))
    assert CancelTimer("election") in effects
    assert [each.name for each in effects if isinstance(each, SetTimer)] == ["heartbeat", "check_quorum"]


def test_heartbeats_go_to_everybody_again_and_again() -> None:
    machine = settled_leader()
    effects = fire(machine, "heartbeat")
    assert [target for target, _ in sends(effects, AppendEntries)] == ["n2", "n3"]
    assert SetTimer("heartbeat", 50_000, 50_000) in effects


def test_a_command_is_appended_and_answered_only_after_it_is_applied() -> None:
    machine = settled_leader()
    asked = hear(machine, "c1", put("a"))
    assert sends(asked, ClientResponse) == []
    assert sends(save_own_log(machine), ClientResponse) == []
    answered = acknowledge(machine, "n2")
    assert told(answered, "c1") == ClientResponse(1, "ok", client_id="c1.1")
    assert machine.state.last_applied == 2


def test_a_command_is_sent_out_in_parallel_with_the_leaders_own_write() -> None:
    """Dissertation 10.2.1."""
    effects = hear(settled_leader(), "c1", put("a"))
    out = [effect for effect in effects if isinstance(effect, Send) and isinstance(effect.message, AppendEntries)]
    assert len(out) == 2
    assert all(effect.at_once for effect in out)


def test_the_leader_counts_itself_only_when_its_own_disk_has_the_entry() -> None:
    """Dissertation 10.2.1."""
    machine = settled_leader()
    effects = hear(machine, "c1", put("a"))
    own_word = Send("n1", LogSaved(1, 2))
    assert effects.index(own_word) > next(i for i, each in enumerate(effects) if isinstance(each, Append))
    acknowledge(machine, "n2")
    assert machine.state.commit_index == 1
    save_own_log(machine)
    assert machine.state.commit_index == 2


def test_a_majority_may_commit_what_the_leaders_own_disk_has_not_yet() -> None:
    """Dissertation 10.2.1."""
    machine = settled_leader()
    hear(machine, "c1", put("a"))
    acknowledge(machine, "n2")
    acknowledge(machine, "n3")
    assert machine.state.commit_index == 2


def test_if_last_log_index_is_at_least_next_index_entries_are_sent_from_there() -> None:
    machine = leader((1, 1))
    effects = hear(machine, "n2", AppendEntriesResponse(2, False, 2, 1, 0, 1))
    sent = told(effects, "n2")
    assert isinstance(sent, AppendEntries)
    assert (sent.prev_log_index, sent.entries) == (0, (entry(1, 1), entry(2, 1), Entry(2, NoOp())))


def test_if_successful_next_index_and_match_index_are_updated() -> None:
    machine = leader((1, 1))
    acknowledge(machine, "n2")
    progress = machine.state.leading.progress["n2"]  # type: ignore[union-attr]
    assert (progress.match_index, progress.next_index) == (3, 4)


def test_if_the_logs_disagree_next_index_falls_behind_the_last_entry_of_the_conflicting_term() -> None:
    """Paper 5.3, end."""
    machine = leader((1, 1, 2, 2, 3, 3))
    sent = told(hear(machine, "n2", AppendEntriesResponse(4, False, 6, 1, conflict_term=2, conflict_index=2)), "n2")
    assert isinstance(sent, AppendEntries)
    assert sent.prev_log_index == 4


def test_if_the_leader_has_no_entry_of_the_conflicting_term_all_of_it_is_passed_over() -> None:
    """Paper 5.3, end."""
    machine = leader((1, 1, 3, 3, 3, 3))
    sent = told(hear(machine, "n2", AppendEntriesResponse(4, False, 6, 1, conflict_term=2, conflict_index=2)), "n2")
    assert isinstance(sent, AppendEntries)
    assert sent.prev_log_index == 1


def test_an_old_refusal_changes_nothing() -> None:
    machine = settled_leader((1, 1))
    assert hear(machine, "n2", AppendEntriesResponse(2, False, 2, 0, 0, 1)) == []
    assert machine.state.leading.progress["n2"].next_index == 4  # type: ignore[union-attr]


def test_an_entry_of_its_own_term_on_a_majority_is_committed_with_all_before_it() -> None:
    machine = leader((1, 1), voters=FIVE)
    save_own_log(machine)
    acknowledge(machine, "n2")
    assert machine.state.commit_index == 0
    acknowledge(machine, "n3")
    assert machine.state.commit_index == 3


def test_an_entry_of_an_earlier_term_is_not_committed_by_counting() -> None:
    """Paper 5.4.2, Figure 8."""
    machine = leader((1, 2), voters=FIVE)
    save_own_log(machine)
    for name in ("n2", "n3", "n4"):
        acknowledge(machine, name, 2)
    assert machine.state.commit_index == 0


def test_with_the_rule_switched_off_it_is() -> None:
    """What Figure 8 warns of."""
    machine = leader((1, 2), voters=FIVE, commit_only_current_term=False)
    for name in ("n2", "n3"):
        acknowledge(machine, name, 2)
    assert machine.state.commit_index == 2


def test_a_leader_never_overwrites_its_own_log() -> None:
    """Figure 3, Leader Append-Only; the message is a liar's."""
    machine = settled_leader((1,))
    before = terms(machine)
    hear(machine, "n2", AppendEntries(2, "n2", 0, 0, (entry(1, 2),), 0, 1))
    assert (terms(machine), machine.state.role) == (before, "leader")


def test_answers_of_another_term_are_not_counted() -> None:
    machine = leader((1, 1))
    save_own_log(machine)
    hear(machine, "n2", AppendEntriesResponse(1, True, 3, 9))
    assert machine.state.commit_index == 0
