"""Changing who accepts, by alpha ("Paxos Made Simple", section 3, end; Lamport, Malkhi, Zhou 2010)."""

from __future__ import annotations

from paxos_server_talk import (
    FIVE,
    accepts,
    answer_round,
    answers,
    ballot,
    choose,
    fire,
    hear,
    leader,
    notes,
    preparing,
    promise,
    proposal,
    put,
    sends,
    server,
    told,
)

from algorithms.machine import Save
from algorithms.paxos.configurations import Configurations
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import (
    Accept,
    AcceptorState,
    Configuration,
    Heartbeat,
    HeartbeatReply,
    Prepare,
    Proposal,
    TakeOver,
)
from algorithms.replicated.messages import ChangeConfiguration, ClientResponse, NoOp


def wish(*acceptors: str, sequence: int = 1) -> ChangeConfiguration:
    return ChangeConfiguration(sequence, acceptors, "c1.1")


def status(effects: object) -> list[tuple[str, str]]:
    return [(each.status, each.reason) for each in answers(effects)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- which slot has which


def test_a_configuration_counts_from_its_slot_on() -> None:
    old, new = Configuration(("n1",)), Configuration(("n2",))
    configurations = Configurations(old)
    configurations.add(10, new)
    assert [configurations.at(slot) for slot in (1, 9, 10, 11)] == [old, old, new, new]
    assert configurations.since(9) == (old, new)
    assert configurations.since(10) == (new,)


def test_a_snapshot_drops_the_configurations_that_count_no_more() -> None:
    old, new = Configuration(("n1",)), Configuration(("n2",))
    configurations = Configurations(old)
    configurations.add(10, new)
    assert [each.slot for each in configurations.from_slot(9)] == [1, 10]
    assert [each.slot for each in configurations.from_slot(10)] == [10]


# ---------------------------------------------------------------- leaving


def test_a_configuration_that_is_chosen_in_slot_i_counts_from_i_plus_alpha_on() -> None:
    machine = leader(alpha=4)
    found = told(hear(machine, "c1", wish("n1", "n2")), "n2", Accept)
    assert isinstance(found, Accept)
    assert found.values == (Configuration(("n1", "n2")),)
    effects = choose(machine, "n3")
    assert "acceptors n1 n2 is chosen in slot 1: it counts from slot 5 on" in notes(effects)
    assert len(machine.state.configuration_for(4).acceptors) == 3
    assert len(machine.state.configuration_for(5).acceptors) == 2


def test_no_ops_bring_a_configuration_into_force() -> None:
    machine = leader(alpha=4)
    hear(machine, "c1", wish("n1", "n2"))
    found = told(choose(machine, "n3"), "n2", Accept)
    assert found == Accept(machine.state.ballot, 2, (NoOp(), NoOp(), NoOp()), 1)


def test_each_slot_is_chosen_by_its_own_configuration() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n1", "n2"))
    choose(machine, "n3")
    choose(machine, "n3")
    assert machine.state.commit_index == 2, "the old ones chose all before it counts"
    hear(machine, "c1", put("1"))
    accepts(machine, "n1", 3)
    accepts(machine, "n3", 3)
    assert machine.state.commit_index == 2, "n3 counts no more"
    accepts(machine, "n2", 3)
    assert machine.state.commit_index == 3


def test_a_change_is_done_when_a_quorum_of_the_new_one_knows_all_before_it() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n1", "n2"))
    choose(machine, "n3")
    assert not answers(choose(machine, "n3"))
    assert not answers(answer_round(machine, "n3"))
    assert status(answer_round(machine, "n2")) == [("ok", "")]


def test_that_it_counts_goes_to_disk() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n1", "n2"))
    choose(machine, "n3")
    effects = choose(machine, "n3")
    assert Save("acceptor", AcceptorState(machine.state.promised, 2)) in effects


def test_who_leaves_is_spoken_to_until_it_knows() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n1", "n2"))
    choose(machine, "n3")
    choose(machine, "n3")
    answer_round(machine, "n2")
    assert [target for target, _ in sends(fire(machine, "heartbeat"), Heartbeat)] == ["n2", "n3"]
    answer_round(machine, "n3")
    assert [target for target, _ in sends(fire(machine, "heartbeat"), Heartbeat)] == ["n2"]


def test_a_leader_that_does_not_count_any_more_hands_over() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n2", "n3"))
    choose(machine, "n3")
    choose(machine, "n3")
    answer_round(machine, "n2")
    effects = answer_round(machine, "n3")
    assert [each.status for each in answers(effects)] == ["ok"]
    assert sends(effects, TakeOver)
    assert machine.view().role == "outsider"


# ---------------------------------------------------------------- coming


def test_newcomers_learn_and_promise_before_they_are_proposed() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", put("1"))
    choose(machine, "n2")
    effects = hear(machine, "c1", wish("n1", "n2", "n3", "n4"))
    assert [target for target, _ in sends(effects, Heartbeat)] == ["n2", "n3", "n4"]
    assert told(answer_round(machine, "n4", commit=0), "n4") == Prepare(machine.state.ballot, 2)
    found = told(promise(machine, "n4"), "n4", Accept)
    assert isinstance(found, Accept)
    assert found.values == (Configuration(("n1", "n2", "n3", "n4")),)


def test_a_newcomer_that_is_far_behind_is_not_asked_yet() -> None:
    machine = leader(alpha=2)
    for number in range(4):
        hear(machine, "c1", put(str(number), f"c{number}.1"))
        choose(machine, "n2")
    hear(machine, "c1", wish("n1", "n2", "n3", "n4"))
    assert not sends(answer_round(machine, "n4", commit=1), Prepare)
    assert sends(answer_round(machine, "n4", commit=3), Prepare)


def test_a_newcomer_that_does_not_come_is_given_up() -> None:
    machine = leader()
    hear(machine, "c1", wish("n1", "n2", "n3", "n4"))
    found = status(fire(machine, "catch_up"))
    assert found == []
    found = status(fire(machine, "catch_up"))
    assert found == [("refused", "n4 could not be reached, or did not catch up")]
    assert [target for target, _ in sends(fire(machine, "heartbeat"), Heartbeat)] == ["n2", "n3"]


# ---------------------------------------------------------------- what is refused


def refusal(machine: PaxosMachine, *acceptors: str) -> str:
    (answer,) = answers(hear(machine, "c1", wish(*acceptors, sequence=9)))
    assert isinstance(answer, ClientResponse)
    assert answer.status == "refused"
    return answer.reason


def test_one_change_at_a_time() -> None:
    machine = leader(alpha=2)
    hear(machine, "c1", wish("n1", "n2"))
    assert refusal(machine, "n1") == "another change is under way"
    choose(machine, "n3")
    assert refusal(machine, "n1") == "another change is under way"


def test_nobody_is_no_configuration() -> None:
    assert refusal(leader()) == "somebody must accept"


def test_quorums_that_would_not_meet_are_refused() -> None:
    machine = leader(acceptors=FIVE, phase_1_quorum=4, phase_2_quorum=2)
    assert "their sum must be at least 7" in refusal(machine, *FIVE, "n6")


def test_what_is_so_already_is_done() -> None:
    assert status(hear(leader(), "c1", wish("n3", "n2", "n1"))) == [("ok", "")]


# ---------------------------------------------------------------- heirs


def test_an_heir_needs_promises_of_every_configuration_that_may_count() -> None:
    change = Proposal(1, ballot(1), Configuration(("n1", "n4", "n5")))
    machine = preparing(promised=ballot(1))
    effects = promise(machine, "n2", change)
    assert machine.state.role == "preparing"
    assert [target for target, _ in sends(effects, Prepare)] == ["n4", "n5"]
    promise(machine, "n4")
    assert machine.state.role == "leader"


def test_an_heir_brings_a_configuration_into_force_that_its_predecessor_has_proposed() -> None:
    change = Proposal(1, ballot(1), Configuration(("n1", "n2")))
    machine = preparing(promised=ballot(1), alpha=3)
    promise(machine, "n2", change)
    found = told(choose(machine, "n2"), "n2", Accept)
    assert found == Accept(machine.state.ballot, 2, (NoOp(), NoOp()), 1)


def test_a_server_that_learns_that_it_counts_no_more_proposes_nothing() -> None:
    machine = preparing(promised=ballot(1), alpha=1)
    promise(machine, "n2", Proposal(1, ballot(1), Configuration(("n2", "n3"))), commit=1)
    assert machine.view().role == "outsider"


def test_a_follower_that_misses_nothing_says_how_far_it_knows() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1))
    effects = hear(machine, "n2", Heartbeat(ballot(1), 1, 3))
    assert told(effects, "n2") == HeartbeatReply(ballot(1), 1, 3)
