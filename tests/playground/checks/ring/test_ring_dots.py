"""What versions mean to the judges, who do not ask the store they judge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from algorithms.ring.versions import Chunk, Dot, Interval, VectorClock, Version, Versions
from playground.checks.ring.dots import knows, plus, together, value_bytes, within
from playground.checks.ring.words import found, names, value, version

actors = st.sampled_from(["a", "b", "c"])
dots = st.builds(Dot, actors, st.integers(1, 6))


def clock(*known: Dot) -> VectorClock:
    return VectorClock(tuple(Interval(dot.actor, dot.counter, dot.counter) for dot in known))


@st.composite
def replicas(draw: st.DrawFn) -> list[Versions]:
    """What replicas have that were told some of the same writes, each of which replaced some of those before it."""
    writes: list[Versions] = []
    for dot in draw(st.lists(dots, unique=True, min_size=1, max_size=6)):
        seen = [each.siblings[0].dot for each in writes if draw(st.booleans())]
        when = draw(st.integers(0, 3))
        writes.append(Versions(clock(*seen, dot), (Version(dot, f"{dot.actor}{dot.counter}", when),)))
    return draw(st.lists(st.sampled_from(writes), min_size=1, max_size=6))


@given(st.lists(dots), dots)
def test_a_clock_knows_the_dots_that_are_in_it(known: list[Dot], dot: Dot) -> None:
    assert knows(clock(*known), dot) == (dot in known)
    assert knows(plus(clock(*known), dot), dot)
    assert within(clock(*known), plus(clock(*known), dot))


def test_an_interval_knows_all_between_its_ends() -> None:
    wide = VectorClock((Interval("a", 2, 4),))
    assert [knows(wide, Dot("a", number)) for number in range(1, 6)] == [False, True, True, True, False]
    assert within(VectorClock((Interval("a", 3, 4),)), wide)
    assert not within(VectorClock((Interval("a", 3, 5),)), wide)


@given(replicas())
def test_what_copies_hold_together_does_not_depend_on_their_order(held: list[Versions]) -> None:
    assert together(held, False) == together(reversed(held), False)
    assert together(held, False) == together([*held, *held], False)
    assert together(held, True) == together(reversed(held), True)


@given(replicas())
def test_a_version_is_there_unless_a_copy_knows_that_it_was_replaced(held: list[Versions]) -> None:
    there = {each.dot for each in together(held, False)}
    for write in held:
        dot = write.siblings[0].dot
        replaced = any(knows(other.clock, dot) for other in held if other.siblings[0].dot != dot)
        assert (dot in there) != replaced


@given(replicas())
def test_the_last_write_is_the_one_with_the_latest_clock(held: list[Versions]) -> None:
    [last] = together(held, True)
    assert all(each.siblings[0].written_at <= last.written_at for each in held)


def test_nothing_together_is_nothing() -> None:
    assert together([], True) == together([Versions()], False) == ()


def test_a_sentence_names_things_as_a_person_would() -> None:
    dead, alive = Version(Dot("a", 1), None, 0, True), Version(Dot("a", 2), "x", 0)
    assert (version("k", dead), version("k", alive)) == ("the delete of k", 'k = "x"')
    assert (found(()), found((dead,)), found((alive, alive))) == ("nothing", "nothing", '"x" | "x"')
    assert [names(nodes) for nodes in ([], ["n1"], ["n1", "n2"], ["n1", "n2", "n3"])] == [
        "nobody", "n1", "n1 and n2", "n1, n2 and n3",
    ]  # fmt: skip
    assert value("y" * 50) == f'"{"y" * 39}… (52 characters)'
    assert value(Chunk("0123456789abcdef", 65_536)) == "a chunk of 65,536 bytes (01234567…)"


def test_the_bytes_of_a_chunk_are_those_it_stands_for() -> None:
    assert value_bytes([Version(Dot("a", 1), Chunk("", 1_000), 0), Version(Dot("a", 2), "äö", 0)]) == 1_004
