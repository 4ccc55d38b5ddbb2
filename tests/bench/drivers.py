"""Other ways to drive the same machines: a bare heap, simpy, simloop.

The law: they do the least that makes the machines run (latency, timers, waiting for the disk), so that what the
world does besides is what a ratio shows. No faults, no observers, no lives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from heapq import heappop, heappush
from random import Random
from typing import Any

from algorithms.machine import (
    Append,
    CancelTimer,
    Event,
    Machine,
    Received,
    Record,
    Save,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Trim,
)

SYNC = 1_000
"""Microseconds a sync takes, as in the world."""

Cluster = Mapping[str, Callable[[], Machine]]


def usual_latency(dice: Random) -> Callable[[Record], int]:
    """What the world's links take: 1 to 3 ms."""
    return lambda message: 1_000 + int(dice.random() * 2_001)


class Driver:
    """Machines by name, on a schedule that a subclass keeps. Times are microseconds."""

    def __init__(self, seed: int, latency: Callable[[Record], int] | None = None, sync: int = SYNC) -> None:
        self.now = 0
        self.turns = 0
        self.sync = sync
        self.latency = latency or usual_latency(Random(f"{seed}:network"))
        self.timer_dice = Random(f"{seed}:timers")
        self.machines: dict[str, Machine] = {}
        self.timers: dict[tuple[str, str], int] = {}
        self.durable_at: dict[str, int] = {}
        self.timer_count = 0

    def start(self, cluster: Cluster) -> None:
        """Make every machine and give it its first turn."""
        for name, factory in cluster.items():
            self.machines[name] = factory()
            self.durable_at[name] = 0
        for name in cluster:
            self.turn(name, Started())

    def after(self, delay: int, action: Callable[..., None], *arguments: Any) -> None:
        """Call `action` with `arguments` when `delay` has passed."""
        raise NotImplementedError

    def run(self, until: int) -> None:
        """Let time go on to `until`."""
        raise NotImplementedError

    def turn(self, name: str, event: Event) -> None:
        """One event in, effects out and performed; the most frequent ones first."""
        self.turns += 1
        for effect in self.machines[name].handle(event, self.now):
            if isinstance(effect, Send):
                self.send(name, effect)
            elif isinstance(effect, SetTimer):
                self.set_timer(name, effect)
            elif isinstance(effect, CancelTimer):
                self.timers.pop((name, effect.name), None)
            elif isinstance(effect, Save | Append | Trim):
                self.durable_at[name] = self.now + self.sync

    def send(self, name: str, effect: Send) -> None:
        """Behind a write it waits until that is durable."""
        delay = 0 if effect.target == name else self.latency(effect.message)
        if not effect.at_once and self.durable_at[name] > self.now:
            delay += self.durable_at[name] - self.now
        self.after(delay, self.arrive, effect.target, name, effect.message)

    def set_timer(self, name: str, effect: SetTimer) -> None:
        """A later setting makes the earlier one stale."""
        self.timer_count = number = self.timer_count + 1
        self.timers[name, effect.name] = number
        delay = effect.shortest + int(self.timer_dice.random() * (effect.longest - effect.shortest + 1))
        self.after(delay, self.ring, name, effect.name, number)

    def ring(self, name: str, timer: str, number: int) -> None:
        """The timer runs out, unless it was set anew or cancelled since."""
        if self.timers.get((name, timer)) == number:
            del self.timers[name, timer]
            self.turn(name, TimerFired(timer))

    def arrive(self, target: str, source: str, message: Record) -> None:
        """A message that nobody takes is lost."""
        if target in self.machines:
            self.turn(target, Received(source, message))


class BareDriver(Driver):
    """A heap and nothing else."""

    def __init__(self, seed: int, latency: Callable[[Record], int] | None = None, sync: int = SYNC) -> None:
        super().__init__(seed, latency, sync)
        self.heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self.count = 0

    def after(self, delay: int, action: Callable[..., None], *arguments: Any) -> None:
        self.count += 1
        heappush(self.heap, (self.now + delay, self.count, action, arguments))

    def run(self, until: int) -> None:
        heap = self.heap
        while heap and heap[0][0] <= until:
            self.now, _, action, arguments = heappop(heap)
            action(*arguments)


class SimpyDriver(Driver):
    """simpy's events with one callback each, which is its quickest way."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        import simpy

        self.environment = simpy.Environment()

    def after(self, delay: int, action: Callable[..., None], *arguments: Any) -> None:
        self.environment.timeout(delay).callbacks.append(partial(self.call, action, arguments))

    def call(self, action: Callable[..., None], arguments: tuple[Any, ...], event: object) -> None:
        """What simpy calls back."""
        self.now = int(self.environment.now)
        action(*arguments)

    def run(self, until: int) -> None:
        self.environment.run(until=until)


class SimloopDriver(Driver):
    """simloop's asyncio loop in virtual time, with `call_at` (no task for a message, which would cost more)."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        from simloop import SimLoop

        self.loop = SimLoop(seed=seed)
        self.began = self.loop.time()

    def after(self, delay: int, action: Callable[..., None], *arguments: Any) -> None:
        at = self.now + delay
        self.loop.call_at(self.began + at / 1e6, self.call, at, action, arguments)

    def call(self, at: int, action: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        """What the loop calls; `at` is exact where its own time is a float."""
        self.now = at
        action(*arguments)

    def run(self, until: int) -> None:
        import asyncio

        self.loop.run_until_complete(asyncio.sleep(until / 1e6))
