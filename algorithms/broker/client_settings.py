"""What can be set about a broker client: producer, consumer and administrator. Times are microseconds: Kafka's / 10."""

from __future__ import annotations

from typing import Literal

from algorithms.machine import Microseconds, Record


class BrokerClientSettings(Record, frozen=True):
    """Kafka's names with underscores."""

    request_timeout: Microseconds = 1_000_000
    """How long one broker may take to answer."""
    retry_backoff: Microseconds = 50_000
    default_api_timeout: Microseconds = 6_000_000
    """How long administration and a consumer's blocking calls go on trying."""
    metadata_max_age: Microseconds = 30_000_000
    # Producer.
    acks: Literal["0", "1", "all"] = "all"
    enable_idempotence: bool = True
    """Let the broker drop what it has already (KIP-98). With acks 0 or 1 there is none, as in Kafka."""
    transactional_id: str = ""
    """Not empty: the producer is transactional, under this name and the client's own (`app-c1`)."""
    share_transactional_id: bool = False
    """Use the name as it is: then the client that begins last fences the others."""
    transaction_timeout: Microseconds = 6_000_000
    delivery_timeout: Microseconds = 12_000_000
    """How long a record may take from `produce` to its answer."""
    retries: int = 2_147_483_647
    linger: Microseconds = 0
    """How long a batch waits for more records."""
    batch_size: int = 16_384
    """Bytes of a batch at most."""
    max_in_flight: int = 5
    """Unanswered produce requests to one broker; above 5 there is no idempotence."""
    max_request_size: int = 1_048_576
    # Consumer.
    fetch_max_wait: Microseconds = 50_000
    fetch_min_bytes: int = 1
    fetch_max_bytes: int = 1_048_576
    max_poll_records: int = 500
    isolation_level: Literal["read_uncommitted", "read_committed"] = "read_uncommitted"
    auto_offset_reset: Literal["earliest", "latest", "none"] = "earliest"
    """Kafka's default is latest; in a playground one wants to see what was produced."""
    enable_auto_commit: bool = True
    auto_commit_interval: Microseconds = 500_000
    process_time: Microseconds = 0
    """What the application does with each record takes so long; the next poll waits for it."""
    session_timeout: Microseconds = 4_500_000
    heartbeat_interval: Microseconds = 300_000
    max_poll_interval: Microseconds = 30_000_000
    partition_assignment_strategy: Literal["range", "round_robin", "sticky", "cooperative_sticky"] = "range"
    static_membership: bool = False
    """Name the member after its client (group.instance.id), so that a restart needs no rebalance (KIP-345)."""
    client_rack: str = ""
