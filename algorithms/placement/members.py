"""Who can hold keys. The law: names are distinct, weights are above zero, and there is always at least one.

Every mistake is a ValueError of one sentence.
"""

from __future__ import annotations

from collections.abc import Iterable

from algorithms.machine import Record

LEAST_WEIGHT, MOST_WEIGHT = 1e-9, 1e9
"""Beyond these, sums of weights lose what they sum."""


class Member(Record, frozen=True):
    """One node. Weight 2 takes twice the keys of weight 1; a zone is whatever fails together, such as a rack."""

    name: str
    weight: float = 1.0
    zone: str = ""


def sound(members: Iterable[Member]) -> tuple[Member, ...]:
    """The members, if they can be placed on."""
    found = tuple(members)
    distinct_names(member.name for member in found)
    for member in found:
        if not LEAST_WEIGHT <= member.weight <= MOST_WEIGHT:
            bounds = f"above 0, from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}"
            raise ValueError(f'the weight of "{member.name}" is {member.weight:g}; it must be {bounds}')
    return found


def distinct_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names, if there are any and none comes twice."""
    found = tuple(names)
    if not found:
        raise ValueError("there must be at least one node")
    if len(set(found)) < len(found):
        twice = next(name for i, name in enumerate(found) if name in found[:i])
        raise ValueError(f'the node "{twice}" is there twice')
    return found


def known(node: str, names: tuple[str, ...]) -> str:
    """The node, if it is one of the names."""
    if node not in names:
        raise ValueError(f'there is no node "{node}"; there are {some(names)}')
    return node


def not_the_last(node: str, names: tuple[str, ...]) -> str:
    """The node, if it is one of the names and not the only one."""
    if len(names) == 1 and node in names:
        raise ValueError(f'"{node}" is the last node; it cannot be removed')
    return known(node, names)


def enough(n: int, names: tuple[str, ...]) -> int:
    """`n`, if there are as many nodes."""
    if n < 1:
        raise ValueError(f"a preference list has at least 1 node, not {n}")
    if n > len(names):
        raise ValueError(f"{n} distinct nodes are wanted, but there are only {len(names)}")
    return n


def some(names: tuple[str, ...], most: int = 10) -> str:
    """The first few names, for a sentence."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
