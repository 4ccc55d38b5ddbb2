"""The ring of an epoch is agreed by single-decree Paxos ("Paxos Made Simple" 2.2)."""

from __future__ import annotations

import pytest
from ring_server_talk import booted, fired, saves, sent, told

from algorithms.machine import Cell, Saved
from algorithms.placement.ring import Member
from algorithms.ring.agreement import Acceptor
from algorithms.ring.commands import AddNode, RemoveNode
from algorithms.ring.messages import (
    Accept,
    Accepted,
    Ballot,
    ChangeRequest,
    Prepare,
    Promise,
    RingIs,
    RingResponse,
    WhichRing,
)
from algorithms.ring.table import Ring

ADD = ChangeRequest("c1.1", 1, AddNode("n6"))
MINE = Ballot(1, "n1")
THEIRS = Ballot(2, "n2")


def grown(machine, *names: str, proposer: str = "n1") -> Ring:
    members = machine.state.ring.members
    return Ring(2, members, (*members, *(Member(name) for name in names)), proposer)


def promised(machine, *names: str, **fields):
    effects = []
    for name in names:
        message = Promise(2, MINE, True, MINE, fields.get("accepted_ballot"), fields.get("accepted"))
        effects += told(machine, name, message)
    return effects


def test_a_change_asks_every_member_for_a_promise_phase_1a() -> None:
    effects = told(booted(), "c1", ADD)
    assert [to for to, _ in sent(effects, Prepare)] == ["n1", "n2", "n3", "n4", "n5"]
    assert sent(effects, Prepare)[0][1] == Prepare(2, MINE)


def test_a_promise_is_on_disk_before_it_is_told_phase_1b() -> None:
    effects = told(booted("n3"), "n1", Prepare(2, MINE))
    assert saves(effects) == {"acceptor": Acceptor(2, MINE)}
    assert sent(effects, Promise) == [("n1", Promise(2, MINE, True, MINE, None, None))]
    assert [type(each).__name__ for each in effects] == ["Save", "Send"]


def test_a_lower_ballot_is_refused() -> None:
    machine = booted("n3")
    told(machine, "n2", Prepare(2, THEIRS))
    effects = told(machine, "n1", Prepare(2, MINE))
    assert sent(effects, Promise) == [("n1", Promise(2, MINE, False, THEIRS, None, None))]
    assert saves(effects) == {}


def test_a_minority_of_promises_is_not_enough_phase_2a() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    assert sent(promised(machine, "n1", "n2"), Accept) == []


def test_a_promise_counts_once() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    assert sent(promised(machine, "n2", "n2", "n2"), Accept) == []


def test_a_majority_of_promises_lets_the_own_ring_be_proposed_phase_2a() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    accepts = sent(promised(machine, "n1", "n2", "n3"), Accept)
    assert [to for to, _ in accepts] == ["n1", "n2", "n3", "n4", "n5"]
    assert accepts[0][1] == Accept(MINE, grown(machine, "n6"))


def test_what_was_accepted_before_is_proposed_again_phase_2a() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    other = grown(machine, "n7", proposer="n2")
    promised(machine, "n1", "n2")
    accepts = sent(promised(machine, "n3", accepted_ballot=Ballot(0, "n2"), accepted=other), Accept)
    assert accepts[0][1].ring == other


def test_an_acceptance_is_on_disk_before_it_is_told_phase_2b() -> None:
    machine = booted("n3")
    ring = grown(machine, "n6")
    effects = told(machine, "n1", Accept(MINE, ring))
    assert saves(effects) == {"acceptor": Acceptor(2, MINE, MINE, ring)}
    assert sent(effects, Accepted) == [("n1", Accepted(2, MINE, True, MINE))]


def test_what_was_promised_to_a_higher_ballot_is_not_accepted_below_it_phase_2b() -> None:
    machine = booted("n3")
    told(machine, "n2", Prepare(2, THEIRS))
    effects = told(machine, "n1", Accept(MINE, grown(machine, "n6")))
    assert sent(effects, Accepted) == [("n1", Accepted(2, MINE, False, THEIRS))]


def test_a_majority_of_acceptances_makes_the_ring_the_next_epoch() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    promised(machine, "n1", "n2", "n3")
    effects = []
    for name in ("n2", "n3", "n4"):
        effects += told(machine, name, Accepted(2, MINE, True, MINE))
    ring = grown(machine, "n6")
    assert saves(effects)["ring"] == ring
    assert machine.state.ring == ring
    assert [to for to, _ in sent(effects, RingIs)] == ["n2", "n3", "n4", "n5", "n6"]
    [(client, response)] = sent(effects, RingResponse)
    assert (client, response.status) == ("c1", "ok")


def test_a_new_attempt_goes_above_every_ballot_that_was_named() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    told(machine, "n2", Promise(2, MINE, False, Ballot(7, "n4"), None, None))
    [(_, prepare), *_] = sent(fired(machine, "proposal", 300_000), Prepare)
    assert prepare.ballot == Ballot(8, "n1")


def test_a_change_that_finds_no_majority_ends_as_uncertain() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    [(_, response)] = sent(fired(machine, "proposal", 11_000_000), RingResponse)
    assert response.status == "uncertain"
    assert response.reason == "a majority of n1, n2, n3, n4, n5 did not agree in time"


def test_who_votes_on_an_old_epoch_is_told_the_ring() -> None:
    machine = booted("n3")
    told(machine, "n1", RingIs(grown(machine, "n6")))
    assert sent(told(machine, "n2", Prepare(2, THEIRS)), RingIs) == [("n2", RingIs(machine.state.ring))]


def test_who_is_asked_about_an_epoch_too_far_ahead_asks_for_the_ring() -> None:
    assert sent(told(booted("n3"), "n2", Prepare(9, THEIRS)), WhichRing) == [("n2", WhichRing(1))]


def test_an_older_ring_changes_nothing() -> None:
    machine = booted("n3")
    told(machine, "n1", RingIs(grown(machine, "n6")))
    before = machine.state.ring
    assert told(machine, "n2", RingIs(Ring(1, before.members))) == []
    assert machine.state.ring == before


def test_the_promise_survives_a_crash() -> None:
    machine = booted("n3")
    told(machine, "n2", Prepare(2, THEIRS))
    again = booted("n3", saved=Saved((Cell("acceptor", machine.state.acceptor),)))
    [(_, promise)] = sent(told(again, "n1", Prepare(2, MINE)), Promise)
    assert not promise.granted


def test_the_last_node_cannot_leave() -> None:
    machine = booted("n1", ("n1",))
    [(_, response)] = sent(told(machine, "c1", ChangeRequest("c1.1", 1, RemoveNode("n1"))), RingResponse)
    assert response.status == "refused"
    assert response.reason == "n1 is the last node of the ring; somebody must hold the keys"


def test_what_is_so_already_is_answered_at_once() -> None:
    [(_, response)] = sent(told(booted(), "c1", ChangeRequest("c1.1", 1, AddNode("n2"))), RingResponse)
    assert response.status == "ok"


def test_a_late_word_of_an_earlier_epoch_does_not_count() -> None:
    machine = booted()
    told(machine, "n2", RingIs(grown(machine, "n6")))
    told(machine, "c1", ChangeRequest("c1.1", 1, AddNode("n7")))
    for name in ("n2", "n3", "n4"):
        assert sent(told(machine, name, Promise(2, MINE, True, MINE, None, None)), Accept) == []
    for name in ("n1", "n2", "n3"):
        told(machine, name, Promise(3, MINE, True, MINE, None, None))
    for name in ("n2", "n3", "n4"):
        told(machine, name, Accepted(2, MINE, True, MINE))
    assert machine.state.ring.epoch == 2


def test_a_ballot_is_on_disk_before_it_is_named() -> None:
    effects = told(booted(), "c1", ADD)
    kinds = [type(each).__name__ for each in effects]
    assert saves(effects) == {"acceptor": Acceptor(2, MINE)}
    assert kinds.index("Save") < kinds.index("Send")


def test_who_is_no_member_names_no_ballot_twice_either() -> None:
    machine = booted("n6")
    told(machine, "c1", ADD)
    again = booted("n6", saved=Saved((Cell("acceptor", machine.state.acceptor),)))
    [(_, prepare), *_] = sent(told(again, "c1", ChangeRequest("c1.1", 2, AddNode("n7"))), Prepare)
    assert prepare.ballot == Ballot(2, "n6")


def test_a_second_copy_of_a_change_is_pursued_once() -> None:
    machine = booted()
    told(machine, "c1", ADD)
    told(machine, "c1", ADD)
    assert len(machine.state.changing.wanted) == 1


def test_two_agreed_rings_of_one_epoch_are_a_bug_of_ours() -> None:
    machine = booted("n3")
    told(machine, "n1", RingIs(grown(machine, "n6")))
    with pytest.raises(AssertionError, match="epoch 2 was agreed twice"):
        told(machine, "n1", RingIs(grown(booted("n3"), "n7", proposer="n0")))
