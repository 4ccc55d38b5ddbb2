"""A node's own time. The law: it may be off and run fast or slow, but between two skews it never goes back."""

from __future__ import annotations

MILLION = 1_000_000


class Clock:
    """Local time as a function of true time, both in microseconds."""

    __slots__ = ("_local", "_true", "ppm", "wrong")

    def __init__(self) -> None:
        self._local = 0
        self._true = 0
        self.ppm = 0
        """How much it runs fast, in parts in a million."""
        self.wrong = False
        """Whether it may differ from true time at all."""

    def read(self, now: int) -> int:
        """What this clock shows at true time `now`."""
        elapsed = now - self._true
        return self._local + elapsed + elapsed * self.ppm // MILLION if self.ppm else self._local + elapsed

    def duration(self, local: int) -> int:
        """How much true time passes while this clock counts `local`."""
        return local * MILLION // (MILLION + self.ppm) if self.ppm else local

    def offset(self, now: int) -> int:
        """How far it is ahead of true time."""
        return self.read(now) - now

    def skew(self, now: int, offset: int) -> None:
        """Set it to be `offset` ahead of true time."""
        self._local, self._true, self.wrong = now + offset, now, True

    def drift(self, now: int, ppm: int) -> None:
        """Let it run fast by `ppm` from now on."""
        assert ppm > -MILLION, f"A clock with a drift of {ppm} ppm would stand still or run back."
        self._local, self._true, self.ppm, self.wrong = self.read(now), now, ppm, True
