"""What a rebalance costs as partitions grow: a third member joins a group of two, with 10, 100 and 1,000 partitions.

Run alone: python tests/bench/broker_rebalance.py [--partitions 10 100 1000]
"""

from __future__ import annotations

import argparse
from time import process_time
from typing import NamedTuple

from broker_idle import SECOND, ask, cluster

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.commands import Consume, CreateTopic
from nodes.world import World
from playground.kinds.broker_standing import group_and_coordinator

STRATEGIES = ("range", "round_robin", "sticky", "cooperative_sticky")


class Cost(NamedTuple):
    """Of one rebalance; virtual time until everybody has its partitions, wall time, messages."""

    virtual: int
    wall: float
    messages: int


def rebalance(partitions: int, strategy: str) -> Cost:
    """From the third member's wish to a stable group."""
    settings = BrokerClientSettings(partition_assignment_strategy=strategy)  # type: ignore[arg-type]
    world = cluster(3, 4, client_settings=settings)
    ask(world, "c4", CreateTopic("orders", partitions, 1))
    world.run_until(world.now + SECOND)
    for client in ("c1", "c2"):
        ask(world, client, Consume(("orders",), "g"))
    world.run_until(world.now + 3 * SECOND)
    at, messages, began = world.now, world.messages, process_time()
    world.ask("c3", "broker", Consume(("orders",), "g"))
    while not _is_even(world, partitions):
        assert world.step(), "the group never becomes stable"
    return Cost(world.now - at, process_time() - began, world.messages - messages)


def _is_even(world: World, partitions: int) -> bool:
    found = group_and_coordinator(world, "broker", "g")
    if found is None or found[0].state != "Stable" or len(found[0].members) != 3:
        return False
    owned = [len(each.assignment) for each in found[0].members.values()]
    return sum(owned) == partitions and max(owned) - min(owned) <= 1


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--partitions", type=int, nargs="+", default=[10, 100, 1_000])
    chosen = arguments.parse_args()
    print(
        f"{'assignor':20}{'partitions':>11}{'virtual ms':>12}{'wall ms':>10}{'messages':>10}{'wall us/partition':>19}"
    )
    for strategy in STRATEGIES:
        for count in chosen.partitions:
            cost = rebalance(count, strategy)
            figures = f"{cost.virtual / 1e3:12.0f}{cost.wall * 1e3:10.1f}{cost.messages:10}"
            print(f"{strategy:20}{count:11,}{figures}{cost.wall * 1e6 / count:19.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
