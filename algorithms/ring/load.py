"""How busy a replica is: requests in all, a second, and which keys are asked for most.

The law: counting costs little and remembers a bounded number of keys (Space-Saving: Metwally, Agrawal, El Abbadi,
2005), so a key that is among the hottest is never missed, though its count may be too high by what it has displaced.
"""

from __future__ import annotations

SECOND = 1_000_000
COUNTED = 64
"""Keys that are counted."""
SHOWN = 5


class Load:
    """Of one life of one replica."""

    __slots__ = ("_counts", "_last", "_second", "_this", "reads", "writes")

    def __init__(self) -> None:
        self.reads = self.writes = 0
        self._counts: dict[str, int] = {}
        self._second = 0
        """The second of our clock that is running."""
        self._this = self._last = 0
        """Requests in it, and in the one before."""

    def served(self, now: int, key: str, is_write: bool) -> None:
        """One more request for this key."""
        if is_write:
            self.writes += 1
        else:
            self.reads += 1
        self._turn(now)
        self._this += 1
        self._count(key)

    def per_second(self, now: int) -> int:
        """Requests in the last whole second."""
        second = now // SECOND
        if second == self._second:
            return self._last
        return self._this if second == self._second + 1 else 0

    def hottest(self, most: int = SHOWN) -> list[tuple[str, int]]:
        """The keys asked for most, with their requests."""
        return sorted(self._counts.items(), key=lambda pair: (-pair[1], pair[0]))[:most]

    def _turn(self, now: int) -> None:
        second = now // SECOND
        if second != self._second:
            self._last = self._this if second == self._second + 1 else 0
            self._second, self._this = second, 0

    def _count(self, key: str) -> None:
        if key in self._counts or len(self._counts) < COUNTED:
            self._counts[key] = self._counts.get(key, 0) + 1
            return
        least = min(self._counts, key=lambda each: (self._counts[each], each))
        self._counts[key] = self._counts.pop(least) + 1
