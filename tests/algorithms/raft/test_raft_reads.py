"""Linearizable reads without the log: ReadIndex and leases (dissertation 6.4)."""

from __future__ import annotations

from raft_server_talk import (
    acknowledge,
    append_entries,
    fire,
    get,
    hear,
    leader,
    put,
    save_own_log,
    sends,
    server,
    settled_leader,
    told,
)

from algorithms.machine import Effect
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, AppendEntriesResponse, RequestVote, TimeoutNow
from algorithms.replicated.messages import ClientResponse, TransferLeadership


def answered(value: str | None, sequence: int = 1) -> ClientResponse:
    return ClientResponse(sequence, "ok", value, client_id="c1.1")


def with_x(**settings: object) -> RaftMachine:
    """A leader in whose store x is "a"."""
    machine = settled_leader(**settings)
    hear(machine, "c9", put("a", client_id="c9.1"))
    save_own_log(machine)
    acknowledge(machine, "n2")
    acknowledge(machine, "n3")
    return machine


def answer_round(machine: RaftMachine, name: str, number: int, now: int = 0) -> list[Effect]:
    return hear(machine, name, AppendEntriesResponse(machine.state.current_term, True, 2, number), now)


# ---------------------------------------------------------------- ReadIndex


def test_a_read_is_answered_when_a_majority_has_answered_a_round_that_began_after_it_came() -> None:
    machine = with_x()
    asked = hear(machine, "c1", get())
    assert [target for target, _ in sends(asked, AppendEntries)] == ["n2", "n3"]
    assert sends(asked, ClientResponse) == []
    assert told(acknowledge(machine, "n2"), "c1") == answered("a")
    assert machine.state.log.last_index == 2


def test_answers_to_earlier_rounds_prove_nothing() -> None:
    machine = with_x()
    earlier = machine.state.leading.round  # type: ignore[union-attr]
    hear(machine, "c1", get())
    assert sends(answer_round(machine, "n2", earlier), ClientResponse) == []
    assert sends(answer_round(machine, "n3", earlier), ClientResponse) == []


def test_reads_that_come_meanwhile_share_the_next_round() -> None:
    machine = with_x()
    hear(machine, "c1", get(1))
    assert sends(hear(machine, "c1", get(2))) == []
    assert sends(hear(machine, "c1", get(3))) == []
    effects = acknowledge(machine, "n2")
    assert told(effects, "c1") == answered("a", 1)
    assert len(sends(effects, AppendEntries)) == 2
    later = acknowledge(machine, "n3")
    assert sends(later, ClientResponse) == [("c1", answered("a", 2)), ("c1", answered("a", 3))]


def test_a_refusal_for_the_logs_sake_still_confirms_the_leader() -> None:
    machine = with_x()
    hear(machine, "c1", get())
    number = machine.state.leading.round  # type: ignore[union-attr]
    effects = hear(machine, "n2", AppendEntriesResponse(1, False, 2, number, 0, 1))
    assert ("c1", answered("a")) in sends(effects)


def test_a_lost_round_is_made_up_for_by_the_next_heartbeat() -> None:
    machine = with_x()
    hear(machine, "c1", get())
    fire(machine, "heartbeat")
    assert told(acknowledge(machine, "n3"), "c1") == answered("a")


def test_no_read_before_an_entry_of_the_current_term_is_committed() -> None:
    machine = leader((1, 1))
    assert sends(hear(machine, "c1", get())) == []
    save_own_log(machine)
    acknowledge(machine, "n2")
    assert told(acknowledge(machine, "n3"), "c1") == answered("2:1")


def test_reads_are_turned_away_when_leadership_is_lost() -> None:
    machine = with_x()
    hear(machine, "c1", get())
    effects = hear(machine, "n2", append_entries(5))
    assert told(effects, "c1") == ClientResponse(1, "not_leader", client_id="c1.1")


def test_a_lonely_voter_needs_nobodys_word() -> None:
    machine = leader(voters=("n1",))
    save_own_log(machine)
    assert told(hear(machine, "c1", get()), "c1") == answered(None)


# ---------------------------------------------------------------- leases


def leased(**settings: object) -> RaftMachine:
    """A leader with a lease that began at 1 s."""
    machine = with_x(reads="lease", **settings)
    fire(machine, "heartbeat", now=1_000_000)
    acknowledge(machine, "n2", now=1_010_000)
    return machine


def test_under_a_lease_a_read_is_answered_at_once() -> None:
    assert told(hear(leased(), "c1", get(), now=1_129_999), "c1") == answered("a")


def test_a_lease_lasts_the_shortest_election_timeout_less_the_drift_from_the_rounds_beginning() -> None:
    effects = hear(leased(), "c1", get(), now=1_130_000)
    assert sends(effects, ClientResponse) == []
    assert len(sends(effects, AppendEntries)) == 2


def test_the_bound_on_drift_shortens_it() -> None:
    assert sends(hear(leased(lease_drift_bound=100_000), "c1", get(), now=1_050_000), ClientResponse) == []


def test_a_clock_that_is_set_back_has_no_lease() -> None:
    assert sends(hear(leased(), "c1", get(), now=900_000), ClientResponse) == []


def test_a_leader_that_has_told_a_successor_to_campaign_has_no_lease_any_more() -> None:
    machine = leased()
    assert sends(hear(machine, "c1", TransferLeadership(1, "n2"), now=1_020_000), TimeoutNow) != []
    fire(machine, "transfer", now=1_030_000)
    assert sends(hear(machine, "c1", get(), now=1_040_000), ClientResponse) == []


def test_who_has_just_booted_may_have_forgotten_a_promise_to_keep_still() -> None:
    request = RequestVote(1, "n2", 0, 0)
    assert sends(hear(server(reads="lease"), "n2", request, now=149_999)) == []
    assert sends(hear(server(reads="lease"), "n2", request, now=150_000)) != []
    assert sends(hear(server(), "n2", request, now=0)) != []


# ---------------------------------------------------------------- through the log, and without asking


def test_a_read_through_the_log_is_an_entry() -> None:
    machine = with_x(reads="log")
    hear(machine, "c1", get())
    assert machine.state.log.last_index == 3
    save_own_log(machine)
    assert told(acknowledge(machine, "n2"), "c1") == answered("a")


def test_a_local_read_asks_nobody_not_even_whether_it_leads() -> None:
    machine = server((1, 1), reads="local")
    hear(machine, "n2", append_entries(1, (2, 1), commit=1))
    assert told(hear(machine, "c1", get()), "c1") == answered("1:1")
