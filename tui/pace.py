"""How fast the world's time goes beside a person's. The law: pure numbers and words; pace changes no history.

A message crosses a link in milliseconds, an election takes a tenth of a second of waiting for it. One speed cannot
show both, so the world hurries while nothing is under way.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from nodes.faults import Constant, Exponential, Latency, Uniform

UNLIMITED = math.inf

LADDER = (
    0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5,
    1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0, UNLIMITED,
)  # fmt: skip
"""Virtual seconds a real second."""

CROSSING = 0.7
"""Real seconds that a person needs to see a message cross."""

HURRY = 20.0
"""How many times faster time goes while no message is under way."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`speed` is virtual seconds a real second; while nothing is under way, `hurry` times that, up to real time."""

    speed: float
    hurry: float = HURRY

    def faster(self) -> Pace:
        """The next step of the ladder."""
        return replace(self, speed=LADDER[min(bisect_right(LADDER, self.speed), len(LADDER) - 1)])

    def slower(self) -> Pace:
        """The step of the ladder below."""
        return replace(self, speed=LADDER[max(bisect_left(LADDER, self.speed) - 1, 0)])

    def waiting_speed(self) -> float:
        """The speed while nothing is under way."""
        return max(self.speed, min(self.speed * self.hurry, 1.0))

    def distance(self, seconds: float, waiting: bool) -> int | None:
        """Microseconds that the world may go on in so many real seconds; None is as far as it can."""
        speed = self.waiting_speed() if waiting else self.speed
        return None if speed == UNLIMITED else max(1, round(seconds * speed * 1e6))

    def words(self) -> str:
        """For people: `0.003x: 1 s here = 3 ms there`."""
        if self.speed == UNLIMITED:
            return "as fast as it goes"
        return f"{self.short()}: 1 s here = {duration(self.speed * 1e6)} there"

    def short(self) -> str:
        """For narrow places: `0.003x`."""
        return "max" if self.speed == UNLIMITED else f"{self.speed:g}x"


def gentle(latency: Latency) -> float:
    """The step of the ladder at which a message takes about `CROSSING` real seconds over a link of this latency."""
    wanted = typical(latency) / (CROSSING * 1e6)
    return min(LADDER[:-1], key=lambda speed: abs(math.log(speed / max(wanted, LADDER[0]))))


def typical(latency: Latency) -> float:
    """The mean of a latency, microseconds."""
    match latency:
        case Constant(each):
            return each
        case Uniform(shortest, longest):
            return (shortest + longest) / 2
        case Exponential(mean, floor):
            return floor + mean


def duration(microseconds: float) -> str:
    """`3 ms`, `250 us`, `1.5 s`: three digits and the unit a person would take."""
    for unit, size in (("s", 1e6), ("ms", 1e3)):
        if microseconds >= size:
            amount = microseconds / size
            return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:,.0f} {unit}"
    return f"{microseconds:.3g} us"
