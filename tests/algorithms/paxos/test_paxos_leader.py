"""A stable leader: phase 1 once for all slots, then phase 2 alone ("Paxos Made Simple", section 3)."""

from __future__ import annotations

from paxos_server_talk import (
    FIVE,
    accept,
    accepts,
    answers,
    ballot,
    choose,
    fire,
    hear,
    is_behind,
    leader,
    notes,
    preparing,
    promise,
    proposal,
    put,
    sends,
    server,
    told,
    value,
    writes,
)

from algorithms.machine import Answer, Append, Asked, CancelTimer, Failed, Ok, Save, Send, SetTimer
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.messages import (
    Accept,
    Accepted,
    AcceptorState,
    CatchUp,
    Chosen,
    Configuration,
    Heartbeat,
    HeartbeatReply,
    Prepare,
    PrePrepare,
    PrePromise,
    Promise,
    Proposal,
    Refused,
)
from algorithms.replicated.messages import Carried, NoOp

MINE = Ballot(1, "n1")

# ---------------------------------------------------------------- ballots


def test_a_ballot_is_promised_on_disk_before_anybody_hears_of_it() -> None:
    effects = fire(server(), "election")
    assert writes(effects) == [Save("acceptor", AcceptorState(MINE, 0))]
    assert is_behind(effects, Prepare, Save)
    assert [target for target, _ in sends(effects, Prepare)] == ["n2", "n3"]


def test_a_ballot_is_above_all_that_were_heard_of() -> None:
    machine = server(promised=ballot(7))
    hear(machine, "n3", Refused(MINE, ballot(9, "n3")))
    fire(machine, "election")
    assert machine.state.ballot == Ballot(10, "n1")


def test_no_life_makes_a_ballot_again_that_an_earlier_one_has_made() -> None:
    machine = server(promised=Ballot(4, "n1"))
    fire(machine, "election")
    assert machine.state.ballot == Ballot(5, "n1")


def test_it_asks_only_about_slots_that_it_does_not_know_chosen() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1), commit=1)
    assert told(fire(machine, "election"), "n2") == Prepare(Ballot(2, "n1"), 2)


def test_the_own_promise_counts_when_it_is_durable() -> None:
    machine = server()
    effects = fire(machine, "election")
    assert is_behind(effects, Promise, Save)
    assert told(effects, "n1") == Promise(MINE, 1, (), 0, 0)
    promise(machine, "n2")
    assert machine.state.role == "preparing"
    promise(machine, "n1")
    assert machine.state.role == "leader"


def test_whoever_has_not_promised_is_asked_again() -> None:
    machine = preparing(acceptors=FIVE)
    promise(machine, "n3")
    assert [target for target, _ in sends(fire(machine, "prepare"), Prepare)] == ["n2", "n4", "n5"]


def test_a_promise_of_another_ballot_counts_for_nothing() -> None:
    machine = preparing()
    hear(machine, "n2", Promise(Ballot(9, "n1"), 1, (), 0, 0))
    assert machine.state.role == "preparing"


def test_a_refusal_ends_the_ballot() -> None:
    for machine in (preparing(), leader()):
        hear(machine, "n3", Refused(MINE, ballot(2)))
        assert machine.state.role == "follower"
        assert machine.state.leading is None


def test_a_refusal_of_an_older_ballot_ends_nothing() -> None:
    machine = leader(promised=Ballot(3, "n1"))
    hear(machine, "n3", Refused(Ballot(3, "n1"), ballot(4, "n0")))
    assert machine.state.role == "leader"


# ---------------------------------------------------------------- what phase 1 finds


def test_what_was_accepted_in_the_highest_ballot_is_adopted() -> None:
    machine = preparing(promised=ballot(4), acceptors=FIVE)
    promise(machine, "n2", proposal(1, ballot(2), "old"))
    effects = promise(machine, "n3", proposal(1, ballot(3, "n4"), "new"))
    assert told(effects, "n2", Accept) == Accept(Ballot(5, "n1"), 1, (value("new"),), 0)


def test_what_we_have_accepted_ourselves_is_found_too() -> None:
    machine = preparing(proposal(1, ballot(3), "ours"), promised=ballot(3))
    effects = promise(machine, "n2", proposal(1, ballot(2), "theirs"))
    assert told(effects, "n2", Accept) == Accept(Ballot(4, "n1"), 1, (value("ours"),), 0)


def test_holes_are_filled_with_no_ops() -> None:
    machine = preparing(promised=ballot(2))
    effects = promise(machine, "n2", proposal(5, ballot(2), "e"), proposal(7, ballot(2), "g"))
    found = told(effects, "n2", Accept)
    no_op = NoOp()
    assert found == Accept(Ballot(3, "n1"), 1, (no_op, no_op, no_op, no_op, value("e"), no_op, value("g")), 0)
    assert "nobody has told of 1, 2, 3, 4, 6: no-ops fill the holes" in notes(effects)


def test_what_is_new_comes_behind_all_that_was_found() -> None:
    machine = preparing(promised=ballot(2))
    promise(machine, "n2", proposal(3, ballot(2), "c"))
    effects = hear(machine, "c1", put("new"))
    found = told(effects, "n2", Accept)
    assert isinstance(found, Accept)
    assert found.first_slot == 4


def test_what_a_promise_knows_to_be_chosen_is_learned() -> None:
    machine = preparing(promised=ballot(2))
    effects = promise(machine, "n2", proposal(1, ballot(1), "a"), proposal(2, ballot(2), "b"), commit=1)
    assert machine.state.commit_index == 1
    assert machine.state.store.snapshot().pairs[0].value == "a"
    assert told(effects, "n2", Accept) == Accept(Ballot(3, "n1"), 2, (value("b"),), 1)


def test_a_promise_in_parts_counts_when_all_are_here() -> None:
    machine = preparing(promised=ballot(2))
    effects = promise(machine, "n2", proposal(1, ballot(2), "a"), next_slot=2)
    assert machine.state.role == "preparing"
    assert told(effects, "n2") == Prepare(Ballot(3, "n1"), 2)
    promise(machine, "n2", proposal(2, ballot(2), "b"))
    assert machine.state.role == "leader"


# ---------------------------------------------------------------- phase 2


def test_a_command_is_sent_before_our_own_disk_has_it() -> None:
    effects = hear(leader(), "c1", put("1"))
    sent = [effect for effect in effects if isinstance(effect, Send) and isinstance(effect.message, Accept)]
    assert [(effect.target, effect.at_once) for effect in sent] == [("n2", True), ("n3", True)]
    assert is_behind(effects, Accepted, Append)
    assert told(effects, "n1") == Accepted(MINE, 1, 1)


def test_a_command_is_chosen_when_a_quorum_has_accepted_it_and_then_it_is_answered() -> None:
    machine = leader(acceptors=FIVE)
    hear(machine, "c1", put("1"))
    assert not answers(accepts(machine, "n2", 1))
    assert not answers(accepts(machine, "n2", 1)), "the same one twice is one"
    assert not answers(accepts(machine, "n1", 1))
    assert [each.status for each in answers(accepts(machine, "n5", 1))] == ["ok"]


def test_the_leaders_own_acceptance_counts_no_more_than_others() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    accepts(machine, "n2", 1)
    assert machine.state.commit_index == 0
    accepts(machine, "n3", 1)
    assert machine.state.commit_index == 1, "its own disk may be the slowest"


def test_who_is_no_acceptor_does_not_count() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    accepts(machine, "n1", 1)
    accepts(machine, "n9", 1)
    assert machine.state.commit_index == 0


def test_an_acceptance_of_another_ballot_does_not_count() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    accepts(machine, "n1", 1)
    hear(machine, "n2", Accepted(Ballot(9, "n1"), 1, 1))
    assert machine.state.commit_index == 0


def test_a_slot_that_is_chosen_waits_for_those_before_it() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    hear(machine, "c1", put("2", "c2.1"))
    accepts(machine, "n1", 1, 2)
    effects = accepts(machine, "n2", 2)
    assert (machine.state.commit_index, machine.state.chosen(2)) == (0, put("2", "c2.1").request)
    assert "slot 2 is chosen, and waits for slot 1" in notes(effects)
    assert len(answers(accepts(machine, "n3", 1))) == 2


def test_no_more_than_alpha_slots_are_undecided() -> None:
    machine = leader(alpha=2)
    for number in range(4):
        effects = hear(machine, "c1", put(str(number), f"c{number}.1"))
    assert not sends(effects, Accept)
    found = told(choose(machine, "n2"), "n2", Accept)
    assert isinstance(found, Accept)
    assert (found.first_slot, len(found.values)) == (3, 2), "what has waited goes in one message"


def test_what_was_not_accepted_is_sent_again_with_the_second_heartbeat() -> None:
    machine = leader(acceptors=FIVE)
    for number in range(3):
        hear(machine, "c1", put(str(number), f"c{number}.1"))
    assert not sends(fire(machine, "heartbeat"), Accept), "an answer may be on its way"
    accepts(machine, "n3", 2)
    again = sends(fire(machine, "heartbeat"), Accept)
    assert [(name, each.first_slot, len(each.values)) for name, each in again if isinstance(each, Accept)] == [
        ("n2", 1, 3),
        ("n3", 1, 1),
        ("n3", 3, 1),
        ("n4", 1, 3),
        ("n5", 1, 3),
    ]


def test_nothing_is_sent_again_when_all_is_chosen() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    choose(machine, "n2")
    fire(machine, "heartbeat")
    assert not sends(fire(machine, "heartbeat"), Accept)


def test_followers_learn_the_commit_index_with_the_next_message() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(1))
    hear(machine, "n2", accept(ballot(1), 2, "b", commit=1))
    assert machine.state.commit_index == 1
    hear(machine, "n2", Heartbeat(ballot(1), 2, 1))
    assert machine.state.last_applied == 2


def test_what_was_accepted_in_another_ballot_is_not_taken_for_chosen() -> None:
    machine = server(proposal(1, ballot(1), "a"), promised=ballot(2, "n3"))
    hear(machine, "n3", Heartbeat(ballot(2, "n3"), 1, 1))
    assert machine.state.commit_index == 0


def test_a_record_of_a_carrying_machine_is_told_its_slot() -> None:
    machine = leader()
    hear(machine, "c1", put("1"))
    effects = machine.handle(Asked(4, Carried(NoOp())), 0)
    assert Answer(4, Ok(2)) in effects
    assert Answer(5, Failed("this server does not lead")) in server().handle(Asked(5, Carried(NoOp())), 0)


# ---------------------------------------------------------------- the end of a leadership


def test_what_was_sent_is_not_answered_when_a_leadership_ends() -> None:
    machine = leader(alpha=1)
    hear(machine, "c1", put("sent"))
    hear(machine, "c2", put("kept", "c2.1"))
    found = answers(hear(machine, "n3", Refused(MINE, ballot(2))))
    assert [(each.client_id, each.status) for each in found] == [("c2.1", "not_leader")], "the other may yet be chosen"


def test_a_follower_names_the_leader() -> None:
    machine = server()
    hear(machine, "n3", Heartbeat(ballot(1, "n3"), 0, 1))
    found = answers(hear(machine, "c1", put("1")))
    assert [(each.status, each.leader_hint) for each in found] == [("not_leader", "n3")]


# ---------------------------------------------------------------- keeping the peace


def test_before_a_ballot_is_made_others_are_asked_whether_they_miss_a_leader() -> None:
    machine = server(pre_prepare=True)
    effects = fire(machine, "election")
    assert [target for target, _ in sends(effects, PrePrepare)] == ["n2", "n3"]
    assert not writes(effects)
    hear(machine, "n2", PrePromise(1, False, ballot(1), 0))
    assert machine.state.role == "probing"
    hear(machine, "n3", PrePromise(1, True, ballot(6), 0))
    assert (machine.state.role, machine.state.ballot) == ("preparing", Ballot(7, "n1"))


def test_who_hears_a_leader_advises_against_a_new_ballot() -> None:
    machine = server()
    hear(machine, "n3", Heartbeat(ballot(1, "n3"), 0, 1), now=0)
    assert told(hear(machine, "n2", PrePrepare(4), now=149_999), "n2") == PrePromise(4, False, ballot(1, "n3"), 0)
    assert told(hear(machine, "n2", PrePrepare(5), now=150_000), "n2") == PrePromise(5, True, ballot(1, "n3"), 0)


def test_who_hears_a_leader_does_not_hear_another_prepare() -> None:
    machine = server()
    hear(machine, "n3", Heartbeat(ballot(1, "n3"), 0, 1), now=0)
    assert not sends(hear(machine, "n2", Prepare(ballot(2), 1), now=100_000))


def test_a_leaders_own_wish_for_another_is_heard_and_an_earlier_leaders_is_not() -> None:
    machine = server()
    hear(machine, "n3", Heartbeat(ballot(2, "n3"), 0, 1), now=0)
    assert not sends(hear(machine, "n2", Prepare(ballot(3), 1, handover=ballot(1, "n1")), now=100_000))
    assert told(hear(machine, "n2", Prepare(ballot(3), 1, handover=ballot(2, "n3")), now=100_000), "n2")


def test_a_leader_that_hears_no_quorum_stops_leading() -> None:
    machine = leader()
    hear(machine, "n2", HeartbeatReply(MINE, 0, 1))
    effects = fire(machine, "check_quorum")
    assert SetTimer("check_quorum", 300_000, 300_000) in effects
    effects = fire(machine, "check_quorum")
    assert machine.state.role == "follower"
    assert CancelTimer("heartbeat") in effects


def test_a_proposer_that_hears_a_leader_follows_it() -> None:
    machine = preparing()
    hear(machine, "n3", Heartbeat(ballot(2, "n3"), 0, 1))
    assert (machine.state.role, machine.state.leader) == ("follower", "n3")


def test_an_outsider_makes_no_ballot_but_asks_until_a_quorum_knows_no_more() -> None:
    machine = server(name="n9")
    assert [target for target, _ in sends(fire(machine, "election"))] == ["n1", "n2", "n3"]
    assert machine.view().role == "outsider"
    hear(machine, "n1", PrePromise(1, True, ballot(1), 0))
    assert sends(fire(machine, "election"), PrePrepare)
    hear(machine, "n1", PrePromise(2, True, ballot(1), 0))
    hear(machine, "n2", PrePromise(2, False, ballot(1), 0))
    assert not sends(fire(machine, "election"))


def test_an_outsider_that_is_told_of_more_learns_that_it_counts() -> None:
    machine = server(name="n9", alpha=1)
    fire(machine, "election")
    assert told(hear(machine, "n1", PrePromise(1, True, ballot(1), 1)), "n1") == CatchUp(1)
    effects = hear(machine, "n1", Chosen((Proposal(1, ballot(1), Configuration(("n9",))),), 1))
    assert machine.state.election_timer in effects
    assert machine.view().role == "follower"


def test_who_has_just_promised_gives_that_proposer_the_time_for_it() -> None:
    machine = server()
    hear(machine, "n3", Prepare(ballot(1, "n3"), 1), now=0)
    assert told(hear(machine, "n2", PrePrepare(1), now=149_999), "n2") == PrePromise(1, False, ballot(1, "n3"), 0)
    assert told(hear(machine, "n3", PrePrepare(1), now=149_999), "n3") == PrePromise(1, True, ballot(1, "n3"), 0)
    assert told(hear(machine, "n2", PrePrepare(2), now=150_000), "n2") == PrePromise(2, True, ballot(1, "n3"), 0)
