"""Points on a circle, and who comes next. The law: a point has one owner; where two meet, the first named has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Points = tuple[str, Iterable[int]]
"""A node and where its points are."""


def continuum(nodes: Sequence[Points]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """All points ascending, and the owner of each.

    Behind the last owner comes the first again, so that a lookup need not ask whether it goes over the top.
    """
    owner_of: dict[int, str] = {}
    for node, points in reversed(nodes):
        owner_of.update(dict.fromkeys(points, node))
    bounds = tuple(sorted(owner_of))
    return bounds, (*map(owner_of.__getitem__, bounds), *(owner_of[first] for first in bounds[:1]))


def clockwise(owners: Sequence[str], start: int, size: int, distinct: int) -> Iterator[str]:
    """The distinct owners of the points from number `start` on, once around all `size`; at most `distinct` of them."""
    seen: dict[str, None] = {}
    for at in range(start, start + size):
        node = owners[at if at < size else at - size]
        if node not in seen:
            yield node
            seen[node] = None
            if len(seen) == distinct:
                return
