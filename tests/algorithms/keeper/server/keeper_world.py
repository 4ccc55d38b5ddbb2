"""Real worlds with keeper servers, clients with a workload, and whatever can go wrong, by seed."""

from __future__ import annotations

from functools import partial
from random import Random

from keeper_laws import Broken, Laws, WatchedClient

from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.commands import (
    AddWatch,
    Check,
    CloseSession,
    Create,
    Delete,
    Exists,
    GetChildren,
    GetData,
    Mode,
    Multi,
    Operation,
    Reconnect,
    SetData,
    Sync,
)
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Ok, Outcome, Record
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
from nodes.observation import Observation, Turn
from nodes.world import World

SERVICE = "keeper"
SECOND = 1_000_000


class Keepers:
    """`servers` voters, then `observers`; clients `c1`.. with the usual settings unless told otherwise."""

    def __init__(
        self,
        seed: int,
        servers: int = 3,
        clients: int = 2,
        observers: int = 0,
        settings: KeeperSettings | None = None,
        client_settings: KeeperClientSettings | None = None,
    ) -> None:
        self.dice = Random(f"{seed}:keepers")
        self.world = World(seed, shuffle_ties=self.dice.random() < 0.5)
        self.names = tuple(f"n{number}" for number in range(1, servers + observers + 1))
        self.clients = tuple(f"c{number}" for number in range(1, clients + 1))
        known = settings or self.some_settings()
        fields = {name: getattr(known, name) for name in known.__struct_fields__}
        self.settings = KeeperSettings(**{**fields, "observers": self.names[servers:]})
        self.laws = Laws()
        for name in self.names:
            self.world.add_node(name, {SERVICE: partial(KeeperMachine, name, self.names, self.settings)})
        for name in self.clients:
            each = client_settings or KeeperClientSettings(can_be_read_only=self.dice.random() < 0.5)
            self.world.add_node(name, {SERVICE: partial(self._client, name, each)})
        self.asked: dict[int, tuple[str, Record]] = {}
        self.made = 0
        self.world.add_observer(self.observe)
        self.world.start()

    def some_settings(self) -> KeeperSettings:
        """Whatever may be set, the laws hold."""
        dice = self.dice
        return KeeperSettings(
            snap_count=dice.choice((5, 20, 1_000)),
            keep_transactions=3,
            max_in_flight=dice.choice((2, 1_000)),
            sync_is_quorum=dice.random() < 0.5,
            read_only_mode=dice.random() < 0.5,
            container_interval=100_000,
        )

    def _client(self, name: str, settings: KeeperClientSettings) -> WatchedClient:
        client = WatchedClient(name, self.names, settings)
        client.laws = self.laws
        return client

    def observe(self, what: Observation) -> None:
        """The laws hold behind each turn."""
        if isinstance(what, Turn) and what.node in self.names:
            self.laws.look_at(self.server(what.node))

    # ------------------------------------------------------------ looking

    def server(self, name: str) -> KeeperMachine:
        machine = self.world.machine(name, SERVICE)
        assert isinstance(machine, KeeperMachine), f"{name} is down"
        return machine

    def client(self, name: str) -> WatchedClient:
        machine = self.world.machine(name, SERVICE)
        assert isinstance(machine, WatchedClient), f"{name} is down"
        return machine

    def leader(self) -> str:
        """Who leads; everybody is up."""
        (leader,) = [name for name in self.names if self.server(name).state.zab.leads]
        return leader

    # ------------------------------------------------------------ asking

    def ask(self, client: str, command: Record) -> int:
        number = self.world.ask(client, SERVICE, command)
        if isinstance(command, Sync) and self.settings.sync_is_quorum:
            self.laws.bounds[command.path] = self.laws.newest
        self.asked[number] = client, command
        return number

    def run(self, seconds: float) -> None:
        self.world.run_until(self.world.now + int(seconds * SECOND))

    def end_of(self, number: int, seconds: float = 6) -> Outcome:
        """How the command has ended; it has so long for it."""
        end = self.world.now + int(seconds * SECOND)
        while number not in self.world.outcomes:
            if self.world.now >= end:
                raise Broken(f"{self.asked[number]} has not ended after {seconds} s")
            self.world.step()
        outcome = self.world.outcomes[number]
        assert isinstance(outcome, Outcome)
        return outcome

    def do(self, client: str, command: Record) -> Outcome:
        """Ask, and wait for the end."""
        return self.end_of(self.ask(client, command))

    # ------------------------------------------------------------ chaos

    def prepare(self) -> None:
        """What the workload writes under."""
        for path in ("/d", "/e", "/q", "/t"):
            assert self.do(self.clients[0], Create(path)) == Ok(path)
        assert self.do(self.clients[0], Create("/d/counter")) == Ok("/d/counter")

    def some_operations(self, client: str) -> tuple[Operation, ...]:
        """Mostly one; now and then the end of a session between two creations of ephemerals, or a quick move."""
        ephemeral = Create("/e/late-", client, Mode.EPHEMERAL_SEQUENTIAL)
        what = self.dice.random()
        if what < 0.04:
            return ephemeral, CloseSession(), ephemeral
        if what < 0.1:
            return SetData("/d/counter", client), GetData("/d/counter"), Reconnect(), GetData("/d/counter")
        return (self.an_operation(client),)

    def an_operation(self, client: str) -> Operation:
        dice = self.dice
        self.made += 1
        own = f"/d/{client}-{self.made}"
        return dice.choice(
            [
                Create(own, "x"),
                Create("/q/item-", "x", Mode.PERSISTENT_SEQUENTIAL),
                Create("/e/one-", client, Mode.EPHEMERAL_SEQUENTIAL),
                Create(f"/e/of-{client}", client, Mode.EPHEMERAL),
                SetData("/d/counter", own),
                SetData("/d/counter", own, dice.randrange(4)),
                Delete(f"/e/of-{client}"),
                Multi((Create(own, "m"), Check("/d/counter"), SetData(own, "n"))),
                Multi((Create(own, "m"), Check("/d/counter", dice.randrange(4)))),
                *(GetData("/d/counter", watch=dice.random() < 0.5) for _ in range(3)),
                *(GetChildren("/e", watch=dice.random() < 0.5) for _ in range(2)),
                Exists(f"/e/of-{dice.choice(self.clients)}", watch=True),
                AddWatch("/e"),
                Sync(own),
                Create(f"/t/passing-{self.made}", "", Mode.PERSISTENT_WITH_TTL, ttl=200_000),
                Create("/t/box", "", Mode.CONTAINER),
                Create("/t/box/thing"),
                Delete("/t/box/thing"),
            ]
        )

    def work(self, seconds: float, faults: bool = True, pause: int = 30_000) -> None:
        """Ask all the time, and let something go wrong now and then."""
        end = self.world.now + int(seconds * SECOND)
        while self.world.now < end:
            self.world.run_until(self.world.now + int(self.dice.random() * pause))
            client = self.dice.choice(self.clients)
            if self.world.node(client).up:
                for operation in self.some_operations(client):
                    self.ask(client, operation)
            if faults and self.dice.random() < 0.1:
                self.world.inject(self.a_fault())

    def a_fault(self) -> Fault:
        dice = self.dice
        node, other = dice.sample((*self.names, *self.clients), 2)
        down = [each for each in (*self.names, *self.clients) if not self.world.node(each).up]
        paused = [each for each in (*self.names, *self.clients) if self.world.node(each).paused]
        some = tuple(name for name in self.names if dice.random() < 0.5)
        choices: list[Fault] = [
            Kill(node),
            PowerLoss(node),
            *[Restart(each) for each in down for _ in range(3)],
            Pause(node),
            *[Resume(each) for each in paused for _ in range(3)],
            SlowDisk(node, dice.choice((None, 20_000, 200_000))),
            SlowNode(node, dice.choice((None, 500, 3_000))),
            Drift(node, dice.randrange(-200_000, 200_000)),
            Skew(node, dice.randrange(-5 * SECOND, 5 * SECOND)),
            FailDisk(node),
            Cut(node, other),
            Slow(node, other, dice.choice((0, 30_000, 300_000))),
            Lose(node, other, dice.random() / 2),
            Duplicate(node, other, dice.random()),
            Reorder(node, other, dice.random(), 50_000),
            Partition((some, tuple(name for name in self.names if name not in some))),
            *(Heal() for _ in range(4)),
        ]
        return dice.choice(choices)

    def calm_down(self, seconds: float = 8) -> None:
        """All is well again: one leader, equal trees, clients connected, everything answered, and nobody's ephemerals
        are gone."""
        self.world.inject(Calm())
        self.run(seconds)
        self.leader()
        trees = {self.server(name).state.tree.digest for name in self.names}
        if len(trees) != 1:
            raise Broken(f"Liveness: the trees differ when all is well: {trees}")
        for name in self.clients:
            if self.client(name).status not in ("connected", "closed"):
                raise Broken(f"Liveness: {name} is {self.client(name).status} when all is well")
        tree = self.server(self.names[0]).state.tree
        theirs = {self.client(name).session_id for name in self.clients} - {0}
        if set(tree.sessions) != theirs:
            raise Broken(f"sessions live for nobody: {sorted(set(tree.sessions) ^ theirs)}")
        open_still = [each for number, each in self.asked.items() if number not in self.world.outcomes]
        if open_still:
            raise Broken(f"Liveness: {open_still} never ended")
        self._nothing_is_lost()

    def _nothing_is_lost(self) -> None:
        tree = self.server(self.names[0]).state.tree
        for number, (client, command) in self.asked.items():
            if isinstance(command, Create) and command.path.startswith("/d/"):
                outcome = self.world.outcomes[number]
                if isinstance(outcome, Ok) and tree.get(command.path) is None:
                    raise Broken(f"{client} was told that {command.path} is there, and it is not")
