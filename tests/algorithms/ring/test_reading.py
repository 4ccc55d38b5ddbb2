"""Reads: R replicas tell what they hold, and whoever knew less is repaired (Dynamo 4.5, 5)."""

from __future__ import annotations

import pytest
from ring_quorum_talk import (
    COORDINATOR,
    FIRST,
    HOMES,
    KEY,
    NEW,
    OTHER,
    SECOND,
    STRICT,
    THIRD,
    coordinator,
    dead,
    holds,
    leaving,
    number,
    read,
    response,
    silence,
    to,
    without,
)
from ring_server_talk import notes, saves, sent, timers, told
from ring_values import deleted, written

from algorithms.machine import CancelTimer, Effect, Send
from algorithms.ring.commands import Quorum
from algorithms.ring.messages import Fetch, RingIs, RingResponse, Store
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import NOTHING, join

OLD = written("old")
OURS, THEIRS = written("ours", "c1.1"), written("theirs", "c2.1")
BOTH = join(OURS, THEIRS)


def is_told(effects: list[Effect]) -> bool:
    return bool(sent(effects, RingResponse))


# ---------------------------------------------------------------- quorums: 4.5


def test_a_read_asks_every_node_of_the_preference_list_whatever_r_is() -> None:
    effects = read(coordinator(), Quorum(r=1))
    assert sent(effects, Fetch) == [(home, Fetch(1, number(effects), KEY)) for home in HOMES]


def test_a_question_does_not_wait_for_the_coordinators_disk() -> None:
    assert all(each.at_once for each in read(coordinator()) if isinstance(each, Send))


def test_a_client_is_told_when_r_replicas_have_answered_and_not_before() -> None:
    machine = coordinator()
    operation = number(read(machine))
    assert not is_told(holds(machine, THIRD, operation, OLD))
    said = response(holds(machine, FIRST, operation, OLD))
    assert (said.status, said.versions) == ("ok", OLD)


def test_the_newest_of_what_was_told_is_the_answer() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert response(holds(machine, SECOND, operation, NEW)).versions == NEW


def test_a_replica_that_has_nothing_has_answered_too() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, NOTHING)
    assert response(holds(machine, SECOND, operation, NOTHING)).versions == NOTHING


def test_what_was_written_without_knowing_of_each_other_is_told_together() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OURS)
    effects = holds(machine, SECOND, operation, THEIRS)
    assert response(effects).versions == BOTH
    assert notes(effects) == [f"read x from {FIRST} {SECOND}: 2 siblings"]


def test_with_last_write_wins_the_later_one_alone_is_told() -> None:
    machine = coordinator(RingSettings(conflicts="last_write_wins"))
    operation = number(read(machine))
    holds(machine, FIRST, operation, written("late", "c1.1", at=9))
    said = response(holds(machine, SECOND, operation, written("early", "c2.1", at=8)))
    assert [each.value for each in said.versions.siblings] == ["late"]


def test_a_tombstone_is_told_since_a_later_write_must_know_of_it() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert response(holds(machine, SECOND, operation, deleted(OLD))).versions == deleted(OLD)


def test_one_replicas_answer_counts_once() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert not is_told(holds(machine, FIRST, operation, OLD))


@pytest.mark.parametrize(
    ("quorum", "reason"),
    [
        (Quorum(n=6), "N is 6, and the ring has 5 nodes"),
        (Quorum(r=4), "R is 4, and N only 3"),
        (Quorum(r=-1), "R must be at least 1, not -1"),
    ],
)
def test_a_quorum_that_cannot_be_is_refused_with_a_sentence(quorum: Quorum, reason: str) -> None:
    effects = read(coordinator(), quorum)
    assert (response(effects).status, response(effects).reason) == ("refused", reason)
    assert sent(effects, Fetch) == []


# ---------------------------------------------------------------- no quorum


def test_a_read_without_a_quorum_in_time_has_failed() -> None:
    machine = coordinator(STRICT)
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert timers(silence(machine, operation)) == {f"op {operation}": (400_000, 400_000)}
    said = response(silence(machine, operation, 500_000))
    assert (said.status, said.versions) == ("refused", NOTHING)
    assert said.reason == "ReadTimeoutException: 1 of 2 replicas answered"


def test_strictly_too_few_live_homes_are_a_refusal() -> None:
    machine = coordinator(STRICT)
    dead(machine, FIRST, SECOND)
    effects = read(machine)
    assert response(effects).reason == "UnavailableException: 2 replicas are wanted, 1 seem to be alive"
    assert sent(effects, Fetch) == []


def test_strictly_a_home_that_seems_dead_is_asked_when_the_others_are_silent() -> None:
    machine = coordinator(STRICT)
    dead(machine, SECOND)
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert to(silence(machine, operation), Fetch) == [SECOND]
    assert response(holds(machine, SECOND, operation, OLD)).status == "ok"


# ---------------------------------------------------------------- sloppy quorums: 4.6


def test_the_first_n_live_nodes_stand_for_the_preference_list() -> None:
    machine = coordinator()
    dead(machine, FIRST)
    effects = read(machine)
    assert sorted(to(effects, Fetch)) == sorted((SECOND, THIRD, COORDINATOR))
    holds(machine, COORDINATOR, number(effects), NEW)
    assert response(holds(machine, THIRD, number(effects), OLD)).versions == NEW


def test_strictly_only_the_preference_list_is_asked() -> None:
    machine = coordinator(STRICT)
    dead(machine, FIRST)
    assert to(read(machine), Fetch) == [SECOND, THIRD]


def test_as_many_more_are_asked_as_are_missing() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert to(silence(machine, operation), Fetch) == [COORDINATOR]
    assert response(holds(machine, COORDINATOR, operation, NEW)).versions == NEW


def test_nobody_else_is_asked_once_the_client_is_told() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    holds(machine, SECOND, operation, OLD)
    assert sent(silence(machine, operation), Fetch) == []


def test_who_answers_in_the_place_of_another_and_that_one_are_one_word() -> None:
    machine = coordinator()
    operation = number(read(machine, Quorum(r=3)))
    holds(machine, FIRST, operation, OLD)
    assert to(silence(machine, operation), Fetch) == [COORDINATOR, OTHER]
    holds(machine, COORDINATOR, operation, OLD)
    assert not is_told(holds(machine, SECOND, operation, OLD))
    assert is_told(holds(machine, THIRD, operation, OLD))


# ---------------------------------------------------------------- read repair: 5


def test_whoever_answered_with_less_is_told_the_rest_when_all_have_answered() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    assert sent(holds(machine, SECOND, operation, NEW), Store) == []
    effects = holds(machine, THIRD, operation, NEW)
    assert [(target, store.versions) for target, store in sent(effects, Store)] == [(FIRST, NEW)]
    assert notes(effects) == [f"repairs x on {FIRST}"]
    assert machine.view().read_repairs == 1


def test_siblings_are_brought_together_on_both_replicas() -> None:
    machine = coordinator(RingSettings(n=2, r=2, w=1))
    operation = number(read(machine))
    holds(machine, FIRST, operation, OURS)
    effects = holds(machine, SECOND, operation, THEIRS)
    assert [(target, store.versions) for target, store in sent(effects, Store)] == [(FIRST, BOTH), (SECOND, BOTH)]


def test_a_late_answer_is_waited_for_and_repaired_though_the_client_has_been_told() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, NEW)
    holds(machine, SECOND, operation, NEW)
    effects = holds(machine, THIRD, operation, NOTHING)
    assert to(effects, Store) == [THIRD]
    assert CancelTimer(f"op {operation}") in effects


def test_after_the_replica_timeout_those_who_answered_are_repaired() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, NEW)
    holds(machine, SECOND, operation, OLD)
    assert to(silence(machine, operation), Store) == [SECOND]
    assert not machine.state.operations


def test_replicas_that_agree_are_left_alone() -> None:
    machine = coordinator()
    operation = number(read(machine))
    for home in HOMES:
        effects = holds(machine, home, operation, NEW)
        assert (sent(effects, Store), saves(effects)) == ([], {})


def test_nobody_waits_for_a_repair() -> None:
    machine = coordinator()
    operation = number(read(machine))
    for home, versions in zip(HOMES, (OLD, NEW, NEW), strict=True):
        effects = holds(machine, home, operation, versions)
    ((_, store),) = sent(effects, Store)
    assert store.operation not in machine.state.operations


def test_who_only_stood_in_is_not_repaired() -> None:
    machine = coordinator()
    dead(machine, FIRST)
    operation = number(read(machine))
    holds(machine, SECOND, operation, NEW)
    holds(machine, THIRD, operation, NEW)
    assert sent(holds(machine, COORDINATOR, operation, OLD), Store) == []


def test_read_repair_can_be_switched_off() -> None:
    machine = coordinator(RingSettings(read_repair=False))
    operation = number(read(machine))
    for home, versions in zip(HOMES, (OLD, NEW, NEW), strict=True):
        effects = holds(machine, home, operation, versions)
    assert sent(effects, Store) == []


# ---------------------------------------------------------------- while ranges move, and epochs


@pytest.mark.parametrize("settings", [STRICT, RingSettings()])
def test_while_ranges_move_those_who_will_own_the_key_are_heard_as_well(settings: RingSettings) -> None:
    """For all the coordinator knows they own it by now, and a write has been acknowledged by them alone."""
    machine = coordinator(settings, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    effects = read(machine, Quorum(r=1))
    assert to(effects, Fetch) == [*HOMES, COORDINATOR]
    assert not is_told(holds(machine, FIRST, number(effects), OLD))
    assert response(holds(machine, COORDINATOR, number(effects), NOTHING)).versions == OLD


def test_one_answer_may_count_in_both_lists() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(read(machine, Quorum(r=1)))
    assert is_told(holds(machine, SECOND, operation, OLD))


def test_strictly_a_read_fails_if_too_few_of_those_who_will_own_the_key_are_heard() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(read(machine, Quorum(r=1)))
    holds(machine, FIRST, operation, OLD)
    silence(machine, operation)
    reason = response(silence(machine, operation, 500_000)).reason
    assert reason == "ReadTimeoutException: too few of the nodes that are coming answered"


def test_sloppily_those_who_will_own_the_key_are_waited_for_only_so_long() -> None:
    machine = coordinator(name=OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(read(machine, Quorum(r=1)))
    holds(machine, FIRST, operation, OLD)
    assert response(silence(machine, operation)).versions == OLD


def test_sloppily_those_who_will_own_the_key_are_not_waited_for_if_they_seem_dead() -> None:
    machine = coordinator(name=OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    dead(machine, SECOND, THIRD, COORDINATOR)
    assert is_told(holds(machine, FIRST, number(read(machine, Quorum(r=1))), OLD))


def test_a_new_epoch_starts_a_read_anew_and_earlier_answers_do_not_count() -> None:
    machine = coordinator()
    old = number(read(machine))
    holds(machine, FIRST, old, OLD)
    effects = told(machine, "n1", RingIs(without(FIRST)))
    new = number(effects)
    assert to(effects, Fetch) == list(machine.state.preference_list(KEY))
    assert not is_told(holds(machine, SECOND, old, OLD))
    assert not is_told(holds(machine, SECOND, new, OLD))
    assert is_told(holds(machine, THIRD, new, OLD))


def test_a_read_that_has_been_told_ends_with_its_epoch() -> None:
    machine = coordinator()
    operation = number(read(machine))
    holds(machine, FIRST, operation, OLD)
    holds(machine, SECOND, operation, OLD)
    assert sent(told(machine, "n1", RingIs(without(FIRST))), Fetch) == []
    assert not machine.state.operations
