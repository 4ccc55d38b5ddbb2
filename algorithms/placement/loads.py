"""Bounded loads (Mirrokni, Thorup and Zadimoghaddam 2016, "Consistent Hashing with Bounded Loads").

The law: no node takes more than ceil(c * its fair share); what does not fit goes on clockwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from algorithms.placement.members import Member

Room = dict[str, int]
"""How many more keys each node may take."""


def room_for(keys: int, members: tuple[Member, ...], bound: float) -> Room:
    """The empty nodes' room when there are `keys` keys in all. `bound` is the paper's c = 1 + epsilon.

    Numbers count as they are written: 1.1 is 11/10, so that 1.1 * 10 is 11 and not a little more.
    """
    weights = {member.name: Fraction(repr(float(member.weight))) for member in members}
    share = Fraction(repr(float(bound))) * keys / sum(weights.values())
    return {name: ceil(share * weight) for name, weight in weights.items()}


def take(nodes: Iterable[str], room: Room) -> str:
    """The first of the nodes that has room for one more; it has less from now on."""
    node = next((node for node in nodes if room[node] > 0), "")
    assert node, "all nodes together have room for more than all keys"
    room[node] -= 1
    return node
