"""Which settings of a ring make no sense. The law: what is refused is told with its place, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from algorithms.machine import Record
from algorithms.placement.hashing import hash_named
from algorithms.ring.client_settings import RingClientSettings
from algorithms.ring.settings import RingSettings
from playground.errors import nearest
from playground.workload import WorkloadSpec

if TYPE_CHECKING:
    from playground.tables import Table

MILLISECOND = 1_000

LEAST: Mapping[str, int] = {
    **dict.fromkeys(("n", "r", "w", "virtual_nodes", "transfer_chunk", "chunks_at_once"), 1),
    **dict.fromkeys(("hint_interval", "anti_entropy_interval", "replica_timeout", "operation_timeout"), MILLISECOND),
    **dict.fromkeys(("exchange_timeout", "probe_interval", "probe_timeout", "suspicion_time"), MILLISECOND),
    **dict.fromkeys(("try_timeout", "request_timeout", "change_timeout"), MILLISECOND),
}
"""See `Kind.least`."""


def check(table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
    """Raise BadInput if there cannot be such a ring on these nodes, or such a client of it."""
    if isinstance(settings, RingClientSettings) and settings.coordinator not in (None, *nodes):
        name = settings.coordinator or ""
        raise table.wrong("coordinator", f'"coordinator": there is no node "{name}"{_nearest(name, nodes)}')
    if not isinstance(settings, RingSettings):
        return
    try:
        hash_named(settings.hash)
    except ValueError as error:
        raise table.wrong("hash", str(error)) from None
    _check_reach(table, settings.n, settings.r, settings.w, nodes)
    _check_zones(table, settings.zones, nodes)


def _check_reach(table: Table, n: int, r: int, w: int, nodes: tuple[str, ...]) -> None:
    """What is not there is blamed on n, which made it too much."""
    if n > len(nodes):
        sentence = f"n = {n} replicas cannot be on {len(nodes)} nodes; n is {len(nodes)} at most"
        raise table.wrong("n", sentence) if "n" in table.values else _above(table).wrong("nodes", sentence)
    for name, count, what in (("r", r, "answer a read"), ("w", w, "have written")):
        if count > n:
            key = name if name in table.values else "n"
            raise table.wrong(key, f"{name} = {count} of n = {n} replicas cannot {what}; {name} is {n} at most")


def _above(table: Table) -> Table:
    """The table around it, for mistakes alone."""
    return type(table)({}, table.where, table.source, table.path[:-1])


def _check_zones(table: Table, zones: tuple[str, ...], nodes: tuple[str, ...]) -> None:
    seen: dict[str, None] = {}
    for entry in zones:
        node, sign, zone = entry.partition("=")
        if not (sign and zone):
            raise table.wrong("zones", f'"{entry}" is no zone; write it like "{nodes[0]}=east"')
        if node not in nodes:
            raise table.wrong("zones", f'"{entry}": there is no node "{node}"{_nearest(node, nodes)}')
        if node in seen:
            raise table.wrong("zones", f"{node} is in two zones; a node lies in one")
        seen[node] = None


def _nearest(word: str, nodes: tuple[str, ...]) -> str:
    return nearest(word, nodes) or f"; there are {', '.join(nodes)}"


def check_workload(table: Table, workload: WorkloadSpec, settings: Record, nodes: tuple[str, ...]) -> None:
    """Raise BadInput if clients of this ring cannot work so."""
    assert isinstance(settings, RingSettings), f"A ring is set by RingSettings, not by {settings}."
    for key in ("cas", "append"):
        if getattr(workload, key):
            raise table.wrong(key, f'a ring knows no {key}: its mix is made of "get", "put" and "delete"')
    if workload.get + workload.put + workload.delete == 0:
        raise table.wrong("get", "a workload needs one of get, put and delete with a share above 0")
    n, r, w = (
        given or usual
        for given, usual in ((workload.n, settings.n), (workload.r, settings.r), (workload.w, settings.w))
    )
    _check_reach(table, n, r, w, nodes)
