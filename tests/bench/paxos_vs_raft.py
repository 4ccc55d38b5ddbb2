"""Raft and Multi-Paxos, the same store and clients: what a committed command costs on each.

Four clients keep four commands each under way on five calm servers. Messages and bytes are those between different
nodes; what the servers say anyway (heartbeats) is measured without clients in the same virtual time, and told apart.

Run alone: python tests/bench/paxos_vs_raft.py [--seconds 20]
"""

from __future__ import annotations

import argparse
from functools import partial
from time import process_time
from typing import NamedTuple

import msgspec
from clusters import CLIENTS, SERVERS, BusyClient, Cluster, in_world, servers

from algorithms.machine import Answer, Ok, Send
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Configuration
from algorithms.paxos.settings import PaxosSettings
from nodes.observation import Observation, Turn

SECOND = 1_000_000
SEED = 7


class Counted:
    """What goes over the links, and how many commands end well."""

    def __init__(self) -> None:
        self.messages = self.bytes = self.turns = self.commands = 0
        self._encoder = msgspec.msgpack.Encoder()

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if not isinstance(observation, Turn):
            return
        self.turns += 1
        for effect in observation.effects:
            if isinstance(effect, Send) and effect.target != observation.node:
                self.messages += 1
                self.bytes += len(self._encoder.encode(effect.message))
            elif isinstance(effect, Answer) and isinstance(effect.result, Ok):
                self.commands += 1


class Cost(NamedTuple):
    """Of a run, its first virtual second left out. `wall` in seconds of a run that nobody observes."""

    messages: int
    bytes: int
    turns: int
    commands: int
    wall: float


def paxos_servers() -> Cluster:
    """Five Multi-Paxos servers."""
    configuration = Configuration(SERVERS)
    return {name: partial(PaxosMachine, name, configuration, PaxosSettings()) for name in SERVERS}


def busy(cluster: Cluster) -> Cluster:
    """With clients."""
    return {**cluster, **{name: partial(BusyClient, name) for name in CLIENTS}}


def measured(cluster: Cluster, seconds: int) -> Cost:
    """Run it twice: once for the counts, once for the time."""
    counted = Counted()
    world = in_world(cluster, SEED)
    world.run_until(SECOND)
    world.add_observer(counted.observe)
    world.run_until((1 + seconds) * SECOND)
    again = in_world(cluster, SEED)
    again.run_until(SECOND)
    began = process_time()
    again.run_until((1 + seconds) * SECOND)
    return Cost(counted.messages, counted.bytes, counted.turns, counted.commands, process_time() - began)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=20, help="virtual seconds of each run")
    chosen = options.parse_args()
    print("per committed command, five servers, four clients with four commands under way each")
    print(f"{'':7}{'commands/s':>11}{'messages':>10}{'bytes':>8}{'turns':>7}{'wall us':>9}   idle: messages/s, turns/s")
    for name, cluster in (("raft", servers()), ("paxos", paxos_servers())):
        idle, load = measured(cluster, chosen.seconds), measured(busy(cluster), chosen.seconds)
        each = load.commands
        print(
            f"{name:7}{each / chosen.seconds:>11,.0f}{load.messages / each:>10.2f}{load.bytes / each:>8,.0f}"
            f"{load.turns / each:>7.2f}{1e6 * load.wall / each:>9.0f}"
            f"   {idle.messages / chosen.seconds:,.0f}, {idle.turns / chosen.seconds:,.0f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
