"""A keeper and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms.keeper.client.machine import KeeperClient
from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.machine import KeeperMachine
from algorithms.keeper.settings import KeeperSettings
from algorithms.keeper.zab.messages import NewLeader, PeerSegment
from algorithms.machine import Append, Record, Save, Trim
from nodes.node import Factory
from nodes.world import World
from playground.checks import keeper as checks
from playground.commands.table_keeper import ROLES
from playground.commands.values import Ask, Placed
from playground.errors import BadInput
from playground.history import HistoryRecorder, Reading
from playground.kinds import keeper_settings, keeper_wishes
from playground.kinds import keeper_standing as standing
from playground.kinds.keeper_ledger import KeeperLedger
from playground.kinds.keeper_reading import KeeperReading
from playground.kinds.keeper_section import section_of
from playground.kinds.keeper_settling import KeeperSettling
from playground.kinds.keeper_watcher import KeeperWatcher
from playground.kinds.keeper_workload import KeeperOperations
from playground.kinds.kind import Holdings, Judge, Ledger, Manifests, Section, Settling
from playground.workload import Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table


class KeeperKind:
    """See `Kind`."""

    settings = KeeperSettings
    client_settings = KeeperClientSettings
    least = keeper_settings.LEAST
    usual_workload = WorkloadSpec(get=4, put=0, cas=0, append=0, delete=1, create=2, set=2, children=1)
    reading: Reading = KeeperReading()
    roles: tuple[str, ...] = ("leader", "follower", *ROLES)
    places = keeper_wishes.PLACES
    checks = checks.NAMES
    guarantee = "writes are linearizable, where a majority is; reads are of one's own server, in order, and may be old"

    # ------------------------------------------------------------ what it is made of

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        keeper_settings.check(table, settings, nodes)

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. Who votes is fixed, so a node that is none of `nodes` observes."""
        assert isinstance(settings, KeeperSettings), f"A keeper is set by KeeperSettings, not by {settings}."
        return partial(KeeperMachine, name, nodes, settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, KeeperClientSettings), f"A client is set by KeeperClientSettings, not {settings}."
        return partial(KeeperClient, name, nodes, settings, settings.resource_node)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """See `Kind`."""
        raise BadInput("a preset is a Raft log with terms; put [cluster.preset] into a Raft cluster")

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        keeper_settings.check_workload(table, workload)

    def operations(self, workload: WorkloadSpec) -> Operations:
        """See `Kind`."""
        return KeeperOperations(workload)

    def refusal(self, ask: Ask, service: str) -> str:
        """See `Kind`."""
        return keeper_wishes.refusal(ask, service)

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """See `Kind`."""
        return keeper_wishes.resolve(ask, world, service.name)

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """See `Kind`."""
        return keeper_wishes.request(ask)

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`. An epoch whose leader has a history to give."""
        inner = message.segment.carried if isinstance(message, PeerSegment) else None
        return inner.epoch if isinstance(inner, NewLeader) else None

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        return keeper_wishes.place(placed, service, world)

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        return tuple(
            f"{name}: {standing.role_of(state)}, epoch {state.zab.state.current_epoch}, "
            f"applied {state.tree.last_zxid}, logged {state.zab.state.last_logged}"
            for name, state in standing.servers(world, service).items()
        )

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """See `Kind`."""
        state = standing.furthest(world, service) if what == "znodes" else None
        return (each.path for each in state.tree.walk()) if state is not None else ()

    def files(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """See `Kind`."""
        return None

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`."""
        assert isinstance(ledger, KeeperLedger), f"The ledger of a keeper is a KeeperLedger, not {ledger}."
        return section_of(world, service, ledger)

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> KeeperLedger:
        """See `Kind`."""
        return KeeperLedger(world, service)

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> KeeperWatcher:
        """See `Kind`."""
        return KeeperWatcher(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        return checks.judges(world, service.name, clients)

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return KeeperSettling(session, service)
