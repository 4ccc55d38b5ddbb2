"""Virtual seconds a second of five idle Raft servers with a heartbeat every 50 ms.

Seconds are the processor's, which are wall seconds on a machine that does nothing else.

Run alone: python tests/bench/idle.py [--seconds 2000] [--rounds 3]
"""

from __future__ import annotations

import argparse
from time import process_time

import trio
from clusters import in_world, servers
from drivers import BareDriver

from nodes.host import SteppingClock, open_host

SEED = 7
SECOND = 1_000_000
WANTED = 2_000


def world(seconds: int) -> float:
    """The sans-IO world alone."""
    it = in_world(servers(heartbeat_interval=50_000), SEED)
    began = process_time()
    it.run_until(seconds * SECOND)
    return seconds / (process_time() - began)


def hosted(seconds: int) -> float:
    """The world on its Trio host, at unlimited speed."""
    it = in_world(servers(heartbeat_interval=50_000), SEED)

    async def run() -> None:
        async with open_host(it, patience=2 * seconds * SECOND) as host:
            await host.sleep(seconds * SECOND)

    began = process_time()
    trio.run(run, clock=SteppingClock())
    return seconds / (process_time() - began)


def bare(seconds: int) -> float:
    """A bare heap."""
    driver = BareDriver(SEED)
    driver.start(servers(heartbeat_interval=50_000))
    began = process_time()
    driver.run(seconds * SECOND)
    return seconds / (process_time() - began)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=2_000, help="virtual seconds of each run")
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    best = {"a bare heap": 0.0, "the world": 0.0, "the world on its Trio host": 0.0}
    for _ in range(chosen.rounds):
        for name, run in zip(best, (bare, world, hosted), strict=True):
            best[name] = max(best[name], run(chosen.seconds))
    print("Five idle Raft servers, heartbeats every 50 ms: virtual seconds a second; a bare heap is 1")
    for name, speed in best.items():
        print(f"  {name:32} {speed / best['a bare heap']:5.2f}  {speed:9,.0f} s/s")
    print(f"  wanted of the world on its host: {WANTED:,} s/s")
    return 0 if best["the world on its Trio host"] >= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
