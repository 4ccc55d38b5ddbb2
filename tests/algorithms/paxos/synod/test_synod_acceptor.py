"""The acceptor, sentence by sentence (Paxos Made Simple, section 2.2)."""

from __future__ import annotations

from synod_talk import ballot, hear, remembering, sent, server, spoken, to_all

from algorithms.machine import Received, Save, Send, SetTimer, Started
from algorithms.paxos.synod.acceptor import AcceptorState
from algorithms.paxos.synod.messages import Accept, Accepted, Inquire, Nack, Prepare, Promise

ONE, TWO, THREE_ = ballot("1.n2"), ballot("2.n3"), ballot("3.n2")
NONE = ballot("-")


def test_a_promise_is_on_disk_before_it_is_told() -> None:
    effects = hear(server(), "n2", Prepare(ONE))
    assert effects == [
        Save("acceptor", AcceptorState(ONE)),
        SetTimer("learn", 500_000, 500_000),
        Send("n2", Promise(ONE, NONE, None)),
    ]


def test_an_acceptance_is_on_disk_before_any_learner_is_told() -> None:
    effects = hear(server(saved=remembering("1.n2")), "n2", Accept(ONE, "red"))
    assert effects[0] == Save("acceptor", AcceptorState(ONE, ONE, "red"))
    assert sent(effects) == to_all(Accepted(ONE, "red"))


def test_a_promise_tells_of_the_highest_proposal_accepted() -> None:
    machine = server(saved=remembering("1.n2", "1.n2", "red"))
    assert sent(hear(machine, "n3", Prepare(TWO))) == [("n3", Promise(TWO, ONE, "red"))]


def test_a_lower_prepare_request_is_refused_with_the_ballot_promised() -> None:
    effects = hear(server(saved=remembering("2.n3")), "n2", Prepare(ONE))
    assert effects == [Send("n2", Nack(ONE, TWO))]


def test_p1a_a_proposal_below_a_promise_is_not_accepted() -> None:
    machine = server(saved=remembering("2.n3"))
    assert hear(machine, "n2", Accept(ONE, "red")) == [Send("n2", Nack(ONE, TWO))]
    assert machine.acceptor.state == AcceptorState(TWO)


def test_a_proposal_at_or_above_the_promise_is_accepted() -> None:
    for number in ("2.n3", "3.n2"):
        machine = server(saved=remembering("2.n3"))
        hear(machine, "n2", Accept(ballot(number), "red"))
        assert machine.acceptor.state == AcceptorState(ballot(number), ballot(number), "red")


def test_who_accepts_without_having_promised_has_promised_by_that() -> None:
    machine = server()
    hear(machine, "n2", Accept(THREE_, "red"))
    assert hear(machine, "n3", Accept(TWO, "blue")) == [Send("n3", Nack(TWO, THREE_))]


def test_of_equal_rounds_the_proposers_name_decides() -> None:
    machine = server(saved=remembering("1.n2"))
    assert sent(hear(machine, "n1", Prepare(ballot("1.n1")))) == [("n1", Nack(ballot("1.n1"), ONE))]
    assert sent(hear(machine, "n3", Prepare(ballot("1.n3")))) == [("n3", Promise(ballot("1.n3"), NONE, None))]


def test_a_second_copy_is_answered_again_and_saves_nothing() -> None:
    machine = server()
    hear(machine, "n2", Prepare(ONE))
    assert hear(machine, "n2", Prepare(ONE)) == [Send("n2", Promise(ONE, NONE, None))]
    hear(machine, "n2", Accept(ONE, "red"))
    assert hear(machine, "n2", Accept(ONE, "red")) == [Send(name, Accepted(ONE, "red")) for name in ("n1", "n2", "n3")]


def test_an_acceptor_that_fails_and_is_restarted_remembers() -> None:
    machine = server(saved=remembering("2.n3", "1.n2", "red"))
    assert machine.acceptor.state == AcceptorState(TWO, ONE, "red")
    assert sent(hear(machine, "n2", Accept(ONE, "red"))) == [("n2", Nack(ONE, TWO))]


def test_an_acceptor_that_lost_its_disk_forgets() -> None:
    machine = server()
    machine.handle(Started(), 0)
    assert sent(spoken(machine.handle(Received("n2", Prepare(ONE)), 0))) == [("n2", Promise(ONE, NONE, None))]


def test_learners_may_ask_what_it_has_accepted() -> None:
    assert hear(server(saved=remembering("2.n3", "1.n2", "red")), "n3", Inquire()) == [Send("n3", Accepted(ONE, "red"))]
    assert hear(server(saved=remembering("2.n3")), "n3", Inquire()) == []
