"""The proposer, sentence by sentence (Paxos Made Simple, sections 2.2 and 2.4)."""

from __future__ import annotations

from synod_talk import FIVE, ask, ballot, fire, hear, promise, proposer, sent, server, to_all

from algorithms.machine import CancelTimer, Cell, Save, Saved, SetTimer
from algorithms.paxos.synod.messages import Accept, Accepted, Nack, Prepare
from algorithms.paxos.synod.proposing import LastRound

FIRST, SECOND = ballot("1.n1"), ballot("2.n1")


def test_phase_1a_a_ballot_is_on_disk_before_anybody_hears_of_it() -> None:
    effects = ask(server(), "red")
    assert effects[0] == Save("proposer", LastRound(1))
    assert sent(effects) == to_all(Prepare(FIRST))


def test_phase_2a_begins_with_a_majority_of_promises() -> None:
    machine = proposer()
    assert sent(hear(machine, "n1", promise("1.n1"))) == []
    assert sent(hear(machine, "n3", promise("1.n1"))) == to_all(Accept(FIRST, "red"))


def test_one_promise_twice_is_no_majority() -> None:
    machine = proposer()
    hear(machine, "n3", promise("1.n1"))
    assert sent(hear(machine, "n3", promise("1.n1"))) == []


def test_a_promise_of_an_earlier_ballot_counts_for_nothing() -> None:
    machine = proposer()
    hear(machine, "n2", Nack(FIRST, ballot("1.n2")))
    fire(machine, "back-off")
    hear(machine, "n1", promise("1.n1"))
    assert sent(hear(machine, "n3", promise("1.n1"))) == []


def test_without_accepted_proposals_its_value_is_its_own() -> None:
    machine = proposer("red")
    hear(machine, "n1", promise("1.n1"))
    hear(machine, "n2", promise("1.n1"))
    assert machine.view().proposing == "red"


def test_p2c_it_takes_the_value_of_the_highest_accepted_proposal() -> None:
    machine = proposer("red", acceptors=FIVE, saved=Saved((Cell("proposer", LastRound(6)),)))
    hear(machine, "n2", promise("7.n1", "5.n3", "green"))
    hear(machine, "n3", promise("7.n1", "3.n2", "blue"))
    assert sent(hear(machine, "n4", promise("7.n1"))) == to_all(Accept(ballot("7.n1"), "green"), FIVE)


def test_a_promise_behind_the_quorum_changes_no_value() -> None:
    machine = proposer("red")
    hear(machine, "n1", promise("1.n1"))
    hear(machine, "n2", promise("1.n1"))
    assert sent(hear(machine, "n3", promise("1.n1", "0.n3", "blue"))) == []
    assert machine.view().proposing == "red"


def test_flexible_quorums_are_counted_as_they_are_set() -> None:
    machine = proposer("red", acceptors=FIVE, phase_1_quorum=4, phase_2_quorum=2)
    for name in FIVE[:3]:
        assert sent(hear(machine, name, promise("1.n1"))) == []
    assert sent(hear(machine, "n4", promise("1.n1"))) == to_all(Accept(FIRST, "red"), FIVE)


# ---------------------------------------------------------------- other proposers


def test_a_refusal_ends_the_attempt_and_begins_a_random_pause() -> None:
    machine = proposer(backoff_shortest=10_000, backoff_longest=90_000)
    effects = hear(machine, "n2", Nack(FIRST, ballot("4.n2")))
    assert effects == [CancelTimer("retry"), SetTimer("back-off", 10_000, 90_000)]
    assert machine.view().phase == "waiting"
    assert sent(fire(machine, "back-off")) == to_all(Prepare(ballot("5.n1")))


def test_without_back_off_the_next_ballot_begins_at_once() -> None:
    machine = proposer(backoff=False)
    assert sent(hear(machine, "n2", Nack(FIRST, ballot("1.n2")))) == to_all(Prepare(SECOND))


def test_a_higher_prepare_request_on_its_own_node_is_as_good_as_a_refusal() -> None:
    machine = proposer(backoff=False)
    assert sent(hear(machine, "n2", Prepare(ballot("1.n2"))))[1:] == to_all(Prepare(SECOND))


def test_a_lower_one_is_not() -> None:
    machine = proposer(saved=Saved((Cell("proposer", LastRound(6)),)))
    hear(machine, "n2", Prepare(ballot("1.n2")))
    assert machine.view().phase == "prepare"


def test_a_refusal_of_an_earlier_ballot_ends_nothing() -> None:
    machine = proposer(backoff=False)
    hear(machine, "n2", Nack(FIRST, ballot("1.n2")))
    assert sent(hear(machine, "n3", Nack(FIRST, ballot("1.n2")))) == []
    assert machine.view().ballot == SECOND


def test_it_goes_above_every_ballot_it_has_heard_of() -> None:
    machine = server()
    hear(machine, "n3", Prepare(ballot("8.n3")))
    assert sent(ask(machine, "red")) == to_all(Prepare(ballot("9.n1")))


# ---------------------------------------------------------------- losses, lives, clients


def test_who_has_not_answered_is_asked_again() -> None:
    machine = proposer()
    hear(machine, "n2", promise("1.n1"))
    assert sent(fire(machine, "retry")) == [("n1", Prepare(FIRST)), ("n3", Prepare(FIRST))]
    hear(machine, "n3", promise("1.n1"))
    hear(machine, "n3", Accepted(FIRST, "red"))
    assert sent(fire(machine, "retry")) == [("n1", Accept(FIRST, "red")), ("n2", Accept(FIRST, "red"))]


def test_no_ballot_of_an_earlier_life_is_used_again() -> None:
    machine = server(saved=Saved((Cell("proposer", LastRound(3)),)))
    assert sent(ask(machine, "red")) == to_all(Prepare(ballot("4.n1")))


def test_it_proposes_the_first_value_that_it_was_asked_for() -> None:
    machine = proposer("red")
    assert sent(ask(machine, "blue", "c2")) == []
    hear(machine, "n1", promise("1.n1"))
    assert sent(hear(machine, "n2", promise("1.n1"))) == to_all(Accept(FIRST, "red"))


def test_it_stops_when_a_value_is_chosen() -> None:
    machine = proposer("red")
    hear(machine, "n2", Accepted(ballot("1.n3"), "blue"))
    effects = hear(machine, "n3", Accepted(ballot("1.n3"), "blue"))
    assert CancelTimer("retry") in effects
    assert machine.view().phase == "idle"
    assert fire(machine, "retry") == []
