"""The ring of libketama and of the memcached clients that agree with it (Last.fm 2007).

The law: the same owners as libketama, whatever one may think of its ways. Points are 32 bits: MD5("server-i") gives
four, each from four bytes with the lowest first, and a server of average weight has 40 digests. A server is named as
libketama reads it from its file, "10.0.1.1:11211"; libmemcached leaves out the port if it is 11211.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import md5
from struct import Struct
from typing import Final

from algorithms.placement.continuum import clockwise, continuum
from algorithms.placement.members import Member, enough, not_the_last, sound

DIGESTS: Final = 40
"""Of a server of average weight."""

_four_words = Struct("<4I").unpack
_single = Struct("f")


def ketama_hash(text: str) -> int:
    """ketama_hashi: the first four bytes of the MD5, lowest first."""
    return int.from_bytes(md5(text.encode(), usedforsecurity=False).digest()[:4], "little")


def single(value: float) -> float:
    """The value as a C float. libketama counts in them, and at 61 equal servers that is seen."""
    return float(_single.unpack(_single.pack(value))[0])


def digests_of(member: Member, members: tuple[Member, ...]) -> int:
    """How many digests of four points each the member has among these; 0 if its weight is very small."""
    share = single(single(member.weight) / single(sum(each.weight for each in members)))
    return int(single(share * DIGESTS * len(members)))


def points_of(name: str, digests: int) -> Iterator[int]:
    """Where a server's points are."""
    for number in range(digests):
        yield from _four_words(md5(f"{name}-{number}".encode(), usedforsecurity=False).digest())


@dataclass(frozen=True, slots=True, repr=False)
class KetamaRing:
    """Where two points meet, the server that stands first has it; apart from that order means nothing.

    A server's points depend on its share of all weights. So with unequal weights, a server that comes or goes moves
    some keys between the others as well.
    """

    members: tuple[Member, ...]
    nodes: tuple[str, ...] = field(init=False, compare=False)
    bounds: tuple[int, ...] = field(init=False, compare=False)
    """The points, ascending."""
    _owners: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        members = sound(self.members)
        bounds, owners = continuum([(each.name, points_of(each.name, digests_of(each, members))) for each in members])
        object.__setattr__(self, "nodes", tuple(member.name for member in members))
        object.__setattr__(self, "bounds", bounds)
        object.__setattr__(self, "_owners", owners)

    def __repr__(self) -> str:
        return f"<KetamaRing of {len(self.members)} nodes, {len(self.bounds)} points>"

    def __reduce__(self) -> tuple[type[KetamaRing], tuple[tuple[Member, ...]]]:
        return KetamaRing, (self.members,)

    def owner(self, key: str) -> str:
        """The server of the first point at or behind the key's hash."""
        return self._owners[bisect_left(self.bounds, ketama_hash(key))]

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """`n` distinct servers clockwise, as on any ring; libketama has no replicas. Who has no points comes last."""
        start = bisect_left(self.bounds, ketama_hash(key))
        found = dict.fromkeys(clockwise(self._owners, start, len(self.bounds), enough(n, self.nodes)))
        if len(found) < n:
            found |= dict.fromkeys(self.nodes)
        return tuple(found)[:n]

    def with_node(self, node: str, weight: float = 1.0) -> KetamaRing:
        """One more server behind the last."""
        return KetamaRing((*self.members, Member(node, weight)))

    def without_node(self, node: str) -> KetamaRing:
        """One server less."""
        not_the_last(node, self.nodes)
        return KetamaRing(tuple(member for member in self.members if member.name != node))
