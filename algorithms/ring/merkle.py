"""Merkle trees over sets of keys (Dynamo 4.7): two replicas find what differs without telling the rest.

The law: equal sets have equal trees, whoever builds them and in whatever steps. A node of the tree has a path: the root
is 1, and the children of p are 16 p to 16 p + 15. Which leaf a key belongs to comes from the last bits of its position.
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
    """Keys with the digests of what is held of them. Empty nodes are not in it; their digest is 0."""

    __slots__ = ("_counts", "_digests", "_leaves")

    def __init__(self, keys: Iterable[tuple[int, str, int]]) -> None:
        """`keys` are positions, names and digests, in any order."""
        self._leaves: dict[int, dict[str, int]] = {}
        self._counts: dict[int, int] = {}
        """Of the nodes above the leaves: how many keys are below."""
        self._digests: dict[int, int] = {}
        """Of nodes below which nothing has changed since."""
        for position, key, digest in keys:
            self._leaves.setdefault(leaf_of(position), {})[key] = digest
        for leaf, held in self._leaves.items():
            self._count(leaf, len(held))

    def put(self, position: int, key: str, digest: int) -> None:
        """Another digest of this key, or another key."""
        leaf = leaf_of(position)
        held = self._leaves.setdefault(leaf, {})
        self._count(leaf, key not in held)
        held[key] = digest
        self._forget(leaf)

    def drop(self, position: int, key: str) -> None:
        """Leave this key out, if it is in."""
        leaf = leaf_of(position)
        held = self._leaves.get(leaf, {})
        if held.pop(key, None) is None:
            return
        self._count(leaf, -1)
        if not held:
            del self._leaves[leaf]
        self._forget(leaf)

    def _count(self, leaf: int, more: int) -> None:
        for path in (leaf // FANOUT, ROOT):
            self._counts[path] = self._counts.get(path, 0) + more

    def _forget(self, leaf: int) -> None:
        for path in (leaf, leaf // FANOUT, ROOT):
            self._digests.pop(path, None)

    def digest(self, path: int) -> int:
        """Of a leaf: of its keys and their digests; of another node: of its children."""
        if not self.count(path):
            return 0
        found = self._digests.get(path)
        if found is None:
            found = self._digests[path] = self._digest(path)
        return found

    def _digest(self, path: int) -> int:
        if path < LEAVES:
            return _hash(",".join(str(self.digest(child)) for child in children(path)))
        return _hash("\n".join(f"{key} {digest}" for key, digest in self.under(path)))

    def count(self, path: int) -> int:
        """How many keys are below this node."""
        return self._counts.get(path, 0) if path < LEAVES else len(self._leaves.get(path, ()))

    def under(self, path: int) -> list[tuple[str, int]]:
        """The keys below this node with their digests, by name."""
        return sorted(pair for leaf in _leaves_below(path) for pair in self._leaves.get(leaf, {}).items())


def children(path: int) -> range:
    """The paths one step down."""
    return range(FANOUT * path, FANOUT * path + FANOUT)


def leaf_of(position: int) -> int:
    """The path of the leaf that keys at this position belong to."""
    first, second = position % FANOUT, position // FANOUT % FANOUT
    return LEAVES + FANOUT * first + second


def _leaves_below(path: int) -> range:
    """The leaves of this subtree; a leaf is its own."""
    if path >= LEAVES:
        return range(path, path + 1)
    wide = FANOUT if path > ROOT else FANOUT**2
    return range(path * wide, path * wide + wide)


def _hash(text: str) -> int:
    """63 bits, never 0, which is the digest of nothing."""
    return (int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1) | 1
