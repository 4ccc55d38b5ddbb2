"""A node joins a ring of 1,000 nodes that hold 1,000,000 keys: wall seconds, memory, and what moved.

The keys stand on the disks before the first boot, each on the three nodes of its preference list. Then one more node
joins while the others probe each other and compare their replicas; the run ends when the new ring owns everything and
nobody holds a key that is not its own.

Run alone: python tests/bench/ring_join.py [--nodes 1000] [--keys 1000000]
"""

from __future__ import annotations

import argparse
import gc
import resource
import sys
from functools import partial
from time import perf_counter

from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.commands import AddNode
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import first_ring, placement
from algorithms.ring.versions import Dot, Interval, VectorClock, Version, Versions
from nodes.world import World

SECOND = 1_000_000
WANTED_SECONDS = 60.0
WANTED_BYTES = 2 * 1024**3
SETTINGS = RingSettings()
VALUE = "v" * 100


def names(count: int) -> tuple[str, ...]:
    """`n0001` and so on."""
    return tuple(f"n{number:04d}" for number in range(1, count + 1))


def held(number: int) -> Versions:
    """What a replica holds of one key."""
    return Versions(VectorClock((Interval("c", number, number),)), (Version(Dot("c", number), VALUE, 0),))


def filled(nodes: tuple[str, ...], keys: int) -> World:
    """The world, not yet booted, with its disks full."""
    world = World(1)
    for name in nodes:
        world.add_node(name, {"ring": partial(RingMachine, name, nodes, SETTINGS)})
    world.add_node("c1", {"ring": partial(RingClient, "c1", nodes, RingClientSettings())})
    ring = placement(first_ring(nodes, SETTINGS).members, SETTINGS)
    cells = {name: world.node(name).disk.durable.cells for name in nodes}
    for number in range(keys):
        key, versions = f"k{number}", held(number)
        cell = ("ring", f"key/{key}")
        for name in ring.preference_list_at(ring.range_of(ring.position(key)), SETTINGS.n):
            cells[name][cell] = versions
    return world


def machines(world: World) -> list[RingMachine]:
    """Every server that is up."""
    found = (world.machine(name, "ring") for name in world.names)
    return [machine for machine in found if isinstance(machine, RingMachine)]


def settled(world: World, newcomer: str) -> bool:
    """Everybody knows the new ring, and nobody holds what is another's."""
    states = [machine.state for machine in machines(world)]
    if any(newcomer not in state.ring.names or state.ring.coming for state in states):
        return False
    owners = dict.fromkeys(name for state in states if state.name == newcomer for name in state.storage.keys)
    return all(
        newcomer in state.homes(key) and state.name in state.homes(key)
        for state in states
        for key in owners
        if state.storage.get(key).siblings
    )


def join(world: World, nodes: tuple[str, ...], limit: int) -> int:
    """Let one more node join; the virtual time that takes, microseconds."""
    newcomer = f"n{len(nodes) + 1:04d}"
    began = world.now
    world.add_node(newcomer, {"ring": partial(RingMachine, newcomer, nodes, SETTINGS)})
    world.boot(newcomer)
    world.ask("c1", "ring", AddNode(newcomer))
    while not settled(world, newcomer):
        assert world.now < began + limit, f"{newcomer} has not joined within {limit / SECOND:g} virtual seconds"
        world.run_until(world.now + SECOND // 2)
    return world.now - began


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--nodes", type=int, default=1_000)
    options.add_argument("--keys", type=int, default=1_000_000)
    chosen = options.parse_args()
    gc.freeze()
    began = perf_counter()
    nodes = names(chosen.nodes)
    world = filled(nodes, chosen.keys)
    made = perf_counter()
    world.drop_notes = True
    world.start()
    world.run_until(SECOND)
    booted = perf_counter()
    virtual = join(world, nodes, 300 * SECOND)
    done = perf_counter()
    newcomer = next(machine.state for machine in machines(world) if machine.state.name not in nodes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"One node joins {chosen.nodes:,} nodes that hold {chosen.keys:,} keys, three replicas each")
    print(f"  making the world {made - began:6.1f} s, booting and its first second {booted - made:6.1f} s")
    print(f"  the join         {done - booted:6.1f} s for {virtual / SECOND:.1f} virtual seconds")
    least = 3 * chosen.keys / (chosen.nodes + 1)
    print(f"  keys taken over  {len(newcomer.storage):6,} of {3 * chosen.keys:,} replicas (fair share {least:,.0f})")
    print(f"  turns {world.turns:,}, messages {world.messages:,}, peak memory {peak / 2**20:,.0f} MiB")
    print(f"  wanted: all of it within {WANTED_SECONDS:.0f} s and {WANTED_BYTES / 2**20:,.0f} MiB")
    return 0 if done - began <= WANTED_SECONDS and peak <= WANTED_BYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
