"""An idle broker cluster at full speed: 200 partitions of 3 replicas on 10 brokers. Wanted: 20 virtual s a second.

What it does when nobody produces: each broker fetches from nine others (long polls of half a second), heartbeats, and
the metadata quorum's own heartbeats.

Run alone: python tests/bench/broker_idle.py [--partitions 200] [--brokers 10] [--seconds 20]
"""

from __future__ import annotations

import argparse
from functools import partial
from time import process_time

from algorithms.broker.client.machine import BrokerClient
from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import BrokerCommand, CreateTopic
from algorithms.broker.machine import BrokerMachine
from algorithms.broker.settings import BrokerSettings
from nodes.world import World

SECOND = 1_000_000
WANTED = 20


def cluster(
    count: int,
    clients: int = 1,
    settings: BrokerSettings | None = None,
    client_settings: BrokerClientSettings | None = None,
) -> World:
    """So many brokers and clients, after their first two seconds."""
    nodes = tuple(f"n{number}" for number in range(1, count + 1))
    world = World(1)
    for name in nodes:
        world.add_node(name, {"broker": partial(BrokerMachine, name, nodes, settings or BrokerSettings())})
    for number in range(1, clients + 1):
        client = partial(BrokerClient, f"c{number}", nodes, client_settings or BrokerClientSettings())
        world.add_node(f"c{number}", {"broker": client})
    world.drop_notes = True
    world.start()
    world.run_until(2 * SECOND)
    return world


def ask(world: World, client: str, command: BrokerCommand) -> object:
    """Ask, and wait for the answer."""
    request = world.ask(client, "broker", command)
    while request not in world.outcomes:
        assert world.step(), f"{command} is never answered"
    return world.outcomes.pop(request)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--partitions", type=int, default=200)
    arguments.add_argument("--brokers", type=int, default=10)
    arguments.add_argument("--seconds", type=int, default=20)
    chosen = arguments.parse_args()
    world = cluster(chosen.brokers)
    print(f"creating {chosen.partitions} partitions: {ask(world, 'c1', CreateTopic('orders', chosen.partitions, 3))}")
    world.run_until(world.now + 2 * SECOND)
    turns, began = world.turns, process_time()
    world.run_until(world.now + chosen.seconds * SECOND)
    wall = process_time() - began
    speed = chosen.seconds / wall
    print(
        f"{chosen.brokers} brokers, {chosen.partitions} partitions, idle: {speed:.0f} virtual seconds a second, "
        f"{(world.turns - turns) / chosen.seconds:.0f} turns a virtual second, "
        f"{1e6 * wall / (world.turns - turns):.0f} us a turn; wanted {WANTED}"
    )
    return 0 if speed >= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
