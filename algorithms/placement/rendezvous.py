"""Rendezvous hashing: the highest random weight wins (Thaler and Ravishankar 1998).

The law: every node bids for every key, and a bid knows nothing of the other nodes. So a node that comes takes only
what it wins, and a node that goes gives each of its keys to whoever bid next. A lookup asks all N nodes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from typing import Final

from algorithms.placement.hashing import MASK, Hash, hash_named
from algorithms.placement.members import Member, enough, not_the_last, sound

A: Final = 6364136223846793005
B: Final = 1442695040888963407
"""Knuth's linear congruential generator of 64 bits (MMIX), in the place of the paper's of 31."""

UNIT: Final = 1 << 52


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """The order of `members` means nothing."""

    members: tuple[Member, ...]
    hash: str = "blake2b"
    nodes: tuple[str, ...] = field(init=False, compare=False, repr=False)
    _kind: Hash = field(init=False, compare=False, repr=False)
    _seeds: tuple[int, ...] = field(init=False, compare=False, repr=False)
    """A * S + B of each, in the order of `nodes`."""
    _equal: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        kind, members = hash_named(self.hash), sorted(sound(self.members), key=lambda member: member.name)
        derived = {
            "members": tuple(members),
            "nodes": tuple(member.name for member in members),
            "_kind": kind,
            "_seeds": tuple(A * kind.of(member.name) + B & MASK for member in members),
            "_equal": len({member.weight for member in members}) == 1,
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Rendezvous], tuple[tuple[Member, ...], str]]:
        return Rendezvous, (self.members, self.hash)

    def owner(self, key: str) -> str:
        """The node with the highest bid; of equal bids the first name's."""
        if not self._equal:
            return min(self._scores(key))[2]
        bids = self._bids(key)
        return self.nodes[bids.index(max(bids))]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """The `n` highest bids: who would own the key if those before it were gone."""
        return tuple(name for _, _, name in sorted(self._scores(key))[: enough(n, self.nodes)])

    def _bids(self, key: str) -> list[int]:
        """The paper's W_rand of each node: A * ((A * S + B) xor D(K)) + B."""
        digest = self._kind.of(key)
        return [(seed ^ digest) * A + B & MASK for seed in self._seeds]

    def _scores(self, key: str) -> list[tuple[float, int, str]]:
        """The least is the winner's.

        A bid as a number u between 0 and 1 becomes -weight / ln u (here with its sign turned): so shares are
        proportional to weights (Schindelhauer and Schomaker 2005, the logarithmic method), and equal weights leave
        the order of the bids as it was.
        """
        pairs = zip(self.members, self._bids(key), strict=True)
        return [(each.weight / log(((bid >> 12) + 0.5) / UNIT), -bid, each.name) for each, bid in pairs]

    def with_node(self, node: str, weight: float = 1.0) -> Rendezvous:
        """One more bidder; keys move only to it."""
        return Rendezvous((*self.members, Member(node, weight)), self.hash)

    def without_node(self, node: str) -> Rendezvous:
        """One bidder less; only its keys move, and to all the others."""
        not_the_last(node, self.nodes)
        return Rendezvous(tuple(member for member in self.members if member.name != node), self.hash)
