"""What Raft servers and their clients say to each other, and what they keep on disk.

The law: names are the paper's (Ongaro and Ousterhout 2014, Figure 2 and Figure 13; Ongaro's dissertation 2014
for PreVote, TimeoutNow, ReadIndex and client sessions). Log indexes are 1-based; index 0 with term 0 stands for
"before the first entry".
"""

from __future__ import annotations

from algorithms.machine import Record
from algorithms.replicated.messages import (
    Carried,
    ChangeConfiguration,
    ClientCommand,
    ClientRequest,
    ClientResponse,
    NoOp,
    TransferLeadership,
)
from algorithms.replicated.state_machine import Contents

# ---------------------------------------------------------------- entries of the log


class Configuration(Record, frozen=True):
    """Who counts (dissertation 4.3). `old_voters` is not empty exactly while the configuration is joint (C_old,new).

    Learners receive the log and never vote. All tuples are sorted.
    """

    voters: tuple[str, ...]
    old_voters: tuple[str, ...] = ()
    learners: tuple[str, ...] = ()


class AdmitLearner(Record, frozen=True):
    """The carrying machine wishes that `name` receives the log, for good, and never votes."""

    name: str


class Entry(Record, frozen=True):
    """One entry of the log; its index is its place in the journal."""

    term: int
    payload: ClientCommand | Configuration | NoOp | Carried


# ---------------------------------------------------------------- what is on disk


class HardState(Record, frozen=True):
    """Figure 2's persistent state besides the log, one record because it must change together."""

    current_term: int = 0
    voted_for: str | None = None


class Snapshot(Record, frozen=True):
    """The state machine after `last_included_index`, with what Figure 12 keeps beside it."""

    last_included_index: int
    last_included_term: int
    configuration: Configuration
    contents: Contents


# ---------------------------------------------------------------- server to server


class RequestVote(Record, frozen=True):
    """Figure 2. With `pre_vote` nothing is promised: "would you vote for me in `term`?" (dissertation 9.6).

    `leadership_transfer` lets it pass leader stickiness (dissertation 3.10, 4.2.3).
    """

    term: int
    candidate_id: str
    last_log_index: int
    last_log_term: int
    pre_vote: bool = False
    leadership_transfer: bool = False


class RequestVoteResponse(Record, frozen=True):
    """Figure 2. For a granted pre-vote `term` is the term that was asked about, else the voter's own."""

    term: int
    vote_granted: bool
    pre_vote: bool = False


class AppendEntries(Record, frozen=True):
    """Figure 2. `round` numbers the leader's heartbeat rounds, so that a reply proves leadership (dissertation 6.4)."""

    term: int
    leader_id: str
    prev_log_index: int
    prev_log_term: int
    entries: tuple[Entry, ...]
    leader_commit: int
    round: int


class AppendEntriesResponse(Record, frozen=True):
    """Figure 2, with what fast back-up needs (paper 5.3, end).

    On success `match_index` is the last index known to agree with the leader. On refusal, `match_index` is the
    `prev_log_index` that was refused, and the leader should try next at the last entry it has of
    `conflict_term`, or at `conflict_index` if it has none (`conflict_term` 0: the log is simply too short).
    `round` is the request's.
    """

    term: int
    success: bool
    match_index: int
    round: int
    conflict_term: int = 0
    conflict_index: int = 0


class InstallSnapshot(Record, frozen=True):
    """Figure 13: one chunk of the leader's snapshot, `data` being its bytes (as latin-1 text) from `offset` on."""

    term: int
    leader_id: str
    last_included_index: int
    last_included_term: int
    offset: int
    data: str
    done: bool
    round: int


class InstallSnapshotResponse(Record, frozen=True):
    """Figure 13: `next_offset` is where the next chunk should begin; 0 asks for all of it again."""

    term: int
    last_included_index: int
    next_offset: int
    installed: bool
    round: int


class TimeoutNow(Record, frozen=True):
    """Leadership transfer: campaign at once, without PreVote (dissertation 3.10)."""

    term: int


class LogSaved(Record, frozen=True):
    """A leader's word to itself: its own log is durable up to `match_index` (it is sent behind the write)."""

    term: int
    match_index: int


Message = (
    RequestVote
    | RequestVoteResponse
    | AppendEntries
    | AppendEntriesResponse
    | InstallSnapshot
    | InstallSnapshotResponse
    | TimeoutNow
    | LogSaved
    | ClientRequest
    | ChangeConfiguration
    | TransferLeadership
    | ClientResponse
)
