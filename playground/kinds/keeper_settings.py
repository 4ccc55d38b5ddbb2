"""Which settings of a keeper make no sense. The law: what is refused is told with its place, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from algorithms.keeper.client_settings import KeeperClientSettings
from algorithms.keeper.settings import KeeperSettings
from algorithms.machine import Record
from playground.errors import nearest
from playground.workload import WorkloadSpec

if TYPE_CHECKING:
    from playground.tables import Table

MILLISECOND = 1_000

LEAST: Mapping[str, int] = {
    **dict.fromkeys(("init_limit", "sync_limit", "snap_count", "max_in_flight", "max_data"), 1),
    **dict.fromkeys(
        (
            "tick_time",
            "notification_timeout_shortest",
            "notification_timeout_longest",
            "finalize_wait",
            "min_session_timeout",
            "max_session_timeout",
            "container_interval",
            "session_timeout",
            "connect_timeout",
            "request_timeout",
            "backoff_shortest",
            "backoff_longest",
            "lock_wait",
        ),
        MILLISECOND,
    ),
}
"""See `Kind.least`."""

SHARES = ("create", "set", "get", "delete", "children", "exists", "sync", "multi", "lock")
"""Of a workload, what a keeper knows."""


def check(table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
    """Raise BadInput if there cannot be such servers on these nodes, or such a client of them."""
    if isinstance(settings, KeeperClientSettings):
        _check_client(table, settings, nodes)
    if isinstance(settings, KeeperSettings):
        _check_servers(table, settings, nodes)


def _check_client(table: Table, settings: KeeperClientSettings, nodes: tuple[str, ...]) -> None:
    if settings.server and settings.server not in nodes:
        raise table.wrong("server", _no_node("server", settings.server, nodes))
    if settings.resource_node and settings.resource_node not in nodes:
        raise table.wrong("resource_node", _no_node("resource_node", settings.resource_node, nodes))
    if settings.backoff_shortest > settings.backoff_longest:
        raise table.wrong("backoff_shortest", "the shortest backoff is longer than the longest")


def _check_servers(table: Table, settings: KeeperSettings, nodes: tuple[str, ...]) -> None:
    for name in settings.observers:
        if name not in nodes:
            raise table.wrong("observers", _no_node("observers", name, nodes))
    if len(set(settings.observers)) < len(settings.observers):
        raise table.wrong("observers", "an observer is named twice")
    if len(settings.observers) >= len(nodes):
        raise table.wrong("observers", "somebody must vote: leave one node at least that is no observer")
    if settings.min_session_timeout > settings.max_session_timeout:
        raise table.wrong("min_session_timeout", "the shortest session timeout is longer than the longest")
    if settings.notification_timeout_shortest > settings.notification_timeout_longest:
        raise table.wrong("notification_timeout_shortest", "the shortest timeout is longer than the longest")


def _no_node(key: str, name: str, nodes: tuple[str, ...]) -> str:
    return f'"{key}" names "{name}", which is no node{nearest(name, nodes)}; nodes are {", ".join(nodes)}'


def check_workload(table: Table, workload: WorkloadSpec) -> None:
    """Raise BadInput if clients of a keeper cannot work so."""
    for key in ("put", "cas", "append", "n", "r", "w", "produce", "transact"):
        if getattr(workload, key):
            raise table.wrong(key, f'a keeper knows no "{key}": a workload is made of {", ".join(SHARES)}')
    if not any(getattr(workload, key) for key in SHARES):
        raise table.wrong("set", f"a workload needs one of {', '.join(SHARES)} with a share above 0")
    for key in ("ephemeral", "watched"):
        if not 0 <= getattr(workload, key) <= 100:
            raise table.wrong(key, f"{key} is a share of 100, not {getattr(workload, key)}")
