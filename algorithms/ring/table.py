"""The table of the ring: who is a member, and in which epoch.

The law: a table never changes; the next one has the next epoch. While ranges move it holds two rings: `members` own
and are read, `coming` will own and are written as well. Ownership changes hands in one step, with the epoch that makes
`coming` the `members`.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.machine import Record
from algorithms.placement.hashing import hash_named
from algorithms.placement.ring import HashRing, Member, ring_of
from algorithms.ring.settings import RingSettings


class Ring(Record, frozen=True):
    """One epoch. `coming` is empty while nothing moves; `proposer` is who thought of it."""

    epoch: int
    members: tuple[Member, ...]
    coming: tuple[Member, ...] = ()
    proposer: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Who owns ranges."""
        return tuple(member.name for member in self.members)

    @property
    def everyone(self) -> tuple[str, ...]:
        """Who owns ranges or will."""
        return tuple(dict.fromkeys(member.name for member in (*self.members, *self.coming)))

    @property
    def goal(self) -> tuple[Member, ...]:
        """The members once everything that moves has moved."""
        return self.coming or self.members


class Span(Record, frozen=True):
    """The positions in (first, last] of the ring; if `first` >= `last` it goes over the top."""

    first: int
    last: int

    def has(self, position: int) -> bool:
        """Whether the position lies in it."""
        if self.first < self.last:
            return self.first < position <= self.last
        return position > self.first or position <= self.last


def placement(members: tuple[Member, ...], settings: RingSettings) -> HashRing:
    """The hash ring of these members; one value for all who ask."""
    return ring_of(members, settings.virtual_nodes, settings.hash)


def position_of(settings: RingSettings) -> Callable[[str], int]:
    """Where keys lie, whoever the members are."""
    return hash_named(settings.hash).of


def first_ring(names: tuple[str, ...], settings: RingSettings) -> Ring:
    """Epoch 1: the nodes that the cluster begins with."""
    return Ring(1, tuple(Member(name, 1.0, zone_of(name, settings)) for name in sorted(names)))


def zone_of(name: str, settings: RingSettings) -> str:
    """The zone that the settings give this node."""
    pairs = (each.partition("=") for each in settings.zones)
    return next((zone for node, _, zone in pairs if node == name), "")


def span_of(ring: HashRing, number: int) -> Span:
    """The range of this number as positions. A ring of one token has one range, all of it."""
    return Span(ring.bounds[number - 1], ring.bounds[number])
