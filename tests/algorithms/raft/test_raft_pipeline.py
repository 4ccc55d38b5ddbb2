"""Batches and pipelines (dissertation 10.2): how much is on its way to a follower, and what is lost is sent again."""

from __future__ import annotations

from raft_server_talk import acknowledge, fire, hear, leader, put, sends, settled_leader, told

from algorithms.machine import Effect
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, AppendEntriesResponse


def write(machine: RaftMachine, count: int) -> list[Effect]:
    return [effect for number in range(count) for effect in hear(machine, "c1", put("a", number + 1))]


def batches(effects: list[Effect], target: str) -> list[tuple[int, int]]:
    """(prev_log_index, how many entries) of each AppendEntries to `target`."""
    to = [message for name, message in sends(effects, AppendEntries) if name == target]
    return [(each.prev_log_index, len(each.entries)) for each in to if isinstance(each, AppendEntries)]


def test_entries_follow_each_other_without_waiting() -> None:
    assert batches(write(settled_leader(), 3), "n2") == [(1, 1), (2, 1), (3, 1)]


def test_the_window_is_bounded_and_what_waits_goes_out_in_batches() -> None:
    machine = settled_leader(max_in_flight=2, max_batch=3)
    assert batches(write(machine, 7), "n2") == [(1, 1), (2, 1)]
    assert batches(acknowledge(machine, "n2", 2), "n2") == [(3, 3)]
    assert batches(acknowledge(machine, "n2", 6), "n2") == [(6, 2)]


def test_one_follower_does_not_wait_for_another() -> None:
    machine = settled_leader(max_in_flight=1)
    write(machine, 2)
    assert batches(acknowledge(machine, "n2", 2), "n2") == [(2, 1)]


def test_before_it_is_known_where_the_logs_agree_one_message_at_a_time_asks() -> None:
    machine = leader((1, 1))
    assert batches(write(machine, 2), "n2") == []
    assert batches(acknowledge(machine, "n2", 3), "n2") == [(3, 2)]


def test_a_heartbeat_finds_out_what_was_lost() -> None:
    machine = settled_leader()
    write(machine, 3)
    assert (4, 0) in batches(fire(machine, "heartbeat"), "n2")
    refusal = AppendEntriesResponse(1, False, 4, 2, 0, 2)
    assert batches(hear(machine, "n2", refusal), "n2") == [(1, 3)]


def test_a_heartbeat_finds_out_that_only_answers_were_lost() -> None:
    machine = settled_leader(max_in_flight=1)
    write(machine, 1)
    fire(machine, "heartbeat")
    hear(machine, "n2", AppendEntriesResponse(1, True, 2, 2))
    assert batches(hear(machine, "c1", put("b", 2)), "n2") == [(2, 1)]


def test_an_answer_that_comes_late_or_twice_takes_nothing_back() -> None:
    machine = settled_leader()
    write(machine, 3)
    acknowledge(machine, "n2", 4)
    acknowledge(machine, "n2", 2)
    progress = machine.state.leading.progress["n2"]  # type: ignore[union-attr]
    assert (progress.match_index, progress.next_index) == (4, 5)


def test_a_follower_that_has_forgotten_what_it_acknowledged_gets_it_again() -> None:
    """No disk may lie, but where one did, the cluster should still come to rest."""
    machine = settled_leader((1, 1))
    fire(machine, "heartbeat")
    assert batches(hear(machine, "n2", AppendEntriesResponse(2, False, 3, 2, 0, 1)), "n2") == [(0, 3)]


def test_equal_messages_are_one_value() -> None:
    """Records are frozen, so followers may share them; it spares most of a heartbeat's cost."""
    effects = fire(settled_leader(), "heartbeat")
    assert told(effects, "n2") is told(effects, "n3")
