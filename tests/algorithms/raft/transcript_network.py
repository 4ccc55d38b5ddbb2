"""A deterministic, synchronous network for transcripts: pure machines, queues, and disks that can be held.

The law: nothing happens that the script does not say. A message waits until it is delivered, a timer runs out when
the script fires it, time moves when it is advanced. A disk is durable at once unless it is held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from transcript_words import changes, message_words, write_words

from algorithms.machine import (
    Append,
    Asked,
    CancelTimer,
    Cell,
    Effect,
    Event,
    Journal,
    Machine,
    Note,
    Received,
    Record,
    Save,
    Saved,
    Send,
    SetTimer,
    Started,
    TimerFired,
    Torn,
    Trim,
)
from algorithms.raft.messages import AppendEntriesResponse

Write = Save | Append | Trim


class Disk:
    """What one server has saved."""

    def __init__(self) -> None:
        self.cells: dict[str, Record] = {}
        self.journals: dict[str, Journal] = {}

    def write(self, effect: Write) -> None:
        match effect:
            case Save(cell, value):
                self.cells[cell] = value
            case Append(name, index, records):
                journal = self.journals.get(name, Journal(name, index, ()))
                assert journal.first <= index <= journal.first + len(journal.records), f"a hole before {name} {index}"
                kept = journal.records[: index - journal.first]
                self.journals[name] = Journal(name, journal.first, kept + records)
            case Trim(name, first):
                journal = self.journals.get(name, Journal(name, first, ()))
                self.journals[name] = Journal(name, first, journal.records[max(0, first - journal.first) :])

    def tear(self, name: str) -> None:
        """The last record was half written when the power went."""
        journal = self.journals[name]
        self.journals[name] = Journal(name, journal.first, (*journal.records[:-1], Torn()))

    def saved(self) -> Saved:
        cells = tuple(Cell(name, self.cells[name]) for name in sorted(self.cells))
        return Saved(cells, tuple(self.journals[name] for name in sorted(self.journals)))


@dataclass
class Server:
    """One machine, its disk, and what waits for that disk."""

    name: str
    disk: Disk = field(default_factory=Disk)
    machine: Machine | None = None
    timers: set[str] = field(default_factory=set)
    disk_held: bool = False
    waiting: list[Write | Send] = field(default_factory=list)

    def running(self) -> Machine:
        assert self.machine is not None, f"{self.name} is down"
        return self.machine


@dataclass(frozen=True)
class Packet:
    """A message on its way."""

    source: str
    target: str
    message: Record

    @property
    def link(self) -> tuple[str, str]:
        return self.source, self.target

    def words(self) -> str:
        return f"{self.source}->{self.target} {message_words(self.message)}"


class Network:
    """Servers, the packets between them, and a history that grows line by line."""

    def __init__(self, make: Callable[[str], Machine]) -> None:
        self._make = make
        self.now = 0
        self.servers: dict[str, Server] = {}
        self.flying: list[Packet] = []
        self.held: set[tuple[str, str]] = set()
        self.cut: set[tuple[str, str]] = set()
        self.refusals: dict[str, int] = {}
        self.lines: list[str] = []
        self.quiet = False
        self._to_self: list[Packet] = []

    def tell(self, line: str, depth: int = 1) -> None:
        if not self.quiet:
            self.lines.append("  " * depth + line)

    # ------------------------------------------------------------ servers

    def add(self, name: str) -> None:
        self.servers[name] = Server(name)

    def boot(self, name: str) -> None:
        server = self.servers[name]
        server.machine = self._make(name)
        self.turn(server, Started(server.disk.saved()))

    def crash(self, name: str) -> None:
        """What was not durable is gone, and so is everybody who would have told of it."""
        server = self.servers[name]
        for effect in server.waiting:
            self.tell(f"never happens: {_pending(effect)}")
        server.machine, server.timers, server.waiting, server.disk_held = None, set(), [], False

    def fire(self, name: str, timer: str) -> None:
        server = self.servers[name]
        assert timer in server.timers, f"{name} has set {sorted(server.timers)} and not {timer}"
        server.timers.remove(timer)
        self.turn(server, TimerFired(timer))

    def ask(self, name: str, command: Record) -> None:
        self.turn(self.servers[name], Asked(0, command))

    def turn(self, server: Server, event: Event) -> None:
        """One event in; then whatever it sent to itself, which nothing may overtake."""
        machine = server.running()
        before = machine.view()
        effects = machine.handle(event, self.now)
        if changed := changes(before, machine.view()):
            self.tell(f"{server.name}: {changed}", 2)
        for effect in effects:
            self._perform(server, effect)
        while self._to_self:
            packet = self._to_self.pop(0)
            self.turn(self.servers[packet.target], Received(packet.source, packet.message))

    def _perform(self, server: Server, effect: Effect) -> None:
        match effect:
            case Note(text, source):
                self.tell(f"{server.name} {text}" + (f" ({source})" if source else ""), 2)
            case Save() | Append() | Trim():
                self._write(server, effect)
            case Send() if server.waiting and not effect.at_once:
                self.tell(f"{server.name} keeps back {_pending(effect)}", 2)
                server.waiting.append(effect)
            case Send():
                self._send(server, effect)
            case SetTimer(timer):
                server.timers.add(timer)
            case CancelTimer(timer):
                server.timers.discard(timer)
            case _:
                pass

    # ------------------------------------------------------------ disks

    def _write(self, server: Server, effect: Write) -> None:
        if server.disk_held:
            self.tell(f"{server.name} waits for its disk: {write_words(effect)}", 2)
            server.waiting.append(effect)
        else:
            self.tell(f"{server.name} {write_words(effect)}", 2)
            server.disk.write(effect)

    def release_disk(self, name: str) -> None:
        """What waited becomes durable, and what stood behind it is told, in order."""
        server = self.servers[name]
        server.disk_held = False
        waiting, server.waiting = server.waiting, []
        for effect in waiting:
            self._perform(server, effect)
        while self._to_self:
            packet = self._to_self.pop(0)
            self.turn(self.servers[packet.target], Received(packet.source, packet.message))

    # ------------------------------------------------------------ links

    def _send(self, server: Server, send: Send) -> None:
        packet = Packet(server.name, send.target, send.message)
        if send.target == server.name:
            self._to_self.append(packet)
        elif send.target not in self.servers:
            self.tell(f"{server.name} tells {send.target}: {message_words(send.message)}", 2)
        elif packet.link in self.cut:
            self.tell(f"lost: {packet.words()}", 2)
        else:
            self.flying.append(packet)

    def deliver_all(self) -> None:
        """Everything that is not held, in the order in which it was sent, until nothing flies any more."""
        for _ in range(2_000):
            packet = next((packet for packet in self.flying if packet.link not in self.held), None)
            if packet is None:
                return
            self.flying.remove(packet)
            self.arrive(packet)
        raise AssertionError("the network does not come to rest")

    def arrive(self, packet: Packet) -> None:
        server = self.servers[packet.target]
        if server.machine is None:
            self.tell(f"{packet.words()}: nobody there")
            return
        self.tell(packet.words())
        if isinstance(packet.message, AppendEntriesResponse) and not packet.message.success:
            self.refusals[packet.source] = self.refusals.get(packet.source, 0) + 1
        self.turn(server, Received(packet.source, packet.message))

    def delay(self, link: tuple[str, str]) -> None:
        """The oldest message on the link is overtaken by all others."""
        packet = self.on(link)[0]
        self.flying.remove(packet)
        self.flying.append(packet)

    def on(self, link: tuple[str, str]) -> list[Packet]:
        """What flies on one link, oldest first."""
        found = [packet for packet in self.flying if packet.link == link]
        assert found, f"nothing flies from {link[0]} to {link[1]}"
        return found


def _pending(effect: Write | Send) -> str:
    return f"{message_words(effect.message)} to {effect.target}" if isinstance(effect, Send) else write_words(effect)
