"""The world: nodes, links and one agenda. It performs what machines wish for and tells the observers.

The law: the same nodes, seed and interventions give the same history. No Trio, no wall clock, no I/O; the whole
of it can be pickled (observers stay behind). All times are true time in microseconds unless called local.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from heapq import heappop
from random import Random
from typing import Any, assert_never

from algorithms.machine import (
    Asked,
    Event,
    Failed,
    Machine,
    Note,
    Received,
    Record,
    Started,
    TimerFired,
    Unknown,
)
from nodes.agenda import Agenda, Arrival, Entry, Item, Question, Ready, Synced, TimerDue, Wake
from nodes.carrying import carry_out
from nodes.disk import Disk
from nodes.faults import Fault, Latency, Uniform
from nodes.network import Network
from nodes.node import Factory, Node, Timer
from nodes.observation import Booted, Crashed, Injected, Lost, Observation, Observer, Turn
from nodes.performing import finish_sync, perform, release

LAST_ITEMS = 12
"""How many agenda items a report of a machine's failure shows."""

MICROSECONDS = 1_000_000
"""In a second."""

UNLIMITED = 1 << 62

USUAL_LATENCY = Uniform(1_000, 3_000)


class MachineFailed(Exception):
    """A bug of ours: a machine raised. The message names seed, time, node, event and the turns before it."""


class World:
    """Everything below the host. `now` is true time; it stands at the last instant that has wholly happened."""

    def __init__(self, seed: int | str, latency: Latency = USUAL_LATENCY, shuffle_ties: bool = False) -> None:
        self.seed = seed
        self.now = 0
        self.turns = 0
        self.messages = 0
        self.nodes: dict[str, Node] = {}
        self.network = Network(latency, Random(f"{seed}:network"))
        self.agenda = Agenda(Random(f"{seed}:ties") if shuffle_ties else None)
        self.outcomes: dict[int, Record] = {}
        """Results of requests from outside, by request id, until somebody takes them."""
        self.woken: list[int] = []
        """Keys of wakes that came due and ids of requests that were answered, until somebody takes them."""
        self.drop_notes = False
        self.timer_dice = Random(f"{seed}:timers")
        self._disk_dice = Random(f"{seed}:disks")
        self._observers: tuple[Observer, ...] = ()
        self._recent: deque[Entry] = deque(maxlen=LAST_ITEMS)
        self.timer_count = 0
        self._request_count = 0

    # ------------------------------------------------------------ making it

    def add_node(
        self, name: str, factories: Mapping[str, Factory], sync_latency: int = 1_000, service_time: int = 0
    ) -> Node:
        """Add a node that is down; `boot` starts it. `factories` has a machine for each service, by name."""
        assert name not in self.nodes, f"There is a node {name} already."
        node = Node(name, factories, Disk(sync_latency), service_time)
        self.nodes[name] = node
        self.network.add(name)
        for other in self.nodes.values():
            other.links = self.network.links_from[other.name]
        return node

    def start(self) -> None:
        """Boot every node, in the order in which they were added."""
        for name in self.nodes:
            self.boot(name)

    def add_observer(self, observer: Observer) -> None:
        """Tell `observer` of everything from now on; it must not change the world."""
        self._observers = (*self._observers, observer)

    def remove_observer(self, observer: Observer) -> None:
        """Tell `observer` no more."""
        self._observers = tuple(each for each in self._observers if each != observer)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_observers": ()}

    # ------------------------------------------------------------ looking at it

    @property
    def names(self) -> tuple[str, ...]:
        """All nodes, in the order in which they were added."""
        return tuple(self.nodes)

    def node(self, name: str) -> Node:
        """The node `name`, which must exist."""
        return self.nodes[name]

    def machine(self, node: str, service: str) -> Machine | None:
        """The machine itself; None while the node is down or if it has no such service."""
        return self.nodes[node].machines.get(service)

    def view(self, node: str, service: str) -> Record | None:
        """The machine's own picture of itself; None where `machine` is None."""
        machine = self.machine(node, service)
        return machine.view() if machine else None

    def timer(self, node: str, service: str, name: str) -> Timer | None:
        """The timer, if it is set."""
        return self.nodes[node].timers.get((service, name))

    def in_flight(self) -> list[tuple[int, Arrival]]:
        """Packets under way with the instants they are due, in order."""
        return self.agenda.arrivals()

    def next_at(self) -> int | None:
        """The instant of the next agenda item; None if nothing will ever happen."""
        return self.agenda.next_at

    # ------------------------------------------------------------ letting time go on

    def step(self) -> bool:
        """Do the next agenda item; False if there is none."""
        at = self.agenda.next_at
        if at is None:
            return False
        self._run(at, 1)
        return True

    def run_until(self, limit: int) -> None:
        """Do all items up to and including the instant `limit`; then `now` is `limit`."""
        self._run(limit, UNLIMITED)
        self.now = max(self.now, limit)

    def run_items(self, limit: int, most: int) -> None:
        """Do at most `most` of these items, and come back at once when somebody outside is to be woken."""
        if not self.woken:
            self._run(limit, most, heed_woken=True)

    def _run(self, limit: int, most: int, heed_woken: bool = False) -> None:
        """The one loop of the world. A packet's way stands in it and not in a method: it is most of the work."""
        heap, woken, nodes, recent = self.agenda.heap, self.woken, self.nodes, self._recent
        while most and heap and heap[0][0] <= limit:
            entry = heappop(heap)
            recent.append(entry)
            self.now, _, item = entry
            if type(item) is Arrival:
                node, service = nodes[item.target], item.service
                if service in node.machines and not node.held and node.busy_until <= self.now:
                    self._turn(node, service, Received(item.source, item.message))
                else:
                    self._arrive(node, item)
            else:
                self._do(item)
            most -= 1
            if heed_woken and woken:
                return

    def wake_at(self, at: int, key: int) -> None:
        """Put `key` into `woken` at the instant `at`."""
        self.agenda.push(max(at, self.now), Wake(key))

    def _do(self, item: Item) -> None:
        match item:
            case Arrival():
                self._arrive(self.nodes[item.target], item)
            case TimerDue():
                self._look_at_timer(item)
            case Synced():
                self._synced(item)
            case Ready(name, life):
                if self.nodes[name].life == life:
                    self._drain(self.nodes[name])
            case Question():
                self._question(item)
            case Wake(key):
                self.woken.append(key)
            case _:
                assert_never(item)

    # ------------------------------------------------------------ a node's turns

    def _arrive(self, node: Node, item: Arrival) -> None:
        if item.service not in node.machines:
            self.lose(item, "the node has no such service" if node.up else "the node is down")
        elif node.held or node.busy_until > self.now:
            self._must_wait(node, item)
        else:
            self._turn(node, item.service, Received(item.source, item.message))

    def _look_at_timer(self, item: TimerDue) -> None:
        node = self.nodes[item.node]
        timer = node.timers.get((item.service, item.name))
        if timer is None or timer.number != item.number:
            return
        if timer.due > self.now:
            timer.looked_at = timer.due
            self.agenda.push(timer.due, item)
        elif node.held or node.busy_until > self.now:
            self._must_wait(node, item)
        else:
            del node.timers[item.service, item.name]
            self._turn(node, item.service, TimerFired(item.name))

    def _question(self, item: Question) -> None:
        node = self.nodes[item.node]
        if item.service not in node.machines:
            self.answer(item.request_id, Failed(f"{item.node} is down"))
        elif node.held or node.busy_until > self.now:
            self._must_wait(node, item)
        else:
            node.asked[item.request_id] = item.service
            self._turn(node, item.service, Asked(item.request_id, item.command))

    def _must_wait(self, node: Node, item: Item) -> None:
        if not node.held:
            node.held = True
            self.agenda.push(node.busy_until, Ready(node.name, node.life))
        node.inbox.append(item)

    def _drain(self, node: Node) -> None:
        """Take what waits in the inbox until the processor is busy again."""
        waiting, node.inbox, node.held = node.inbox, deque(), node.paused
        while waiting and node.up and not node.paused and node.busy_until <= self.now:
            self._do(waiting.popleft())
        if not node.up:
            self._lose_inbox(waiting)
        elif waiting:
            node.inbox, node.held = waiting, True
            if not node.paused:
                self.agenda.push(max(node.busy_until, self.now), Ready(node.name, node.life))

    def _turn(self, node: Node, service: str, event: Event) -> None:
        clock = node.clock
        try:
            effects = node.machines[service].handle(event, clock.read(self.now) if clock.wrong else self.now)
        except Exception as error:
            raise MachineFailed(self._failure(node, service, event, error)) from error
        self.turns += 1
        if node.service_time:
            node.busy_until = self.now + node.service_time
        if self.drop_notes:
            effects = [each for each in effects if type(each) is not Note]
        if self._observers:
            self._tell(Turn(self.now, node.name, service, event, tuple(effects)))
        if effects:
            perform(self, node, service, effects)

    def _failure(self, node: Node, service: str, event: Event, error: Exception) -> str:
        turns = "\n".join(f"  {at / MICROSECONDS:.6f} s {item}" for at, _, item in self._recent)
        return (
            f"The {service} machine of {node.name} failed at {self.now / MICROSECONDS:.6f} s (seed {self.seed}) on "
            f"{event}: {type(error).__name__}: {error}\nThe last items of the agenda:\n{turns}"
        )

    def _tell(self, observation: Observation) -> None:
        for observer in self._observers:
            observer(observation)

    def _synced(self, item: Synced) -> None:
        node = self.nodes[item.node]
        if node.life == item.life:
            node.disk.syncing = False
            finish_sync(self, node, item.writes)

    def lose(self, packet: Arrival, reason: str) -> None:
        """Tell that `packet` will not arrive."""
        if self._observers:
            lost = Lost(self.now, packet.sent, packet.source, packet.target, packet.service, packet.message, reason)
            self._tell(lost)

    # ------------------------------------------------------------ requests from outside

    def ask(self, node: str, service: str, command: Record) -> int:
        """Let somebody on `node` ask its machine of `service`; the result comes into `outcomes` under this id."""
        self._request_count += 1
        self.agenda.push(self.now, Question(node, service, self._request_count, command))
        return self._request_count

    def answer(self, request_id: int, result: Record) -> None:
        """The request `request_id` has ended with `result`."""
        self.outcomes[request_id] = result
        self.woken.append(request_id)

    # ------------------------------------------------------------ lives

    def boot(self, name: str) -> None:
        """Begin a new life of a node that is down."""
        node = self.nodes[name]
        assert not node.up, f"{name} is up already."
        node.clear()
        node.disk.recover()
        node.life += 1
        node.up, node.down_reason, node.booted_at = True, "", self.now
        self._tell(Booted(self.now, name, node.life))
        for service, factory in node.factories.items():
            node.machines[service] = factory()
        for service in node.factories:
            if node.up:
                self._turn(node, service, Started(node.disk.saved(service)))

    def end(self, node: Node, reason: str) -> None:
        """End a life: timers, inbox and waiting effects go with it."""
        inbox, asked = node.inbox, list(node.asked)
        node.clear()
        node.down_reason = reason
        self._lose_inbox(inbox)
        for packet in self.agenda.take_arrivals(node.name, node.name):
            self.lose(packet, "the node went down")
        for request_id in asked:
            self.answer(request_id, Unknown(f"{node.name} went down"))

    def _lose_inbox(self, inbox: deque[Item]) -> None:
        for item in inbox:
            if isinstance(item, Arrival):
                self.lose(item, "the node went down")
            elif isinstance(item, Question):
                self.answer(item.request_id, Failed(f"{item.node} went down"))

    def crash(self, node: Node, reason: str) -> None:
        """The node ends its own life, for `reason`."""
        self.end(node, reason)
        self._tell(Crashed(self.now, node.name, reason))

    # ------------------------------------------------------------ faults

    def inject(self, fault: Fault) -> None:
        """Carry out `fault` at this instant and tell the observers."""
        self._tell(Injected(self.now, fault))
        carry_out(self, fault, self._disk_dice)

    def lose_packets(self, source: str, target: str, reason: str) -> None:
        """Lose what is under way from `source` to `target`."""
        self.network.link(source, target).empty()
        for packet in self.agenda.take_arrivals(source, target):
            self.lose(packet, reason)

    def go_on(self, node: Node) -> None:
        """End a pause: effects whose writes are synced by now leave, then the inbox is taken."""
        node.paused, node.held = False, bool(node.inbox)
        release(self, node)
        if node.inbox:
            self.agenda.push(max(node.busy_until, self.now), Ready(node.name, node.life))
