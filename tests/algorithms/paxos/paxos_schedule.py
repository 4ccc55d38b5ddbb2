"""A small world for safety tests: servers, packets, disks, and a schedule that may do anything to them.

A schedule is a string of bytes, two for each step: what happens, and to which of those it may happen to. The laws are
checked after every step.
"""

from __future__ import annotations

from collections.abc import Callable

from paxos_laws import Broken, Laws

from algorithms import kv
from algorithms.machine import (
    Append,
    CancelTimer,
    Effect,
    Event,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Trim,
)
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Configuration
from algorithms.paxos.settings import PaxosSettings
from algorithms.replicated.messages import (
    ChangeConfiguration,
    ClientCommand,
    ClientRequest,
    ClientResponse,
    TransferLeadership,
)
from nodes.disk import Image

NAMES = ("n1", "n2", "n3", "n4", "n5")
TICK = 20_000

Packet = tuple[str, str, Record]
"""Source, target, message."""


class Server:
    """One server with its disk; `waiting` holds what is written and not synced, and what waits for that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.disk = Image()
        self.waiting: list[Save | Append | Trim | Send] = []
        self.timers: list[str] = []
        self.machine: PaxosMachine | None = None
        self.durable = Saved()


class Reader:
    """What clients were told: a read knows all that was acknowledged before it was asked for."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.asked: dict[int, tuple[str, ...]] = {}

    def hear(self, answer: ClientResponse) -> None:
        if answer.status != "ok":
            return
        if answer.client_id == "c1":
            self.acknowledged.append(f"{answer.sequence},")
        elif answer.client_id == "c2":
            text = f",{answer.value or ''}"
            for word in self.asked[answer.sequence]:
                if f",{word}" not in text:
                    raise Broken(f"Linearizability: a read misses {word} that was acknowledged before")


class World:
    """Runs one schedule. `make` makes a server's machine at each boot."""

    def __init__(self, make: Callable[[str], PaxosMachine], laws: Laws) -> None:
        self.make = make
        self.laws = laws
        self.reader = Reader()
        self.servers = [Server(name) for name in NAMES]
        self.by_name = {server.name: server for server in self.servers}
        self.packets: list[Packet] = []
        self.apart: tuple[int, ...] = ()
        self.now = 0
        self.requests = 0
        for server in self.servers:
            self.boot(server)

    def run(self, schedule: bytes) -> None:
        for action, choice in zip(schedule[::2], schedule[1::2], strict=False):
            self.step(action, choice)

    def step(self, action: int, choice: int) -> None:
        """Mostly messages arrive and disks sync; everything else is rarer."""
        server = self.servers[choice % len(self.servers)]
        if action < 160:
            self.deliver(choice, keep=action % 16 == 0)
        elif action < 195:
            self.sync(server, len(server.waiting))
        elif action < 217:
            self.ring(server, choice)
        elif action < 230:
            self.request(self.a_leader(choice))
        elif action < 235:
            self.read(self.a_leader(choice))
        elif action < 243:
            self.lose(choice)
        elif action < 248:
            self.crash(server, choice)
        elif action < 251:
            self.split(choice)
        else:
            self.administer(self.a_leader(choice), choice)

    def turn(self, server: Server, event: Event) -> None:
        if server.machine is None:
            return
        for effect in server.machine.handle(event, self.now):
            self.perform(server, effect)
        self.laws.check(server.machine, {each.name: each.durable for each in self.servers})

    def perform(self, server: Server, effect: Effect) -> None:
        match effect:
            case Send(target, message, at_once):
                if server.waiting and not at_once:
                    server.waiting.append(effect)
                else:
                    self.send(server, target, message)
            case Save() | Append() | Trim():
                if isinstance(effect, Append):
                    self.laws.write(effect.records)
                server.waiting.append(effect)
            case SetTimer(name):
                server.timers = [*[each for each in server.timers if each != name], name]
            case CancelTimer(name):
                server.timers = [each for each in server.timers if each != name]
            case _:
                pass

    # ------------------------------------------------------------ what can happen

    def deliver(self, choice: int, keep: bool) -> None:
        """One message arrives, more likely an old one; `keep` leaves a copy that arrives once more."""
        near = [place for place, packet in enumerate(self.packets) if not self.is_cut(packet)]
        if near:
            place = near[choice * choice * len(near) // 65_536]
            source, target, message = self.packets[place] if keep else self.packets.pop(place)
            self.turn(self.by_name[target], Received(source, message))

    def is_cut(self, packet: Packet) -> bool:
        """Whether a split is in the way."""
        return (NAMES.index(packet[0]) in self.apart) != (NAMES.index(packet[1]) in self.apart)

    def split(self, choice: int) -> None:
        """Some servers and the others cannot reach each other any more; or, one time in four, all can."""
        self.apart = tuple(place for place in range(len(NAMES)) if choice % 4 and (choice >> 2 >> place) & 1)

    def lose(self, choice: int) -> None:
        """Messages are lost, the oldest first and more of them when there are many; but none to oneself."""
        far = [packet for packet in self.packets if packet[0] != packet[1]]
        for packet in far[: 1 + choice * len(far) // 1024]:
            self.packets.remove(packet)

    def sync(self, server: Server, count: int) -> None:
        """The first `count` of what waits is done; what was sent behind a write leaves when that is durable."""
        done, server.waiting = server.waiting[:count], server.waiting[count:]
        for effect in done:
            if not isinstance(effect, Send):
                server.disk.do("paxos", effect)
        server.durable = server.disk.saved("paxos")
        for effect in done:
            if isinstance(effect, Send):
                self.send(server, effect.target, effect.message)

    def send(self, server: Server, target: str, message: Record) -> None:
        if isinstance(message, ClientResponse):
            self.reader.hear(message)
            return
        self.laws.hear(server.name, target, message)
        if target in NAMES:
            self.packets.append((server.name, target, message))

    def ring(self, server: Server, choice: int) -> None:
        """A timer runs out, early or late, an election timer seldom; a server that is down comes back instead."""
        self.now += TICK
        if server.machine is None:
            self.boot(server)
        elif server.timers:
            timer = server.timers[choice % len(server.timers)]
            if timer not in ("election", "check_quorum") or choice % 4 == 0:
                server.timers.remove(timer)
                self.turn(server, TimerFired(timer))

    def a_leader(self, choice: int) -> Server:
        """One that believes to lead; anybody if nobody does."""
        leaders = [each for each in self.servers if each.machine and each.machine.state.role == "leader"]
        return (leaders or self.servers)[choice % (len(leaders) or len(self.servers))]

    def request(self, server: Server) -> None:
        self.requests += 1
        command = ClientCommand("c1", self.requests, 1, kv.Append("x", f"{self.requests},"))
        self.laws.requested[command] = None
        self.turn(server, Received("c1", ClientRequest(command)))

    def read(self, server: Server) -> None:
        self.requests += 1
        self.reader.asked[self.requests] = tuple(self.reader.acknowledged)
        command = ClientCommand("c2", self.requests, 1, kv.Get("x"))
        self.laws.requested[command] = None
        self.turn(server, Received("c2", ClientRequest(command)))

    def administer(self, server: Server, choice: int) -> None:
        self.requests += 1
        acceptors = tuple(name for place, name in enumerate(NAMES) if (choice >> place) & 1) or NAMES
        self.laws.wished[acceptors] = None
        change, transfer = (
            ChangeConfiguration(self.requests, acceptors),
            TransferLeadership(self.requests, acceptors[0]),
        )
        self.turn(server, Received("c3", change if choice % 3 else transfer))

    def crash(self, server: Server, choice: int) -> None:
        """A killed process loses only what it had not sent; without power, what was not synced goes too, or some."""
        server.machine, server.timers = None, []
        self.packets = [packet for packet in self.packets if packet[:2] != (server.name, server.name)]
        writes = [effect for effect in server.waiting if not isinstance(effect, Send)]
        for effect in writes[: len(writes) * (choice % 3) // 2]:
            server.disk.do("paxos", effect)
        server.waiting, server.durable = [], server.disk.saved("paxos")

    def boot(self, server: Server) -> None:
        server.machine = self.make(server.name)
        self.turn(server, Started(server.disk.saved("paxos")))


def world(acceptors: tuple[str, ...] = NAMES, **settings: object) -> World:
    """Servers that begin with these acceptors and settings."""
    made = PaxosSettings(**settings)  # type: ignore[arg-type]
    return World(lambda name: PaxosMachine(name, Configuration(acceptors), made), Laws(acceptors, made))
