"""What of a node's keys belongs to whom: keys that it owns, by the owners it shares them with, and strays.

The law: it says of each key what the ring's table says, and nothing else; it is kept only because asking the table for
every key again, at each comparison and each epoch, would cost more than all the rest. A new epoch touches only the
spans in which it changes something. Nodes that believe in one ring share the same keys, and make equal trees of equal
contents.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from algorithms.placement.ring import HashRing, Member
from algorithms.ring.merkle import Tree
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, Span, placement

if TYPE_CHECKING:
    from algorithms.ring.state import State

Owners = tuple[str, ...]


class Belongings:
    """The keys of one node. Nothing is known until somebody asks."""

    __slots__ = ("_ring", "_shared", "_stale", "_trees", "strays")

    def __init__(self) -> None:
        self._ring: Ring | None = None
        """The table that this was made for."""
        self._shared: dict[Owners, dict[str, None]] = {}
        self._trees: dict[str, Tree] = {}
        self._stale: dict[str, dict[str, None]] = {}
        """By peer: keys of its tree that have changed since somebody asked for it."""
        self.strays: dict[str, None] = {}
        """Keys that are here and have other homes."""

    def look_through(self, state: State) -> None:
        """Know all keys, if they are not known yet."""
        if self._ring is None:
            self._ring = state.ring
            for key in state.storage.keys:
                self._sort_in(state, key)

    def changed(self, state: State, key: str, held: bool) -> None:
        """A key has another state, or is new, or is gone."""
        if self._ring is None:
            return
        owners = state.preference_list(key)
        for owner in owners if state.name in owners else ():
            if owner in self._trees:
                self._stale.setdefault(owner, {})[key] = None
        if held:
            self._sort_in(state, key)
        else:
            self._take_out(owners, key)

    def ring_changed(self, state: State, before: Ring) -> None:
        """The table is another one than `before`; sort anew what it touches."""
        if self._ring is None:
            return
        old = placement(before.members, state.settings)
        for span in spans_touched(before, state.ring, state.settings).get(state.name, ()):
            for key in state.storage.keys_in(span):
                self._take_out(_owners(old, state.storage.position(key), state.settings.n), key)
                self._sort_in(state, key)
        self._ring = state.ring
        self._trees.clear()
        self._stale.clear()

    def tree_with(self, state: State, peer: str) -> Tree:
        """The Merkle tree over what we share with `peer`. It is brought up to date whenever somebody asks."""
        self.look_through(state)
        tree = self._trees.get(peer)
        if tree is None:
            keys = (key for owners, held in self._shared.items() if peer in owners for key in held)
            tree = self._trees[peer] = tree_of(state, keys)
        for key in self._stale.pop(peer, ()):
            if key in state.storage.keys:
                tree.put(state.storage.position(key), key, state.storage.digest(key))
            else:
                tree.drop(state.storage.position(key), key)
        return tree

    def _sort_in(self, state: State, key: str) -> None:
        owners = state.preference_list(key)
        if state.name in owners:
            self._shared.setdefault(owners, {})[key] = None
        elif state.name not in state.coming_list(key):
            self.strays[key] = None

    def _take_out(self, owners: Owners, key: str) -> None:
        self.strays.pop(key, None)
        held = self._shared.get(owners)
        if held is not None and held.pop(key, self) is None and not held:
            del self._shared[owners]


# ---------------------------------------------------------------- trees


def tree_of(state: State, keys: Iterable[str]) -> Tree:
    """The tree of these keys as they are now."""
    storage = state.storage
    return Tree((storage.position(key), key, storage.digest(key)) for key in keys)


def tree_for(state: State, peer: str, span: Span | None) -> Tree:
    """The tree that an exchange with `peer` is about."""
    if span is None:
        return state.belongings.tree_with(state, peer)
    return tree_of(state, state.storage.keys_in(span))


# ---------------------------------------------------------------- what two rings do otherwise


def _owners(ring: HashRing, position: int, n: int) -> Owners:
    return ring.preference_list_at(ring.range_of(position), n)


@lru_cache(maxsize=32)
def differences(
    old: tuple[Member, ...], new: tuple[Member, ...], settings: RingSettings
) -> tuple[tuple[Span, Owners, Owners], ...]:
    """Spans that have other owners in the new ring, with the owners before and after; the same for all who ask."""
    if old == new:
        return ()
    before, after = placement(old, settings), placement(new, settings)
    bounds = sorted({*before.bounds, *after.bounds})
    found: list[tuple[Span, Owners, Owners]] = []
    for first, last in zip([bounds[-1], *bounds[:-1]], bounds, strict=True):
        one, other = _owners(before, last, settings.n), _owners(after, last, settings.n)
        if one == other:
            continue
        if found and found[-1][0].last == first and found[-1][1:] == (one, other):
            found[-1] = (Span(found[-1][0].first, last), one, other)
        else:
            found.append((Span(first, last), one, other))
    return tuple(found)


@lru_cache(maxsize=32)
def _touched(old: tuple[Member, ...], new: tuple[Member, ...], settings: RingSettings) -> dict[str, dict[Span, None]]:
    """By node: the spans that it owns in one of the rings and that have other owners in the other one."""
    found: dict[str, dict[Span, None]] = {}
    for span, one, other in differences(old, new, settings):
        for node in (*one, *other):
            found.setdefault(node, {})[span] = None
    return found


@lru_cache(maxsize=32)
def spans_touched(before: Ring, after: Ring, settings: RingSettings) -> dict[str, tuple[Span, ...]]:
    """By node: where the second table may say something else of a key that the node holds."""
    pairs = ((before.members, after.members), (before.members, before.goal), (after.members, after.goal))
    found: dict[str, dict[Span, None]] = {}
    for old, new in pairs:
        for node, spans in _touched(old, new, settings).items():
            found.setdefault(node, {}).update(spans)
    return {node: tuple(spans) for node, spans in found.items()}


@lru_cache(maxsize=16)
def partners(members: tuple[Member, ...], settings: RingSettings) -> dict[str, Owners]:
    """By node: with whom it owns ranges, by name; the same for all who ask."""
    ring = placement(members, settings)
    found: dict[str, dict[str, None]] = {}
    for number in range(len(ring.bounds)):
        owners = ring.preference_list_at(number, settings.n)
        for owner in owners:
            found.setdefault(owner, {}).update(dict.fromkeys(owners))
    return {node: tuple(sorted(other for other in others if other != node)) for node, others in found.items()}
