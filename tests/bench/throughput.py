"""Turns a second of five busy Raft servers: the world beside a bare heap, simpy and simloop.

Run alone: python tests/bench/throughput.py [--seconds 10] [--rounds 5]
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from importlib.util import find_spec
from time import process_time

from clusters import busy, in_world
from drivers import BareDriver, Driver, SimloopDriver, SimpyDriver

from playground.checks.raft import RaftInvariants

SEED = 7
SECOND = 1_000_000
WANTED = {"the world": 0.7, "the world, invariants watched": 0.4}
"""What the ratio to the bare heap must not fall below."""

Result = tuple[int, float]
"""Turns, and the seconds of the processor they took."""


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor (wall seconds, where nobody else runs), without the garbage of what ran before."""
    gc.collect()
    began = process_time()
    work()
    return process_time() - began


def world(until: int) -> Result:
    """No observers."""
    it = in_world(busy(), SEED)
    took = timed(lambda: it.run_until(until))
    return it.turns, took


def watched(until: int) -> Result:
    """Every invariant after every turn that can break it."""
    it = in_world(busy(), SEED)
    it.add_observer(RaftInvariants(it).observe)
    took = timed(lambda: it.run_until(until))
    return it.turns, took


def driven(kind: Callable[[int], Driver]) -> Callable[[int], Result]:
    """The same machines on another schedule."""

    def run(until: int) -> Result:
        driver = kind(SEED)
        driver.start(busy())
        took = timed(lambda: driver.run(until))
        return driver.turns, took

    return run


def contestants() -> dict[str, Callable[[int], Result]]:
    """Whoever is installed."""
    found = {"a bare heap": driven(BareDriver), "the world": world, "the world, invariants watched": watched}
    if find_spec("simpy"):
        found["simpy, by callbacks"] = driven(SimpyDriver)
    if find_spec("simloop"):
        found["simloop, by call_at"] = driven(SimloopDriver)
    return found


def measure(until: int, rounds: int) -> dict[str, float]:
    """The best turns a second of each; they take turns, so that a busy moment of the computer meets all of them."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, run in contestants().items():
            turns, took = run(until)
            best[name] = max(best.get(name, 0.0), turns / took)
    return best


def report(best: dict[str, float]) -> bool:
    """Print the ratios; False if one is under what is wanted."""
    bare = best["a bare heap"]
    good = True
    for name, turns in best.items():
        wanted = WANTED.get(name)
        good &= wanted is None or turns / bare >= wanted
        print(f"  {name:32} {turns / bare:5.2f}  {turns:9,.0f} turns/s{f'   wanted {wanted}' if wanted else ''}")
    return good


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=10, help="virtual seconds of each run")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    print(f"Five Raft servers, four clients with four requests each; a bare heap is 1 ({sys.version.split()[0]})")
    good = report(measure(chosen.seconds * SECOND, chosen.rounds))
    for name in ("simpy", "simloop"):
        if not find_spec(name):
            print(f"  {name} is not installed here{' (it needs Python 3.12)' if name == 'simloop' else ''}: left out")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
