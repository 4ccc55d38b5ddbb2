"""Leadership is handed over (after Ongaro's dissertation 3.10)."""

from __future__ import annotations

from paxos_server_talk import (
    answer_round,
    answers,
    ballot,
    choose,
    fire,
    hear,
    leader,
    put,
    sends,
    server,
    told,
)

from algorithms.paxos.ballot import Ballot
from algorithms.paxos.messages import Heartbeat, Prepare, Promise, TakeOver
from algorithms.replicated.messages import ChangeConfiguration, TransferLeadership


def to(target: str) -> TransferLeadership:
    return TransferLeadership(1, target, "c1.1")


def test_the_target_is_told_when_nothing_is_undecided_and_it_knows_all() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    assert not sends(hear(machine, "c1", to("n2")), TakeOver)
    choose(machine, "n3")
    assert not sends(answer_round(machine, "n2", commit=0), TakeOver)
    assert told(answer_round(machine, "n2"), "n2") == TakeOver(Ballot(1, "n1"))


def test_no_new_requests_are_taken_meanwhile() -> None:
    machine = leader()
    hear(machine, "c1", to("n2"))
    found = answers(hear(machine, "c1", put("1")))
    assert [(each.status, each.leader_hint) for each in found] == [("not_leader", "n2")]


def test_the_target_makes_the_next_ballot_at_once_and_is_heard() -> None:
    machine = server(name="n2", pre_prepare=True)
    hear(machine, "n1", Heartbeat(Ballot(1, "n1"), 0, 1))
    effects = hear(machine, "n1", TakeOver(Ballot(1, "n1")))
    assert told(effects, "n3") == Prepare(ballot(2), 1, handover=Ballot(1, "n1"))
    other = server(name="n3")
    hear(other, "n1", Heartbeat(Ballot(1, "n1"), 0, 1))
    assert sends(hear(other, "n2", Prepare(ballot(2), 1, handover=Ballot(1, "n1"))), Promise)


def test_an_old_word_to_take_over_is_not_heeded() -> None:
    machine = server(promised=Ballot(3, "n3"))
    assert not sends(hear(machine, "n2", TakeOver(Ballot(2, "n2"))))


def test_the_old_leader_promises_and_sends_the_client_on() -> None:
    machine = leader()
    hear(machine, "c1", to("n2"))
    found = answers(hear(machine, "n2", Prepare(ballot(2), 1, handover=Ballot(1, "n1"))))
    assert [(each.status, each.leader_hint) for each in found] == [("not_leader", "n2")]
    assert machine.state.role == "follower"


def test_whoever_leads_already_says_so() -> None:
    assert [each.status for each in answers(hear(leader(), "c1", to("n1")))] == ["ok"]


def test_nobody_hands_over_to_an_outsider() -> None:
    (answer,) = answers(hear(leader(), "c1", to("n9")))
    assert (answer.status, answer.reason) == ("refused", "n9 is no acceptor")


def test_not_while_the_configuration_is_changed() -> None:
    machine = leader()
    hear(machine, "c1", ChangeConfiguration(7, ("n1", "n2"), "c2.1"))
    (answer,) = answers(hear(machine, "c1", to("n2")))
    assert answer.reason == "the configuration is just being changed"


def test_a_target_that_does_not_catch_up_is_given_up() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    choose(machine, "n3")
    hear(machine, "c1", to("n2"))
    (answer,) = answers(fire(machine, "transfer"))
    assert (answer.status, answer.reason) == ("refused", "n2 did not catch up in an election timeout")
    assert not answers(hear(machine, "c1", put("2", "c2.1"))), "it takes requests again"
