"""Brokers and their clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms.broker.client.machine import BrokerClient
from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.machine import BrokerMachine
from algorithms.broker.messages import MetadataQuorum
from algorithms.broker.settings import BrokerSettings
from algorithms.broker.topics import INTERNAL
from algorithms.machine import Append, Record, Save, Trim
from algorithms.raft.messages import AppendEntries
from nodes.node import Factory
from nodes.world import World
from playground.checks import broker as checks
from playground.commands.values import Ask, Placed
from playground.commands.write_broker import write_partition
from playground.errors import BadInput
from playground.history import HistoryRecorder, Reading
from playground.kinds import broker_settings, broker_wishes
from playground.kinds.broker_ledger import BrokerLedger
from playground.kinds.broker_reading import BrokerReading
from playground.kinds.broker_section import section_of
from playground.kinds.broker_settling import BrokerSettling
from playground.kinds.broker_standing import brokers, groups, newest_image
from playground.kinds.broker_watcher import BrokerWatcher
from playground.kinds.broker_workload import BrokerOperations
from playground.kinds.kind import Holdings, Judge, Ledger, Manifests, Section, Settling
from playground.workload import Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table


class BrokerKind:
    """See `Kind`."""

    settings = BrokerSettings
    client_settings = BrokerClientSettings
    least = broker_settings.LEAST
    usual_workload = WorkloadSpec(get=0, put=0, cas=0, append=0, delete=0, produce=1, keys=20)
    reading: Reading = BrokerReading()
    roles: tuple[str, ...] = ()
    places = broker_wishes.PLACES
    checks = checks.NAMES
    guarantee = (
        "what acks=all acknowledged is kept while one in-sync replica lives; each partition goes on or stops by itself"
    )

    # ------------------------------------------------------------ what it is made of

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        broker_settings.check(table, settings, nodes)

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. A node that is none of `nodes` registers as a broker when it boots."""
        assert isinstance(settings, BrokerSettings), f"Brokers are set by BrokerSettings, not by {settings}."
        return partial(BrokerMachine, name, nodes, settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, BrokerClientSettings), f"A client is set by BrokerClientSettings, not {settings}."
        return partial(BrokerClient, name, nodes, settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """See `Kind`."""
        raise BadInput("a preset is a Raft log with terms; put [cluster.preset] into a Raft cluster")

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        broker_settings.check_workload(table, workload)

    def operations(self, workload: WorkloadSpec) -> Operations:
        """See `Kind`."""
        return BrokerOperations(workload)

    def refusal(self, ask: Ask, service: str) -> str:
        """See `Kind`."""
        return broker_wishes.refusal(ask, service)

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """See `Kind`."""
        return broker_wishes.resolve(ask, service.name, world)

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """See `Kind`."""
        return broker_wishes.request(ask)

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`. A controller's term."""
        inner = message.message if isinstance(message, MetadataQuorum) else None
        return inner.term if isinstance(inner, AppendEntries) else None

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        return broker_wishes.place(placed, service, world, dice, taken)

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        return tuple(
            f"{name}: leads {sum(each.leading is not None for each in state.replicas.values())} of "
            f"{len(state.replicas)} partitions{', fenced' if state.is_fenced else ''}"
            for name, state in brokers(world, service).items()
        )

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """See `Kind`."""
        if what == "groups":
            return groups(world, service)
        image = newest_image(world, service)
        partitions = image.partitions if image is not None else ()
        return (write_partition(each) for each in partitions if each.topic not in INTERNAL)

    def files(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """See `Kind`."""
        return None

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`."""
        assert isinstance(ledger, BrokerLedger), f"The ledger of brokers is a BrokerLedger, not {ledger}."
        return section_of(world, service, ledger)

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> BrokerLedger:
        """See `Kind`."""
        return BrokerLedger(world, service, clients)

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> BrokerWatcher:
        """See `Kind`."""
        return BrokerWatcher(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        settings = service.settings
        assert isinstance(settings, BrokerSettings), f"Brokers are set by BrokerSettings, not by {settings}."
        return checks.judges(world, service.name, settings, clients)

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return BrokerSettling(session, service)
