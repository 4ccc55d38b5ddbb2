"""The hash ring with virtual nodes (Karger et al. 1997; Dynamo 4.2).

The law: a key belongs to the node of the first token at or behind it, clockwise. Positions are 0 to 2**64 - 1, and the
ring closes over the top. The tokens in order are `bounds`: range number i holds the positions in
(bounds[i-1], bounds[i]] and belongs to the node of token i; range 0 goes over the top.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from math import inf

from algorithms.placement.continuum import clockwise, continuum
from algorithms.placement.hashing import hash_named
from algorithms.placement.loads import room_for, take
from algorithms.placement.members import Member, enough, known, not_the_last, sound
from algorithms.placement.zones import Zones, zones_of

__all__ = ["HashRing", "Member", "ring_of"]

RINGS_KEPT = 64
"""As many rings `ring_of` remembers."""
MOST_TOKENS = 1_000_000
"""As many tokens one member may have, so that a mistyped weight does not fill the memory."""


@dataclass(frozen=True, slots=True, repr=False)
class HashRing:
    """An immutable ring; two rings of the same members are equal, in whatever order these are given.

    A member has round(virtual_nodes * weight) tokens, at least one. With `zones`, the nodes that follow a key are taken
    from different zones as long as there are enough. With `load_bound` c, `assign` gives no node more than
    ceil(c * its fair share) of the keys; `owner` and `preference_list` know nothing of loads.
    """

    members: tuple[Member, ...]
    virtual_nodes: int = 64
    hash: str = "blake2b"
    load_bound: float | None = None
    zones: bool = True
    nodes: tuple[str, ...] = field(init=False, compare=False)
    """All nodes, by name."""
    position: Callable[[str], int] = field(init=False, compare=False)
    """Where a key lies: 0 to 2**64 - 1."""
    bounds: tuple[int, ...] = field(init=False, compare=False)
    """The tokens, ascending."""
    _owners: tuple[str, ...] = field(init=False, compare=False)
    """Whose each token is, and behind the last the first again."""
    _zones: Zones | None = field(init=False, compare=False)
    """None where all are in one zone."""
    _lists: dict[int, list[tuple[str, ...] | None]] = field(init=False, compare=False)
    """Preference lists by length and range, as far as somebody has asked."""

    def __post_init__(self) -> None:
        members = sorted(sound(self.members), key=lambda member: member.name)
        if self.virtual_nodes < 1:
            raise ValueError(f"a node has at least 1 virtual node, not {self.virtual_nodes}")
        if self.load_bound is not None and not 1 < self.load_bound < inf:
            raise ValueError(f"the load bound is {self.load_bound:g}; it must be above 1, for example 1.25")
        kind = hash_named(self.hash)
        bounds, owners = continuum([(each.name, kind.tokens(each.name, self.tokens_of(each))) for each in members])
        self._keep("members", tuple(members))
        self._keep("nodes", tuple(member.name for member in members))
        self._keep("position", kind.of)
        self._keep("bounds", bounds)
        self._keep("_owners", owners)
        self._keep("_zones", zones_of(self.members) if self.zones else None)
        self._keep("_lists", {})

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<HashRing of {len(self.members)} nodes, {len(self.bounds)} tokens, {self.hash}>"

    def __reduce__(self) -> tuple[Callable[..., HashRing], tuple[object, ...]]:
        """Pickled as what it was made from: whoever loads it in the same process shares the one there is."""
        return ring_of, (self.members, self.virtual_nodes, self.hash, self.load_bound, self.zones)

    # ---------------------------------------------------------------- keys

    def owner(self, key: str) -> str:
        """The node of the first token at or behind the key's position."""
        return self._owners[bisect_left(self.bounds, self.position(key))]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """`n` distinct nodes clockwise from the key, its owner first (Dynamo 4.3)."""
        return self.preference_list_at(self.range_of(self.position(key)), enough(n, self.nodes))

    def assign(self, keys: Sequence[str]) -> tuple[str, ...]:
        """The node of each key, in the order of the keys.

        With a load bound they are placed one by one, each on the first node clockwise that has room for it.
        """
        if self.load_bound is None:
            return tuple(map(self.owner, keys))
        room = room_for(len(keys), self.members, self.load_bound)
        return tuple(take(self.clockwise(self.range_of(self.position(key))), room) for key in keys)

    # ---------------------------------------------------------------- ranges

    def range_of(self, position: int) -> int:
        """The number of the range that this position lies in."""
        number = bisect_left(self.bounds, position)
        return number if number < len(self.bounds) else 0

    def owner_of_range(self, number: int) -> str:
        """The node of token `number`."""
        return self._owners[number]

    def preference_list_at(self, number: int, n: int) -> tuple[str, ...]:
        """The first `n` of `walk(number)`; all of them where there are fewer."""
        lists = self._lists.get(n)
        if lists is None:
            lists = self._lists[n] = [None] * len(self.bounds)
        found = lists[number]
        if found is None:
            found = lists[number] = tuple(islice(self.walk(number), n))
        return found

    def walk(self, number: int) -> Iterator[str]:
        """All distinct nodes clockwise from this range, its owner first; with zones, one of each zone, then again."""
        nodes = self.clockwise(number)
        return nodes if self._zones is None else self._zones.spread(nodes)

    def clockwise(self, number: int) -> Iterator[str]:
        """All distinct nodes in the order in which their tokens come, whatever their zones."""
        return clockwise(self._owners, number, len(self.bounds), len(self.nodes))

    # ---------------------------------------------------------------- other rings

    def tokens_of(self, member: Member) -> int:
        """How many tokens the member has here."""
        count = self.virtual_nodes * member.weight
        if count > MOST_TOKENS:
            raise ValueError(f'"{member.name}" would have {count:,.0f} tokens; {MOST_TOKENS:,} are the most')
        return max(1, round(count))

    def with_node(self, node: str, weight: float = 1.0, zone: str = "") -> HashRing:
        """This ring and one more node; keys move only to it."""
        return self._of((*self.members, Member(node, weight, zone)))

    def without_node(self, node: str) -> HashRing:
        """This ring without the node; only its keys move."""
        not_the_last(node, self.nodes)
        return self._of(tuple(member for member in self.members if member.name != node))

    def with_weight(self, node: str, weight: float) -> HashRing:
        """This ring with another weight of the node; keys move only to it, or only from it."""
        known(node, self.nodes)
        new = (Member(each.name, weight if each.name == node else each.weight, each.zone) for each in self.members)
        return self._of(tuple(new))

    def _of(self, members: tuple[Member, ...]) -> HashRing:
        return HashRing(members, self.virtual_nodes, self.hash, self.load_bound, self.zones)


def ring_of(
    members: tuple[Member, ...],
    virtual_nodes: int = 64,
    hash: str = "blake2b",
    load_bound: float | None = None,
    zones: bool = True,
) -> HashRing:
    """The ring of these members: one value for all who ask, since hundreds of machines hold the same.

    Finding it again reads every member, so keep it where it is asked for every key.
    """
    return _made(members, virtual_nodes, hash, load_bound, zones)


_made = lru_cache(RINGS_KEPT)(HashRing)
