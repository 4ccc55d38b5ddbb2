"""AppendEntries, the receiver's side (Figure 2; paper 5.3).

The law: an entry is dropped only if it conflicts with the leader's, and nothing is acknowledged before it is durable.
"""

from __future__ import annotations

from algorithms.machine import Append, Send
from algorithms.raft.applying import apply_committed
from algorithms.raft.majorities import describe
from algorithms.raft.messages import (
    AppendEntries,
    AppendEntriesResponse,
    InstallSnapshot,
    InstallSnapshotResponse,
)
from algorithms.raft.roles import become_follower, see_newer_term
from algorithms.raft.snapshots import receive_chunk
from algorithms.raft.state import State


def append_entries(state: State, source: str, message: AppendEntries) -> None:
    """Take `message`, or refuse it, and answer behind whatever had to be written for it."""
    is_known = message.term == state.current_term and message.leader_id == state.leader
    if not is_known and not accept_leader(state, message):
        _refuse_term(state, source, message)
        return
    log, prev = state.log, message.prev_log_index
    state.heard_at = state.now
    state.effects.append(state.election_timer)
    prev_term = log.last_term if prev == log.last_index else log.term_at(prev)
    if prev_term != message.prev_log_term and prev >= log.base_index:
        _refuse(state, source, message)
        return
    last = prev
    if message.entries:
        last += len(message.entries)
        _store(state, message)
    response = AppendEntriesResponse(state.current_term, True, last, message.round)
    state.effects.append(Send(source, response))
    if message.leader_commit > state.commit_index and last > state.commit_index:
        _commit(state, min(message.leader_commit, last))


def install_snapshot(state: State, source: str, message: InstallSnapshot) -> None:
    """InstallSnapshot, receiver rule 1; the others are in snapshots.py."""
    if accept_leader(state, message):
        state.heard_at = state.now
        state.effects.append(state.election_timer)
        receive_chunk(state, source, message)
    else:
        index, term = message.last_included_index, state.current_term
        state.send(source, InstallSnapshotResponse(term, index, 0, False, message.round))


def accept_leader(state: State, message: AppendEntries | InstallSnapshot) -> bool:
    """Whether the sender leads; if it does, we follow it, in its term."""
    term, leader = message.term, message.leader_id
    if term < state.current_term:
        return False
    if term > state.current_term:
        see_newer_term(state, term, leader)
    elif state.role == "leader":
        state.note(f"{leader} leads term {term} as well: a vote was given twice", "Raft 5.2")
        return False
    elif state.role != "follower":
        become_follower(state, term, f"{leader} has won term {term}", "Raft 5.2")
    if state.leader != leader:
        state.leader = leader
        state.note(f"follows {leader} in term {term}", "Raft 5.2")
    return True


def _refuse_term(state: State, source: str, message: AppendEntries) -> None:
    """Receiver rule 1: reply false if its term is old."""
    prev, term = message.prev_log_index, state.current_term
    state.note(f"refuses {source}: it leads in term {message.term}, we are in {term}", "Raft 5.1")
    state.send(source, AppendEntriesResponse(term, False, prev, message.round, 0, prev))


def _refuse(state: State, source: str, message: AppendEntries) -> None:
    """Receiver rule 2: reply false if the log has no such entry; with a hint where it might agree (paper 5.3)."""
    log, prev = state.log, message.prev_log_index
    ours = log.term_at(prev)
    has = f"has term {ours} there" if ours else f"ends at {log.last_index}"
    state.note(f"refuses {source}'s entries behind {prev} of term {message.prev_log_term}: its log {has}", "Raft 5.3")
    conflict = prev
    if state.settings.fast_backup:
        conflict = log.first_of_term_at(prev) if ours else log.last_index + 1
    else:
        ours = 0
    response = AppendEntriesResponse(state.current_term, False, prev, message.round, ours, conflict)
    state.send(source, response)


def _store(state: State, message: AppendEntries) -> None:
    """Receiver rules 3 and 4: cut off what conflicts, append what is missing, leave alone what is there."""
    log, index = state.log, message.prev_log_index + 1
    skip = max(0, log.first_index - index)
    while skip < len(message.entries) and log.term_at(index + skip) == message.entries[skip].term:
        skip += 1
    entries, index = message.entries[skip:], index + skip
    if not entries:
        return
    before = log.configuration
    if index <= log.last_index:
        _truncate(state, index, message)
    log.append(entries)
    state.effects.append(Append("log", index, entries))
    if log.configuration != before:
        state.note(f"the configuration is {describe(log.configuration)} now", "Raft 6")


def _truncate(state: State, index: int, message: AppendEntries) -> None:
    log, leader = state.log, message.leader_id
    if index <= state.commit_index:
        state.note(f"{leader} overwrites entry {index}, which was held for committed!", "Raft 5.4.2, Figure 8")
    state.note(f"truncates its log from index {index} on: {leader} has other entries there", "Raft 5.3")
    log.truncate(index)


def _commit(state: State, index: int) -> None:
    """Receiver rule 5: what the leader has committed, as far as we know that we have the same."""
    state.commit_index = index
    state.note(f"commit index -> {index}, by the word of {state.leader}", "Raft 5.3")
    apply_committed(state)
