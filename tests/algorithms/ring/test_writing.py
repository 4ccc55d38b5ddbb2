"""Writes: W replicas have it on disk before a client is told (Dynamo 4.5); hints for who is silent (4.6)."""

from __future__ import annotations

import pytest
from ring_quorum_talk import (
    CONTEXT,
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
    has_it,
    number,
    response,
    silence,
    to,
    write,
)
from ring_server_talk import notes, saves, sent, timers, told

from algorithms.machine import CancelTimer, Effect, Send
from algorithms.ring.commands import Quorum
from algorithms.ring.hints import Hint
from algorithms.ring.messages import RingResponse, Store, Stored
from algorithms.ring.settings import RingSettings
from algorithms.ring.versions import Versions


def is_told(effects: list[Effect]) -> bool:
    return bool(sent(effects, RingResponse))


# ---------------------------------------------------------------- quorums: 4.5


def test_a_write_goes_to_every_node_of_the_preference_list() -> None:
    machine = coordinator()
    effects = write(machine)
    operation = number(effects)
    assert sent(effects, Store) == [(home, Store(1, operation, KEY, NEW)) for home in HOMES]
    assert timers(effects) == {f"op {operation}": (100_000, 100_000)}


def test_a_client_is_told_when_w_replicas_have_it_and_not_before() -> None:
    machine = coordinator()
    operation = number(write(machine))
    assert not is_told(has_it(machine, THIRD, operation))
    told_now = response(has_it(machine, FIRST, operation))
    assert (told_now.status, told_now.versions) == ("ok", Versions(NEW.clock))


def test_what_is_told_of_a_write_is_what_it_replaced_and_itself() -> None:
    assert NEW.clock != CONTEXT
    machine = coordinator()
    operation = number(write(machine, Quorum(w=1)))
    assert response(has_it(machine, FIRST, operation)).versions.clock == NEW.clock


def test_a_client_is_told_once_and_a_person_too() -> None:
    machine = coordinator()
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    assert notes(has_it(machine, SECOND, operation)) == [f"wrote x on {FIRST} {SECOND}"]
    last = has_it(machine, THIRD, operation)
    assert not is_told(last)
    assert notes(last) == []


def test_when_all_replicas_have_it_there_is_nothing_more_to_wait_for() -> None:
    machine = coordinator()
    operation = number(write(machine))
    for home in HOMES[:2]:
        has_it(machine, home, operation)
    assert machine.state.operations
    assert CancelTimer(f"op {operation}") in has_it(machine, THIRD, operation)
    assert not machine.state.operations


def test_one_replicas_word_counts_once_however_often_it_comes() -> None:
    machine = coordinator()
    operation = number(write(machine))
    assert not is_told(has_it(machine, FIRST, operation))
    assert not is_told(has_it(machine, FIRST, operation))


def test_the_word_of_a_node_that_is_no_home_and_stands_in_for_none_does_not_count() -> None:
    machine = coordinator()
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    assert not is_told(has_it(machine, OTHER, operation))


def test_a_coordinator_that_is_a_replica_waits_for_its_own_disk_like_for_anothers() -> None:
    machine = coordinator(name=FIRST)
    effects = write(machine)
    store = dict(sent(effects, Store))[FIRST]
    kept = told(machine, FIRST, store)
    assert list(saves(kept)) == ["key/x"]
    assert sent(kept, Stored) == [(FIRST, Stored(store.operation, KEY))]
    assert not any(isinstance(each, Send) and each.at_once for each in kept)


def test_w_of_one_request_counts_for_that_request() -> None:
    machine = coordinator()
    operation = number(write(machine, Quorum(w=3)))
    has_it(machine, FIRST, operation)
    assert not is_told(has_it(machine, SECOND, operation))
    assert response(has_it(machine, THIRD, operation)).status == "ok"


def test_n_of_one_request_is_how_many_nodes_are_asked() -> None:
    assert to(write(coordinator(), Quorum(n=1, w=1)), Store) == [FIRST]
    assert len(to(write(coordinator(), Quorum(n=5)), Store)) == 5


@pytest.mark.parametrize(
    ("quorum", "reason"),
    [
        (Quorum(n=6), "N is 6, and the ring has 5 nodes"),
        (Quorum(w=4), "W is 4, and N only 3"),
        (Quorum(n=1), "W is 2, and N only 1"),
        (Quorum(n=-1), "N must be at least 1, not -1"),
        (Quorum(w=-1), "W must be at least 1, not -1"),
    ],
)
def test_a_quorum_that_cannot_be_is_refused_with_a_sentence(quorum: Quorum, reason: str) -> None:
    effects = write(coordinator(), quorum)
    assert (response(effects).status, response(effects).reason) == ("refused", reason)
    assert sent(effects, Store) == []


# ---------------------------------------------------------------- no quorum


def test_without_a_quorum_in_time_the_client_hears_that_it_is_uncertain() -> None:
    machine = coordinator(RingSettings(hinted_handoff=False))
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    assert timers(silence(machine, operation)) == {f"op {operation}": (400_000, 400_000)}
    said = response(silence(machine, operation, 500_000))
    assert said.status == "uncertain"
    assert said.reason == "WriteTimeoutException: 1 of 2 replicas have it"


def test_a_clock_that_is_set_back_does_not_make_a_client_wait() -> None:
    machine = coordinator(STRICT)
    operation = number(write(machine, now=10_000_000))
    assert timers(silence(machine, operation, 2_000_000)) == {f"op {operation}": (500_000, 500_000)}
    assert response(silence(machine, operation, 2_500_000)).status == "uncertain"


def test_who_is_not_heard_in_the_end_gets_a_hint_even_if_the_client_does_not_know_what_became_of_it() -> None:
    machine = coordinator(STRICT)
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    kept = {**saves(silence(machine, operation)), **saves(silence(machine, operation, 500_000))}
    assert list(kept) == [f"hint/{SECOND}/x", f"hint/{THIRD}/x"]


def test_strictly_too_few_live_homes_are_a_refusal_before_anything_is_sent() -> None:
    machine = coordinator(STRICT)
    dead(machine, FIRST, THIRD)
    effects = write(machine)
    assert response(effects).status == "refused"
    assert response(effects).reason == "UnavailableException: 2 replicas are wanted, 1 seem to be alive"
    assert sent(effects, Store) == []
    assert saves(effects) == {}
    assert not machine.state.operations


def test_sloppily_too_few_live_nodes_at_all_are_a_refusal() -> None:
    machine = coordinator()
    dead(machine, *HOMES, OTHER)
    assert response(write(machine)).reason == "UnavailableException: 2 replicas are wanted, 1 seem to be alive"


def test_who_may_not_keep_hints_cannot_stand_in_so_only_homes_are_there_to_write_to() -> None:
    machine = coordinator(RingSettings(hinted_handoff=False))
    dead(machine, FIRST, THIRD)
    assert response(write(machine)).status == "refused"


# ---------------------------------------------------------------- sloppy quorums and hints: 4.6


def test_the_next_node_on_the_ring_stands_in_for_a_dead_home() -> None:
    machine = coordinator()
    dead(machine, SECOND)
    effects = write(machine)
    assert to(effects, Store) == [FIRST, COORDINATOR, THIRD]
    assert dict(sent(effects, Store))[COORDINATOR].hint_for == SECOND
    assert notes(effects) == [f"{SECOND} does not answer: {COORDINATOR} keeps x for it"]


def test_a_stand_ins_word_counts_for_the_home_it_stands_for() -> None:
    machine = coordinator()
    dead(machine, SECOND, THIRD)
    effects = write(machine)
    assert {target: store.hint_for for target, store in sent(effects, Store)} == {
        FIRST: "",
        COORDINATOR: SECOND,
        OTHER: THIRD,
    }
    has_it(machine, COORDINATOR, number(effects))
    assert response(has_it(machine, OTHER, number(effects))).status == "ok"


def test_a_home_and_its_stand_in_are_one_word() -> None:
    machine = coordinator()
    operation = number(write(machine, Quorum(w=2)))
    (stand_in, _) = to(silence(machine, operation), Store)[:2]
    home = machine.state.operations[operation].stand_ins[stand_in]
    assert not is_told(has_it(machine, stand_in, operation))
    assert not is_told(has_it(machine, home, operation))


def test_a_home_that_is_silent_gets_a_stand_in_then() -> None:
    machine = coordinator()
    operation = number(write(machine, Quorum(w=3)))
    has_it(machine, FIRST, operation)
    has_it(machine, SECOND, operation)
    effects = silence(machine, operation)
    assert sent(effects, Store) == [(COORDINATOR, Store(1, operation, KEY, NEW, THIRD))]
    assert response(has_it(machine, COORDINATOR, operation)).status == "ok"


def test_an_acknowledged_write_leaves_a_hint_for_a_home_that_was_silent() -> None:
    machine = coordinator()
    operation = number(write(machine, now=5))
    has_it(machine, FIRST, operation)
    has_it(machine, SECOND, operation)
    effects = silence(machine, operation, 100_005)
    assert saves(effects) == {f"hint/{THIRD}/x": Hint(THIRD, KEY, NEW, 100_005)}
    assert notes(effects) == [f"keeps x for {THIRD}, which does not answer"]
    assert not machine.state.operations


def test_no_second_hint_is_kept_for_whom_a_stand_in_keeps_one() -> None:
    machine = coordinator()
    dead(machine, SECOND)
    operation = number(write(machine, Quorum(w=1)))
    has_it(machine, COORDINATOR, operation)
    assert saves(silence(machine, operation)).keys() == {f"hint/{FIRST}/x", f"hint/{THIRD}/x"}


def test_no_hint_is_kept_for_a_silent_home_whose_stand_in_has_it() -> None:
    machine = coordinator()
    operation = number(write(machine, Quorum(w=3)))
    has_it(machine, FIRST, operation)
    has_it(machine, SECOND, operation)
    silence(machine, operation)
    has_it(machine, COORDINATOR, operation)
    assert saves(silence(machine, operation, 500_000)) == {}


def test_a_coordinator_whose_own_disk_is_slow_keeps_no_hint_for_itself() -> None:
    machine = coordinator(STRICT, FIRST)
    operation = number(write(machine))
    has_it(machine, SECOND, operation)
    has_it(machine, THIRD, operation)
    assert saves(silence(machine, operation)) == {}


def test_strictly_nobody_stands_in_and_the_coordinators_hint_does_not_count() -> None:
    machine = coordinator(STRICT)
    dead(machine, SECOND)
    effects = write(machine)
    assert to(effects, Store) == [FIRST, THIRD]
    assert list(saves(effects)) == [f"hint/{SECOND}/x"]
    assert not is_told(has_it(machine, FIRST, number(effects)))
    assert response(has_it(machine, THIRD, number(effects))).status == "ok"


def test_where_all_other_nodes_are_homes_the_coordinator_keeps_the_hint_and_it_does_not_count() -> None:
    machine = coordinator()
    dead(machine, OTHER, SECOND)
    effects = write(machine, Quorum(n=4, w=3))
    assert list(saves(effects)) == [f"hint/{SECOND}/x"]
    has_it(machine, FIRST, number(effects))
    assert not is_told(has_it(machine, THIRD, number(effects)))
    assert response(has_it(machine, COORDINATOR, number(effects))).status == "ok"


def test_without_hinted_handoff_nobody_keeps_anything_for_anybody() -> None:
    machine = coordinator(RingSettings(hinted_handoff=False))
    dead(machine, SECOND)
    effects = write(machine)
    assert to(effects, Store) == [FIRST, THIRD]
    assert saves(effects) == {}
    has_it(machine, FIRST, number(effects))
    has_it(machine, THIRD, number(effects))
    assert saves(silence(machine, number(effects))) == {}
