"""Which share of all keys moves when the number of nodes changes: a question that lessons ask, without any cluster.

The law: the answer is a function of the question; the keys are always the same ten thousand.
"""

from __future__ import annotations

from functools import lru_cache

from algorithms.placement.jump import Jump
from algorithms.placement.members import Member
from algorithms.placement.modulo import Modulo
from algorithms.placement.rendezvous import Rendezvous
from algorithms.placement.ring import HashRing
from algorithms.placement.strategy import Placement
from playground.errors import BadInput, nearest

KEYS = 10_000
MOST_NODES = 100
PLACEMENTS = ("modulo", "ring", "rendezvous", "jump")


def moved(placement: str, before: str, after: str) -> float:
    """Of a hundred keys, so many have another owner on `after` nodes than on `before`. Raises BadInput."""
    if placement not in PLACEMENTS:
        raise BadInput(
            f'there is no placement "{placement}"{nearest(placement, PLACEMENTS)}; there are modulo, ring, '
            "rendezvous and jump"
        )
    return _moved(placement, _count(before), _count(after))


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_NODES:
        raise BadInput(f"{text} is no number of nodes; it goes from 1 to {MOST_NODES}")
    return int(text)


@lru_cache(maxsize=64)
def _moved(placement: str, before: int, after: int) -> float:
    old, new = _of(placement, before), _of(placement, after)
    keys = [f"k{number}" for number in range(KEYS)]
    return round(100 * sum(old.owner(key) != new.owner(key) for key in keys) / KEYS, 1)


def _of(placement: str, count: int) -> Placement:
    names = tuple(f"n{number}" for number in range(1, count + 1))
    match placement:
        case "modulo":
            return Modulo(names)
        case "jump":
            return Jump(names)
        case "rendezvous":
            return Rendezvous(tuple(Member(name) for name in names))
        case _:
            return HashRing(tuple(Member(name) for name in names))
