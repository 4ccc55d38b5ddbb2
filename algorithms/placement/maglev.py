"""Maglev hashing (Eisenbud et al. 2016, section 3.4).

The law: an even load comes first, keys that stay where they are come second. Every node has its own order of all
entries of a table, and they take turns in taking their next free one. So the nodes' entries differ by one, and when a
node comes or goes a few keys of the others move too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from algorithms.placement.continuum import clockwise
from algorithms.placement.hashing import hash_named
from algorithms.placement.members import distinct_names, enough, not_the_last

TABLE_SIZE: Final = 65_537
"""The paper's usual one: a prime, and best a hundred times the number of nodes."""
MOST: Final = 10_000_000


def populate(permutations: Sequence[tuple[int, int]], size: int) -> list[int]:
    """Pseudocode 1: which node has each of `size` entries; a node's order is its (offset, skip)."""
    entry: list[int] = [-1] * size
    following = [offset for offset, _ in permutations]
    free = size
    while True:
        for node, (_, skip) in enumerate(permutations):
            at = following[node]
            while entry[at] >= 0:
                at = (at + skip) % size
            entry[at] = node
            following[node] = (at + skip) % size
            free -= 1
            if not free:
                return entry


@dataclass(frozen=True, slots=True)
class Maglev:
    """The order of `nodes` means nothing: they take turns by name, since all balancers must fill the same table."""

    nodes: tuple[str, ...]
    table_size: int = TABLE_SIZE
    hash: str = "blake2b"
    table: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """Whose each entry is."""
    _of: Callable[[str], int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        nodes = tuple(sorted(distinct_names(self.nodes)))
        size = checked_size(self.table_size, len(nodes))
        of = hash_named(self.hash).of
        permutations = [(of(f"{node}#offset") % size, of(f"{node}#skip") % (size - 1) + 1) for node in nodes]
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "table", tuple(map(nodes.__getitem__, populate(permutations, size))))
        object.__setattr__(self, "_of", of)

    def __reduce__(self) -> tuple[type[Maglev], tuple[tuple[str, ...], int, str]]:
        return Maglev, (self.nodes, self.table_size, self.hash)

    def owner(self, key: str) -> str:
        """Whoever has the key's entry."""
        return self.table[self._of(key) % self.table_size]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """The owner and whoever has the entries that follow.

        The paper has no replicas. Neighbouring entries are filled independently, so the table is walked like a ring.
        """
        start = self._of(key) % self.table_size
        return tuple(clockwise(self.table, start, self.table_size, enough(n, self.nodes)))

    def with_node(self, node: str) -> Maglev:
        """One more node; most, but not all, of the keys that move go to it."""
        return Maglev((*self.nodes, node), self.table_size, self.hash)

    def without_node(self, node: str) -> Maglev:
        """One node less; its keys move, and a few others."""
        not_the_last(node, self.nodes)
        return Maglev(tuple(each for each in self.nodes if each != node), self.table_size, self.hash)


def checked_size(size: int, nodes: int) -> int:
    """The table size, if it is a prime and every node gets an entry."""
    if not 2 <= size <= MOST:
        raise ValueError(f"the table size is {size:,}; it must be a prime from 2 to {MOST:,}")
    if not prime(size):
        greater = next(each for each in range(size, 2 * size) if prime(each))
        raise ValueError(f"the table size is {size:,}; it must be a prime, and the next one is {greater:,}")
    if nodes > size:
        raise ValueError(f"a table of {size:,} entries has no room for {nodes:,} nodes")
    return size


def prime(number: int) -> bool:
    """By trial division."""
    return number > 1 and all(number % each for each in range(2, int(number**0.5) + 1))
