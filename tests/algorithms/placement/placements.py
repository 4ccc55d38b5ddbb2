"""All strategies, small enough to be built often."""

from __future__ import annotations

from collections.abc import Callable

from algorithms.placement.jump import Jump
from algorithms.placement.ketama import KetamaRing
from algorithms.placement.maglev import Maglev
from algorithms.placement.members import Member
from algorithms.placement.modulo import Modulo
from algorithms.placement.rendezvous import Rendezvous
from algorithms.placement.ring import HashRing
from algorithms.placement.strategy import Placement

Make = Callable[[tuple[str, ...]], Placement]


def members(nodes: tuple[str, ...]) -> tuple[Member, ...]:
    """Each with weight 1."""
    return tuple(map(Member, nodes))


EVERY: dict[str, Make] = {
    "modulo": Modulo,
    "ring": lambda nodes: HashRing(members(nodes), 16),
    "ketama": lambda nodes: KetamaRing(members(nodes)),
    "rendezvous": lambda nodes: Rendezvous(members(nodes)),
    "jump": Jump,
    "maglev": lambda nodes: Maglev(nodes, 251),
}
"""Every strategy, made from names."""

MONOTONE = ("ring", "ketama", "rendezvous", "jump")
"""Those whose keys never move between nodes that stay. Ketama as long as weights are equal and shares exact."""

KEYS = tuple(f"key-{number}" for number in range(2_000))


def names(count: int) -> tuple[str, ...]:
    """n1, n2 and so on."""
    return tuple(f"n{number}" for number in range(1, count + 1))
