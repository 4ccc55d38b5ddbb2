"""What can be set about a Raft server. Times are microseconds. Every safety rule that can be switched off is on."""

from __future__ import annotations

from typing import Literal

from algorithms.machine import Microseconds, Record


class RaftSettings(Record, frozen=True):
    """The defaults are the paper's (150-300 ms) with a heartbeat well below them."""

    election_timeout_shortest: Microseconds = 150_000
    election_timeout_longest: Microseconds = 300_000
    heartbeat_interval: Microseconds = 50_000
    pre_vote: bool = True
    """Ask before raising the term, so that a returning server deposes nobody (dissertation 9.6)."""
    check_quorum: bool = True
    """A leader that hears no majority for an election timeout steps down (dissertation 6.2)."""
    leader_stickiness: bool = True
    """Ignore vote requests while a leader was heard from within the shortest timeout (dissertation 4.2.3)."""
    commit_only_current_term: bool = True
    """Commit by counting replicas only entries of the current term (paper 5.4.2). Off: Figure 8 loses data."""
    no_op_on_election: bool = True
    """A new leader appends a no-op, so that earlier terms' entries commit and reads may begin (dissertation 6.4)."""
    fast_backup: bool = True
    """A refusal names a conflicting term, so that next_index jumps over it (paper 5.3). Off: one index a time."""
    reads: Literal["read_index", "lease", "log", "local"] = "read_index"
    """How a Get is answered. `local` asks nobody and may be stale: only lessons want it (dissertation 6.4)."""
    lease_drift_bound: Microseconds = 20_000
    """Lease reads trust clocks to drift less than this much over one lease (dissertation 6.4.1)."""
    max_batch: int = 64
    """Entries in one AppendEntries."""
    max_in_flight: int = 8
    """AppendEntries with entries that one follower may have unanswered."""
    snapshot_after: int = 1_000
    """Take a snapshot when this many applied entries stand in the log; 0 never does."""
    keep_entries: int = 100
    """Entries kept behind a snapshot for followers that are only a little late."""
    snapshot_chunk: int = 4_096
    """Bytes of a snapshot in one InstallSnapshot."""
    max_sessions: int = 1_000
    """Client sessions the state machine keeps; the least recently used one expires first (dissertation 6.3)."""
    learner_rounds: int = 10
    """Replication rounds a new server gets to catch up before the change is given up (dissertation 4.2.1)."""
