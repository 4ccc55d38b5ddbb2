"""What is on the screen of a ring store, as values. The law: places on the ring are fractions of a turn, clockwise.

Fractions lie in [0, 1) from the top of the circle (position 0 of the ring); times are microseconds of virtual time.
`tui/ring_framing.py` makes these from a world.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """A ring of tokens: what lies in (bounds[i-1], bounds[i]] is owners[i]'s, what lies behind the last is owners[0]'s.

    It is compared by identity, for the framing makes one for each table of members.
    """

    bounds: tuple[float, ...]
    owners: tuple[str, ...]

    def owner_at(self, place: float) -> str:
        """Who owns this place."""
        number = bisect_left(self.bounds, place % 1.0)
        return self.owners[number if number < len(self.bounds) else 0]

    def arcs(self, begin: float, end: float) -> Iterator[tuple[float, str]]:
        """The pieces of (begin, end], at most one turn, in order: their width and whose they are."""
        at = begin
        while at < end - 1e-12:
            here = at % 1.0
            number = bisect_left(self.bounds, here + 1e-12)
            bound = self.bounds[number] if number < len(self.bounds) else self.bounds[0] + 1.0
            until = min(end, at + bound - here)
            yield until - at, self.owners[number if number < len(self.bounds) else 0]
            at = max(until, at + 1e-12)


@dataclass(frozen=True, slots=True)
class Move:
    """What a node has taken over of the ranges that it gains; `bytes` are those of values."""

    node: str
    ranges: int
    ranges_done: int
    keys: int
    bytes: int


class Standing(Enum):
    """What a node is in the ring; the value is the word for it."""

    MEMBER = "member"
    JOINING = "joins"
    LEAVING = "leaves"
    OUTSIDE = "not in the ring"


@dataclass(frozen=True, slots=True)
class RingFace:
    """A ring server for its card and its line of loads. `mark` is its one character on the circle, `hue` its colour's
    number, `load` its keys as a share of those of the node with the most."""

    mark: str = "?"
    hue: int = 0
    standing: Standing = Standing.MEMBER
    epoch: int = 0
    keys: int = 0
    bytes: int = 0
    load: float = 0.0
    share: float = 0.0
    """Of the ring that it owns."""
    requests: int = 0
    """In the last second."""
    waiting: int = 0
    """Messages in its inbox."""
    hints: int = 0
    strays: int = 0
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A server's line of the ring pane."""

    node: str
    up: bool
    ring: RingFace


@dataclass(frozen=True, slots=True)
class Landing:
    """A key that was written a moment ago, at `place`, to `copies` disks so far. `age` goes from 0 to 1."""

    key: str
    place: float
    age: float
    copies: int


class Copy(Enum):
    """How a node stands to a key; the value is the word for it."""

    WHOLE = "has it"
    BEHIND = "is behind"
    NOTHING = "has nothing"
    DOWN = "down"
    HINT = "hint for"
    STRAY = "hands it on"


@dataclass(frozen=True, slots=True)
class Replica:
    """What a node has of the chosen key. `token` is where the walk from the key finds it; None: it is no home of it."""

    node: str
    copy: Copy
    values: tuple[str, ...]
    """The siblings' values, as one reads them."""
    token: float | None = None
    target: str = ""
    """Whom a hint is for."""


@dataclass(frozen=True, slots=True)
class KeyFace:
    """The chosen key: its place, what all replicas together hold of it, and each of them, its homes first."""

    key: str
    place: float
    values: tuple[str, ...]
    replicas: tuple[Replica, ...]
    coming: tuple[str, ...] = ()
    """Who will own it when the ranges have moved; empty while nothing moves."""

    @property
    def behind(self) -> tuple[str, ...]:
        """The homes that lack something of it."""
        return tuple(each.node for each in self.replicas if each.copy in (Copy.BEHIND, Copy.NOTHING))


@dataclass(frozen=True, slots=True)
class RingFrame:
    """The ring at one moment, as the newest table has it that anybody who is up believes in."""

    epoch: int = 0
    quorum: tuple[int, int, int] = (0, 0, 0)
    """N, R and W of the store."""
    circle: Circle | None = None
    coming: Circle | None = None
    """What will be when the ranges that move have moved; None while nothing moves."""
    loads: tuple[LoadRow, ...] = ()
    moves: tuple[Move, ...] = ()
    landings: tuple[Landing, ...] = ()
    keys: tuple[str, ...] = ()
    """Keys to choose from, the newest written first."""
    hottest: tuple[tuple[str, int], ...] = ()
    """Keys and how often replicas were asked for them, the hottest first."""
    key: KeyFace | None = None
    believers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Where nodes believe in different rings: the ring in words, and who believes in it. Else nothing."""
    disputed: bool = False
    """There are two rings of one epoch."""

    @property
    def members(self) -> tuple[LoadRow, ...]:
        """Those who own ranges now."""
        return tuple(row for row in self.loads if row.ring.standing in (Standing.MEMBER, Standing.LEAVING))

    @property
    def imbalance(self) -> float:
        """Keys of the fullest member over the members' mean; 1 is perfect, 0 is an empty ring."""
        counts = [row.ring.keys for row in self.members]
        return max(counts) * len(counts) / sum(counts) if sum(counts) else 0.0

    def mark(self, node: str) -> tuple[str, int]:
        """A node's character on the circle and the number of its colour."""
        return next(((row.ring.mark, row.ring.hue) for row in self.loads if row.node == node), ("?", 0))


def marks_for(names: tuple[str, ...]) -> dict[str, str]:
    """One character for each node: the last of its name, or if an earlier one has that, a letter that nobody has."""
    taken: dict[str, str] = {}
    free = iter("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for name in names:
        mark = name[-1:]
        while mark in taken.values():
            mark = next(free, "?")
            if mark == "?":
                break
        taken[name] = mark
    return taken
