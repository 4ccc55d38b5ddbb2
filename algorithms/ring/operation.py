"""One request that a node coordinates, and the books it keeps for it.

The law: this decides nothing. An attempt has a number of its own, so that answers to an earlier one do not count.
"""

from __future__ import annotations

from algorithms.ring.messages import ReadRequest, WriteRequest
from algorithms.ring.versions import NOTHING, Versions


class Operation:
    """A read or a write under way."""

    __slots__ = (
        "answered", "asked", "asked_others", "client", "coming", "delta", "homes", "n", "number",
        "request", "responses", "stand_ins", "until", "wanted",
    )  # fmt: skip

    def __init__(self, client: str, request: ReadRequest | WriteRequest, n: int, wanted: int, until: int) -> None:
        self.client = client
        self.request = request
        self.n = n
        self.wanted = wanted
        """R or W."""
        self.until = until
        """When the coordinator gives up, by its own clock."""
        self.delta = NOTHING
        """What a write says."""
        self.answered = False
        """The client has been told how it ended; what still comes is for read repair and hints."""
        self.number = 0
        self.homes: tuple[str, ...] = ()
        self.coming: tuple[str, ...] = ()
        self.begin(0)

    def begin(self, number: int) -> None:
        """A new attempt."""
        self.number = number
        self.asked_others = False
        """Who is silent has been given up for this attempt."""
        self.asked: dict[str, None] = {}
        """Whom this attempt has sent something."""
        self.responses: dict[str, Versions] = {}
        """Who has answered it, with what it holds (of a write: nothing)."""
        self.stand_ins: dict[str, str] = {}
        """By stand-in: the home it stands for."""

    @property
    def key(self) -> str:
        """The key it is about."""
        return self.request.key

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return isinstance(self.request, WriteRequest)

    @property
    def silent(self) -> list[str]:
        """Who was asked and has not answered."""
        return [node for node in self.asked if node not in self.responses]

    @property
    def has_quorum(self) -> bool:
        """Enough of those who own the key have answered; while ranges move, also of those who will."""
        return all(self.count_in(owners) >= min(self.wanted, len(owners)) for owners in (self.homes, self.coming))

    def count_in(self, owners: tuple[str, ...]) -> int:
        """Answers that count among these: their own, and those of who stands in for one of them."""
        stood_for = {self.stand_ins[node]: None for node in self.responses if node in self.stand_ins}
        return sum(owner in self.responses or owner in stood_for for owner in owners)
