"""Paxos for one value and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms.machine import Append, Record, Save, Trim
from algorithms.paxos.synod.client import SynodClient
from algorithms.paxos.synod.commands import Learn, Propose
from algorithms.paxos.synod.machine import SynodMachine
from algorithms.paxos.synod.settings import SynodClientSettings, SynodSettings
from nodes.node import Factory
from nodes.world import World
from playground.checks.synod import NAMES, SynodJudge
from playground.commands.values import Ask, Placed, Reach, verb_of
from playground.errors import BadInput
from playground.history import HistoryRecorder, Reading
from playground.kinds import synod_settings
from playground.kinds.kind import Holdings, Judge, Manifests, Section, Settling
from playground.kinds.synod_ledger import SynodLedger
from playground.kinds.synod_reading import SynodReading
from playground.kinds.synod_section import section_of
from playground.kinds.synod_settling import SynodSettling
from playground.kinds.synod_standing import views, words
from playground.kinds.synod_watcher import SynodWatcher
from playground.workload import KvOperations, Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.kinds.kind import Ledger
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table

VERBS = ("propose", "learn")


class SynodKind:
    """See `Kind`."""

    settings = SynodSettings
    client_settings = SynodClientSettings
    least: Mapping[str, int] = synod_settings.LEAST
    usual_workload = WorkloadSpec()
    reading: Reading = SynodReading()
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    checks = NAMES
    guarantee = "one value, chosen by a majority of the acceptors, for ever"

    # ------------------------------------------------------------ what it is made of

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        synod_settings.check(table, settings, nodes)

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. A node that is none of `nodes` is no acceptor; it can propose, and is told nothing."""
        assert isinstance(settings, SynodSettings), f"The synod is set by SynodSettings, not by {settings}."
        return partial(SynodMachine, name, nodes, settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, SynodClientSettings), f"A client is set by SynodClientSettings, not {settings}."
        return partial(SynodClient, name, nodes, settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """See `Kind`."""
        raise BadInput("a preset is a Raft log with terms; put [cluster.preset] into a Raft cluster")

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        raise table.wrong("service", "Paxos for one value has no workload: one value is chosen, and that is all")

    def operations(self, workload: WorkloadSpec) -> Operations:
        """See `Kind`. Never asked for: there is no workload."""
        return KvOperations()

    def refusal(self, ask: Ask, service: str) -> str:
        """See `Kind`."""
        verb = verb_of(ask.wish)
        if verb not in VERBS:
            return f'{service} does not know "{verb}": it decides one value; it knows {", ".join(VERBS)}'
        if ask.reach != Reach():
            return f"{service} knows no --n, --r and --w: its quorums are settings"
        return ""

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """See `Kind`."""
        if isinstance(ask.wish, Propose | Learn) and ask.wish.server:
            synod_settings.must_be_a_server(ask.wish.server, service.name, world)
        return ask

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """See `Kind`."""
        assert isinstance(ask.wish, Propose | Learn), f"{ask} has not been resolved for the synod."
        return ask.wish

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`. Whoever proposes leads nobody."""
        return None

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        raise BadInput(f"{service} has no keys; {placed.place}() is asked of a ring")

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        return tuple(f"{name}: {words(view)}" for name, view in views(world, service).items())

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def files(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """See `Kind`."""
        return None

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> SynodLedger:
        """See `Kind`."""
        return SynodLedger(world, service, clients)

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`."""
        assert isinstance(ledger, SynodLedger), f"The ledger of the synod is a SynodLedger, not {ledger}."
        return section_of(world, service, ledger)

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> SynodWatcher:
        """See `Kind`."""
        return SynodWatcher(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        there = next(iter(views(world, service.name).values()))
        return (SynodJudge(world, service.name, there.quorums),)

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return SynodSettling(session, service)
