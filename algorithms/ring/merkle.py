"""Merkle trees over sets of keys (Dynamo 4.7): two replicas find what differs without telling the rest.

The law: equal sets have equal trees, whoever builds them. A node of the tree has a path: the root is 1, and the
children of p are 16 p to 16 p + 15. Which leaf a key belongs to comes from the last bits of its position.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

ROOT = 1
FANOUT = 16
LEAVES = ROOT * FANOUT**2
"""Paths from here on are leaves."""
FEW = 32
"""A subtree of so many keys is told key by key at once."""


class Tree:
    """A tree as it was when it was made. Empty nodes are not in it; their digest is 0."""

    __slots__ = ("digests", "keys")

    def __init__(self, keys: Iterable[tuple[int, str, int]]) -> None:
        """`keys` are positions, names and digests, in any order."""
        self.keys: dict[int, list[tuple[str, int]]] = {}
        for position, key, digest in keys:
            for path in _paths(position):
                self.keys.setdefault(path, []).append((key, digest))
        for held in self.keys.values():
            held.sort()
        self.digests: dict[int, int] = {}

    def digest(self, path: int) -> int:
        """Of a leaf: of its keys and their digests; of another node: of its children."""
        if path not in self.keys:
            return 0
        found = self.digests.get(path)
        if found is None:
            found = self.digests[path] = self._digest(path)
        return found

    def _digest(self, path: int) -> int:
        if path < LEAVES:
            return _hash(",".join(str(self.digest(child)) for child in children(path)))
        return _hash("\n".join(f"{key} {digest}" for key, digest in self.keys[path]))

    def under(self, path: int) -> list[tuple[str, int]]:
        """The keys below this node with their digests, by name."""
        return self.keys.get(path, [])


def children(path: int) -> range:
    """The paths one step down."""
    return range(FANOUT * path, FANOUT * path + FANOUT)


def _paths(position: int) -> tuple[int, int, int]:
    first, second = position % FANOUT, position // FANOUT % FANOUT
    return ROOT, FANOUT * ROOT + first, FANOUT * (FANOUT * ROOT + first) + second


def _hash(text: str) -> int:
    """63 bits, never 0, which is the digest of nothing."""
    return (int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1) | 1
