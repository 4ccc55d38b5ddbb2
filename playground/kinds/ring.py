"""The ring store and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms.machine import Append, Record, Save, Trim
from algorithms.ring.client import RingClient
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.machine import RingMachine
from algorithms.ring.settings import RingSettings
from nodes.node import Factory
from nodes.world import World
from playground.checks import ring as checks
from playground.commands.values import Ask, Placed
from playground.errors import BadInput
from playground.history import HistoryRecorder, Reading
from playground.kinds import ring_settings, ring_wishes
from playground.kinds.kind import Holdings, Judge, Ledger, Manifests, Section, Settling
from playground.kinds.ring_holdings import holdings
from playground.kinds.ring_reading import RingReading
from playground.kinds.ring_section import section_of
from playground.kinds.ring_settling import RingSettling
from playground.kinds.ring_standing import servers
from playground.kinds.ring_watcher import RingWatcher
from playground.kinds.ring_workload import RingOperations
from playground.workload import Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table


class RingKind:
    """See `Kind`."""

    settings = RingSettings
    client_settings = RingClientSettings
    least = ring_settings.LEAST
    usual_workload = WorkloadSpec(get=5, put=4, cas=0, append=0, delete=1)
    reading: Reading = RingReading()
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ("owner", "replica", "outsider")
    checks = checks.NAMES
    guarantee = "every write is taken somewhere while anybody is up; replicas meet later, and siblings may show"

    # ------------------------------------------------------------ what it is made of

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        ring_settings.check(table, settings, nodes)

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. A node that is none of `nodes` waits until it is told of a ring that it is in."""
        assert isinstance(settings, RingSettings), f"A ring is set by RingSettings, not by {settings}."
        return partial(RingMachine, name, nodes, settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, RingClientSettings), f"A ring client is set by RingClientSettings, not {settings}."
        return partial(RingClient, name, nodes, settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """See `Kind`."""
        raise BadInput("a preset is a log with terms, and a ring has no log; put [cluster.preset] into a Raft cluster")

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        ring_settings.check_workload(table, workload, settings, nodes)

    def operations(self, workload: WorkloadSpec) -> Operations:
        """See `Kind`."""
        return RingOperations(workload)

    def refusal(self, ask: Ask, service: str) -> str:
        """See `Kind`."""
        return ring_wishes.refusal(ask, service)

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """See `Kind`."""
        return ring_wishes.resolve(ask, service, world)

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """See `Kind`."""
        return ring_wishes.request(ask, manifest)

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`. Nobody leads a ring."""
        return None

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        return ring_wishes.place(placed, service, world, dice, taken)

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        states = servers(world, service).items()
        return tuple(f"{name}: {len(state.storage)} keys, epoch {state.ring.epoch}" for name, state in states)

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        states = servers(world, service).values()
        return (key for state in states for key in state.storage.keys if not key.startswith("file/"))

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def files(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ring_wishes.files(service, world)

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """See `Kind`."""
        return holdings(world, service, before)

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> Ledger | None:
        """See `Kind`."""
        return None

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`."""
        return section_of(world, service)

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> RingWatcher:
        """See `Kind`."""
        return RingWatcher(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        assert isinstance(service.settings, RingSettings), f"A ring is set by RingSettings, not by {service.settings}."
        return checks.judges(world, service.name, service.settings, clients)

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return RingSettling(session, service)
