"""A Raft server as onlookers see it."""

from __future__ import annotations

from algorithms import kv
from algorithms.machine import Record
from algorithms.raft.messages import Configuration


class Peer(Record, frozen=True):
    """What a leader believes of one other server; what a candidate has heard from it."""

    name: str
    next_index: int = 0
    match_index: int = 0
    in_flight: int = 0
    vote: bool | None = None
    """A candidate's (or pre-candidate's) count: True granted, False refused, None no word yet."""
    snapshot_offset: int | None = None
    """Bytes of the snapshot that this peer has, while one is being installed there."""


class RaftView(Record, frozen=True):
    """Figure 2, and a window of the log. `role` is `follower`, `pre_candidate`, `candidate` or `leader`."""

    name: str
    role: str
    current_term: int
    voted_for: str | None
    leader: str | None
    commit_index: int
    last_applied: int
    first_index: int
    """The first index still in the log (behind the snapshot)."""
    last_index: int
    last_term: int
    snapshot_index: int
    window_first: int
    """The index of `window_terms[0]`."""
    window_terms: tuple[int, ...]
    """Terms of the last entries (at most 256)."""
    configuration: Configuration
    peers: tuple[Peer, ...]
    store: kv.Pairs
