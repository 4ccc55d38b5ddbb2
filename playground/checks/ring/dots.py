"""What dots, clocks and versions mean to a judge.

The law: none of this is the store's own code. Who judges a join by that same join never finds it wrong.
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.ring.versions import Dot, Interval, VectorClock, Version, Versions, size_of


def knows(clock: VectorClock, dot: Dot) -> bool:
    """Whether the clock contains this dot."""
    return any(each.actor == dot.actor and each.first <= dot.counter <= each.last for each in clock.intervals)


def within(small: VectorClock, large: VectorClock) -> bool:
    """Whether every dot of the one is in the other."""
    return all(
        any(b.actor == a.actor and b.first <= a.first and a.last <= b.last for b in large.intervals)
        for a in small.intervals
    )


def plus(clock: VectorClock, dot: Dot) -> VectorClock:
    """The clock with one dot more. Its intervals may touch each other, which is good enough to ask what it knows."""
    return VectorClock((*clock.intervals, Interval(dot.actor, dot.counter, dot.counter)))


def together(copies: Iterable[Versions], last_write_wins: bool) -> tuple[Version, ...]:
    """The siblings that these copies hold together: what one of them has, and no other knows to be replaced."""
    held = tuple(copies)
    found = {version.dot: version for each in held for version in each.siblings}
    alive = [version for version in found.values() if not any(_replaced(version, each) for each in held)]
    if last_write_wins and found:
        alive = [max(found.values(), key=lambda version: (version.written_at, version.dot.actor, version.dot.counter))]
    return tuple(sorted(alive, key=lambda version: (version.dot.actor, version.dot.counter)))


def _replaced(version: Version, by: Versions) -> bool:
    return knows(by.clock, version.dot) and all(each.dot != version.dot for each in by.siblings)


def value_bytes(siblings: Iterable[Version]) -> int:
    """The bytes of all these values."""
    return sum(size_of(each.value) for each in siblings)
