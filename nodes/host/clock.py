"""The world's time as Trio's time.

The law: Trio asks for the time to the next deadline exactly when no task can run. There, and nowhere else, time
goes on: either the conductor gets the agenda up to a limit, or the clock steps onto Trio's own deadline. So
`trio.sleep` and timeouts of every task work in virtual time, with Trio's public API only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import trio

MICROSECONDS = 1_000_000
FOREVER = 1 << 62
ASLEEP = 3_600.0
"""Wall seconds that Trio may sleep when nothing will happen; real I/O wakes it all the same."""


class Driven(Protocol):
    """What the clock drives: the host, seen from below."""

    @property
    def now(self) -> int:
        """True time in microseconds."""

    def next_at(self) -> int:
        """When something will happen; `now` or earlier if somebody is to be woken, FOREVER if nothing will."""

    def conduct(self, limit: int) -> bool:
        """Let the conductor run up to `limit`; False if it cannot (it is not waiting for this)."""

    def stand_at(self, at: int) -> None:
        """Nothing happens before `at`: let time be `at`."""

    def nothing_left(self) -> bool:
        """Nothing will ever happen, and every task waits; False if the conductor has been told already."""


class Pace:
    """How fast virtual time may go: `speed` virtual seconds in each second of `wall` (a monotonic clock)."""

    def __init__(self, speed: float, wall: Callable[[], float]) -> None:
        assert speed > 0, "A pace of 0 is a pause: hold the horizon instead."
        self.speed = speed
        self._wall = wall
        self._from: tuple[int, float] | None = None

    def seconds_before(self, at: int, now: int) -> float:
        """How long to sleep before the instant `at` may come; `now` is where virtual time stands."""
        if self._from is None:
            self._from = now, self._wall()
        began, wall = self._from
        return (at - began) / MICROSECONDS / self.speed - (self._wall() - wall)


class SteppingClock(trio.abc.Clock):
    """A clock that stands still while any task can run.

    `horizon` (microseconds, None for unlimited) is where time stops until somebody raises it: pausing is not
    raising it, and a single step raises it to the next instant. A guest's clock never lets Trio sleep, because
    the screen that pumps it decides when to look again; `idle` tells it that the horizon is reached.
    """

    def __init__(self, horizon: int | None = None, pace: Pace | None = None, guest: bool = False) -> None:
        self.horizon = horizon
        self.pace = pace
        self.idle = False
        self._guest = guest
        self._seconds = 0.0
        self._driven: Driven | None = None

    def start_clock(self) -> None:
        """Virtual time needs no start."""

    @property
    def free(self) -> bool:
        """Nothing is attached."""
        return self._driven is None

    def attach(self, driven: Driven | None) -> None:
        """From now on this is what the clock drives; its time is the clock's time."""
        assert driven is None or self.free, "One cluster at a time can live on one clock."
        if driven is None and self._driven is not None:
            self._seconds = self.current_time()
        self._driven = driven

    def current_time(self) -> float:
        """Virtual seconds."""
        return max(self._seconds, self._driven.now / MICROSECONDS) if self._driven else self._seconds

    def deadline_to_sleep_time(self, deadline: float) -> float:
        """Let time go on; the result is how many wall seconds Trio may sleep."""
        self.idle = False
        if deadline <= self.current_time():
            return 0.0
        if self._driven is None:
            self._seconds = self._seconds if deadline == math.inf else deadline
            return self._asleep() if deadline == math.inf else 0.0
        return self._go_on(self._driven, deadline)

    def _go_on(self, driven: Driven, deadline: float) -> float:
        due = FOREVER if deadline == math.inf else math.ceil(deadline * MICROSECONDS - 1e-3)
        next_at = driven.next_at()
        horizon = FOREVER if self.horizon is None else self.horizon
        target = min(next_at, due)
        if target > horizon:
            driven.stand_at(horizon)
            return self._asleep()
        if target == FOREVER:
            return 0.0 if driven.nothing_left() else self._asleep()
        if self.pace and (wall := self.pace.seconds_before(target, driven.now)) > 0:
            return wall
        if next_at > due:
            driven.stand_at(due)
            self._seconds = deadline
            return 0.0
        limit = min(due, horizon)
        return 0.0 if driven.conduct(min(limit, target) if self.pace else limit) else self._asleep()

    def _asleep(self) -> float:
        self.idle = True
        return 0.0 if self._guest else ASLEEP
