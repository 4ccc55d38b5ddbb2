"""Which settings of the synod make no sense. The law: what is refused is told with its place, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from algorithms.machine import Record
from algorithms.paxos.synod.settings import SynodSettings
from nodes.world import World
from playground.errors import BadInput, nearest
from playground.kinds.synod_standing import views

if TYPE_CHECKING:
    from playground.tables import Table

MILLISECOND = 1_000

LEAST: Mapping[str, int] = dict.fromkeys(("retry_timeout", "try_timeout", "request_timeout"), MILLISECOND)
"""See `Kind.least`."""


def check(table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
    """Raise BadInput if there cannot be such a synod on these nodes."""
    if not isinstance(settings, SynodSettings):
        return
    for key in ("phase_1_quorum", "phase_2_quorum"):
        if getattr(settings, key) > len(nodes):
            raise table.wrong(key, f'"{key}" cannot be above {len(nodes)}: there are no more acceptors')
    if settings.backoff_longest < settings.backoff_shortest:
        raise table.wrong("backoff_longest", "the longest back-off cannot be below the shortest")
    _check_quorums(table, settings, len(nodes))


def _check_quorums(table: Table, settings: SynodSettings, acceptors: int) -> None:
    """Every phase-1 quorum must meet every phase-2 quorum."""
    first, second = settings.quorums(acceptors).phase_1, settings.quorums(acceptors).phase_2
    if first + second <= acceptors and not settings.allow_broken_quorums:
        key = "phase_2_quorum" if "phase_2_quorum" in table.values else "phase_1_quorum"
        raise table.wrong(
            key,
            f"quorums of {first} and {second} need not meet among {acceptors} acceptors, so two values could be "
            f"chosen; their sum must be above {acceptors} (a lesson may ask for allow_broken_quorums)",
        )


def must_be_a_server(name: str, service: str, world: World) -> None:
    """Raise BadInput if no server of the service is on this node; one that is down may be asked, and is silent."""
    servers = [each for each in world.names if each in views(world, service) or not world.node(each).up]
    if name not in servers:
        raise BadInput(f"{name} has no server of {service}{nearest(name, servers)}; there are {', '.join(servers)}")
