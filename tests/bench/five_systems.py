"""What each system costs: virtual seconds a second, turns and messages a virtual second, idle and under load.

Each runs alone, then all side by side on the same nodes; and on 3 to 9 nodes, to see how it grows. Under load each
system's clients ask for so many things a second, as they do on the screen.

Run alone: python tests/bench/five_systems.py [--seconds 20] [--rate 50] [--nodes 3 5 7 9] [--systems raft paxos]
"""

from __future__ import annotations

import argparse
from time import process_time
from typing import NamedTuple

import msgspec

from nodes.world import World
from playground.side_by_side import working
from playground.spec import PLAY_SPEC, Spec, build_world

SECOND = 1_000_000
SETTLED = 3
"""Virtual seconds before anything is measured: leaders are elected, topics made."""
SYSTEMS = tuple(each.name for each in PLAY_SPEC.services)


class Cost(NamedTuple):
    """Of one run; all of it a virtual second, but `speed`, which is virtual seconds a second."""

    speed: float
    turns: float
    messages: float


def cluster(systems: tuple[str, ...], nodes: int, rate: int) -> Spec:
    """These systems on so many nodes; rate 0 is idle."""
    names = tuple(f"n{number}" for number in range(1, nodes + 1))
    services = tuple(each for each in PLAY_SPEC.services if each.name in systems)
    spec = msgspec.structs.replace(PLAY_SPEC, nodes=names, services=services)
    return working(spec, rate) if rate else spec


def measured(world: World, seconds: int) -> Cost:
    """Run it."""
    world.drop_notes = True
    world.run_until(SETTLED * SECOND)
    turns, messages, began = world.turns, world.messages, process_time()
    world.run_until(world.now + seconds * SECOND)
    wall = process_time() - began
    return Cost(seconds / wall, (world.turns - turns) / seconds, (world.messages - messages) / seconds)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=20, help="virtual seconds of each run")
    options.add_argument("--rate", type=int, default=50, help="requests a second of each client of each system")
    options.add_argument("--nodes", type=int, nargs="+", default=[3, 5, 7, 9])
    options.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    chosen = options.parse_args()
    rows = [(name, (name,)) for name in chosen.systems]
    if len(rows) > 1:
        rows.append(("side by side", tuple(chosen.systems)))
    print(f"{'':13}{'nodes':>6}{'':>6}{'virtual s/s':>12}{'turns/s':>10}{'messages/s':>12}   of 3 nodes' speed")
    for name, systems in rows:
        for what, rate in (("idle", 0), ("load", chosen.rate)):
            first = 0.0
            for nodes in chosen.nodes:
                cost = measured(build_world(cluster(systems, nodes, rate), 7), chosen.seconds)
                first = first or cost.speed
                print(
                    f"{name:13}{nodes:>6}{what:>6}{cost.speed:>12,.1f}{cost.turns:>10,.0f}{cost.messages:>12,.0f}"
                    f"   {cost.speed / first:.2f}",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
