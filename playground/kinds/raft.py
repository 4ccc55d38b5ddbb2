"""Raft and its clients, as a kind of service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from algorithms.machine import Append, Record, Save, Trim
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import AppendEntries, Configuration, Entry, HardState
from algorithms.raft.settings import RaftSettings
from algorithms.replicated.messages import NoOp
from nodes.node import Factory
from nodes.world import World
from playground.checks.raft import RaftInvariants
from playground.history import HistoryRecorder
from playground.kinds.kind import Judge
from playground.kinds.log_judges import OneCopy, SameStore
from playground.kinds.raft_judges import CHECKS, AlwaysTrue
from playground.kinds.replicated import ReplicatedKind
from playground.standing import raft_views

if TYPE_CHECKING:
    from playground.spec import PresetSpec, ServiceSpec
    from playground.tables import Table


class RaftKind(ReplicatedKind):
    """See `Kind`."""

    word = "Raft"
    settings = RaftSettings
    least: Mapping[str, int] = {**ReplicatedKind.least, "max_in_flight": 1, "learner_rounds": 1}
    roles = ("leader", "follower", "candidate", "pre_candidate")
    checks = CHECKS

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

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """A log of no-ops with these terms: what matters in Figures 7 and 8 is the terms alone."""
        entries = tuple(Entry(term, NoOp()) for term in preset.terms)
        return (Save("hard_state", HardState(preset.current_term)), Append("log", 1, entries))

    def standing(self, world: World, service: str) -> tuple[str, ...]:
        """See `Kind`."""
        views = raft_views(world, service).items()
        return tuple(
            f"{node}: {each.role} of term {each.current_term}, committed {each.commit_index}" for node, each in views
        )

    def reign_of(self, message: Record) -> int | None:
        """See `Kind`."""
        return message.term if isinstance(message, AppendEntries) else None

    # ------------------------------------------------------------ whether it is well

    def invariants(self, world: World, service: str) -> RaftInvariants:
        """See `Kind`."""
        return RaftInvariants(world, service)

    def judges(
        self, world: World, service: ServiceSpec, clients: tuple[str, ...], history: HistoryRecorder
    ) -> tuple[Judge, ...]:
        """See `Kind`."""
        return AlwaysTrue(self.invariants(world, service.name)), SameStore(service.name), OneCopy(history)
