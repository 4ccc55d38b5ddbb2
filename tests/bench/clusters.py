"""What the benchmarks run: five Raft servers, with clients that keep them busy or without.

The law: a client here is the product's own, in a closed loop; it is the same machine under every driver.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from algorithms.kv import Put
from algorithms.machine import Answer, Asked, Effect, Event, Machine, Record, Started
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client import LogClient, LogClientSettings
from nodes.world import World

SERVERS = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2", "c3", "c4")
OUTSTANDING = 4
"""Requests that each client keeps under way."""
KEYS = 16

Cluster = dict[str, Callable[[], Machine]]


class BusyClient:
    """A Raft client that asks for the next put as soon as one has ended."""

    def __init__(self, name: str) -> None:
        self.client = LogClient(name, SERVERS, LogClientSettings())
        self.asked = 0

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        """As the client, and one new request for each that ended."""
        effects = list(self.client.handle(event, now))
        free = OUTSTANDING if isinstance(event, Started) else sum(isinstance(each, Answer) for each in effects)
        for _ in range(free):
            self.asked += 1
            effects += self.client.handle(Asked(self.asked, Put(f"k{self.asked % KEYS}", self.asked)), now)
        return effects

    def view(self) -> Record:
        """The client's."""
        return self.client.view()


def servers(**settings: Any) -> Cluster:
    """Five servers with these settings."""
    return {name: partial(RaftMachine, name, Configuration(SERVERS), RaftSettings(**settings)) for name in SERVERS}


def busy(**settings: Any) -> Cluster:
    """Five servers and four clients under load."""
    return {**servers(**settings), **{name: partial(BusyClient, name) for name in CLIENTS}}


def in_world(cluster: Cluster, seed: int) -> World:
    """The cluster in a world that has started."""
    world = World(seed)
    for name, factory in cluster.items():
        world.add_node(name, {"raft": factory})
    world.start()
    return world
