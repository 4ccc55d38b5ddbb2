"""What can be set about a keeper server: ZooKeeper's names where it has one. Times are microseconds.

Timeouts are a tenth of ZooKeeper's usual ones, so that a person need not wait for them.
"""

from __future__ import annotations

from algorithms.machine import Microseconds, Record


class KeeperSettings(Record, frozen=True):
    """The defaults elect a new leader within about a third of a second."""

    tick_time: Microseconds = 200_000
    """The unit of the limits: ZooKeeper's tickTime."""
    init_limit: int = 5
    """Ticks that a follower may take to connect and synchronise."""
    sync_limit: int = 2
    """Ticks that a follower may be behind, or a leader may hear no quorum."""
    notification_timeout_shortest: Microseconds = 20_000
    notification_timeout_longest: Microseconds = 200_000
    """Fast leader election repeats its vote so often: it doubles from the shortest to the longest."""
    finalize_wait: Microseconds = 20_000
    """How long an election waits for a better vote once a quorum agrees (finalizeWait)."""
    min_session_timeout: Microseconds = 400_000
    max_session_timeout: Microseconds = 4_000_000
    """What a client may ask for; outside of it, it gets the nearest."""
    snap_count: int = 1_000
    """Transactions in the log before a snapshot is taken (snapCount)."""
    keep_transactions: int = 200
    """Transactions kept behind a snapshot, so that a follower that is a little late gets DIFF and not SNAP."""
    max_in_flight: int = 1_000
    """Requests of all clients that one server may have under way (globalOutstandingLimit)."""
    max_data: int = 1_048_576
    """Bytes that a znode may hold (jute.maxbuffer)."""
    read_only_mode: bool = False
    """A server without a quorum answers reads of clients that allow it (readonlymode.enabled)."""
    observers: tuple[str, ...] = ()
    """Nodes that hear and never vote."""
    container_interval: Microseconds = 500_000
    """How often the leader looks for empty containers and TTL nodes whose time is over."""
    fencing: bool = True
    """Resources outside of the keeper reject a write whose token is older than one they have seen."""
    sync_is_quorum: bool = False
    """Let `sync` pass through the log. Off, as in ZooKeeper: a leader that does not know yet that it is none may
    answer it."""
    truncate_on_sync: bool = True
    """A returning server drops what the leader has never seen (TRUNC). Only a lesson switches it off."""
