"""What Raft and Multi-Paxos are to the playground alike: a store on a replicated log, and the clients of both.

The law: nothing here knows which consensus it is; what differs is in `raft.py` and `paxos.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from algorithms import kv
from algorithms.machine import Record
from algorithms.replicated.client import LogClient
from algorithms.replicated.client_settings import LogClientSettings
from algorithms.replicated.messages import ChangeConfiguration, TransferLeadership
from nodes.node import Factory
from nodes.world import World
from playground.commands.values import Ask, Members, Named, Placed, Reach, Transfer, verb_of
from playground.errors import BadInput
from playground.history import KvReading, Reading
from playground.kinds.kind import Holdings, Ledger, Manifests, Section, Settling
from playground.kinds.log_settling import LogSettling
from playground.standing import log_views
from playground.workload import KvOperations, Operations, WorkloadSpec

if TYPE_CHECKING:
    from playground.session import Session
    from playground.spec import ServiceSpec
    from playground.tables import Table

VERBS = ("put", "get", "cas", "append", "transfer", "members")


class ReplicatedKind:
    """See `Kind`. A subclass brings its machine, its settings and its judges."""

    word = ""
    """What people call it."""
    client_settings = LogClientSettings
    least: Mapping[str, int] = {
        **dict.fromkeys(("max_batch", "snapshot_chunk", "max_sessions"), 1),
        **dict.fromkeys(("election_timeout_shortest", "election_timeout_longest", "heartbeat_interval"), 1_000),
        **dict.fromkeys(("try_timeout", "request_timeout", "change_try_timeout", "change_timeout"), 1_000),
    }
    usual_workload = WorkloadSpec()
    reading: Reading = KvReading()
    places: tuple[str, ...] = ()
    guarantee = "linearizable; a key is served where a majority of the servers is, and nowhere else"

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, LogClientSettings), f"Such a client is set by LogClientSettings, not {settings}."
        return partial(LogClient, name, nodes, settings)

    # ------------------------------------------------------------ what clients do

    def check_workload(self, table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        for key in ("delete", "n", "r", "w"):
            if getattr(workload, key):
                raise table.wrong(key, f'a {self.word} workload has no "{key}"; that is for another system')
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
                raise AssertionError(f"{ask} has not been resolved for a replicated log.")

    # ------------------------------------------------------------ how it stands

    def place(self, placed: Placed, service: str, world: World, dice: Random, taken: Sequence[str]) -> str:
        """See `Kind`."""
        raise BadInput(f"{service} keeps every key on every server; {placed.place}() is asked of a ring")

    def keys(self, world: World, service: str) -> Iterable[str]:
        """See `Kind`."""
        return (pair.key for view in log_views(world, service).values() for pair in view.store.pairs)

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

    def settling(self, session: Session, service: str) -> Settling:
        """See `Kind`."""
        return LogSettling(session, service)
