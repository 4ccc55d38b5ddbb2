"""hash(key) mod N: what most tutorials print. The law: one node more or less, and nearly every key moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from algorithms.placement.buckets import following
from algorithms.placement.hashing import hash_named
from algorithms.placement.members import distinct_names, enough, not_the_last


@dataclass(frozen=True, slots=True)
class Modulo:
    """Nodes are numbered by their place in `nodes`. From N to N + 1 of them, a key stays with probability 1/(N + 1)."""

    nodes: tuple[str, ...]
    hash: str = "blake2b"
    _of: Callable[[str], int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", distinct_names(self.nodes))
        object.__setattr__(self, "_of", hash_named(self.hash).of)

    def owner(self, key: str) -> str:
        """The node whose number is the remainder."""
        return self.nodes[self._of(key) % len(self.nodes)]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """The owner and those that follow it; nobody says what else it could be."""
        return following(self.nodes, self._of(key) % len(self.nodes), enough(n, self.nodes))

    def with_node(self, node: str) -> Modulo:
        """One more node behind the last."""
        return Modulo((*self.nodes, node), self.hash)

    def without_node(self, node: str) -> Modulo:
        """Those behind it move up."""
        not_the_last(node, self.nodes)
        return Modulo(tuple(each for each in self.nodes if each != node), self.hash)
