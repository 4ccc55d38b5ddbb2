"""What can be set about the brokers. Times are microseconds: Kafka's defaults divided by ten.

The law: every rule that keeps data safe and can be switched off is on, except where Kafka's own default is off:
writes are not synced one by one, and eligible leader replicas are a choice.
"""

from __future__ import annotations

from typing import Literal

from algorithms.machine import Microseconds, Record


class BrokerSettings(Record, frozen=True):
    """Kafka's names with underscores, where Kafka has the setting."""

    # Topics, where a topic does not say otherwise.
    num_partitions: int = 1
    default_replication_factor: int = 3
    """At most as many as there are brokers when the topic is created without naming a number."""
    auto_create_topics_enable: bool = False
    min_insync_replicas: int = 1
    unclean_leader_election_enable: bool = False
    """Let a replica that is not in sync lead if no other can: what it lacks is lost (Kafka 0.11 switched it off)."""
    cleanup_policy: Literal["delete", "compact", "compact,delete"] = "delete"
    retention_time: Microseconds = 604_800_000_000
    """Delete a segment when its newest record is older than this; 0 never does. (Kafka's seven days, undivided.)"""
    retention_bytes: int = 0
    """Delete the oldest segments while the log is larger than this; 0 never does."""
    segment_bytes: int = 65_536
    """Begin a new segment when this one would outgrow it."""
    segment_time: Microseconds = 0
    """Begin a new segment when this one's first record is older; 0 never does."""
    delete_retention_time: Microseconds = 8_640_000_000
    """Keep a tombstone this long in a compacted log, so that late readers see it."""
    max_message_bytes: int = 1_048_588
    log_retention_check_interval: Microseconds = 1_500_000
    """How often logs are looked at for what is to be deleted or compacted (log.cleaner.backoff.ms / 10)."""
    flush_messages: int = 0
    """Sync the log when this many records wait for it; 1 syncs every write; 0 leaves it to the operating system."""
    # Replication.
    replica_lag_time_max: Microseconds = 3_000_000
    """A follower that has not caught up for so long leaves the in-sync replicas (KIP-16)."""
    replica_fetch_wait_max: Microseconds = 500_000
    """How long a leader keeps a follower's fetch when there is nothing new."""
    replica_fetch_max_bytes: int = 1_048_576
    replica_fetch_timeout: Microseconds = 1_500_000
    """After so long without an answer a follower asks again."""
    replica_high_watermark_checkpoint_interval: Microseconds = 500_000
    truncation: Literal["leader_epoch", "kip_101", "high_watermark"] = "leader_epoch"
    """How a follower finds where its log leaves the leader's: by epochs that both know (KIP-279, KIP-595); by the
    leader's first answer alone (KIP-101); at its own high watermark, as before Kafka 0.11: that loses data."""
    eligible_leader_replicas_enable: bool = False
    """Keep replicas that left the ISR below min.insync.replicas as eligible leaders, and let nothing be committed
    there (KIP-966)."""
    replica_selector: Literal["leader", "rack_aware"] = "leader"
    """Whom a consumer fetches from (KIP-392): the leader, or a replica in its own rack."""
    racks: tuple[str, ...] = ()
    """The rack of each node, in the order of the cluster's nodes; empty: none has one."""
    auto_leader_rebalance_enable: bool = True
    leader_imbalance_check_interval: Microseconds = 30_000_000
    """How often the controller gives partitions back to their preferred leaders."""
    # The controller.
    controllers: int = 3
    """How many nodes vote on the metadata: the first ones."""
    controller_election_timeout_shortest: Microseconds = 150_000
    controller_election_timeout_longest: Microseconds = 300_000
    controller_heartbeat_interval: Microseconds = 50_000
    metadata_snapshot_after: int = 1_000
    """Snapshot the metadata when this many records were applied since the last one."""
    broker_heartbeat_interval: Microseconds = 200_000
    broker_session_timeout: Microseconds = 900_000
    """A broker that the controller has not heard for so long is fenced."""
    # Consumer groups.
    offsets_topic_num_partitions: int = 5
    offsets_topic_replication_factor: int = 3
    group_initial_rebalance_delay: Microseconds = 300_000
    """How long an empty group waits for more members before its first rebalance."""
    group_min_session_timeout: Microseconds = 600_000
    group_max_session_timeout: Microseconds = 180_000_000
    fence_old_generations: bool = True
    """Refuse commits of another generation. Only lessons switch it off: offsets go back then."""
    # Producers and transactions.
    transaction_topic_num_partitions: int = 5
    transaction_topic_replication_factor: int = 3
    transaction_max_timeout: Microseconds = 90_000_000
    transaction_version: Literal[1, 2] = 2
    """2: the producer's epoch goes up with every transaction, so that nothing late of one can touch the next
    (KIP-890). 1: it does not, and it can."""
    producer_id_expiration: Microseconds = 8_640_000_000
    """A partition forgets a producer that has been silent for so long."""
