"""The acceptor: one promise for all slots, and proposals by slot ("Paxos Made Simple", sections 2.2, 2.5 and 3)."""

from __future__ import annotations

from paxos_server_talk import (
    accept,
    ballot,
    hear,
    is_behind,
    log,
    notes,
    preparing,
    proposal,
    saved,
    sends,
    server,
    told,
    value,
    writes,
)

from algorithms.machine import Append, Journal, Save, Saved, Started, Torn
from algorithms.paxos.ballot import NO_BALLOT
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import (
    Accepted,
    AcceptorState,
    Configuration,
    Heartbeat,
    HeartbeatReply,
    Prepare,
    Promise,
    Refused,
)
from algorithms.paxos.settings import PaxosSettings


def test_a_promise_is_on_disk_before_it_is_told() -> None:
    effects = hear(server(), "n2", Prepare(ballot(1), 1))
    assert is_behind(effects, Promise, Save)
    assert writes(effects) == [Save("acceptor", AcceptorState(ballot(1), 0))]


def test_a_promise_tells_all_that_is_accepted_from_the_slot_on_that_was_asked_about() -> None:
    machine = server(proposal(1, ballot(1), "a"), proposal(3, ballot(2, "n3"), "c"), promised=ballot(2, "n3"))
    effects = hear(machine, "n2", Prepare(ballot(3), 2))
    assert told(effects, "n2") == Promise(ballot(3), 2, (proposal(3, ballot(2, "n3"), "c"),), 0, 0)


def test_a_long_promise_comes_in_parts_each_of_them_asked_for() -> None:
    machine = server(*(proposal(slot, ballot(1), str(slot)) for slot in range(1, 6)), max_batch=2)
    first = told(hear(machine, "n2", Prepare(ballot(3), 1)), "n2")
    assert isinstance(first, Promise)
    assert ([each.slot for each in first.accepted], first.next_slot) == ([1, 2], 3)
    last = told(hear(machine, "n2", Prepare(ballot(3), 5)), "n2")
    assert isinstance(last, Promise)
    assert ([each.slot for each in last.accepted], last.next_slot) == ([5], 0)


def test_a_lower_ballot_is_refused_and_told_of_the_promise() -> None:
    machine = server(promised=ballot(5))
    effects = hear(machine, "n3", Prepare(ballot(4, "n3"), 1))
    assert sends(effects) == [("n3", Refused(ballot(4, "n3"), ballot(5)))]
    assert not writes(effects)


def test_the_same_prepare_again_is_answered_again_without_writing() -> None:
    machine = server(promised=ballot(5))
    effects = hear(machine, "n2", Prepare(ballot(5), 1))
    assert told(effects, "n2") == Promise(ballot(5), 1, (), 0, 0)
    assert not writes(effects)


def test_what_is_accepted_is_on_disk_before_it_is_told() -> None:
    effects = hear(server(promised=ballot(1)), "n2", accept(ballot(1), 1, "a", "b"))
    assert is_behind(effects, Accepted, Append)
    assert told(effects, "n2") == Accepted(ballot(1), 1, 2)
    assert writes(effects) == [Append("log", 1, (proposal(1, ballot(1), "a"), proposal(2, ballot(1), "b")))]


def test_a_proposal_below_the_promise_is_refused() -> None:
    machine = server(promised=ballot(2))
    effects = hear(machine, "n3", accept(ballot(1, "n3"), 1, "a"))
    assert sends(effects) == [("n3", Refused(ballot(1, "n3"), ballot(2)))]
    assert log(machine) == {}


def test_accepting_in_a_higher_ballot_promises_it() -> None:
    machine = server(promised=ballot(1))
    effects = hear(machine, "n3", accept(ballot(2, "n3"), 1, "a"))
    assert machine.state.promised == ballot(2, "n3")
    assert is_behind(effects, Accepted, Save)


def test_slots_are_accepted_in_any_order_and_holes_may_stay() -> None:
    machine = server(promised=ballot(1))
    hear(machine, "n2", accept(ballot(1), 4, "d"))
    effects = hear(machine, "n2", accept(ballot(1), 2, "b"))
    assert log(machine) == {2: value("b"), 4: value("d")}
    assert writes(effects) == [Append("log", 2, (proposal(2, ballot(1), "b"),))], "the log is written behind its end"


def test_the_same_proposal_again_is_acknowledged_without_writing() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1))
    effects = hear(machine, "n2", accept(ballot(1), 1, "a"))
    assert told(effects, "n2") == Accepted(ballot(1), 1, 1)
    assert not writes(effects)


def test_a_higher_ballot_replaces_what_was_accepted() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1))
    hear(machine, "n3", accept(ballot(2, "n3"), 1, "b"))
    assert machine.state.accepted[1] == proposal(1, ballot(2, "n3"), "b")


def test_what_is_chosen_is_never_written_over() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1), commit=1)
    effects = hear(machine, "n3", accept(ballot(2, "n3"), 1, "b"))
    assert log(machine) == {1: value("a")}
    assert "put x a is chosen in slot 1, not put x b!" in notes(effects)


def test_a_heartbeat_is_answered_by_whoever_has_promised_nothing_higher() -> None:
    effects = hear(server(promised=ballot(1)), "n2", Heartbeat(ballot(1), 0, 7))
    assert told(effects, "n2") == HeartbeatReply(ballot(1), 0, 7)
    refused = hear(server(promised=ballot(2, "n3")), "n2", Heartbeat(ballot(1), 0, 7))
    assert told(refused, "n2") == Refused(ballot(1), ballot(2, "n3"))


def test_a_boot_finds_the_promise_and_the_last_proposal_of_each_slot() -> None:
    machine = server(proposal(1, ballot(1), "a"), proposal(1, ballot(2), "b"), promised=ballot(3))
    assert machine.state.promised == ballot(3)
    assert machine.state.accepted == {1: proposal(1, ballot(2), "b")}
    assert machine.state.commit_index == 0, "what is accepted need not be chosen"


def test_the_log_goes_on_behind_its_last_record_after_a_boot() -> None:
    machine = server(proposal(1, ballot(1), "a"), proposal(1, ballot(2), "b"), promised=ballot(2))
    effects = hear(machine, "n2", accept(ballot(2), 2, "c"))
    assert writes(effects) == [Append("log", 3, (proposal(2, ballot(2), "c"),))]


def test_a_torn_record_is_dropped_for_nobody_was_told_of_it() -> None:
    machine = PaxosMachine("n1", Configuration(("n1", "n2", "n3")), PaxosSettings())
    disk = Saved(saved(promised=ballot(1)).cells, (Journal("log", 4, (proposal(7, ballot(1), "a"), Torn())),))
    effects = machine.handle(Started(disk), 0)
    assert Append("log", 5, (), sync=False) in effects
    assert machine.state.accepted == {7: proposal(7, ballot(1), "a")}


def test_an_empty_disk_has_promised_nothing() -> None:
    machine = PaxosMachine("n1", Configuration(("n1", "n2", "n3")), PaxosSettings())
    machine.handle(Started(), 0)
    assert machine.state.promised == NO_BALLOT
    assert machine.view().role == "follower"


def test_nobody_else_leads_in_our_own_ballot() -> None:
    machine = preparing()
    effects = hear(machine, "n2", Heartbeat(machine.state.ballot, 0, 1))
    assert machine.state.role == "preparing"
    assert not sends(effects)
    assert "somebody has lost its disk" in notes(effects)
