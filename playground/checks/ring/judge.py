"""The judge of one ring store: it watches turn by turn, and hands what it sees to whoever must know.

The law: watching changes nothing and costs almost nothing. Most turns carry neither a write nor a client's request and
are left after a glance at what they wish for. It belongs to this world and is not pickled with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from algorithms.machine import Erase, Received, Record, Save, Send, TimerFired
from algorithms.ring.machine import RingMachine
from algorithms.ring.messages import ReadRequest, RingResponse, WriteRequest
from algorithms.ring.settings import RingSettings
from algorithms.ring.table import Ring
from algorithms.ring.versions import Versions
from nodes.faults import Calm, Fault, Kill, PowerLoss, Restart, WipeDisk
from nodes.observation import Crashed, Injected, Observation, Turn
from nodes.world import World
from playground.checks.ring.acknowledged import ACKNOWLEDGED_WRITES, acknowledged_writes, watch_for_drops
from playground.checks.ring.durable import DURABLE_COPIES, DurableCopies
from playground.checks.ring.evidence import Evidence
from playground.checks.ring.holdings import key_of, versions_in
from playground.checks.ring.ledger import Written
from playground.checks.ring.moved import LEAST_MOVED, LeastMoved
from playground.checks.ring.reads import FRESH_READS, NO_RESURRECTION, Reads
from playground.checks.ring.replicas import REPLICAS_CONVERGE, REPLICAS_PLACED, Convergence, replicas_placed
from playground.checks.ring.tables import ONE_OWNER
from playground.checks.ring.words import moment
from playground.checks.search import never
from playground.checks.verdict import CheckResult

NAMES = (
    ACKNOWLEDGED_WRITES,
    FRESH_READS,
    NO_RESURRECTION,
    REPLICAS_PLACED,
    REPLICAS_CONVERGE,
    ONE_OWNER,
    DURABLE_COPIES,
    LEAST_MOVED,
)
"""The checks, in the order of a report."""

COLLECTING = "tombstones"
"""The timer at which a server forgets what was deleted long ago."""
LOOK = 100_000
"""Virtual time between two looks at the replicas (us), however often it is asked to."""


class RingJudge:
    """All checks of one ring; `world.add_observer(judge.observe)`.

    It may begin with a world under way; what was acknowledged before is not judged.
    """

    names = NAMES

    def __init__(self, world: World, service: str, settings: RingSettings, clients: Iterable[str]) -> None:
        self.evidence = Evidence(world, service, settings, clients)
        self.reads = Reads(self.evidence)
        self.durable = DurableCopies(self.evidence)
        self.convergence = Convergence(self.evidence)
        self.moved = LeastMoved(self.evidence)
        self._looked_at = 0
        self._damage: list[tuple[str, str]] = []
        """Nodes to whose disks something happens just now, and what."""
        for name, node in world.nodes.items():
            self.evidence.holdings.reread(name, node.disk)
        self._ask_what_they_believe()
        self.convergence.all_is_well()

    # ------------------------------------------------------------ watching

    def observe(self, observation: Observation) -> None:
        """Take one observation."""
        if self._damage:
            self._look_at_damage()
        if observation.__class__ is Turn:
            if observation.service != self.evidence.service:
                return
            if observation.node in self.evidence.clients:
                self._client(observation)
            else:
                self._server(observation)
        elif isinstance(observation, Injected):
            self._fault(observation.fault)
        elif isinstance(observation, Crashed) and observation.node not in self.evidence.clients:
            self.moved.ends(observation.node)
            self._damage.append((observation.node, f"{observation.node} crashed ({observation.reason})"))

    def _client(self, turn: Turn) -> None:
        event, ledger = turn.event, self.evidence.ledger
        if isinstance(event, Received) and isinstance(event.message, RingResponse):
            self._answered(turn.at, event.source, event.message)
        for effect in turn.effects:
            if isinstance(effect, Send) and isinstance(effect.message, (ReadRequest, WriteRequest)):
                request = effect.message
                if ledger.asked(turn.node, turn.at, request) and isinstance(request, WriteRequest):
                    self.moved.written(request.key, request.version)

    def _answered(self, at: int, source: str, response: RingResponse) -> None:
        asking = self.evidence.ledger.ended(response)
        if asking is None:
            return
        if isinstance(asking.request, WriteRequest):
            self._acknowledged(self.evidence.ledger.acknowledged(asking.request, source, at))
        else:
            self.reads.came_back(asking, source, response, at)

    def _acknowledged(self, written: Written) -> None:
        self.durable.acknowledged(written)
        if self.evidence.last_write_wins:
            for node, held in self.evidence.at_home(written.key).items():
                watch_for_drops(self.evidence, node, written.key, held)

    def _server(self, turn: Turn) -> None:
        for effect in turn.effects:
            if effect.__class__ is Save:
                self._save(turn, effect.cell, effect.value)
            elif effect.__class__ is Erase:
                self._hold(turn, effect.cell, None)

    def _save(self, turn: Turn, cell: str, value: Record) -> None:
        if isinstance(value, Ring):
            self._table(turn.node, value)
        elif (held := versions_in(value)) is not None:
            self._hold(turn, cell, held)

    def _hold(self, turn: Turn, cell: str, held: Versions | None) -> None:
        """A cell of a key or a hint is written or erased."""
        key = key_of(cell)
        if key is None:
            return
        evidence, node = self.evidence, turn.node
        before = evidence.holdings.put(node, cell, key, held)
        if before is not None and before != held:
            self.durable.changed(node, cell, key, before, held)
            if held is None and isinstance(turn.event, TimerFired) and turn.event.name == COLLECTING:
                self._collected(key, before)
        if held is not None and evidence.last_write_wins:
            watch_for_drops(evidence, node, key, held)
        if cell == f"key/{key}":
            evidence.last_write[key] = turn.at
            self.convergence.written(key)

    def _collected(self, key: str, before: Versions) -> None:
        """A node's grace time for a key is over: its tombstones are remembered here."""
        known = self.evidence.ledger.writes.get(key, {})
        for each in before.siblings:
            if each.deleted and each.dot in known:
                known[each.dot].forgotten = True

    def _table(self, node: str, ring: Ring) -> None:
        tables = self.evidence.tables
        old = tables.newest
        if tables.saw(node, ring, self.evidence.world.now):
            self.moved.table_changed(old, ring)
            if self.evidence.calm_since is not None:
                self.convergence.all_is_well()

    # ------------------------------------------------------------ misfortunes

    def _fault(self, fault: Fault) -> None:
        """It is told before it is carried out."""
        evidence = self.evidence
        if isinstance(fault, Calm):
            evidence.calm_since = evidence.world.now
            self.convergence.all_is_well()
            return
        evidence.calm_since = None
        self.convergence.something_is_wrong()
        if not isinstance(fault, Kill | PowerLoss | Restart | WipeDisk) or fault.node in evidence.clients:
            return
        node, disk = fault.node, evidence.world.node(fault.node).disk
        if evidence.world.node(node).up:
            self.moved.ends(node)
        if isinstance(fault, WipeDisk) or (isinstance(fault, PowerLoss) and disk.lying):
            self.moved.forgot(node)
        if isinstance(fault, WipeDisk | PowerLoss):
            does = "was wiped" if isinstance(fault, WipeDisk) else "lost power"
            self._damage.append((node, f"{node} {does} at {moment(evidence.world.now)}"))

    def _look_at_damage(self) -> None:
        """See what is left of the disks, now that it has happened."""
        damage, self._damage = self._damage, []
        for node, what in damage:
            keys = self.evidence.holdings.reread(node, self.evidence.world.node(node).disk)
            self.durable.damaged(keys, what)

    # ------------------------------------------------------------ now and then, and in the end

    def look(self, world: World) -> None:
        """See whether replicas are equal, and what nodes believe; most looks within 100 ms are one."""
        if self._damage:
            self._look_at_damage()
        if world.now >= self._looked_at + LOOK:
            self._looked_at = world.now
            self._ask_what_they_believe()
            self.convergence.look()

    def _ask_what_they_believe(self) -> None:
        world, service = self.evidence.world, self.evidence.service
        for name in world.nodes:
            machine = world.machine(name, service)
            if isinstance(machine, RingMachine):
                self._table(name, machine.state.ring)

    def results(self, world: World, expired: Callable[[], bool] = never) -> tuple[CheckResult, ...]:
        """Every check's verdict on what has happened so far, in the order of `names`."""
        self._looked_at = -LOOK
        self.look(world)
        return (
            acknowledged_writes(self.evidence),
            self.reads.fresh_reads(),
            self.reads.no_resurrection(),
            replicas_placed(self.evidence),
            self.convergence.result(),
            self.evidence.tables.result(),
            self.durable.result(),
            self.moved.result(),
        )
