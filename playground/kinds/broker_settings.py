"""Which settings of brokers make no sense. The law: what is refused is told with its place, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from algorithms.broker.client_settings import BrokerClientSettings
from algorithms.broker.settings import BrokerSettings
from algorithms.machine import Record
from playground.workload import WorkloadSpec

if TYPE_CHECKING:
    from playground.tables import Table

MILLISECOND = 1_000

LEAST: Mapping[str, int] = {
    **dict.fromkeys(
        (
            "num_partitions",
            "default_replication_factor",
            "min_insync_replicas",
            "controllers",
            "offsets_topic_num_partitions",
            "offsets_topic_replication_factor",
            "transaction_topic_num_partitions",
            "transaction_topic_replication_factor",
            "max_poll_records",
            "max_in_flight",
            "fetch_min_bytes",
        ),
        1,
    ),
    **dict.fromkeys(("segment_bytes", "max_message_bytes", "batch_size", "replica_fetch_max_bytes"), 64),
    **dict.fromkeys(
        (
            "replica_lag_time_max",
            "replica_fetch_timeout",
            "replica_high_watermark_checkpoint_interval",
            "log_retention_check_interval",
            "leader_imbalance_check_interval",
            "controller_election_timeout_shortest",
            "controller_election_timeout_longest",
            "controller_heartbeat_interval",
            "broker_heartbeat_interval",
            "broker_session_timeout",
            "request_timeout",
            "retry_backoff",
            "delivery_timeout",
            "default_api_timeout",
            "transaction_timeout",
            "session_timeout",
            "heartbeat_interval",
            "max_poll_interval",
            "auto_commit_interval",
            "fetch_max_wait",
            "replica_fetch_wait_max",
        ),
        MILLISECOND,
    ),
}
"""See `Kind.least`."""


FACTORS = ("default_replication_factor", "offsets_topic_replication_factor", "transaction_topic_replication_factor")


def check(table: Table, settings: Record, nodes: tuple[str, ...]) -> None:
    """Raise BadInput if there cannot be such brokers on these nodes, or such a client of them."""
    if isinstance(settings, BrokerClientSettings):
        _check_client(table, settings)
    if isinstance(settings, BrokerSettings):
        _check_brokers(table, settings, nodes)


def _check_client(table: Table, settings: BrokerClientSettings) -> None:
    if settings.enable_idempotence and settings.acks == "all" and settings.max_in_flight > 5:
        sentence = f"max_in_flight = {settings.max_in_flight} is too much for idempotence, which knows 5 batches"
        raise table.wrong("max_in_flight", sentence)
    if settings.transactional_id and (settings.acks != "all" or not settings.enable_idempotence):
        raise table.wrong("transactional_id", 'a transactional producer needs acks = "all" and idempotence')
    if settings.delivery_timeout < settings.linger + settings.request_timeout:
        sentence = "delivery_timeout must leave time for linger and one request_timeout"
        raise table.wrong("delivery_timeout", sentence)
    if settings.heartbeat_interval >= settings.session_timeout:
        raise table.wrong("heartbeat_interval", "a member must send heartbeats more often than its session_timeout")


def _check_brokers(table: Table, settings: BrokerSettings, nodes: tuple[str, ...]) -> None:
    if settings.racks and len(settings.racks) != len(nodes):
        sentence = f"there are {len(nodes)} nodes and {len(settings.racks)} racks; name one for each node, in order"
        raise table.wrong("racks", sentence)
    shortest, longest = settings.controller_election_timeout_shortest, settings.controller_election_timeout_longest
    if shortest > longest:
        raise table.wrong("controller_election_timeout_shortest", "the shortest timeout is longer than the longest")
    if settings.broker_heartbeat_interval >= settings.broker_session_timeout:
        sentence = "a broker must send heartbeats more often than its broker_session_timeout"
        raise table.wrong("broker_heartbeat_interval", sentence)
    if settings.controllers > len(nodes) and "controllers" in table.values:
        sentence = f"{settings.controllers} nodes cannot vote on the metadata: there are {len(nodes)}"
        raise table.wrong("controllers", sentence)
    if settings.group_min_session_timeout > settings.group_max_session_timeout:
        raise table.wrong("group_min_session_timeout", "the shortest session timeout is longer than the longest")
    for key in FACTORS:
        if key in table.values and getattr(settings, key) > len(nodes):
            raise table.wrong(key, f"{getattr(settings, key)} replicas cannot be on {len(nodes)} nodes")
    _check_fetching(table, settings)


def _check_fetching(table: Table, settings: BrokerSettings) -> None:
    """Kafka refuses both, too: a follower with nothing to fetch would seem to lag, or to get no answer."""
    if settings.replica_fetch_wait_max > settings.replica_lag_time_max:
        sentence = "replica_fetch_wait_max may not be longer than replica_lag_time_max, or idle followers seem to lag"
        raise table.wrong("replica_fetch_wait_max", sentence)
    if settings.replica_fetch_wait_max > settings.replica_fetch_timeout:
        sentence = "replica_fetch_timeout may not be shorter than replica_fetch_wait_max, or idle fetches time out"
        raise table.wrong("replica_fetch_timeout", sentence)


def check_workload(table: Table, workload: WorkloadSpec) -> None:
    """Raise BadInput if clients of brokers cannot work so."""
    for key in ("get", "put", "cas", "append", "delete", "n", "r", "w"):
        if getattr(workload, key):
            raise table.wrong(key, f'brokers know no "{key}": a workload is made of "produce" and "transact"')
    if workload.produce + workload.transact == 0:
        raise table.wrong("produce", "a workload needs one of produce and transact with a share above 0")
    if not workload.topic:
        raise table.wrong("topic", "a workload needs a topic to produce to")
    if not 0 <= workload.aborted <= 100:
        raise table.wrong("aborted", f"aborted is a share of 100 transactions, not {workload.aborted}")
