"""Values for tests of the ring store: dots, versions, and what replicas hold of a key, by hand or by Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from algorithms.machine import Cell, Saved
from algorithms.ring.clocks import Dot, VectorClock, add
from algorithms.ring.versions import Value, Version, Versions, delta

ACTORS = ("a", "b", "c")
MOST = 4
"""Dots of one actor in drawn histories."""
DOTS = st.builds(Dot, st.sampled_from(ACTORS), st.integers(1, MOST))
EVERY_DOT = tuple(Dot(actor, counter) for actor in ACTORS for counter in range(1, MOST + 1))


def clock(*dots: tuple[str, int]) -> VectorClock:
    """A clock of exactly these dots."""
    found = VectorClock()
    for actor, counter in dots:
        found = add(found, Dot(actor, counter))
    return found


def version(dot: Dot) -> Version:
    """The one version that was ever written under this dot; some are tombstones, and some times are equal."""
    deleted = dot.counter == MOST
    return Version(dot, None if deleted else f"{dot.actor}{dot.counter}", dot.counter % 3, deleted)


@st.composite
def replica_states(draw: st.DrawFn) -> Versions:
    """Anything a replica may hold: some dots seen, and of those some not replaced yet."""
    seen = draw(st.lists(DOTS, unique=True, max_size=8))
    live = [dot for dot in seen if draw(st.booleans())]
    held = tuple(version(dot) for dot in sorted(live, key=lambda dot: (dot.actor, dot.counter)))
    return Versions(clock(*((dot.actor, dot.counter) for dot in seen)), held)


@st.composite
def deltas(draw: st.DrawFn) -> Versions:
    """One write: what it knew of, and itself, which it cannot have known of."""
    dot = draw(DOTS)
    known = [each for each in draw(st.lists(DOTS, unique=True, max_size=5)) if each != dot]
    return delta(clock(*((each.actor, each.counter) for each in known)), version(dot))


def written(value: Value, actor: str = "c1.1", counter: int = 1, at: int = 0) -> Versions:
    """A write that knew of nothing."""
    return delta(VectorClock(), Version(Dot(actor, counter), value, at))


def deleted(after: Versions, actor: str = "c1.1", counter: int = 2, at: int = 0) -> Versions:
    """A delete that knew of `after`."""
    return delta(after.clock, Version(Dot(actor, counter), None, at, True))


def disk(held: dict[str, Versions]) -> Saved:
    """A disk with these keys."""
    return Saved(tuple(Cell(f"key/{key}", versions) for key, versions in held.items()))
