"""Real worlds with Zab on every node, a workload, and whatever can go wrong, by seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random

from zab_carrier import Carrier, Write
from zab_laws import Broken, Laws

from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.messages import Snapshot, Transaction
from algorithms.keeper.zxid import Zxid
from nodes.faults import (
    Calm,
    Cut,
    Drift,
    Duplicate,
    FailDisk,
    Fault,
    Heal,
    Kill,
    Lose,
    Partition,
    Pause,
    PowerLoss,
    Reorder,
    Restart,
    Resume,
    Skew,
    Slow,
    SlowDisk,
    SlowNode,
)
from nodes.world import World

SERVICE = "keeper"
SECOND = 1_000_000

Make = Callable[..., Carrier]


class Chaos:
    """`servers` voters, then `observers`. `make` makes a server at each boot."""

    lawful = True
    """Whether the laws are watched; nobody can keep them on disks that lie."""

    def __init__(
        self,
        seed: int,
        servers: int,
        observers: int = 0,
        settings: KeeperSettings | None = None,
        make: Make = Carrier,
    ) -> None:
        self.dice = Random(f"{seed}:chaos")
        self.world = World(seed)
        self.names = tuple(f"n{number}" for number in range(1, servers + observers + 1))
        self.voters = self.names[:servers]
        known = settings or KeeperSettings(snap_count=self.dice.choice((5, 20, 1_000)), keep_transactions=3)
        self.settings = KeeperSettings(**{**_fields(known), "observers": self.names[servers:]})
        self.laws = Laws(servers // 2 + 1, self.holders)
        for name in self.names:
            laws = self.laws if self.lawful else None
            self.world.add_node(name, {SERVICE: partial(make, name, self.names, self.settings, laws)})
        self.written = 0
        self.world.start()

    # ------------------------------------------------------------ looking

    def carrier(self, name: str) -> Carrier | None:
        machine = self.world.machine(name, SERVICE)
        assert machine is None or isinstance(machine, Carrier)
        return machine

    def holders(self, zxid: Zxid) -> list[str]:
        """The voters that would still have it if everybody lost power now."""
        return [name for name in self.voters if _holds(self.world, name, zxid)]

    # ------------------------------------------------------------ letting it happen

    def run(self, seconds: float, faults: bool = True) -> None:
        """Write all the time, and let something go wrong now and then."""
        end = self.world.now + int(seconds * SECOND)
        while self.world.now < end:
            self.world.run_until(self.world.now + int(self.dice.random() * 60_000))
            self.write(self.dice.choice(self.names))
            if faults and self.dice.random() < 0.25:
                self.world.inject(self.a_fault())

    def write(self, name: str) -> None:
        self.written += 1
        self.world.ask(name, SERVICE, Write(self.written))

    def a_fault(self) -> Fault:
        dice = self.dice
        node, other = dice.sample(self.names, 2) if len(self.names) > 1 else (self.names[0], self.names[0])
        choices: list[Fault] = [
            Kill(node),
            PowerLoss(node),
            *[Restart(each) for each in self.names if not self.world.node(each).up for _ in range(2)],
            Pause(node),
            *[Resume(each) for each in self.names if self.world.node(each).paused for _ in range(3)],
            SlowDisk(node, dice.choice((None, 20_000, 200_000))),
            SlowNode(node, dice.choice((None, 500, 5_000))),
            Skew(node, dice.randrange(-5 * SECOND, 5 * SECOND)),
            Drift(node, dice.randrange(-200_000, 200_000)),
            FailDisk(node),
        ]
        if node != other:
            choices += [
                Cut(node, other),
                Slow(node, other, dice.choice((0, 30_000, 300_000))),
                Lose(node, other, dice.random() / 2),
                Duplicate(node, other, dice.random()),
                Reorder(node, other, dice.random(), 50_000),
                *(Heal(), Heal(), Heal()),
                self._a_partition(),
            ]
        return dice.choice(choices)

    def _a_partition(self) -> Fault:
        some = tuple(name for name in self.names if self.dice.random() < 0.5)
        return Partition((some, tuple(name for name in self.names if name not in some)))

    def calm_down(self, seconds: float = 6) -> None:
        """All is well again, so there must soon be one leader, everybody in sync, and everything delivered."""
        self.world.inject(Calm())
        self.run(seconds, faults=False)
        self.world.run_until(self.world.now + SECOND)
        leaders = [name for name in self.names if self.running(name).zab.leads]
        if len(leaders) != 1:
            raise Broken(f"Liveness: {leaders} lead when all is well")
        for name in self.names:
            carrier = self.running(name)
            if not carrier.zab.serves or carrier.application.delivered != self.laws.order:
                raise Broken(f"Liveness: {name} serves: {carrier.zab.serves}, not all delivered")

    def running(self, name: str) -> Carrier:
        carrier = self.carrier(name)
        assert carrier is not None, f"{name} is down"
        return carrier


def _fields(settings: KeeperSettings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


def _holds(world: World, name: str, zxid: Zxid) -> bool:
    image = world.node(name).disk.durable
    snapshot = image.cells.get((SERVICE, "zab snapshot"))
    journal = image.journals.get((SERVICE, "zab log"))
    if isinstance(snapshot, Snapshot) and snapshot.zxid >= zxid:
        return True
    records = journal.records if journal else []
    return any(isinstance(each, Transaction) and each.zxid == zxid for each in records)
