"""What a leader believes of one other server (Figure 2's nextIndex and matchIndex, dissertation 10.2.1's pipeline).

The law: `match_index` is knowledge and moves only forward; `next_index` is a guess, and any refusal may correct it.
"""

from __future__ import annotations

from collections import deque

from algorithms.raft.messages import Snapshot


class Transmission:
    """A snapshot on its way: `offset` is the first byte of the chunk that is not acknowledged yet."""

    __slots__ = ("data", "offset", "snapshot")

    def __init__(self, snapshot: Snapshot, data: str) -> None:
        self.snapshot = snapshot
        self.data = data
        self.offset = 0


class Progress:
    """While `probing`, one message at a time asks where the logs agree; after that they follow without waiting."""

    __slots__ = ("active", "in_flight", "match_index", "next_index", "probing", "round", "transmission")

    def __init__(self, next_index: int) -> None:
        self.next_index = next_index
        self.match_index = 0
        self.probing = True
        self.in_flight: deque[int] = deque()
        """The last index of each AppendEntries with entries that is unanswered."""
        self.round = 0
        """The latest heartbeat round it has answered."""
        self.active = False
        """Whether it was heard of since the last check for a quorum."""
        self.transmission: Transmission | None = None

    def has_room(self, most: int) -> bool:
        """Whether another AppendEntries with entries may go out."""
        return len(self.in_flight) < (1 if self.probing else most)

    def sent(self, last: int) -> None:
        """Entries up to `last` are on their way. While probing it is too early to count on them."""
        self.in_flight.append(last)
        if not self.probing:
            self.next_index = last + 1

    def accepted(self, match_index: int) -> None:
        """Its log agrees up to `match_index`. Everything sent up to there has arrived, answered or not."""
        self.match_index = max(self.match_index, match_index)
        if self.probing:
            self.probing = False
            self.in_flight.clear()
            self.next_index = match_index + 1
        while self.in_flight and self.in_flight[0] <= match_index:
            self.in_flight.popleft()
        self.next_index = max(self.next_index, match_index + 1)

    def refused(self, next_index: int) -> None:
        """Its log does not agree there; ask again further back."""
        self.probing = True
        self.in_flight.clear()
        self.next_index = max(1, next_index)
