"""Multi-Paxos and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from algorithms.machine import Append, Record, Save, Trim
from algorithms.paxos.machine import PaxosMachine
from algorithms.paxos.messages import Accept, Configuration, Heartbeat
from algorithms.paxos.quorums import quorums_of, why_broken
from algorithms.paxos.settings import PaxosSettings
from algorithms.paxos.view import PaxosView
from nodes.node import Factory
from nodes.world import World
from playground.checks.agreement import SAME_STORE
from playground.checks.paxos import NAMES, PaxosJudge
from playground.checks.verdict import LINEARIZABLE
from playground.errors import BadInput
from playground.history import HistoryRecorder
from playground.kinds.kind import Judge, Ledger, Section
from playground.kinds.log_judges import OneCopy, SameStore
from playground.kinds.paxos_ledger import PaxosLedger
from playground.kinds.paxos_section import section_of
from playground.kinds.paxos_watcher import PaxosWatcher
from playground.kinds.replicated import ReplicatedKind
from playground.standing import log_views

if TYPE_CHECKING:
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table


class PaxosKind(ReplicatedKind):
    """See `Kind`."""

    word = "Paxos"
    settings = PaxosSettings
    least: Mapping[str, int] = {**ReplicatedKind.least, "alpha": 1}
    roles = ("leader", "follower", "preparing", "outsider")
    checks = (*NAMES, SAME_STORE, LINEARIZABLE)

    def check(self, table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
        """See `Kind`."""
        if not isinstance(settings, PaxosSettings):
            return
        if settings.election_timeout_longest < settings.election_timeout_shortest:
            raise table.wrong("election_timeout_longest", "the longest election timeout cannot be below the shortest")
        quorums = quorums_of(len(nodes), settings.phase_1_quorum, settings.phase_2_quorum)
        reason = why_broken(len(nodes), quorums)
        if reason and not settings.allow_broken_quorums:
            key = "phase_2_quorum" if table.has("phase_2_quorum") else "phase_1_quorum"
            raise table.wrong(key, f"{reason}; only allow_broken_quorums = true, for a lesson, lets that be")

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`. A node that is none of `nodes` waits outside of the configuration until it is taken in."""
        assert isinstance(settings, PaxosSettings), f"Paxos is set by PaxosSettings, not by {settings}."
        return partial(PaxosMachine, name, Configuration(tuple(sorted(nodes))), settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """See `Kind`."""
        raise BadInput("a preset is a log with terms, and Paxos has ballots; put [cluster.preset] into a Raft cluster")

    # ------------------------------------------------------------ how it stands

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        views = log_views(world, service).items()
        return tuple(
            f"{node}: {each.role}, promised {each.promised}, chosen up to {each.commit_index}"
            for node, each in views
            if isinstance(each, PaxosView)
        )

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`."""
        return message.ballot.round if isinstance(message, Heartbeat | Accept) else None

    def ledger(self, world: World, service: str, clients: tuple[str, ...]) -> Ledger | None:
        """See `Kind`."""
        return PaxosLedger(service)

    def section(self, world: World, service: str, ledger: Ledger | None) -> Section | None:
        """See `Kind`."""
        assert isinstance(ledger, PaxosLedger), f"{service} has no ledger of Paxos"
        return section_of(world, service, ledger)

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> PaxosWatcher:
        """See `Kind`."""
        return PaxosWatcher(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        return PaxosJudge(world, service.name), SameStore(service.name), OneCopy(history)
