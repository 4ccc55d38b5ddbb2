"""A postman between ring servers: carries what they send until nobody has anything more to say. No time passes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable

from ring_server_talk import booted
from ring_values import disk

from algorithms.machine import CancelTimer, Effect, Received, Record, Send, SetTimer, TimerFired
from algorithms.ring import reconciling
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Span
from algorithms.ring.versions import Versions

Packet = tuple[str, str, Record]
"""From whom, to whom, what."""
EVERYWHERE = Span(7, 7)
"""A span that goes once around."""
USUAL = RingSettings(virtual_nodes=8)
Held = dict[str, Versions]


class Errand:
    """A purpose that writes down what became of it."""

    def __init__(self, pull: bool = False, rate: int = 0) -> None:
        self.pull = pull
        self.rate = rate
        self.said: list[str] = []
        self.taken: list[tuple[int, int]] = []

    def took(self, state, keys: int, size: int) -> None:
        self.taken.append((keys, size))

    def done(self, state, exchange) -> None:
        self.said.append("done")

    def failed(self, state, exchange, reason: str) -> None:
        self.said.append(reason)


class Postman:
    """The servers by name, what is under way, and the timers that are set."""

    def __init__(self, *machines: RingMachine) -> None:
        self.machines = {machine.state.name: machine for machine in machines}
        self.under_way: deque[Packet] = deque()
        self.carried: list[Packet] = []
        self.timers: dict[tuple[str, str], int] = {}
        """By server and timer: after how long it runs out at the latest."""

    def state(self, name: str):
        return self.machines[name].state

    def held(self, name: str) -> Held:
        return dict(self.state(name).storage.keys)

    def collect(self, source: str, effects: Iterable[Effect]) -> None:
        """Take up what a server wishes for."""
        for each in effects:
            match each:
                case Send(target, message):
                    self.under_way.append((source, target, message))
                case SetTimer(name, _, longest):
                    self.timers[source, name] = longest
                case CancelTimer(name):
                    self.timers.pop((source, name), None)
                case _:
                    pass

    def act(self, name: str, deed: Callable[..., object], *arguments: object) -> None:
        """Let a server do this."""
        state = self.state(name)
        state.effects = []
        deed(state, *arguments)
        self.collect(name, state.effects)

    def begin(self, name: str, peer: str, span: Span | None, errand: Errand) -> None:
        """Let a server compare with another one."""
        self.act(name, reconciling.begin, peer, span, errand)

    def deliver(self, now: int = 0) -> Packet | None:
        """Deliver one packet; to somebody who is not here it is lost."""
        if not self.under_way:
            return None
        source, target, message = self.under_way.popleft()
        self.carried.append((source, target, message))
        if target in self.machines:
            self.collect(target, self.machines[target].handle(Received(source, message), now))
        return source, target, message

    def deliver_all(self, now: int = 0) -> Counter[str]:
        """Until all is quiet; how many packets of which kind."""
        kinds: Counter[str] = Counter()
        while packet := self.deliver(now):
            kinds[type(packet[2]).__name__] += 1
            assert kinds.total() < 10_000, "they talk without end"
        return kinds

    def fire(self, name: str, timer: str, now: int = 0) -> None:
        """Let a timer of a server run out."""
        self.timers.pop((name, timer), None)
        self.collect(name, self.machines[name].handle(TimerFired(timer), now))

    def timer(self, what: str) -> int | None:
        """How long the one timer of n1 for this runs, if it is set; its own number is nobody's business."""
        found = [time for (name, timer), time in self.timers.items() if (name, timer.split()[0]) == ("n1", what)]
        return found[0] if found else None

    def fire_one(self, what: str) -> None:
        """Let that timer run out."""
        [timer] = [timer for name, timer in self.timers if (name, timer.split()[0]) == ("n1", what)]
        self.fire("n1", timer)


def two(ours: Held, theirs: Held, settings: RingSettings = USUAL) -> Postman:
    """n1 and n2 of a ring of two, so that both own every key."""
    nodes = ("n1", "n2")
    return Postman(booted("n1", nodes, disk(ours), settings), booted("n2", nodes, disk(theirs), settings))
