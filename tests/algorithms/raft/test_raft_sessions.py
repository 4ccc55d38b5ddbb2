"""Client sessions (dissertation 6.3): a command is applied once, however often it is sent."""

from __future__ import annotations

from raft_server_talk import acknowledge, append_entries, hear, put, save_own_log, sends, settled_leader, told

from algorithms import kv
from algorithms.machine import Effect, Record
from algorithms.raft.machine import RaftMachine
from algorithms.replicated.messages import ClientCommand, ClientRequest, ClientResponse
from algorithms.replicated.state_machine import Applied, StateMachine


def command(sequence: int, first_unanswered: int = 1, client_id: str = "c1.1") -> ClientCommand:
    return ClientCommand(client_id, sequence, first_unanswered, kv.Append("x", f"{sequence},"))


def commit(machine: RaftMachine, request: Record) -> list[Effect]:
    """Ask for it and let everybody have it."""
    hear(machine, "c1", request)
    save_own_log(machine)
    return acknowledge(machine, "n2")


def test_a_retry_is_applied_once_and_answered_with_the_first_result() -> None:
    machine = settled_leader()
    claim = ClientRequest(ClientCommand("c1.1", 1, 1, kv.CompareAndSet("x", None, "mine")))
    first, second = commit(machine, claim), commit(machine, claim)
    assert told(first, "c1") == told(second, "c1") == ClientResponse(1, "ok", True, client_id="c1.1")


def test_another_leader_knows_what_was_applied() -> None:
    one, other = StateMachine(10), StateMachine(10)
    one.apply(command(1), 1)
    other.restore(one.contents())
    assert other.apply(command(1), 2) == Applied("ok", None)
    assert other.store.apply(kv.Get("x")) == "1,"


def test_commands_of_one_session_may_overtake_each_other() -> None:
    machine = StateMachine(10)
    for sequence in (2, 1, 2, 3, 1):
        machine.apply(command(sequence), 1)
    assert machine.store.apply(kv.Get("x")) == "2,1,3,"


def test_results_that_the_client_has_are_forgotten() -> None:
    machine = StateMachine(10)
    for sequence in (1, 2, 3):
        machine.apply(command(sequence, first_unanswered=sequence), sequence)
    (session,) = machine.sessions.snapshot()
    assert [saved.sequence for saved in session.results] == [3]


def test_a_late_copy_of_an_answered_command_is_neither_applied_nor_answered() -> None:
    machine = StateMachine(10)
    machine.apply(command(1), 1)
    machine.apply(command(2, first_unanswered=2), 2)
    assert machine.apply(command(1), 3) == Applied("over")
    assert machine.store.apply(kv.Get("x")) == "1,2,"


def test_a_command_whose_client_gave_up_before_it_was_applied_never_is() -> None:
    machine = StateMachine(10)
    machine.apply(command(2, first_unanswered=2), 1)
    assert machine.apply(command(1), 2) == Applied("over")


def test_the_session_that_was_used_least_recently_expires_first() -> None:
    machine = StateMachine(2)
    for index, client_id in enumerate(("a", "b", "a", "c"), 1):
        machine.apply(command(index, client_id=client_id), index)
    assert [session.client_id for session in machine.sessions.snapshot()] == ["a", "c"]
    assert machine.apply(command(2, client_id="b"), 5) == Applied("session_expired")


def test_an_expired_session_is_never_opened_again_even_by_its_first_command() -> None:
    machine = StateMachine(1)
    machine.apply(command(1, client_id="a"), 1)
    machine.apply(command(1, client_id="b"), 2)
    assert machine.apply(command(1, client_id="a"), 3) == Applied("session_expired")
    assert machine.store.apply(kv.Get("x")) == "1,1,"


def test_the_client_is_told_that_its_session_expired() -> None:
    machine = settled_leader(max_sessions=1)
    commit(machine, put("a", client_id="c1.1"))
    commit(machine, put("b", client_id="c2.1"))
    effects = commit(machine, put("c", sequence=2, client_id="c1.1"))
    assert told(effects, "c1") == ClientResponse(2, "session_expired", client_id="c1.1")


def test_nobody_knows_what_becomes_of_a_write_in_the_log_when_its_leader_falls() -> None:
    machine = settled_leader()
    hear(machine, "c1", put("a"))
    assert sends(hear(machine, "n2", append_entries(5)), ClientResponse) == []
