"""Raft and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms import kv
from algorithms.machine import Append, Record, Save, Trim
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration, Entry, HardState
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.client import LogClient
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.replicated.messages import ChangeConfiguration, NoOp, TransferLeadership
from nodes.node import Factory
from nodes.world import World
from playground.checks.raft import RaftInvariants
from playground.commands.values import Ask, Members, Named, Placed, Reach, Transfer, verb_of
from playground.errors import BadInput
from playground.history import HistoryRecorder, KvReading, Reading
from playground.kinds.kind import Holdings, Judge, Ledger, Manifests, Section, Settling
from playground.kinds.raft_judges import CHECKS, AlwaysTrue, OneCopy, SameStore
from playground.kinds.raft_settling import RaftSettling
from playground.standing import raft_views
from playground.workload import KvOperations, Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.session import Session
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table

VERBS = ("put", "get", "cas", "append", "transfer", "members")


class RaftKind:
    """See `Kind`."""

    settings = RaftSettings
    client_settings = LogClientSettings
    least: Mapping[str, int] = {
        **dict.fromkeys(("max_batch", "max_in_flight", "snapshot_chunk", "max_sessions", "learner_rounds"), 1),
        **dict.fromkeys(("election_timeout_shortest", "election_timeout_longest", "heartbeat_interval"), 1_000),
        **dict.fromkeys(("try_timeout", "request_timeout", "change_try_timeout", "change_timeout"), 1_000),
    }
    usual_workload = WorkloadSpec()
    reading: Reading = KvReading()
    roles = ("leader", "follower", "candidate", "pre_candidate")
    places: tuple[str, ...] = ()
    checks = CHECKS

    # ------------------------------------------------------------ what it is made of

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        if not isinstance(settings, RaftSettings):
            return
        if settings.election_timeout_longest < settings.election_timeout_shortest:
            raise table.wrong("election_timeout_longest", "the longest election timeout cannot be below the shortest")

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. A node that is none of `nodes` waits outside of the configuration until it is taken in."""
        assert isinstance(settings, RaftSettings), f"Raft is set by RaftSettings, not by {settings}."
        return partial(RaftMachine, name, Configuration(tuple(sorted(nodes))), settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, LogClientSettings), f"A Raft client is set by LogClientSettings, not {settings}."
        return partial(LogClient, name, nodes, settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """A log of no-ops with these terms: what matters in Figures 7 and 8 is the terms alone."""
        entries = tuple(Entry(term, NoOp()) for term in preset.terms)
        return (Save("hard_state", HardState(preset.current_term)), Append("log", 1, entries))

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        for key in ("delete", "n", "r", "w"):
            if getattr(workload, key):
                raise table.wrong(key, f'a Raft workload has no "{key}"; that is for a ring')
        if workload.get + workload.put + workload.cas + workload.append == 0:
            raise table.wrong("get", "a workload needs one of get, put, cas and append with a share above 0")

    def operations(self, workload: WorkloadSpec) -> Operations:
        """See `Kind`."""
        return KvOperations()

    def refusal(self, ask: Ask, service: str) -> str:
        """See `Kind`."""
        verb = verb_of(ask.wish)
        if verb not in VERBS:
            return f'{service} does not know "{verb}"; it knows {", ".join(VERBS)}'
        if ask.reach != Reach():
            return f"{service} knows no --n, --r and --w: whatever it does, a majority of its voters does"
        return ""

    def resolve(self, ask: Ask, service: ServiceSpec, world: World) -> Ask:
        """See `Kind`."""
        return ask

    def request(self, ask: Ask, manifest: Manifests) -> Record:
        """See `Kind`. A client numbers its administrators' wishes itself, so they come without a number."""
        match ask.wish:
            case Transfer(Named(target)):
                return TransferLeadership(0, target)
            case Members(voters):
                return ChangeConfiguration(0, tuple(sorted(who.name for who in voters if isinstance(who, Named))))
            case kv.Put() | kv.Get() | kv.CompareAndSet() | kv.Append():
                return ask.wish
            case _:
                raise AssertionError(f"{ask} has not been resolved for Raft.")

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        raise BadInput(f"{service} keeps every key on every server; {placed.place}() is asked of a ring")

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        views = raft_views(world, service).items()
        return tuple(
            f"{node}: {each.role} of term {each.current_term}, committed {each.commit_index}" for node, each in views
        )

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return (pair.key for view in raft_views(world, service).values() for pair in view.store.pairs)

    def names(self, world: World, service: str, what: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def files(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return ()

    def holdings(self, world: World, service: str, before: Holdings | None) -> Holdings | None:
        """See `Kind`."""
        return None

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> Ledger | None:
        """See `Kind`."""
        return None

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`. Its leaders stand among the numbers of every run."""
        return None

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> RaftInvariants:
        """See `Kind`."""
        return RaftInvariants(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        return AlwaysTrue(self.invariants(world, service.name)), SameStore(service.name), OneCopy(history)

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return RaftSettling(session, service)
