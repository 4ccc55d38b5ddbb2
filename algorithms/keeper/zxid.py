"""Transaction ids: epoch first, then a counter that begins at 0 in each epoch (Junqueira, Reed, Serafini 2011, 3).

The law: they are totally ordered, and never come twice. `ZERO` is before all.
"""

from __future__ import annotations

from algorithms.machine import Record


class Zxid(Record, frozen=True, order=True):
    """`counter` of the first transaction of an epoch is 1."""

    epoch: int
    counter: int

    def __str__(self) -> str:
        """As ZooKeeper prints it: 32 bits of epoch and 32 of counter, with a sign between for people."""
        return f"0x{self.epoch:x}_{self.counter:08x}"

    @property
    def number(self) -> int:
        """The 64 bits: what czxid and mzxid are to a client, and what a fencing token is."""
        return (self.epoch << 32) | self.counter

    def next(self) -> Zxid:
        """The one behind it in the same epoch."""
        return Zxid(self.epoch, self.counter + 1)


ZERO = Zxid(0, 0)


def zxid_of(number: int) -> Zxid:
    """What `number` was made of."""
    return Zxid(number >> 32, number & 0xFFFFFFFF)
