"""One total order of everything that will happen.

The law: what comes next is decided by `(at, ticket)` alone. Items are data, so that they can be shown, recorded
and pickled. With `shuffle` the seed orders the items of one instant, so that those orders are explored too; packets of
one link keep their order even then, and who only wants to be woken has no part in it.
"""

from __future__ import annotations

from heapq import heapify, heappush
from random import Random

from algorithms.machine import Record

SHUFFLE_BITS = 20
"""Random bits above the counting part of a ticket when ties are shuffled."""


class Arrival(Record, frozen=True):
    """A packet is due at `target`."""

    source: str
    target: str
    service: str
    message: Record
    sent: int


class TimerDue(Record, frozen=True):
    """Time to look at a timer: it may have been set anew, cancelled, or have died with its life since."""

    node: str
    service: str
    name: str
    number: int


class Synced(Record, frozen=True):
    """The disk of `node` has finished syncing its first `writes` writes, which `life` asked for."""

    node: str
    life: int
    writes: int


class Ready(Record, frozen=True):
    """The processor of `node` is free for what waits in its inbox."""

    node: str
    life: int


class Question(Record, frozen=True):
    """Somebody outside asks the machine of `service` on `node`."""

    node: str
    service: str
    request_id: int
    command: Record


class Wake(Record, frozen=True):
    """Somebody outside wants to know that this instant has come."""

    key: int


Item = Arrival | TimerDue | Synced | Ready | Question | Wake

Entry = tuple[int, int, Item]


class Agenda:
    """A heap of `(at, ticket, item)`; `at` in microseconds. The world pops it."""

    __slots__ = ("_count", "_dice", "_latest", "heap")

    def __init__(self, shuffle: Random | None = None) -> None:
        self.heap: list[Entry] = []
        self._count = 0
        self._dice = shuffle
        self._latest: dict[tuple[str, str], tuple[int, int]] = {}
        """By link, the latest arrival planned and its place among the items of that instant, if they are shuffled."""

    def push(self, at: int, item: Item) -> None:
        """Plan `item` for the instant `at`, behind what is already planned for it."""
        self._count = ticket = self._count + 1
        if self._dice is not None:
            ticket |= self._place(at, item, self._dice) << 64
        heappush(self.heap, (at, ticket, item))

    def _place(self, at: int, item: Item, dice: Random) -> int:
        """Where the item comes among those of its instant: what has the same place comes in the order of planning."""
        if isinstance(item, Wake):
            return 0
        if not isinstance(item, Arrival):
            return dice.getrandbits(SHUFFLE_BITS)
        link = (item.source, item.target)
        before = self._latest.get(link)
        place = before[1] if before and before[0] == at else dice.getrandbits(SHUFFLE_BITS)
        self._latest[link] = (at, place)
        return place

    @property
    def next_at(self) -> int | None:
        """The instant of the next item, None if nothing is planned."""
        return self.heap[0][0] if self.heap else None

    def arrivals(self) -> list[tuple[int, Arrival]]:
        """Packets under way with the instants they are due, in order."""
        return [(at, item) for at, _, item in sorted(self.heap, key=_order) if isinstance(item, Arrival)]

    def take_arrivals(self, source: str, target: str) -> list[Arrival]:
        """Remove and return, in order, the packets under way from `source` to `target`."""
        taken = [e for e in sorted(self.heap, key=_order) if _is_between(e[2], source, target)]
        if taken:
            self.heap[:] = [e for e in self.heap if not _is_between(e[2], source, target)]
            heapify(self.heap)
        return [item for _, _, item in taken if isinstance(item, Arrival)]


def _order(entry: Entry) -> tuple[int, int]:
    return entry[0], entry[1]


def _is_between(item: Item, source: str, target: str) -> bool:
    return isinstance(item, Arrival) and item.source == source and item.target == target
