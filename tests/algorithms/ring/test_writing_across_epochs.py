"""Writes while ranges move, and what a new epoch does to those under way."""

from __future__ import annotations

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
    has_it,
    leaving,
    number,
    response,
    silence,
    to,
    without,
    write,
)
from ring_server_talk import booted, fired, sent, told

from algorithms.lives import Life
from algorithms.machine import CancelTimer, Cell, Effect, Saved
from algorithms.ring.messages import RingIs, RingResponse, Store


def is_told(effects: list[Effect]) -> bool:
    return bool(sent(effects, RingResponse))


def test_while_ranges_move_a_write_goes_to_those_who_will_own_the_key_as_well() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    assert to(write(machine), Store) == [*HOMES, COORDINATOR]


def test_while_ranges_move_w_of_the_old_owners_are_not_enough() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    assert not is_told(has_it(machine, SECOND, operation))
    assert response(has_it(machine, COORDINATOR, operation)).status == "ok"


def test_one_word_may_count_in_both_lists() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(write(machine))
    has_it(machine, SECOND, operation)
    assert response(has_it(machine, THIRD, operation)).status == "ok"


def test_strictly_too_few_live_nodes_among_those_who_will_own_the_key_are_a_refusal_too() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    dead(machine, COORDINATOR, THIRD)
    effects = write(machine)
    assert response(effects).reason == "UnavailableException: 2 replicas are wanted, 1 seem to be alive"
    assert sent(effects, Store) == []


def test_if_only_those_who_will_own_the_key_are_silent_the_reason_says_so() -> None:
    machine = coordinator(STRICT, OTHER)
    told(machine, "n1", RingIs(leaving(FIRST)))
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    has_it(machine, SECOND, operation)
    silence(machine, operation)
    reason = response(silence(machine, operation, 500_000)).reason
    assert reason == "WriteTimeoutException: too few of the nodes that are coming have it"


def test_a_new_epoch_starts_a_write_anew_as_the_same_write() -> None:
    machine = coordinator()
    old = number(write(machine))
    effects = told(machine, "n1", RingIs(without(FIRST)))
    stores = sent(effects, Store)
    assert CancelTimer(f"op {old}") in effects
    assert [target for target, _ in stores] == list(machine.state.preference_list(KEY))
    assert all(store == Store(3, number(effects), KEY, NEW) for _, store in stores)
    assert number(effects) != old


def test_words_of_an_earlier_epoch_do_not_count() -> None:
    machine = coordinator()
    old = number(write(machine))
    has_it(machine, SECOND, old)
    new = number(told(machine, "n1", RingIs(without(FIRST))))
    assert not is_told(has_it(machine, SECOND, old))
    assert not is_told(has_it(machine, THIRD, old))
    assert not is_told(has_it(machine, SECOND, new))
    assert response(has_it(machine, THIRD, new)).status == "ok"


def test_what_was_begun_is_never_refused_for_lack_of_live_nodes_in_a_later_epoch() -> None:
    machine = coordinator(STRICT)
    write(machine)
    dead(machine, SECOND, THIRD)
    effects = told(machine, "n1", RingIs(without(FIRST)))
    assert sent(effects, RingResponse) == []
    (operation,) = machine.state.operations
    silence(machine, operation)
    assert response(silence(machine, operation, 500_000)).status == "uncertain"


def test_an_acknowledged_write_is_not_begun_anew() -> None:
    machine = coordinator()
    operation = number(write(machine))
    has_it(machine, FIRST, operation)
    has_it(machine, SECOND, operation)
    assert sent(told(machine, "n1", RingIs(without(FIRST))), Store) == []
    assert not machine.state.operations


def test_an_answer_to_a_question_of_an_earlier_life_does_not_count() -> None:
    first, second = booted(COORDINATOR), booted(COORDINATOR, saved=Saved((Cell("life", Life(1)),)))
    before, now = number(write(first)), number(write(second))
    assert before != now
    for home in HOMES:
        assert not is_told(has_it(second, home, before))


def test_a_timer_of_an_operation_that_is_over_does_nothing() -> None:
    assert fired(coordinator(), "op 3") == []


def test_a_second_copy_of_a_request_under_way_is_not_refused_beside_it() -> None:
    machine = coordinator()
    assert sent(write(machine), Store)
    assert write(machine) == []
