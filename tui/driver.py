"""Lets a live run work between the screen's frames. The law: short slices from the loop's own queue, and never more
than a share of the time, so that keys and paint always come between.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from time import perf_counter

from tui.live import LiveRun

SLICE = 0.001
"""Real seconds of one slice."""

SHARE = 0.7
"""Of each frame, the world may have so much."""

LONGEST_FRAME = 0.1
"""A terminal that was asleep for an hour does not make the world jump."""


class Driver:
    """Call `frame` at the beginning of each frame; in between it calls itself."""

    def __init__(self, run: LiveRun, loop: AbstractEventLoop) -> None:
        self.run = run
        self._loop = loop
        self._last = perf_counter()
        self._left = 0.0
        self._planned = False

    def begin(self) -> None:
        """Time begins now (again): what has passed since the last frame does not count."""
        self._last = perf_counter()

    def frame(self) -> None:
        """The next frame begins."""
        now = perf_counter()
        seconds, self._last = min(now - self._last, LONGEST_FRAME), now
        self.run.advance(seconds)
        self._left = SHARE * seconds
        self._plan()

    def _plan(self) -> None:
        if not self._planned:
            self._planned = True
            self._loop.call_soon(self._slice)

    def _slice(self) -> None:
        self._planned = False
        if self.run.closed:
            return
        began = perf_counter()
        done = self.run.work(SLICE)
        self._left -= perf_counter() - began
        if not done and self._left > 0:
            self._plan()
