"""Lives of a node: each has a number that never comes twice.

The law: the number is on disk before anything that names it leaves; and it also follows the clock, so that a life
behind a disk that has lost its last writes does not take an old one's number.
"""

from __future__ import annotations

from algorithms.machine import Record, Saved

MILLISECOND = 1_000


class Life(Record, frozen=True):
    """Which life of the node this is."""

    number: int


def next_life(saved: Saved, now: int) -> int:
    """The number of the life that begins at `now` (us): above the last one's, not below the clock's milliseconds."""
    last = saved.cell("life")
    return max((last.number if isinstance(last, Life) else 0) + 1, now // MILLISECOND)
