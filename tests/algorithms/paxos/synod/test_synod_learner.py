"""The learner, sentence by sentence (Paxos Made Simple, section 2.3), and the clients that wait for it."""

from __future__ import annotations

from synod_talk import FIVE, ask, ballot, fire, hear, promise, proposer, remembering, sent, server, to_all

from algorithms.machine import SetTimer
from algorithms.paxos.synod.learner import Learner
from algorithms.paxos.synod.messages import Accepted, Inquire, LearnRequest, Prepare, SynodResponse

ONE, TWO = ballot("1.n2"), ballot("2.n3")


def test_a_value_is_chosen_when_a_majority_has_accepted_one_proposal() -> None:
    learner = Learner(3)
    assert [learner.accepted(name, Accepted(ONE, "red")) for name in FIVE[:4]] == [False, False, True, False]
    assert (learner.chosen, learner.chosen_in) == ("red", ONE)


def test_one_acceptor_twice_is_no_majority() -> None:
    learner = Learner(2)
    assert not learner.accepted("n1", Accepted(ONE, "red"))
    assert not learner.accepted("n1", Accepted(ONE, "red"))
    assert learner.chosen is None


def test_acceptances_of_two_ballots_are_not_added_up() -> None:
    learner = Learner(2)
    assert not learner.accepted("n1", Accepted(ONE, "red"))
    assert not learner.accepted("n2", Accepted(TWO, "red"))
    assert learner.acceptors_of(ONE) == ("n1",)


def test_an_acceptance_counts_even_if_the_acceptor_has_accepted_more_since() -> None:
    learner = Learner(2)
    learner.accepted("n1", Accepted(TWO, "red"))
    learner.accepted("n1", Accepted(ONE, "red"))
    assert learner.accepted("n2", Accepted(ONE, "red"))
    assert learner.newest == Accepted(TWO, "red")


# ---------------------------------------------------------------- clients


def test_a_client_is_told_what_was_chosen_and_not_what_it_wanted() -> None:
    machine = proposer("red")
    hear(machine, "n2", Accepted(TWO, "blue"))
    effects = hear(machine, "n3", Accepted(TWO, "blue"))
    assert sent(effects) == [("c1", SynodResponse("c1.1", 1, "blue"))]


def test_who_asks_later_is_told_at_once() -> None:
    machine = server()
    hear(machine, "n2", Accepted(TWO, "blue"))
    hear(machine, "n3", Accepted(TWO, "blue"))
    assert sent(ask(machine, "green", "c2", 7)) == [("c2", SynodResponse("c2.1", 7, "blue"))]


# ---------------------------------------------------------------- lost messages


def test_a_learner_that_knows_of_a_proposal_asks_the_acceptors_now_and_then() -> None:
    machine = server()
    assert SetTimer("learn", 500_000, 500_000) in hear(machine, "n2", Prepare(ONE))
    effects = fire(machine, "learn")
    assert sent(effects) == to_all(Inquire())
    assert SetTimer("learn", 500_000, 500_000) in effects


def test_a_restarted_server_asks_too_and_one_that_knows_of_nothing_does_not() -> None:
    asks = server(saved=remembering("1.n2"))
    assert sent(fire(asks, "learn")) == to_all(Inquire())
    assert hear(server(learn_interval=0), "n2", Prepare(ONE))[1:] == [
        each for each in hear(server(), "n2", Prepare(ONE))[1:] if not isinstance(each, SetTimer)
    ]


def test_a_question_is_put_to_the_acceptors() -> None:
    machine = server()
    effects = hear(machine, "c1", LearnRequest("c1.1", 1))
    assert sent(effects) == to_all(Inquire())
    hear(machine, "n2", Accepted(ONE, "red"))
    assert sent(hear(machine, "n3", Accepted(ONE, "red"))) == [("c1", SynodResponse("c1.1", 1, "red"))]


def test_if_nobody_has_accepted_anything_nothing_is_chosen() -> None:
    machine = server()
    hear(machine, "c1", LearnRequest("c1.1", 1))
    assert sent(fire(machine, "inquiry")) == [("c1", SynodResponse("c1.1", 1, None))]


def test_if_the_answers_do_not_say_only_a_proposal_can_find_out() -> None:
    machine = server()
    hear(machine, "c1", LearnRequest("c1.1", 1))
    hear(machine, "n2", Accepted(ONE, "red"))
    assert sent(fire(machine, "inquiry")) == to_all(Prepare(ballot("1.n1")))
    hear(machine, "n2", promise("1.n1", "1.n0", "red"))
    assert machine.view().wanted == "red"
