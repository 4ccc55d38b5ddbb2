"""A small world for safety tests: servers, packets, disks, and a schedule that may do anything to them.

A schedule is a string of bytes, two for each step: what happens, and to which of those it may happen to. That one value
is chosen, and only one that was proposed, is checked after every step, from outside.
"""

from __future__ import annotations

from collections.abc import Callable

from algorithms.machine import CancelTimer, Cell, Effect, Event, Received, Record, Save, Saved, Send, SetTimer, Started
from algorithms.machine import TimerFired as Rang
from algorithms.paxos.ballot import Ballot
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.messages import Accepted, ProposeRequest

VALUES = ("red", "green", "blue", "black")

Make = Callable[[str], SynodMachine]


class Broken(AssertionError):
    """Two values were chosen, or one that nobody has proposed."""


class Server:
    """One server with its disk; `waiting` holds what is written and not synced, and what waits for that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.disk: dict[str, Record] = {}
        self.waiting: list[Save | Send] = []
        self.timers: list[str] = []
        self.machine: SynodMachine | None = None


class World:
    """Runs one schedule. `make` makes a server's machine at each boot."""

    def __init__(self, names: tuple[str, ...], make: Make) -> None:
        self.make = make
        self.servers = {name: Server(name) for name in names}
        self.packets: list[tuple[str, str, Record]] = []
        self.accepted: dict[tuple[Ballot, str], dict[str, None]] = {}
        self.chosen: str | None = None
        self.requests = 0
        for server in self.servers.values():
            self.boot(server)

    def run(self, schedule: bytes) -> None:
        for action, choice in zip(schedule[::2], schedule[1::2], strict=False):
            self.step(action, choice)

    def step(self, action: int, choice: int) -> None:
        """Mostly messages arrive and disks sync; everything else is rarer."""
        server = list(self.servers.values())[choice % len(self.servers)]
        if action < 170:
            self.deliver(choice, keep=action % 16 == 0)
        elif action < 200:
            self.sync(server)
        elif action < 225:
            self.ring(server, choice)
        elif action < 240:
            self.propose(server, choice)
        elif action < 250:
            self.lose(choice)
        else:
            self.crash(server, power_loss=choice % 2 == 0)

    # ------------------------------------------------------------ what can happen

    def deliver(self, choice: int, keep: bool) -> None:
        """Any packet, so that they overtake each other; one that is kept comes again."""
        if self.packets:
            place = choice % len(self.packets)
            source, target, message = self.packets[place] if keep else self.packets.pop(place)
            if target in self.servers:
                self.turn(self.servers[target], Received(source, message))

    def lose(self, choice: int) -> None:
        if self.packets:
            self.packets.pop(choice % len(self.packets))

    def ring(self, server: Server, choice: int) -> None:
        if server.timers:
            self.turn(server, Rang(server.timers.pop(choice % len(server.timers))))

    def propose(self, server: Server, choice: int) -> None:
        self.requests += 1
        self.turn(server, Received("c1", ProposeRequest("c1.1", self.requests, VALUES[choice % len(VALUES)])))

    def sync(self, server: Server) -> None:
        waiting, server.waiting = server.waiting, []
        for each in waiting:
            if isinstance(each, Save):
                server.disk[each.cell] = each.value
            else:
                self.send(server.name, each)

    def crash(self, server: Server, power_loss: bool) -> None:
        """What waited for the disk is never sent; what was written is there still, unless the power fails."""
        for each in () if power_loss else server.waiting:
            if isinstance(each, Save):
                server.disk[each.cell] = each.value
        server.waiting, server.timers = [], []
        self.boot(server)

    def boot(self, server: Server) -> None:
        server.machine = self.make(server.name)
        cells = tuple(Cell(name, value) for name, value in sorted(server.disk.items()))
        self.turn(server, Started(Saved(cells)))

    # ------------------------------------------------------------ turns

    def turn(self, server: Server, event: Event) -> None:
        assert server.machine is not None
        for effect in server.machine.handle(event, 0):
            self.perform(server, effect)
        learned = server.machine.learning.learner.chosen
        if learned is not None:
            self.is_chosen(learned, f"{server.name} has learned")

    def perform(self, server: Server, effect: Effect) -> None:
        match effect:
            case Save():
                server.waiting.append(effect)
            case Send() if server.waiting:
                server.waiting.append(effect)
            case Send():
                self.send(server.name, effect)
            case SetTimer(name):
                server.timers = [*(each for each in server.timers if each != name), name]
            case CancelTimer(name):
                server.timers = [each for each in server.timers if each != name]

    def send(self, source: str, effect: Send) -> None:
        """It leaves: from now on an acceptance is a fact."""
        self.packets.append((source, effect.target, effect.message))
        if isinstance(effect.message, Accepted):
            who = self.accepted.setdefault((effect.message.ballot, effect.message.value), {})
            who[source] = None
            machine = self.servers[source].machine
            assert machine is not None
            if len(who) >= machine.quorums.phase_2:
                self.is_chosen(effect.message.value, f"{', '.join(who)} have accepted in {effect.message.ballot}")

    def is_chosen(self, value: str, why: str) -> None:
        self.chosen = self.chosen or value
        if value != self.chosen:
            raise Broken(f"{why} {value}, and {self.chosen} was chosen")
        if value not in VALUES:
            raise Broken(f"{why} {value}, and nobody has proposed it")
