"""A stage for the ring's judges: real nodes, disks and messages, and servers that do just what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from algorithms.machine import Asked, Effect, Erase, Event, Record, Save, Send, SetTimer, Started, TimerFired
from algorithms.placement.ring import Member
from algorithms.ring.commands import Quorum
from algorithms.ring.messages import ReadRequest, RingResponse, WriteRequest
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring, first_ring, placement
from algorithms.ring.versions import Dot, Interval, Value, VectorClock, Version, Versions
from algorithms.ring.view import RingView
from nodes.faults import Constant, Fault
from nodes.world import World
from playground.checks.ring import judges
from playground.checks.verdict import CheckResult

MILLISECOND = 1_000
SECOND = 1_000_000
NODES = ("n1", "n2", "n3", "n4", "n5")
NOTHING = VectorClock()
USUAL = Quorum()


class Act(Record, frozen=True):
    """Wish for this; with a timer, when that runs out, which it does at once."""

    effects: tuple[Effect, ...]
    timer: str = ""


class Puppet:
    """A ring server without a mind, or a client."""

    def __init__(self, ring: Ring | None = None) -> None:
        self.ring = ring
        self.bytes_taken = 0
        self.waiting: dict[str, tuple[Effect, ...]] = {}

    def handle(self, event: Event, now: int) -> Sequence[Effect]:
        match event:
            case Started() if self.ring is not None:
                return [Save("ring", self.ring)]
            case Asked(_, Act(effects, "")):
                return effects
            case Asked(_, Act(effects, timer)):
                self.waiting[timer] = effects
                return [SetTimer(timer, 0, 0)]
            case TimerFired(timer):
                return self.waiting.pop(timer)
        return ()

    def view(self) -> RingView:
        ring = self.ring or Ring(0, ())
        counts = {"keys": 0, "bytes": 0, "strays": 0, "coordinating": 0, "coordinated": 0, "reads": 0, "writes": 0}
        more = {"requests_per_second": 0, "read_repairs": 0, "exchanges": 0, "repaired": 0}
        taken = self.bytes_taken
        return RingView(
            **counts,
            **more,
            name="",
            ring=ring,
            hints=(),
            neighbours=(),
            hottest=(),
            bytes_taken=taken,
            moving=None,
        )


def union(clocks: Sequence[VectorClock]) -> VectorClock:
    """All dots of all of them."""
    dots = {(i.actor, n) for clock in clocks for i in clock.intervals for n in range(i.first, i.last + 1)}
    return VectorClock(tuple(Interval(actor, n, n) for actor, n in sorted(dots)))


def joined(*held: Versions) -> Versions:
    """What a replica has that was told all of these."""
    clock = union([each.clock for each in held])
    siblings = {version.dot: version for each in held for version in each.siblings}
    gone = {dot for dot in siblings for each in held if _replaced(dot, each)}
    alive = sorted((dot.actor, dot.counter) for dot in siblings if dot not in gone)
    return Versions(clock, tuple(siblings[Dot(*dot)] for dot in alive))


def _replaced(dot: Dot, by: Versions) -> bool:
    known = any(i.actor == dot.actor and i.first <= dot.counter <= i.last for i in by.clock.intervals)
    return known and all(each.dot != dot for each in by.siblings)


class Stage:
    """A world of puppets, its judge, and the verbs of a play. Every verb takes a few milliseconds."""

    def __init__(self, nodes: tuple[str, ...] = NODES, **settings: object) -> None:
        self.settings = RingSettings(**{"virtual_nodes": 8, **settings})
        self.ring = first_ring(nodes, self.settings)
        self.world = World(1, Constant(MILLISECOND))
        for name in nodes:
            self.world.add_node(name, {"ring": partial(Puppet, self.ring)})
        for name in ("c1", "c2"):
            self.world.add_node(name, {"ring": Puppet})
        self.world.start()
        (self.judge,) = judges(self.world, "ring", self.settings, ("c1", "c2"))
        self.world.add_observer(self.judge.observe)
        for name in nodes:
            self.act(name, Save("ring", self.ring))
        self.counts: dict[str, int] = {}
        self.sequence = 0
        self.run(0.02)

    def act(self, node: str, *effects: Effect, timer: str = "") -> None:
        """Let the node wish for these effects at this instant; with a timer, because that has run out."""
        self.world.ask(node, "ring", Act(effects, timer))

    def collect(self, *nodes: str, key: str = "k") -> None:
        """These nodes forget the key, since its tombstone is old enough for them."""
        for node in nodes:
            self.act(node, Erase(f"key/{key}"), timer="tombstones")
        self.run(0.1)

    def run(self, seconds: float) -> None:
        """Let time go on; the judge looks ten times a second."""
        end = self.world.now + round(seconds * SECOND)
        while self.world.now < end:
            self.world.run_until(min(end, self.world.now + SECOND // 10))
            self.judge.look(self.world)

    def inject(self, *faults: Fault) -> None:
        for fault in faults:
            self.world.inject(fault)

    def homes(self, key: str, members: tuple[Member, ...] | None = None) -> tuple[str, ...]:
        ring = placement(members or self.ring.members, self.settings)
        return ring.preference_list(key, self.settings.n)

    def outsider(self, key: str) -> str:
        return next(name for name in NODES if name not in self.homes(key))

    def held(self, node: str, key: str) -> Versions:
        """What the node's disk has of the key."""
        held = self.world.node(node).disk.durable.cells.get(("ring", f"key/{key}"))
        return held if isinstance(held, Versions) else Versions()

    def hold(self, node: str, key: str, held: Versions, *, sync: bool = True) -> None:
        """The node writes this."""
        self.act(node, Save(f"key/{key}", held, sync))
        self.run(0.005)

    def put(
        self,
        key: str,
        value: Value,
        at: Sequence[str] | None = None,
        *,
        by: str = "c1",
        via: str = "n1",
        seen: VectorClock = NOTHING,
        deleted: bool = False,
        acknowledged: bool = True,
        quorum: Quorum = USUAL,
        written_at: int | None = None,
    ) -> VectorClock:
        """A client writes, these nodes (all homes if None) join it into what they have, and it is acknowledged.

        What the client has seen then comes back.
        """
        self.sequence += 1
        name = (by, self.sequence)
        self.counts[key] = self.counts.get(key, 0) + 1
        dot = Dot(f"{by}.1", self.counts[key])
        clock = union([seen, VectorClock((Interval(dot.actor, dot.counter, dot.counter),))])
        now = self.world.now if written_at is None else written_at
        delta = Versions(clock, (Version(dot, None if deleted else value, now, deleted),))
        self.act(by, Send(via, WriteRequest(*name, key, delta.siblings[0], seen, quorum)))
        self.run(0.005)
        for node in self.homes(key) if at is None else at:
            self.hold(node, key, joined(self.held(node, key), delta))
        if acknowledged:
            self.act(via, Send(by, RingResponse(*name, "ok", Versions(clock), "", NODES)))
            self.run(0.005)
        return clock

    def delete(self, key: str, at: Sequence[str] | None = None, **more: object) -> VectorClock:
        return self.put(key, None, at, deleted=True, **more)

    def get(
        self,
        key: str,
        of: Sequence[str] = (),
        *,
        by: str = "c2",
        via: str = "n2",
        quorum: Quorum = USUAL,
        found: Versions | None = None,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Versions:
        """A client reads, and these nodes answer; something may happen meanwhile."""
        self.sequence += 1
        self.act(by, Send(via, ReadRequest(by, self.sequence, key, quorum)))
        self.run(0.005)
        versions = joined(*(self.held(node, key) for node in of)) if found is None else found
        meanwhile()
        self.act(via, Send(by, RingResponse(by, self.sequence, "ok", versions, "", NODES)))
        self.run(0.005)
        return versions

    def verdict(self, name: str) -> CheckResult:
        """This check's verdict now."""
        results = {each.name: each for each in self.judge.results(self.world)}
        assert tuple(results) == self.judge.names
        return results[name]

    def failed(self) -> dict[str, str]:
        """Every check that fails, with its sentence."""
        return {each.name: each.detail for each in self.judge.results(self.world) if each.verdict == "fail"}


@pytest.fixture(name="stage")
def stage_fixture() -> type[Stage]:
    return Stage
