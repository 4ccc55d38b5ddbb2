"""The one interface of the ring and its rivals.

The law: a placement is a value: immutable, equal by what it was made from, and it can be pickled. A mistake is a
ValueError of one sentence.
"""

from __future__ import annotations

from typing import Protocol, Self


class Placement(Protocol):
    """Which nodes hold a key."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes. Where their order means nothing they are sorted by name."""

    def owner(self, key: str) -> str:
        """The node that a key belongs to."""

    def preference_list(self, key: str, n: int) -> tuple[str, ...]:
        """`n` distinct nodes, the owner first; a longer list begins with the shorter one (Dynamo 4.3)."""

    def with_node(self, node: str) -> Self:
        """The same with one more node; those that know weights take one as well."""

    def without_node(self, node: str) -> Self:
        """The same without this node."""
