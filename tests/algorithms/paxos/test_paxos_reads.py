"""Reads that do not pass through the log ("Paxos Made Live" 5.2; Ongaro's dissertation 6.4)."""

from __future__ import annotations

from paxos_server_talk import (
    FIVE,
    accepts,
    answer_round,
    answers,
    ballot,
    choose,
    fire,
    get,
    hear,
    leader,
    notes,
    preparing,
    promise,
    proposal,
    put,
    sends,
    server,
)

from algorithms.machine import Effect, Started
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Accept, Configuration, Heartbeat, Prepare, Promise, Refused, TakeOver
from algorithms.paxos.settings import PaxosSettings
from algorithms.replicated.messages import TransferLeadership


def values(effects: list[Effect]) -> list[object]:
    return [answer.value for answer in answers(effects)]


def test_a_read_waits_until_a_quorum_has_said_that_it_promised_nothing_higher() -> None:
    machine = leader(acceptors=FIVE)
    hear(machine, "c1", put("7"))
    choose(machine, "n2", "n3")
    assert not answers(hear(machine, "c1", get()))
    assert not answers(answer_round(machine, "n2"))
    assert values(answer_round(machine, "n4")) == ["7"]


def test_an_answer_to_an_earlier_round_proves_nothing() -> None:
    machine = leader()
    old = machine.state.leading
    assert old is not None
    effects = hear(machine, "c1", get())
    assert [message.round for _, message in sends(effects, Heartbeat) if isinstance(message, Heartbeat)] == [2, 2]
    old.round = 1
    assert not answers(answer_round(machine, "n2"))
    old.round = 2
    assert len(answers(answer_round(machine, "n2"))) == 1


def test_a_refusal_turns_the_read_away() -> None:
    machine = leader()
    hear(machine, "c1", get())
    found = answers(hear(machine, "n2", Refused(Ballot(1, "n1"), ballot(2))))
    assert [each.status for each in found] == ["not_leader"]


def test_reads_that_come_meanwhile_share_the_next_round() -> None:
    machine = leader()
    hear(machine, "c1", get(1))
    assert not sends(hear(machine, "c1", get(2)), Heartbeat)
    effects = answer_round(machine, "n2")
    assert [each.sequence for each in answers(effects)] == [1]
    assert sends(effects, Heartbeat)
    assert [each.sequence for each in answers(answer_round(machine, "n3"))] == [2]


def test_a_read_waits_until_all_is_chosen_that_phase_1_has_found() -> None:
    machine = preparing(promised=ballot(2))
    promise(machine, "n2", proposal(1, ballot(2), "found"))
    effects = hear(machine, "c1", get())
    assert "keeps a read of x until slot 1 is chosen" in notes(effects)
    assert not answers(answer_round(machine, "n2"))
    choose(machine, "n2")
    assert values(answer_round(machine, "n2")) == ["found"]


def test_a_leader_that_has_found_nothing_may_read_at_once() -> None:
    machine = leader()
    hear(machine, "c1", get())
    assert values(answer_round(machine, "n2")) == [None]


def test_a_read_through_the_log_takes_a_slot() -> None:
    machine = leader(reads="log")
    assert sends(hear(machine, "c1", get()), Accept)
    accepts(machine, "n1", 1)
    assert values(accepts(machine, "n2", 1)) == [None]


def test_a_local_read_asks_nobody() -> None:
    assert values(hear(server(reads="local"), "c1", get())) == [None]


# ---------------------------------------------------------------- leases


def leased(**settings: object) -> PaxosMachine:
    """A leader that began its round at 0 and has its answer."""
    machine = leader(reads="lease", **settings)
    answer_round(machine, "n2", now=1_000)
    return machine


def test_under_a_lease_a_read_needs_nobody() -> None:
    assert values(hear(leased(), "c1", get(), now=129_999)) == [None]


def test_a_lease_ends_before_any_acceptor_may_promise_another() -> None:
    effects = hear(leased(), "c1", get(), now=130_000)
    assert not answers(effects)
    assert sends(effects, Heartbeat)


def test_an_acceptor_keeps_the_lease_by_its_own_clock() -> None:
    machine = server(reads="lease", promised=ballot(1))
    hear(machine, "n2", Heartbeat(ballot(1), 0, 1), now=500_000)
    prepare = Prepare(Ballot(2, "n3"), 1)
    assert not sends(hear(machine, "n3", prepare, now=649_999))
    assert sends(hear(machine, "n3", prepare, now=650_000), Promise)


def test_an_acceptor_that_comes_back_keeps_a_lease_that_it_may_have_forgotten() -> None:
    machine = PaxosMachine("n1", Configuration(("n1", "n2", "n3")), PaxosSettings(reads="lease"))
    machine.handle(Started(), 1_000_000)
    prepare = Prepare(Ballot(2, "n3"), 1)
    assert not sends(hear(machine, "n3", prepare, now=1_149_999))
    assert sends(hear(machine, "n3", prepare, now=1_150_000), Promise)


def test_a_lease_is_given_up_when_leadership_is_handed_over() -> None:
    machine = leased()
    assert sends(hear(machine, "c1", TransferLeadership(1, "n2", "c1.1"), now=1_000), TakeOver)
    fire(machine, "transfer", now=3_000)
    assert not answers(hear(machine, "c1", get(), now=4_000)), "n2 may have heard it all the same"


def test_a_clock_that_was_set_back_ends_a_lease() -> None:
    assert not answers(hear(leased(), "c1", get(), now=-1))
