"""Reads that do not pass through the log, and yet are linearizable (dissertation 6.4).

The law: before a read is answered, a majority has confirmed, after the read came, that no newer leader can have
committed anything we do not know; or, with a lease, cannot have promised its votes to anyone yet.
"""

from __future__ import annotations

from algorithms import kv
from algorithms.raft.leading import Caller, Leading, Read
from algorithms.raft.majorities import agreed
from algorithms.raft.replication import begin_round
from algorithms.raft.state import State

READ_INDEX = "dissertation 6.4"
LEASE = "dissertation 6.4.1"


def read_locally(state: State, caller: Caller, key: str) -> None:
    """Ask nobody. What is answered may be long past."""
    state.note(f"answers a read of {key} from its own store, asking nobody", READ_INDEX)
    state.reply(caller, "ok", state.store.apply(kv.Get(key)))


def take_read(state: State, leading: Leading, caller: Caller, key: str) -> None:
    """A read for the leader.

    Until an entry of its own term is committed, it does not know how far its predecessors had come.
    """
    if state.commit_index < leading.term_start:
        leading.reads.before_commit.append(Read(caller, key))
        state.note(f"keeps a read of {key} until an entry of term {state.current_term} is committed", READ_INDEX)
    elif has_lease(state, leading):
        state.note(f"answers a read of {key} under its lease", LEASE)
        _answer(state, Read(caller, key))
    else:
        _wait_for_round(state, leading, Read(caller, key))


def _wait_for_round(state: State, leading: Leading, read: Read) -> None:
    """Only a round that begins from now on proves anything for this read. Those that come meanwhile share the next."""
    waiting = leading.reads.waiting
    waiting.append(read._replace(round=leading.round + 1))
    if len(waiting) == 1:
        state.note(f"asks a majority whether it still leads, for a read at index {state.commit_index}", READ_INDEX)
        begin_round(state, leading)
        confirm(state, leading)


def release_held(state: State, leading: Leading) -> None:
    """The first entry of this term is committed: reads may begin."""
    if leading.reads.before_commit and state.commit_index >= leading.term_start:
        held, leading.reads.before_commit = leading.reads.before_commit, []
        for read in held:
            _wait_for_round(state, leading, read)


def confirm(state: State, leading: Leading) -> None:
    """A server has answered a heartbeat round: answer the reads for which a majority has done so by now.

    All that was committed when a read came is applied already, for a leader applies as it commits.
    """
    reads = leading.reads
    confirmed = agreed(state.configuration, leading.rounds())
    while reads.rounds_begun and reads.rounds_begun[0][0] <= confirmed:
        reads.lease_began = reads.rounds_begun.popleft()[1]
    answered = False
    while reads.waiting and reads.waiting[0].round <= confirmed:
        answered = True
        _answer(state, reads.waiting.popleft())
    if answered and reads.waiting and reads.waiting[0].round > leading.round:
        begin_round(state, leading)


def has_lease(state: State, leading: Leading) -> bool:
    """Followers of the latest confirmed round promise no vote for the shortest election timeout from its beginning,
    by their clocks, which may run faster than ours by `lease_drift_bound`. That promise is `leader_stickiness`: without
    it a lease is worth nothing. (Nor is one by a clock that was set back.)"""
    began, settings = leading.reads.lease_began, state.settings
    if settings.reads != "lease" or began is None or leading.lease_given_up:
        return False
    return 0 <= state.now - began < settings.election_timeout_shortest - settings.lease_drift_bound


def _answer(state: State, read: Read) -> None:
    state.reply(read.caller, "ok", state.store.apply(kv.Get(read.key)))
