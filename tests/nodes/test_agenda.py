"""One total order of everything that will happen."""

from __future__ import annotations

from heapq import heappop
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nodes.agenda import Agenda, Arrival, Wake


def order(agenda: Agenda) -> list[tuple[int, int]]:
    found = []
    while agenda.heap:
        at, _, item = heappop(agenda.heap)
        assert isinstance(item, Wake)
        found.append((at, item.key))
    return found


@given(st.lists(st.integers(0, 5)))
def test_items_come_by_instant_and_then_in_the_order_in_which_they_were_planned(instants: list[int]) -> None:
    agenda = Agenda()
    for key, at in enumerate(instants):
        agenda.push(at, Wake(key))
    assert order(agenda) == sorted((at, key) for key, at in enumerate(instants))


def shuffled(seed: int, onlooker: bool = False) -> list[str]:
    """Two packets on each of ten links, all due at one instant, as `source number`."""
    agenda = Agenda(Random(seed))
    for number in range(20):
        if onlooker:
            agenda.push(7, Wake(number))
        agenda.push(7, Arrival(f"n{number % 10}", "b", "s", Wake(number), 0))
    return [f"{packet.source} {packet.message.key}" for _, packet in agenda.arrivals()]  # type: ignore[attr-defined]


def test_the_seed_orders_the_items_of_one_instant_when_ties_are_shuffled() -> None:
    assert shuffled(1) == shuffled(1) != shuffled(2)
    assert sorted(shuffled(1)) == sorted(shuffled(2))


@given(st.integers())
def test_packets_of_one_link_keep_their_order_even_then(seed: int) -> None:
    for source in range(10):
        numbers = [int(each.split()[1]) for each in shuffled(seed) if each.startswith(f"n{source} ")]
        assert numbers == [source, source + 10]


def test_who_wants_to_be_woken_has_no_part_in_the_shuffling() -> None:
    assert shuffled(3, onlooker=True) == shuffled(3)


def test_packets_of_one_link_can_be_taken_off_the_agenda_in_order() -> None:
    agenda = Agenda()
    for at in (9, 3, 5):
        agenda.push(at, Arrival("a", "b", "s", Wake(at), 0))
        agenda.push(at, Arrival("b", "a", "s", Wake(at), 0))
    assert [packet.message for packet in agenda.take_arrivals("a", "b")] == [Wake(3), Wake(5), Wake(9)]
    assert [(at, packet.source) for at, packet in agenda.arrivals()] == [(3, "b"), (5, "b"), (9, "b")]
