"""What can be set about a Multi-Paxos server. Times are microseconds. The defaults are safe."""

from __future__ import annotations

from typing import Literal

from algorithms.machine import Microseconds, Record


class PaxosSettings(Record, frozen=True):
    """Times are as in Raft (150-300 ms, with a heartbeat well below them), so that the two can be compared."""

    election_timeout_shortest: Microseconds = 150_000
    election_timeout_longest: Microseconds = 300_000
    heartbeat_interval: Microseconds = 50_000
    pre_prepare: bool = True
    """Ask whether a leader is missed before a new ballot is made, so that a returning server deposes nobody (the idea
    is Raft's PreVote, Ongaro's dissertation 9.6)."""
    check_quorum: bool = True
    """A leader that hears no quorum of phase 2 for an election timeout stops leading (dissertation 6.2)."""
    leader_stickiness: bool = True
    """Ignore Prepare while a leader was heard from within the shortest timeout. Lease reads stand on it (Paxos Made
    Live, 5.2)."""
    phase_1_quorum: int = 0
    """So many promises make a leader; 0 is a majority."""
    phase_2_quorum: int = 0
    """So many acceptors choose a value; 0 is a majority. Any two sizes are safe whose sum is above the number of
    acceptors (Howard, Malkhi, Spiegelman 2016)."""
    allow_broken_quorums: bool = False
    """Let the sum be too small. Two values can be chosen in one slot then: only lessons want it."""
    alpha: int = 32
    """A configuration that is chosen in slot i counts from slot i + alpha on, so no more slots than this may be
    undecided (Paxos Made Simple, section 3). It must be the same on all servers."""
    reads: Literal["quorum", "lease", "log", "local"] = "quorum"
    """How a Get is answered. `local` asks nobody and may be stale: only lessons want it."""
    lease_drift_bound: Microseconds = 20_000
    """Lease reads trust clocks to drift less than this much over one lease (Paxos Made Live, 5.2)."""
    max_batch: int = 64
    """Slots in one message."""
    snapshot_after: int = 1_000
    """Take a snapshot when this many slots were applied since the last one; 0 never does."""
    keep_slots: int = 100
    """Slots kept behind a snapshot for servers that are only a little late."""
    snapshot_chunk: int = 4_096
    """Bytes of a snapshot in one message."""
    max_sessions: int = 1_000
    """Client sessions the state machine keeps; the least recently used one expires first (dissertation 6.3)."""
