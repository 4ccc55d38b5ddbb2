"""What a server remembers of changes of members: none of it is on disk, since whoever asked asks again.

The law: a wish lives until it is so, or until its time is over.
"""

from __future__ import annotations

from algorithms.ring.messages import ChangeRequest


class Wanted:
    """A change that somebody asked for and that is not agreed yet."""

    __slots__ = ("request", "source", "until")

    def __init__(self, source: str, request: ChangeRequest, until: int) -> None:
        self.source, self.request, self.until = source, request, until


class Changing:
    """What is wanted of the next epoch, and what is known of the moves of this one."""

    __slots__ = ("held", "settle", "wanted")

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.held: dict[str, None] = {}
        """Who has said in this epoch that it holds what it gains."""
        self.settle = False
        """Everybody holds what it gains, and we shall say so when our timer runs out."""
