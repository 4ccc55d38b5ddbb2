"""A small world for safety tests: servers, packets, disks, and a schedule that may do anything to them.

A schedule is a string of bytes, two for each step: what happens, and to which of those it may happen to. The laws of
Figure 3 are checked after every step.
"""

from __future__ import annotations

from collections.abc import Callable

from transcript_network import Disk

from algorithms import kv
from algorithms.machine import (
    Append,
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
    Trim,
)
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration, Entry
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import ChangeConfiguration, ClientCommand, ClientRequest, TransferLeadership

NAMES = ("n1", "n2", "n3", "n4", "n5")
TICK = 20_000

Packet = tuple[str, str, Record]
"""Source, target, message."""


class Broken(AssertionError):
    """One of Figure 3's properties does not hold."""


class Laws:
    """What must hold whatever happens (paper, Figure 3)."""

    def __init__(self) -> None:
        self.leaders: dict[int, str] = {}
        self.committed: dict[int, Entry] = {}
        self.entries: dict[tuple[int, int], tuple[Entry, int]] = {}

    def check(self, machine: RaftMachine, effects: list[Effect], was_leader: bool) -> None:
        """After a turn of `machine`."""
        state = machine.state
        if state.role == "leader":
            self._election_safety(state.current_term, state.name)
            if not was_leader:
                self._leader_completeness(machine)
        for effect in effects:
            if isinstance(effect, Append):
                self._log_matching(machine, effect)
        self._state_machine_safety(machine)

    def _election_safety(self, term: int, name: str) -> None:
        first = self.leaders.setdefault(term, name)
        if first != name:
            raise Broken(f"Election Safety: {first} and {name} lead term {term}")

    def _leader_completeness(self, machine: RaftMachine) -> None:
        log = machine.state.log
        for index, entry in self.committed.items():
            if index > log.base_index and (index > log.last_index or log.entry(index) != entry):
                raise Broken(f"Leader Completeness: {machine.state.name} leads without entry {index}")

    def _log_matching(self, machine: RaftMachine, append: Append) -> None:
        """Equal index and term: equal entry, and equal term before it; so, one by one, equal logs."""
        log = machine.state.log
        for index, entry in enumerate(append.records, append.index):
            assert isinstance(entry, Entry)
            here = (entry, log.term_at(index - 1) if index > log.base_index + 1 else -1)
            known = self.entries.setdefault((index, entry.term), here)
            if known[0] != entry or (known[1] != here[1] and -1 not in (known[1], here[1])):
                raise Broken(f"Log Matching: two logs differ up to entry {index} of term {entry.term}")

    def _state_machine_safety(self, machine: RaftMachine) -> None:
        log, commit_index = machine.state.log, machine.state.commit_index
        for index in range(log.base_index + 1, min(commit_index, log.last_index) + 1):
            if self.committed.setdefault(index, log.entry(index)) != log.entry(index):
                raise Broken(f"State Machine Safety: two entries {index} are committed")


class Server:
    """One server with its disk; `waiting` holds what is written and not synced, and what waits for that."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.disk = Disk()
        self.waiting: list[Save | Append | Trim | Send] = []
        self.timers: list[str] = []
        self.machine: RaftMachine | None = None


class World:
    """Runs one schedule. `make` makes a server's machine at each boot."""

    def __init__(self, make: Callable[[str], RaftMachine]) -> None:
        self.make = make
        self.laws = Laws()
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
        elif action < 200:
            self.sync(server)
        elif action < 220:
            self.ring(server, choice)
        elif action < 235:
            self.request(self.a_leader(choice))
        elif action < 243:
            self.lose(choice)
        elif action < 248:
            self.crash(server, power_loss=choice % 2 == 0)
        elif action < 251:
            self.split(choice)
        else:
            self.administer(self.a_leader(choice), choice)

    def turn(self, server: Server, event: Event) -> None:
        if server.machine is None:
            return
        was_leader = server.machine.state.role == "leader"
        effects = server.machine.handle(event, self.now)
        for effect in effects:
            self.perform(server, effect)
        self.laws.check(server.machine, effects, was_leader)

    def perform(self, server: Server, effect: Effect) -> None:
        match effect:
            case Send(target, message, at_once):
                if server.waiting and not at_once:
                    server.waiting.append(effect)
                else:
                    self.send(server, target, message)
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

    def sync(self, server: Server) -> None:
        waiting, server.waiting = server.waiting, []
        for effect in waiting:
            if isinstance(effect, Send):
                self.send(server, effect.target, effect.message)
            else:
                server.disk.write(effect)

    def send(self, server: Server, target: str, message: Record) -> None:
        """What clients are told is not looked at here."""
        if target in NAMES:
            self.packets.append((server.name, target, message))

    def ring(self, server: Server, choice: int) -> None:
        """A timer runs out, early or late, an election timer seldom; a server that is down comes back instead."""
        self.now += TICK
        if server.machine is None:
            self.boot(server)
        elif server.timers:
            timer = server.timers[choice % len(server.timers)]
            if timer != "election" or choice % 4 == 0:
                server.timers.remove(timer)
                self.turn(server, TimerFired(timer))

    def a_leader(self, choice: int) -> Server:
        """One that believes to lead; anybody if nobody does."""
        leaders = [each for each in self.servers if each.machine and each.machine.state.role == "leader"]
        return (leaders or self.servers)[choice % (len(leaders) or len(self.servers))]

    def request(self, server: Server) -> None:
        self.requests += 1
        command = ClientCommand("c1", self.requests, 1, kv.Append("x", f"{self.requests},"))
        self.turn(server, Received("c1", ClientRequest(command)))

    def administer(self, server: Server, choice: int) -> None:
        self.requests += 1
        voters = tuple(name for place, name in enumerate(NAMES) if (choice >> place) & 1) or NAMES
        change, transfer = ChangeConfiguration(self.requests, voters), TransferLeadership(self.requests, voters[0])
        self.turn(server, Received("c1", change if choice % 3 else transfer))

    def crash(self, server: Server, power_loss: bool) -> None:
        """A killed process loses only what it had not sent; without power, what was not synced goes too."""
        server.machine, server.timers = None, []
        self.packets = [packet for packet in self.packets if packet[:2] != (server.name, server.name)]
        for effect in server.waiting:
            if not power_loss and not isinstance(effect, Send):
                server.disk.write(effect)
        server.waiting = []

    def boot(self, server: Server) -> None:
        server.machine = self.make(server.name)
        self.turn(server, Started(server.disk.saved()))


def maker(voters: tuple[str, ...] = NAMES, **settings: object) -> Callable[[str], RaftMachine]:
    """Makes servers that begin with these voters and settings."""
    made = RaftSettings(**settings)  # type: ignore[arg-type]
    return lambda name: RaftMachine(name, Configuration(voters), made)
