"""Leadership transfer (dissertation 3.10)."""

from __future__ import annotations

from raft_server_talk import (
    acknowledge,
    append_entries,
    fire,
    hear,
    leader,
    notes,
    put,
    sends,
    server,
    settled_leader,
    told,
)

from algorithms.machine import SetTimer
from algorithms.raft.messages import AppendEntries, RequestVote, RequestVoteResponse, TimeoutNow
from algorithms.replicated.messages import ChangeConfiguration, ClientResponse, TransferLeadership

WISH = TransferLeadership(1, "n2", "admin")


def no_leader(hint: str | None, sequence: int = 1, client_id: str = "admin") -> ClientResponse:
    return ClientResponse(sequence, "not_leader", leader_hint=hint, client_id=client_id)


def refused(reason: str) -> ClientResponse:
    return ClientResponse(1, "refused", reason=reason, client_id="admin")


def test_a_target_with_the_whole_log_is_told_to_campaign_now() -> None:
    machine = settled_leader()
    effects = hear(machine, "c1", WISH)
    assert told(effects, "n2") == TimeoutNow(1)
    assert SetTimer("transfer", 300_000, 300_000) in effects


def test_a_target_that_lags_gets_the_rest_of_the_log_first() -> None:
    machine = leader((1, 1))
    assert sends(hear(machine, "c1", WISH), TimeoutNow) == []
    assert sends(acknowledge(machine, "n2"), TimeoutNow) == [("n2", TimeoutNow(2))]


def test_the_target_hears_it_again_with_each_heartbeat() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    assert sends(fire(machine, "heartbeat"), TimeoutNow) == [("n2", TimeoutNow(1))]


def test_meanwhile_the_leader_takes_no_new_requests() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    assert told(hear(machine, "c1", put("a")), "c1") == no_leader("n2", client_id="c1.1")
    change = ChangeConfiguration(2, ("n1",), "admin")
    assert told(hear(machine, "c1", change), "c1") == no_leader("n2", sequence=2)
    assert machine.state.log.last_index == 1


def test_after_an_election_timeout_the_leader_leads_on() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    assert "leads on [dissertation 3.10]" in notes(fire(machine, "transfer"))
    assert sends(hear(machine, "c1", put("a")), AppendEntries) != []


def test_a_target_that_was_never_told_surely_does_not_take_over() -> None:
    machine = leader((1, 1))
    hear(machine, "c1", WISH)
    assert told(fire(machine, "transfer"), "c1") == refused("n2 did not catch up in an election timeout")


def test_a_target_that_was_told_may_yet_take_over_so_nothing_is_said() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    assert sends(fire(machine, "transfer"), ClientResponse) == []


def test_the_target_campaigns_at_once_and_without_pre_vote() -> None:
    machine = server((1,), pre_vote=True)
    hear(machine, "n2", append_entries(1, (1, 1)))
    effects = hear(machine, "n2", TimeoutNow(1))
    assert told(effects, "n3") == RequestVote(2, "n1", 1, 1, leadership_transfer=True)


def test_a_timeout_now_of_an_old_term_is_ignored() -> None:
    machine = server((1,), term=2)
    assert hear(machine, "n2", TimeoutNow(1)) == []


def test_who_has_no_vote_cannot_take_over() -> None:
    machine = server(name="n9", term=1)
    hear(machine, "n2", TimeoutNow(1))
    assert machine.state.role == "follower"


def test_the_old_leader_votes_for_its_successor_and_sends_the_administrator_there() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    effects = hear(machine, "n2", RequestVote(2, "n2", 1, 1, leadership_transfer=True))
    assert told(effects, "n2") == RequestVoteResponse(2, True)
    assert told(effects, "c1") == no_leader("n2")


def test_the_successor_says_that_it_is_done() -> None:
    machine = settled_leader()
    assert told(hear(machine, "c1", TransferLeadership(1, "n1", "admin")), "c1") == ClientResponse(
        1, "ok", client_id="admin"
    )


def test_who_is_no_voter_cannot_be_the_target() -> None:
    reply = told(hear(settled_leader(), "c1", TransferLeadership(1, "n9", "admin")), "c1")
    assert reply == refused("n9 is no voter")


def test_one_transfer_at_a_time() -> None:
    machine = settled_leader()
    hear(machine, "c1", WISH)
    reply = told(hear(machine, "c2", TransferLeadership(1, "n3", "admin")), "c2")
    assert reply == refused("leadership is just being transferred to n2")


def test_no_transfer_while_the_configuration_changes() -> None:
    machine = settled_leader()
    hear(machine, "c1", ChangeConfiguration(7, ("n1", "n3"), "admin"))
    assert told(hear(machine, "c1", WISH), "c1") == refused("the configuration is just being changed")
