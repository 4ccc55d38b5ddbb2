"""The kinds of services a cluster can run: where a new system is plugged in.

The law: how a system is set, started, preset and judged stands in its kind here, and nobody asks for it by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from algorithms.machine import Append, Record, Save, Trim
from algorithms.raft.client import RaftClient
from algorithms.raft.client_settings import RaftClientSettings
from algorithms.raft.machine import RaftMachine
from algorithms.raft.messages import Configuration, Entry, HardState, NoOp
from algorithms.raft.settings import RaftSettings
from nodes.node import Factory
from nodes.observation import Observation
from nodes.world import World
from playground.checks.raft import RaftInvariants
from playground.checks.violation import Violation
from playground.errors import BadInput, nearest

if TYPE_CHECKING:
    from playground.spec import PresetSpec


class Judge(Protocol):
    """Watches a world and finds what must not be."""

    violations: list[Violation]
    """What was found, in order."""

    def observe(self, observation: Observation) -> None:
        """Take one observation."""


class Kind(Protocol):
    """One kind of service: its settings, its machines, what must hold of it, what a preset of its disk comes to."""

    @property
    def settings(self) -> type[Record]:
        """What can be set about its servers."""

    @property
    def client_settings(self) -> type[Record]:
        """What can be set about its clients."""

    @property
    def least(self) -> Mapping[str, int]:
        """The least value (times in microseconds) of each setting, of servers and clients, that cannot be 0."""

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """Makes the machine of the node `name` at each of its boots."""

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """Makes the client machine of the client node `name` at each of its boots."""

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """What stands on the node's disk before its first boot."""

    def invariants(self, world: World, service: str) -> Judge:
        """What must always hold of `service` in this world, from now on."""


class RaftKind:
    """Raft and its clients."""

    settings = RaftSettings
    client_settings = RaftClientSettings
    least: Mapping[str, int] = {
        **dict.fromkeys(("max_batch", "max_in_flight", "snapshot_chunk", "max_sessions", "learner_rounds"), 1),
        **dict.fromkeys(("election_timeout_shortest", "election_timeout_longest", "heartbeat_interval"), 1_000),
        **dict.fromkeys(("try_timeout", "request_timeout", "change_try_timeout", "change_timeout"), 1_000),
    }

    def server(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, RaftSettings), f"Raft is set by RaftSettings, not by {settings}."
        return partial(RaftMachine, name, Configuration(tuple(sorted(nodes))), settings)

    def client(self, name: str, nodes: tuple[str, ...], settings: Record) -> Factory:
        """See `Kind`."""
        assert isinstance(settings, RaftClientSettings), f"A Raft client is set by RaftClientSettings, not {settings}."
        return partial(RaftClient, name, nodes, settings)

    def preset(self, preset: PresetSpec) -> Sequence[Save | Append | Trim]:
        """A log of no-ops with these terms: what matters in Figures 7 and 8 is the terms alone."""
        entries = tuple(Entry(term, NoOp()) for term in preset.terms)
        return (Save("hard_state", HardState(preset.current_term)), Append("log", 1, entries))

    def invariants(self, world: World, service: str) -> Judge:
        """See `Kind`."""
        return RaftInvariants(world, service)


KINDS: dict[str, Kind] = {"raft": RaftKind()}


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises BadInput."""
    if name not in KINDS:
        raise BadInput(f'there is no service of kind "{name}"{nearest(name, KINDS)}; there are {", ".join(KINDS)}')
    return KINDS[name]
