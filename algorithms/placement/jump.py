"""Jump consistent hash (Lamping and Veach 2014). The law: no memory, even loads, and only the last bucket can go.

The paper numbers buckets 0 to N - 1 and knows nothing else of them; here bucket i is `nodes[i]`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from algorithms.placement.buckets import following
from algorithms.placement.hashing import hash_named
from algorithms.placement.members import distinct_names, enough, not_the_last

MULTIPLIER: Final = 2862933555777941757
MASK: Final = (1 << 64) - 1


def jump(key: int, buckets: int) -> int:
    """The bucket of a 64-bit key: the last place to which it jumps as buckets are added one by one (Figure 1)."""
    if buckets < 1:
        raise ValueError(f"there must be at least 1 bucket, not {buckets}")
    bucket, following_jump = -1, 0
    while following_jump < buckets:
        bucket = following_jump
        key = key * MULTIPLIER + 1 & MASK
        following_jump = int((bucket + 1) * (float(1 << 31) / float((key >> 33) + 1)))
    return bucket


@dataclass(frozen=True, slots=True)
class Jump:
    """The order of `nodes` matters: it numbers the buckets."""

    nodes: tuple[str, ...]
    hash: str = "blake2b"
    _of: Callable[[str], int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", distinct_names(self.nodes))
        object.__setattr__(self, "_of", hash_named(self.hash).of)

    def owner(self, key: str) -> str:
        """The node of the key's bucket."""
        return self.nodes[jump(self._of(key), len(self.nodes))]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """The owner and the buckets that follow. The paper has no replicas; this keeps them distinct at no cost.

        When a node is added, the lists of the keys near the end change as well, not only those that it takes over.
        """
        return following(self.nodes, jump(self._of(key), len(self.nodes)), enough(n, self.nodes))

    def with_node(self, node: str) -> Jump:
        """A new last bucket; keys move only to it."""
        return Jump((*self.nodes, node), self.hash)

    def without_node(self, node: str) -> Jump:
        """The last bucket goes, and if that is not this node's, the last node takes over this node's bucket.

        So of the last node only its own keys move. For any other, the last node's keys go to everybody and this
        node's all to the last node: twice as many as need be, as the paper's section 1 warns.
        """
        not_the_last(node, self.nodes)
        *rest, last = self.nodes
        return Jump(tuple(last if each == node else each for each in rest), self.hash)
