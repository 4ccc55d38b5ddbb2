"""A small world without time: servers, packets, disks, and a schedule that may do anything to them.

A schedule is a string of bytes, two for each step: what happens, and to which of those it may happen to. Packets come
in any order and timers run out whenever they like, so leaders duel much more often than in a world with clocks.
"""

from __future__ import annotations

from functools import partial

from zab_carrier import Carrier, Write
from zab_laws import Laws

from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.messages import Snapshot, Transaction
from algorithms.keeper.zxid import Zxid
from algorithms.machine import (
    Append,
    Asked,
    CancelTimer,
    Effect,
    Event,
    Received,
    Record,
    Save,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Torn,
    Trim,
)
from nodes.disk import Image

TICK = 2_000
SERVICE = "keeper"
PATIENT = ("zab silence", "zab limit")

Packet = tuple[str, str, Record]
"""Source, target, message."""


class Server:
    """One server with its disk; `waiting` holds what is written and not synced, and what waits for that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.disk = Image()
        self.waiting: list[Save | Append | Trim | Send] = []
        self.timers: list[str] = []
        self.carrier: Carrier | None = None

    def holds(self, zxid: Zxid) -> bool:
        """Whether a power loss now would leave it."""
        snapshot = self.disk.cells.get((SERVICE, "zab snapshot"))
        journal = self.disk.journals.get((SERVICE, "zab log"))
        records = journal.records if journal else []
        return (isinstance(snapshot, Snapshot) and snapshot.zxid >= zxid) or any(
            isinstance(each, Transaction) and each.zxid == zxid for each in records
        )


class Schedule:
    """Runs one schedule with `servers` voters and then `observers`."""

    def __init__(self, servers: int = 3, observers: int = 0, **settings: object) -> None:
        self.names = tuple(f"n{number}" for number in range(1, servers + observers + 1))
        known = {"snap_count": 6, "keep_transactions": 2, "observers": self.names[servers:], **settings}
        self.servers = [Server(name) for name in self.names]
        self.by_name = {server.name: server for server in self.servers}
        self.voters = self.servers[:servers]
        self.laws = Laws(servers // 2 + 1, lambda zxid: [each.name for each in self.voters if each.holds(zxid)])
        self.make = partial(Carrier, ensemble=self.names, settings=KeeperSettings(**known), laws=self.laws)  # type: ignore[arg-type]
        self.packets: list[Packet] = []
        self.apart = 0
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
        if action < 165:
            self.deliver(choice, keep=action % 16 == 0)
        elif action < 220:
            self.sync(server)
        elif action < 240:
            self.ring(server, choice)
        elif action < 252:
            self.request(server)
        elif action < 253:
            self.lose(choice)
        elif action < 255:
            self.crash(server, power_loss=choice % 3 != 0, kept=choice)
        else:
            self.split(choice)

    def turn(self, server: Server, event: Event) -> None:
        if server.carrier is not None:
            for effect in server.carrier.handle(event, self.now):
                self.perform(server, effect)

    def perform(self, server: Server, effect: Effect) -> None:
        match effect:
            case Send(_, _, at_once):
                if server.waiting and not at_once:
                    server.waiting.append(effect)
                else:
                    self.packets.append((server.name, effect.target, effect.message))
            case Save() | Append() | Trim():
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
            to_self = self.packets[place][0] == self.packets[place][1]
            source, target, message = self.packets[place] if keep and not to_self else self.packets.pop(place)
            self.turn(self.by_name[target], Received(source, message))

    def is_cut(self, packet: Packet) -> bool:
        """Whether a split is in the way."""
        source, target = (self.names.index(name) for name in packet[:2])
        return (self.apart >> source) & 1 != (self.apart >> target) & 1

    def split(self, choice: int) -> None:
        """Some servers and the others cannot reach each other any more; or, one time in four, all can."""
        self.apart = choice >> 2 if choice % 4 else 0

    def lose(self, choice: int) -> None:
        """Messages are lost, the oldest first and more of them when there are many; but none to oneself."""
        far = [packet for packet in self.packets if packet[0] != packet[1]]
        for packet in far[: 1 + choice * len(far) // 1024]:
            self.packets.remove(packet)

    def sync(self, server: Server) -> None:
        waiting, server.waiting = server.waiting, []
        for effect in waiting:
            if isinstance(effect, Send):
                self.packets.append((server.name, effect.target, effect.message))
            else:
                server.disk.do(SERVICE, effect)

    def ring(self, server: Server, choice: int) -> None:
        """A timer runs out, early or late, the patient ones seldom; a server that is down comes back instead."""
        self.now += TICK
        if server.carrier is None:
            self.boot(server)
        elif server.timers:
            timer = server.timers[choice // 7 % len(server.timers)]
            if timer not in PATIENT or choice % 32 == 0:
                server.timers.remove(timer)
                self.turn(server, TimerFired(timer))

    def request(self, server: Server) -> None:
        self.requests += 1
        self.turn(server, Asked(self.requests, Write(self.requests)))

    def crash(self, server: Server, power_loss: bool, kept: int) -> None:
        """A killed process loses only what it had not sent; without power, only a beginning of what was not synced
        stays, and the record behind it may be torn."""
        server.carrier, server.timers = None, []
        self.packets = [packet for packet in self.packets if packet[:2] != (server.name, server.name)]
        writes = [effect for effect in server.waiting if not isinstance(effect, Send)]
        server.waiting = []
        whole = kept % (len(writes) + 1) if power_loss else len(writes)
        for effect in writes[:whole]:
            server.disk.do(SERVICE, effect)
        torn = writes[whole] if whole < len(writes) else None
        if isinstance(torn, Append) and torn.records and kept % 2:
            server.disk.do(SERVICE, Append(torn.journal, torn.index, (Torn(),)))

    def boot(self, server: Server) -> None:
        server.carrier = self.make(server.name)
        self.turn(server, Started(server.disk.saved(SERVICE)))
