"""Servers and clients in the world of nodes, under faults that the seed chooses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random

from algorithms import kv
from algorithms.machine import Answer, Asked, Effect, Event, Ok, Record, SetTimer, Started, TimerFired, Unknown
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Configuration
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.state import State
from algorithms.replicated.client import LogClient, LogClientSettings
from nodes import faults
from nodes.world import World

SERVERS = ("n1", "n2", "n3", "n4", "n5")
CLIENTS = ("c1", "c2", "c3")
SECOND = 1_000_000
PAUSE = 20_000
"""Between two requests of a client."""


class Writer:
    """The client of any replicated log, asking now and then to append a word of its own to x, or to read it."""

    def __init__(self, name: str) -> None:
        self.client = LogClient(name, SERVERS, LogClientSettings())
        self.name = name
        self.asked = 0
        self.sure: list[str] = []
        self.perhaps: list[str] = []
        self.last_ok = 0

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        if isinstance(event, TimerFired) and event.name == "ask":
            effects = self._ask(now)
        else:
            effects = list(self.client.handle(event, now))
        if isinstance(event, Started | TimerFired) and (isinstance(event, Started) or event.name == "ask"):
            effects.append(SetTimer("ask", PAUSE, 2 * PAUSE))
        for effect in effects:
            if isinstance(effect, Answer):
                self._end(effect, now)
        return effects

    def word(self, number: int) -> str:
        return f"{self.name}.{number};"

    def _ask(self, now: int) -> list[Effect]:
        self.asked += 1
        command = kv.Append("x", self.word(self.asked)) if self.asked % 3 else kv.Get("x")
        return list(self.client.handle(Asked(self.asked, command), now))

    def _end(self, answer: Answer, now: int) -> None:
        if answer.request_id % 3 and isinstance(answer.result, Ok):
            self.sure.append(self.word(answer.request_id))
        if answer.request_id % 3 and isinstance(answer.result, Unknown):
            self.perhaps.append(self.word(answer.request_id))
        if isinstance(answer.result, Ok):
            self.last_ok = now

    def view(self) -> Record:
        return self.client.view()


def make(
    seed: int, acceptors: tuple[str, ...] = SERVERS, servers: tuple[str, ...] = SERVERS, **settings: object
) -> World:
    """A world that has started."""
    world, made = World(seed), PaxosSettings(**settings)  # type: ignore[arg-type]
    for name in servers:
        world.add_node(name, {"paxos": partial(PaxosMachine, name, Configuration(acceptors), made)})
    for name in CLIENTS:
        world.add_node(name, {"paxos": partial(Writer, name)})
    world.start()
    return world


def trouble(world: World, dice: Random, seconds: float) -> None:
    """Crashes, power losses, partitions and bad links; and all is well again at the end."""
    until = world.now + int(seconds * SECOND)
    while world.now < until:
        world.run_until(world.now + int((0.1 + 0.6 * dice.random()) * SECOND))
        one, other = (SERVERS[int(dice.random() * 5)] for _ in range(2))
        misfortune(world, dice.random(), one, other)
    world.inject(faults.Calm())


def misfortune(world: World, choice: float, one: str, other: str) -> None:
    up = [name for name in SERVERS if world.nodes[name].up]
    if choice < 0.25:
        if one in up and len(up) > 2:
            world.inject(faults.Kill(one) if choice < 0.15 else faults.PowerLoss(one))
    elif choice < 0.5:
        for name in SERVERS:
            if name not in up:
                world.inject(faults.Restart(name))
    elif choice < 0.65:
        here = tuple(name for name in SERVERS if name <= min(one, other))
        world.inject(faults.Partition((here, tuple(name for name in SERVERS if name not in here))))
    elif choice < 0.8:
        world.inject(faults.Heal())
    elif one != other:
        bad = (faults.Lose(one, other, 0.3), faults.Duplicate(one, other, 0.3), faults.Reorder(one, other, 0.3, 20_000))
        world.inject(bad[int(choice * 1_000) % 3])


def states(world: World) -> list[State]:
    """Of all servers that are up."""
    found = [world.machine(name, "paxos") for name in world.names]
    return [machine.state for machine in found if isinstance(machine, PaxosMachine)]


def writers(world: World) -> list[Writer]:
    found = [world.machine(name, "paxos") for name in CLIENTS]
    return [machine for machine in found if isinstance(machine, Writer)]


def text(state: State) -> str:
    """What x holds."""
    return str(state.store.apply(kv.Get("x")) or "")
