"""What one request costs in a ring store as nodes grow from 3 to 100: messages, turns, latency and wall time.

Every ring is calm, and one client asks for one thing after another: half reads, half writes. What a ring does anyway
(probing, comparing replicas) is measured in the same virtual time without requests, and taken off.

Run alone: python tests/bench/ring_requests.py [--requests 1000] [--no-plot]
"""

from __future__ import annotations

import argparse
from functools import partial
from statistics import mean
from time import process_time
from typing import NamedTuple

from algorithms.machine import Ok
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import Found, Read, Write
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings
from nodes.world import World

SIZES = (3, 5, 10, 20, 50, 100)
SECOND = 1_000_000
KEYS = 100


class Cost(NamedTuple):
    """Of one request, on average; `idle` is what the ring costs anyway, in wall milliseconds a virtual second."""

    nodes: int
    messages: float
    turns: float
    latency: float
    wall: float
    idle: float


def ring(count: int) -> World:
    """So many servers and a client, after their first two seconds."""
    nodes = tuple(f"n{number}" for number in range(1, count + 1))
    world = World(1)
    for name in nodes:
        world.add_node(name, {"ring": partial(RingMachine, name, nodes, RingSettings())})
    world.add_node("c1", {"ring": partial(RingClient, "c1", nodes, RingClientSettings())})
    world.drop_notes = True
    world.start()
    world.run_until(2 * SECOND)
    return world


def asked(world: World, requests: int) -> list[int]:
    """One request after another; how long each took, virtual microseconds."""
    took = []
    for number in range(requests):
        key = f"k{number // 2 % KEYS}"
        began = world.now
        request = world.ask("c1", "ring", Read(key) if number % 2 else Write(key, number))
        while request not in world.outcomes:
            world.step()
        assert isinstance(world.outcomes.pop(request), Ok | Found), f"request {number} came to nothing"
        took.append(world.now - began)
    return took


def cost(count: int, requests: int) -> Cost:
    """The same virtual time twice: with requests, and idle."""
    busy, idle = ring(count), ring(count)
    messages, turns, began, now = busy.messages, busy.turns, process_time(), busy.now
    took = asked(busy, requests)
    wall, passed = process_time() - began, busy.now - now
    idle_messages, idle_turns, began = idle.messages, idle.turns, process_time()
    idle.run_until(now + passed)
    idle_wall = process_time() - began
    return Cost(
        count,
        (busy.messages - messages - idle.messages + idle_messages) / requests,
        (busy.turns - turns - idle.turns + idle_turns) / requests,
        mean(took) / 1_000,
        (wall - idle_wall) * SECOND / requests,
        idle_wall * 1_000 / (passed / SECOND),
    )


def draw(costs: list[Cost]) -> None:
    """Bars: what a request costs beside what the ring costs anyway, each on a scale of its own."""
    for title, field in (("wall us a request", "wall"), ("wall ms a virtual second, idle", "idle")):
        most = max(getattr(each, field) for each in costs)
        print(f"\n  {title}")
        for each in costs:
            value = getattr(each, field)
            print(f"  {each.nodes:5} nodes {'█' * max(1, round(48 * value / most)):48} {value:8.1f}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--requests", type=int, default=1_000)
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="nodes of each ring")
    options.add_argument("--no-plot", action="store_true")
    chosen = options.parse_args()
    print("A request in a ring store (N = 3, R = W = 2), half reads, half writes")
    print("  nodes   messages   turns   latency   wall time   idle: wall ms a virtual second")
    costs = []
    for count in chosen.sizes:
        each = cost(count, chosen.requests)
        costs.append(each)
        print(
            f"  {count:5}   {each.messages:8.1f}   {each.turns:5.1f}   {each.latency:4.1f} ms   "
            f"{each.wall:6.0f} us   {each.idle:8.1f}",
            flush=True,
        )
    if not chosen.no_plot:
        draw(costs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
