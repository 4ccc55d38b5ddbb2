"""Sets of dots as intervals: the arithmetic of vector clocks.

The law: a clock covers exactly the dots that were put into it, never one more. (Almeida and others, 2018: causal
contexts.)
"""

from __future__ import annotations

from algorithms.machine import Record


class Dot(Record, frozen=True):
    """The name of one write: the `counter`th (from 1 on) of this key by `actor`, which is one life of one client.

    So every try of a write has the same name, whoever coordinates it, and a client that has lost its memory never
    names two writes alike. (In Dynamo, 4.4, coordinators name them; a retry through another one is a second write.)
    """

    actor: str
    counter: int


class Interval(Record, frozen=True):
    """The dots `first..last` of `actor`, both included."""

    actor: str
    first: int
    last: int


class VectorClock(Record, frozen=True):
    """A set of dots as intervals: sorted by actor and number, none empty, none touching the next."""

    intervals: tuple[Interval, ...] = ()


def covers(clock: VectorClock, dot: Dot) -> bool:
    """Whether the dot is in it."""
    return any(each.actor == dot.actor and each.first <= dot.counter <= each.last for each in clock.intervals)


def add(clock: VectorClock, dot: Dot) -> VectorClock:
    """The clock with this dot."""
    return union(clock, VectorClock((Interval(dot.actor, dot.counter, dot.counter),)))


def union(one: VectorClock, other: VectorClock) -> VectorClock:
    """Every dot that is in one of them."""
    if one == other or not other.intervals:
        return one
    if not one.intervals:
        return other
    merged: list[Interval] = []
    for each in sorted((*one.intervals, *other.intervals), key=_order):
        last = merged[-1] if merged else None
        if last is not None and last.actor == each.actor and each.first <= last.last + 1:
            merged[-1] = Interval(last.actor, last.first, max(last.last, each.last))
        else:
            merged.append(each)
    return VectorClock(tuple(merged))


def _order(interval: Interval) -> tuple[str, int]:
    return interval.actor, interval.first
